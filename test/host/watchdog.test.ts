import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Watchdog } from '../../main/host/watchdog'

let nowMs = 0
const dog = (limitSecs: number) => new Watchdog(limitSecs, () => nowMs)

/** Time passes and the event loop runs, in steps of 10 ms. */
function live(secs: number): void {
  for (let passed = 0; passed < secs * 1000; passed += 10) {
    nowMs += 10
    vi.advanceTimersByTime(10)
  }
}

/** Time passes and the whole process stands still. */
function standStill(secs: number): void {
  nowMs += secs * 1000
}

describe('Watchdog', () => {
  beforeEach(() => {
    nowMs = 0
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it.each([0.05, 2, 60, 3600])('bites after %s s without food, once', (limitSecs) => {
    const bite = vi.fn()
    dog(limitSecs).watch(bite)
    live(limitSecs * 0.9 - 0.01)
    expect(bite).not.toHaveBeenCalled()
    live(limitSecs * 2 + 0.1)
    expect(bite).toHaveBeenCalledTimes(1)
  })

  it('begins anew when it is fed, and never bites once stopped', () => {
    const bite = vi.fn()
    const watchdog = dog(10)
    for (let round = 0; round < 5; round++) {
      watchdog.watch(bite)
      live(8)
    }
    watchdog.stop()
    live(100)
    expect(bite).not.toHaveBeenCalled()
  })

  it('does not count time in which its own process stood still', () => {
    const bite = vi.fn()
    dog(10).watch(bite)
    live(3)
    standStill(36_000)
    live(4)
    expect(bite).not.toHaveBeenCalled()
    live(4)
    expect(bite).toHaveBeenCalledTimes(1)
  })
})
