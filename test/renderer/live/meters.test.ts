import { describe, expect, it } from 'vitest'
import { LatencyMeter, RateMeter } from '../../../renderer/live/latency-meter'
import { SoundClock } from '../../../renderer/live/sound-clock'

describe('LatencyMeter', () => {
  it('gives the value that a share of the measurements do not exceed', () => {
    const meter = new LatencyMeter(100)
    for (let value = 100; value >= 1; value--) meter.add(value)
    expect(meter.quantile(0.5)).toBe(50)
    expect(meter.quantile(0.95)).toBe(95)
    expect(meter.quantile(1)).toBe(100)
  })

  it('forgets what is older than it remembers', () => {
    const meter = new LatencyMeter(3)
    for (const value of [1000, 1000, 1, 2, 3]) meter.add(value)
    expect(meter.quantile(1)).toBe(3)
    expect(meter.count).toBe(3)
  })

  it('has no value before the first measurement', () => {
    expect(new LatencyMeter().quantile(0.5)).toBeNaN()
  })
})

describe('RateMeter', () => {
  it.each([1, 10, 20])('counts %i events a second, one by one', (rate) => {
    const meter = new RateMeter(3000)
    for (let atMs = 0; atMs <= 6000; atMs += 1000 / rate) meter.add(atMs)
    expect(meter.perSecond(6000)).toBeCloseTo(rate, 6)
  })

  it('counts the same where events are told twice a second', () => {
    const meter = new RateMeter(3000)
    for (let atMs = 0; atMs <= 6000; atMs += 500) meter.add(atMs, 15)
    expect(meter.perSecond(6000)).toBeCloseTo(30, 6)
  })

  it('falls when nothing comes any more', () => {
    const meter = new RateMeter(3000)
    for (let atMs = 0; atMs <= 1000; atMs += 100) meter.add(atMs)
    expect(meter.perSecond(2000)).toBeCloseTo(5, 6)
    expect(meter.perSecond(60_000)).toBe(0)
  })
})

describe('SoundClock', () => {
  const RATE = 16_000
  const BLOCK = 1024

  /** Arrival of each block: never early, late by up to 40 ms. */
  function run(originMs: number, blocks: number, lateMs: (block: number) => number, ratio = 1): number[] {
    const clock = new SoundClock(RATE)
    return Array.from({ length: blocks }, (_, block) => {
      const endMs = originMs + (((block + 1) * BLOCK) / RATE) * 1000 * ratio
      return clock.capturedAtMs(block * BLOCK, BLOCK, endMs + lateMs(block))
    })
  }

  it('looks through late arrivals', () => {
    const times = run(500, 200, (block) => (block % 7) * 6)
    times.slice(7).forEach((timeMs, index) => {
      expect(timeMs).toBeCloseTo(500 + (((index + 7) * BLOCK) / RATE) * 1000, 6)
    })
  })

  it('follows a sound card that runs slow: ten minutes, 100 ppm', () => {
    const blocks = Math.round((600 * RATE) / BLOCK)
    const times = run(0, blocks, () => 0, 1.0001)
    const trueMs = (blocks - 1) * BLOCK * (1000 / RATE) * 1.0001
    // What the estimate may lag behind is the drift of the ten seconds that it remembers: 1 ms.
    expect(Math.abs(times.at(-1)! - trueMs)).toBeLessThan(1.1)
  })
})
