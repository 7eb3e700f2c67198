import { describe, expect, it } from 'vitest'
import type { LiveFeatures } from '../../../preload/contract/live-port'
import { RollingFeatures } from '../../../renderer/live/rolling-features'
import { RollingStates, RollingValues } from '../../../renderer/live/rolling-series'
import { entryAt } from '../../../renderer/plots/series/clock'

describe('RollingValues', () => {
  it.each([3, 5, 6, 7, 11, 100])('holds the newest five of %i entries in order', (pushed) => {
    const rolling = new RollingValues(2, 5)
    for (let at = 0; at < pushed; at++) rolling.push(at * 0.1, [at, -at])
    const { count, startSecs, values, row } = rolling.series()
    const kept = Math.min(5, pushed)
    expect(count).toBe(kept)
    for (let entry = 0; entry < kept; entry++) {
      const number = pushed - kept + entry
      expect(startSecs[entry]).toBeCloseTo(number * 0.1, 9)
      expect([values[row[entry]! * 2], values[row[entry]! * 2 + 1]]).toEqual([number, -number])
    }
  })

  it('holds a value until the next one, and no longer than it may', () => {
    const rolling = new RollingValues(1, 10, 0.5)
    rolling.push(1, [0.1])
    rolling.push(1.2, [0.2])
    rolling.push(9, [0.3])
    const series = rolling.series()
    expect([...series.endSecs]).toEqual([1.2, 1.7, 9.5])
    expect(entryAt(series, 5)).toBe(-1)
    expect(entryAt(series, 1.6)).toBe(1)
  })

  it('keeps absence and refuses to go back in time', () => {
    const rolling = new RollingValues(2, 4)
    rolling.push(1, null)
    rolling.push(0.5, [1, 1])
    rolling.push(1, [1, 1])
    expect(rolling.count).toBe(1)
    expect([...rolling.series().values]).toEqual([Number.NaN, Number.NaN])
  })
})

it('RollingStates gives codes', () => {
  const rolling = new RollingStates(4, 3)
  for (const [secs, state] of [
    [0, 1],
    [1, 3],
    [2, 0],
    [3, 2],
  ] as const)
    rolling.push(secs, state)
  expect([...rolling.series().state]).toEqual([3, 0, 2])
  expect(rolling.series().stateCount).toBe(4)
})

function features(startColumn: number, columns: number, hopSecs = 0.01): LiveFeatures {
  const value = (column: number, row: number): number => (startColumn + column) * 10 + row
  return {
    startSecs: 2 + startColumn * hopSecs,
    hopSecs,
    columns,
    base: Float32Array.from({ length: columns * 3 }, (_, at) => value(Math.floor(at / 3), at % 3)),
    logMel: Float32Array.from({ length: columns * 2 }, (_, at) => value(Math.floor(at / 2), at % 2)),
    melBands: 2,
    peaks: new Float32Array(columns),
  }
}

describe('RollingFeatures', () => {
  it('finds every column that is held at its place and time', () => {
    const rolling = new RollingFeatures(0.5)
    for (let at = 0; at < 120; at += 5) rolling.add(features(at, 5))
    expect([rolling.first, rolling.end, rolling.capacity]).toEqual([70, 120, 50])
    for (let column = rolling.first; column < rolling.end; column++) {
      expect(rolling.base.values[rolling.slot(column) * 3 + 1]).toBe(column * 10 + 1)
      expect(rolling.timeOf(column)).toBeCloseTo(2 + column * 0.01, 9)
    }
  })

  it('leaves columns empty where sound is missing', () => {
    const rolling = new RollingFeatures(1)
    rolling.add(features(0, 5))
    rolling.add(features(20, 5))
    expect(rolling.end).toBe(25)
    expect(rolling.base.values[rolling.slot(12) * 3]).toBeNaN()
    expect(rolling.base.values[rolling.slot(21) * 3]).toBe(210)
  })

  it('fits colours to the 1st and 99th percentile of each coefficient, and of all bands together', () => {
    const rolling = new RollingFeatures(1)
    for (let at = 0; at < 30; at += 5) rolling.add(features(at, 5))
    expect(rolling.fit).toBe(1)
    expect([rolling.base.low[0], rolling.base.high[0]]).toEqual([0, 290])
    expect([rolling.base.low[2], rolling.base.high[2]]).toEqual([2, 292])
    expect(rolling.logMel.low[0]).toBe(rolling.logMel.low[1])
  })
})
