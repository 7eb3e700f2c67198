import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, shallowRef } from 'vue'
import { useSettled } from '../../../../../renderer/views/analyse/timeline/lanes/use-settled'

describe('a value that takes long', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is read at once, and then once for many changes in a row', async () => {
    const source = shallowRef(1)
    const read = vi.fn(() => source.value * 10)
    const scope = effectScope()
    const value = scope.run(() => useSettled(() => source.value, read, 0.25))!
    expect(value.value).toBe(10)
    for (let change = 2; change < 6; change++) {
      source.value = change
      await nextTick()
      vi.advanceTimersByTime(100)
    }
    expect(value.value).toBe(10)
    vi.advanceTimersByTime(260)
    vi.runAllTimers()
    expect(value.value).toBe(50)
    expect(read).toHaveBeenCalledTimes(2)
    source.value = 9
    await nextTick()
    scope.stop()
    vi.runAllTimers()
    expect(read).toHaveBeenCalledTimes(2)
  })
})
