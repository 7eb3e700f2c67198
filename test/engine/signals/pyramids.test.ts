import { describe, expect, it } from 'vitest'
import { Random } from '../../../main/engine/learning/random'
import { Histogram } from '../../../main/engine/signals/histogram'
import { chooseColumns, GrowingLevels } from '../../../main/engine/signals/levels'
import { type ColumnCodec, MeanPyramid } from '../../../main/engine/signals/mean-pyramid'
import { decodeWaveform, WaveformPyramid } from '../../../main/engine/signals/waveform-pyramid'

/** Keeps every bit, so that laws can be tested without tolerance for rounding. */
const exact: ColumnCodec = {
  bytesPerColumn: 16,
  encode: (values, into) => {
    into.setFloat64(0, values[0]!)
    into.setFloat64(8, values[1]!)
  },
}

async function columnsOf(levels: GrowingLevels, level: number): Promise<number[][]> {
  const bytes = await levels.read(level, 0, levels.columnCount(level))
  const view = new DataView(bytes.buffer)
  return Array.from({ length: levels.columnCount(level) }, (_, column) => [
    view.getFloat64(16 * column),
    view.getFloat64(16 * column + 8),
  ])
}

describe('a pyramid of means', () => {
  it.each([1, 2, 3, 7, 8, 1000, 9001])(
    'has at each level the means of the one below, of %d columns',
    async (n) => {
      const random = new Random(n)
      const pyramid = new MeanPyramid(2, exact)
      const values = Array.from({ length: n }, () => [random.gaussian(), 100 * random.gaussian()])
      for (const column of values) pyramid.push(column)
      pyramid.finish()
      const { levels } = pyramid
      expect(await columnsOf(levels, 0)).toEqual(values)
      // Half as many at each level, until one is left.
      expect(levels.columnCount(levels.levelCount - 1)).toBe(1)
      for (let level = 1; level < levels.levelCount; level++) {
        expect(levels.columnCount(level)).toBe(Math.ceil(levels.columnCount(level - 1) / 2))
        const width = 2 ** level
        for (const [column, means] of (await columnsOf(levels, level)).entries()) {
          const below = values.slice(column * width, (column + 1) * width)
          for (const row of [0, 1]) {
            const mean = below.reduce((sum, value) => sum + value[row]!, 0) / below.length
            // Sums in another order differ in the last bits alone.
            expect(Math.abs(means[row]! - mean)).toBeLessThan(1e-10)
          }
        }
      }
    },
  )

  it('can be read while it grows', async () => {
    const pyramid = new MeanPyramid(2, exact)
    for (let n = 0; n < 5; n++) pyramid.push([n, -n])
    expect(await columnsOf(pyramid.levels, 1)).toEqual([
      [0.5, -0.5],
      [2.5, -2.5],
    ])
    expect(await columnsOf(pyramid.levels, 2)).toEqual([[1.5, -1.5]])
  })
})

describe('levels', () => {
  it('read any stretch across the blocks they are kept in', async () => {
    const levels = new GrowingLevels(2)
    for (let n = 0; n < 10_000; n++) levels.push(0).setUint16(0, n)
    const bytes = await levels.read(0, 4000, 8300)
    const view = new DataView(bytes.buffer)
    for (let n = 4000; n < 8300; n++) expect(view.getUint16(2 * (n - 4000))).toBe(n)
    expect([...levels.parts(0)].reduce((sum, part) => sum + part.length, 0)).toBe(20_000)
  })

  it('choose the finest level that fits, for whatever stretch', () => {
    const counts = [
      100_000, 50_000, 25_000, 12_500, 6250, 3125, 1563, 782, 391, 196, 98, 49, 25, 13, 7, 4, 2, 1,
    ]
    const levels = { levelCount: counts.length, columnCount: (level: number) => counts[level] ?? 0 }
    const grid = { startSecs: -0.5, stepSecs: 0.01 }
    const random = new Random(5)
    for (let n = 0; n < 500; n++) {
      const fromSecs = -20 + 1040 * random.next()
      const toSecs = fromSecs + 10 ** (4 * random.next() - 1)
      const maxColumns = 1 + Math.floor(2000 * random.next())
      const { level, first, end } = chooseColumns(levels, grid, { fromSecs, toSecs, maxColumns })
      expect(end - first).toBeLessThanOrEqual(maxColumns)
      const width = grid.stepSecs * 2 ** level
      // Nothing of the sound within the stretch is left out.
      if (end > first) {
        expect(grid.startSecs + first * width).toBeLessThanOrEqual(Math.max(fromSecs, grid.startSecs) + 1e-9)
        expect(grid.startSecs + end * width).toBeGreaterThanOrEqual(Math.min(toSecs, 999.5) - 1e-9)
      } else expect(toSecs < -0.5 || fromSecs > 999).toBe(true)
      if (level > 0) expect((toSecs - fromSecs) / (width / 2) + 2).toBeGreaterThan(maxColumns)
    }
    expect(
      chooseColumns({ levelCount: 0, columnCount: () => 0 }, grid, { fromSecs: 0, toSecs: 9, maxColumns: 5 }),
    ).toEqual({
      level: 0,
      first: 0,
      end: 0,
    })
  })
})

describe('a waveform', () => {
  it('has least, greatest and rms of the samples below each column', async () => {
    const random = new Random(3)
    const samples = Float32Array.from({ length: 32 * 37 + 11 }, () =>
      Math.max(-1, Math.min(1, 0.4 * random.gaussian())),
    )
    const pyramid = new WaveformPyramid()
    // Blocks that end anywhere.
    for (let at = 0; at < samples.length; at += 100) pyramid.push(samples.subarray(at, at + 100))
    pyramid.finish()
    const { levels } = pyramid
    expect(levels.columnCount(0)).toBe(38)
    for (let level = 0; level < levels.levelCount; level++) {
      const count = levels.columnCount(level)
      const { minimum, maximum, rms } = decodeWaveform(await levels.read(level, 0, count))
      for (let column = 0; column < count; column++) {
        const width = 32 * 2 ** level
        const part = [...samples.subarray(column * width, (column + 1) * width)]
        // A step is 1/32767.
        expect(Math.abs(minimum[column]! - Math.min(...part))).toBeLessThan(2e-5)
        expect(Math.abs(maximum[column]! - Math.max(...part))).toBeLessThan(2e-5)
        const power = part.reduce((sum, value) => sum + value * value, 0) / part.length
        expect(Math.abs(rms[column]! - Math.sqrt(power))).toBeLessThan(2e-5)
      }
    }
  })
})

describe('a histogram', () => {
  it('gives percentiles to half a bin', () => {
    const histogram = new Histogram(0, 100, 1000)
    for (let n = 0; n < 10_000; n++) histogram.add(n / 100)
    expect(Math.abs(histogram.percentile(0.02) - 2)).toBeLessThan(0.11)
    expect(Math.abs(histogram.percentile(0.5) - 50)).toBeLessThan(0.11)
    expect(Math.abs(histogram.percentile(1) - 100)).toBeLessThan(0.11)
  })

  it('is not a number without values, and keeps what lies beyond its ends', () => {
    const histogram = new Histogram(0, 10, 10)
    expect(histogram.percentile(0.5)).toBeNaN()
    histogram.add(-5)
    histogram.add(50)
    expect([histogram.percentile(0.1), histogram.percentile(0.9)]).toEqual([0.5, 9.5])
  })
})
