import { describe, expect, it } from 'vitest'
import type { ColumnGrid, TimedStates, TimedValues } from '../../../../renderer/plots/series/clock'
import { entryAt, entryBefore } from '../../../../renderer/plots/series/clock'
import {
  buildExtremesIndex,
  emptyExtremeColumns,
  extremeColumns,
} from '../../../../renderer/plots/series/extremes-index'
import { buildMeanIndex, emptyMeanColumns, meanColumns } from '../../../../renderer/plots/series/mean-index'
import {
  buildStateIndex,
  emptyStateColumns,
  stateColumns,
} from '../../../../renderer/plots/series/state-index'

/** Park and Miller, Communications of the ACM 31(10), 1988. */
function seeded(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

/** Entries of very different length, a tenth of them absent, with real gaps in between. */
function unevenSeries(count: number, channels = 3): TimedValues {
  const random = seeded(7)
  const startSecs = new Float64Array(count)
  const endSecs = new Float64Array(count)
  const values = new Float32Array(count * channels)
  let atSecs = 0
  for (let entry = 0; entry < count; entry++) {
    if (random() < 0.05) atSecs += random()
    startSecs[entry] = atSecs
    atSecs += 0.005 + random() ** 4 * 0.5
    endSecs[entry] = atSecs
    const isAbsent = random() < 0.1
    for (let channel = 0; channel < channels; channel++)
      values[entry * channels + channel] = isAbsent ? Number.NaN : random()
  }
  return {
    count,
    channels,
    startSecs,
    endSecs,
    values,
    row: Int32Array.from({ length: count }, (_, at) => at),
  }
}

/** The same by walking over all entries. */
function directMean(series: TimedValues, channel: number, fromSecs: number, toSecs: number) {
  let [secs, sum] = [0, 0]
  for (let entry = 0; entry < series.count; entry++) {
    const value = series.values[entry * series.channels + channel]!
    const held = Math.min(toSecs, series.endSecs[entry]!) - Math.max(fromSecs, series.startSecs[entry]!)
    if (held <= 0 || Number.isNaN(value)) continue
    secs += held
    sum += value * held
  }
  return { mean: secs > 0 ? sum / secs : Number.NaN, presentShare: secs / (toSecs - fromSecs) }
}

const series = unevenSeries(2500)
const lastSecs = series.endSecs[series.count - 1]!
const grids: [string, ColumnGrid][] = [
  ['the whole clip', { fromSecs: 0, stepSecs: lastSecs / 300, count: 300 }],
  ['a few entries', { fromSecs: lastSecs / 3, stepSecs: 0.003, count: 400 }],
  ['beyond both ends', { fromSecs: -5, stepSecs: (lastSecs + 10) / 77, count: 77 }],
]

describe('meanColumns', () => {
  it.each(grids)('equals the duration-weighted mean computed directly: %s', (_, grid) => {
    const columns = meanColumns(buildMeanIndex(series), grid, emptyMeanColumns())
    let present = 0
    for (let column = 0; column < grid.count; column++) {
      const fromSecs = grid.fromSecs + column * grid.stepSecs
      for (let channel = 0; channel < series.channels; channel++) {
        const direct = directMean(series, channel, fromSecs, fromSecs + grid.stepSecs)
        // Running sums over 250 s lose about nine digits less than float64 has.
        expect(columns.presentShare[column]).toBeCloseTo(direct.presentShare, 5)
        const mean = columns.means[column * series.channels + channel]!
        if (direct.presentShare < 1e-6) expect(mean).toBeNaN()
        else expect(mean).toBeCloseTo(direct.mean, 5)
        present += Number.isNaN(mean) ? 0 : 1
      }
    }
    expect(present).toBeGreaterThan(0)
  })

  it('weighs entries by how long they hold, not by their number', () => {
    const uneven: TimedValues = {
      count: 3,
      channels: 1,
      startSecs: Float64Array.of(0, 0.9, 0.95),
      endSecs: Float64Array.of(0.9, 0.95, 1),
      values: Float32Array.of(0, 1, 1),
      row: Int32Array.of(0, 1, 2),
    }
    const grid = { fromSecs: 0, stepSecs: 1, count: 1 }
    expect(meanColumns(buildMeanIndex(uneven), grid, emptyMeanColumns()).means[0]).toBeCloseTo(0.1, 6)
  })

  it('neither bridges a gap nor takes it for zero', () => {
    const gappy: TimedValues = {
      count: 3,
      channels: 1,
      startSecs: Float64Array.of(0, 1, 3),
      endSecs: Float64Array.of(1, 2, 4),
      values: Float32Array.of(0.5, Number.NaN, 0.5),
      row: Int32Array.of(0, 1, 2),
    }
    const columns = meanColumns(
      buildMeanIndex(gappy),
      { fromSecs: 0, stepSecs: 0.5, count: 8 },
      emptyMeanColumns(),
    )
    expect([...columns.presentShare.subarray(0, 8)]).toEqual([1, 1, 0, 0, 0, 0, 1, 1])
    expect([...columns.means.subarray(0, 8)].map((mean) => (Number.isNaN(mean) ? null : mean))).toEqual([
      0.5,
      0.5,
      null,
      null,
      null,
      null,
      0.5,
      0.5,
    ])
    const coarse = meanColumns(
      buildMeanIndex(gappy),
      { fromSecs: 0, stepSecs: 4, count: 1 },
      emptyMeanColumns(),
    )
    expect(coarse.means[0]).toBeCloseTo(0.5, 7)
    expect(coarse.presentShare[0]).toBeCloseTo(0.5, 7)
  })
})

describe('extremeColumns', () => {
  it('never loses the least or greatest value, whatever the zoom', () => {
    const index = buildExtremesIndex(series)
    for (const count of [1, 7, 300, 5000]) {
      const grid = { fromSecs: 0, stepSecs: lastSecs / count, count }
      const { minimum, maximum } = extremeColumns(index, grid, emptyExtremeColumns())
      for (let channel = 0; channel < series.channels; channel++) {
        const of = (values: Float32Array, from = 0, length = values.length / series.channels) =>
          Array.from({ length }, (_, at) => values[(from + at) * series.channels + channel]!).filter(
            (value) => !Number.isNaN(value),
          )
        expect(Math.max(...of(maximum, 0, count))).toBe(Math.max(...of(series.values)))
        expect(Math.min(...of(minimum, 0, count))).toBe(Math.min(...of(series.values)))
      }
    }
  })

  it.each(grids)('equals the extremes of the entries that hold in each column: %s', (_, grid) => {
    const { minimum, maximum } = extremeColumns(buildExtremesIndex(series), grid, emptyExtremeColumns())
    for (let column = 0; column < grid.count; column++) {
      const fromSecs = grid.fromSecs + column * grid.stepSecs
      const inside = Array.from({ length: series.count }, (__, entry) => entry).filter(
        (entry) => series.startSecs[entry]! < fromSecs + grid.stepSecs && series.endSecs[entry]! > fromSecs,
      )
      const values = inside
        .map((entry) => series.values[entry * series.channels]!)
        .filter((value) => !Number.isNaN(value))
      const [low, high] = [minimum[column * series.channels]!, maximum[column * series.channels]!]
      if (values.length === 0) expect([low, high]).toEqual([Number.NaN, Number.NaN])
      else expect([low, high]).toEqual([Math.min(...values), Math.max(...values)])
    }
  })
})

describe('stateColumns', () => {
  it('gives each state its share of the time, and gaps to none', () => {
    const states: TimedStates = {
      count: 3,
      startSecs: Float64Array.of(0, 0.3, 1.5),
      endSecs: Float64Array.of(0.3, 1, 2),
      state: Uint8Array.of(2, 0, 2),
      stateCount: 3,
    }
    const { shares } = stateColumns(
      buildStateIndex(states),
      { fromSecs: 0, stepSecs: 1, count: 2 },
      emptyStateColumns(),
    )
    expect(shares[0]).toBeCloseTo(0.7, 6)
    expect(shares[1]).toBe(0)
    expect(shares[2]).toBeCloseTo(0.3, 6)
    expect([...shares.subarray(3, 6)]).toEqual([0, 0, 0.5])
  })
})

describe('entries at an instant', () => {
  it('are found as by looking at all of them', () => {
    const random = seeded(3)
    for (let trial = 0; trial < 500; trial++) {
      const secs = random() * (lastSecs + 2) - 1
      let last = -1
      while (last + 1 < series.count && series.startSecs[last + 1]! <= secs) last++
      expect(entryBefore(series, secs)).toBe(last)
      expect(entryAt(series, secs)).toBe(last >= 0 && secs < series.endSecs[last]! ? last : -1)
    }
  })
})
