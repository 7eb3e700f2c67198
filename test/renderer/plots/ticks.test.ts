import { describe, expect, it } from 'vitest'
import { formatTime, timeTicks } from '../../../renderer/plots/time-ticks'
import { valueTicks } from '../../../renderer/plots/value-ticks'

describe('formatTime', () => {
  it.each([
    [0, 0, '0:00'],
    [5.04, 2, '0:05.04'],
    [59.9996, 3, '1:00.000'],
    [3599.9999, 0, '1:00:00'],
    [3725.5, 1, '1:02:05.5'],
    [-1.5, 1, '-0:01.5'],
    [-0.0001, 2, '0:00.00'],
  ])('%f with %i decimals is %s', (secs, decimals, text) => {
    expect(formatTime(secs, decimals)).toBe(text)
  })
})

describe('timeTicks', () => {
  it.each([0.05, 0.4, 3, 21, 95, 700, 3600, 20_000])('labels a span of %f s without crowding', (spanSecs) => {
    const widthPx = 1000
    const { ticks, stepSecs } = timeTicks({ fromSecs: 17.123, toSecs: 17.123 + spanSecs }, widthPx, 90)
    const labelled = ticks.filter(({ label }) => label !== '')
    expect(labelled.length).toBeGreaterThan(1)
    expect((stepSecs / spanSecs) * widthPx).toBeGreaterThanOrEqual(90)
    for (const { secs, label } of labelled) {
      // A label must be the tick's own time: as many decimals as the step needs.
      expect(Math.abs(secs / stepSecs - Math.round(secs / stepSecs))).toBeLessThan(1e-6)
      expect(label).toMatch(/^(\d+:)?\d{1,2}:\d{2}(\.\d{1,3})?$/)
    }
    expect(new Set(labelled.map(({ label }) => label)).size).toBe(labelled.length)
  })

  it('says how labels are to be read', () => {
    expect(timeTicks({ fromSecs: 0, toSecs: 20 }, 1000).format).toBe('m:ss')
    expect(timeTicks({ fromSecs: 3000, toSecs: 7200 }, 1000).format).toBe('h:mm:ss')
    expect(timeTicks({ fromSecs: 1, toSecs: 1.1 }, 1000).format).toBe('m:ss.ss')
  })
})

describe('valueTicks', () => {
  it('are round and include the ends where those are', () => {
    expect(valueTicks(0, 1, 3).map(({ label }) => label)).toEqual(['0.0', '0.5', '1.0'])
    expect(valueTicks(0, 1, 6).map(({ label }) => label)).toEqual(['0.0', '0.2', '0.4', '0.6', '0.8', '1.0'])
    expect(valueTicks(-0.05, 0.05, 3).map(({ label }) => label)).toEqual(['-0.05', '0.00', '0.05'])
  })
})
