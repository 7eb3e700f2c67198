import { describe, expect, it } from 'vitest'
import { AudioClock } from '../../../main/engine/media/audio-clock'
import { BlockWriter } from '../../../main/engine/media/block-writer'
import { DamageReport } from '../../../main/engine/media/damage'
import { FrameClock } from '../../../main/engine/media/frame-clock'
import { measureRate } from '../../../main/engine/media/frame-rate'
import { displayedSize, fitLongestSide, fitWithin } from '../../../main/engine/media/geometry'
import { orientationOf } from '../../../main/engine/media/orientation'
import type { RotationDegrees } from '../../../main/engine/media/types'
import { displayMatrixBytes } from '../../support/display-matrix'

describe('measureRate', () => {
  const ms = { num: 1, den: 1000 }

  it('knows a constant rate through rounding to ticks and B-frame order', () => {
    const pts = Array.from({ length: 3000 }, (_, index) => Math.round((index * 1001) / 30))
    for (let place = 1; place + 1 < pts.length; place += 3)
      [pts[place], pts[place + 1]] = [pts[place + 1]!, pts[place]!]
    const { measuredFps, isVariableRate } = measureRate(pts, ms)
    expect(measuredFps).toBeCloseTo(30000 / 1001, 3)
    expect(isVariableRate).toBe(false)
  })

  it('sees one missing picture, and missing pictures where a tick is a frame', () => {
    const even = Array.from({ length: 200 }, (_, index) => index * 40)
    expect(measureRate(even, ms).isVariableRate).toBe(false)
    expect(
      measureRate(
        even.filter((pts) => pts !== 800),
        ms,
      ).isVariableRate,
    ).toBe(true)
    const frameTicks = Array.from({ length: 200 }, (_, index) =>
      index < 100 ? index : 100 + (index - 100) * 2,
    )
    expect(measureRate(frameTicks, { num: 1, den: 25 }).isVariableRate).toBe(true)
  })

  it('knows nothing from fewer than two timestamps', () => {
    const unknown = { measuredFps: null, isVariableRate: false }
    expect(measureRate([], ms)).toEqual(unknown)
    expect(measureRate([5], ms)).toEqual(unknown)
    expect(measureRate([5, 5], ms)).toEqual(unknown)
  })
})

describe('orientationOf', () => {
  it.each(
    ([0, 90, 180, 270] as RotationDegrees[]).flatMap((turn) =>
      [false, true].map((flip) => [turn, flip] as const),
    ),
  )('reads back a turn of %s degrees, mirrored: %s', (rotationDegrees, mirrored) => {
    expect(orientationOf(displayMatrixBytes(rotationDegrees, mirrored))).toEqual({
      rotationDegrees,
      mirrored,
    })
  })

  it('takes a missing, short or degenerate matrix for upright', () => {
    const upright = { rotationDegrees: 0, mirrored: false }
    expect(orientationOf(null)).toEqual(upright)
    expect(orientationOf(new Uint8Array(8))).toEqual(upright)
    expect(orientationOf(new Uint8Array(36))).toEqual(upright)
  })
})

describe('sizes', () => {
  it('stretch by the pixel aspect, then turn', () => {
    const size = { widthPx: 720, heightPx: 576 }
    expect(displayedSize(size, { num: 16, den: 15 }, 0)).toEqual({ widthPx: 768, heightPx: 576 })
    expect(displayedSize(size, { num: 16, den: 15 }, 90)).toEqual({ widthPx: 576, heightPx: 768 })
    expect(displayedSize(size, { num: 0, den: 1 }, 0)).toEqual(size)
    expect(displayedSize(size, { num: 1, den: 10000 }, 0)).toEqual(size)
  })

  it('shrink to the longest side, never below a pixel, never up', () => {
    expect(fitLongestSide({ widthPx: 1280, heightPx: 720 }, 640)).toEqual({ widthPx: 640, heightPx: 360 })
    expect(fitLongestSide({ widthPx: 1080, heightPx: 1920 }, 640)).toEqual({ widthPx: 360, heightPx: 640 })
    expect(fitLongestSide({ widthPx: 320, heightPx: 240 }, 640)).toEqual({ widthPx: 320, heightPx: 240 })
    expect(fitLongestSide({ widthPx: 5000, heightPx: 2 }, 100)).toEqual({ widthPx: 100, heightPx: 1 })
    expect(fitWithin({ widthPx: 96, heightPx: 192 }, { widthPx: 160, heightPx: 128 })).toEqual({
      widthPx: 64,
      heightPx: 128,
    })
  })
})

describe('FrameClock', () => {
  const options = { timeBase: { num: 1, den: 1000 }, startTicks: 100, frameTicks: 40, durationSecs: 10 }
  const run = (ticks: readonly (number | null)[]): { times: number[]; damage: string[] } => {
    const damage: string[] = []
    const clock = new FrameClock(options, new DamageReport((text) => damage.push(text)))
    return { times: ticks.map((value) => clock.next(value)), damage }
  }

  it('leaves increasing timestamps alone, gaps and all', () => {
    expect(run([100, 140, 1800, 1801])).toEqual({ times: [100, 140, 1800, 1801], damage: [] })
  })

  it('gives pictures without a timestamp the usual distance', () => {
    expect(run([null, null, 180, null])).toEqual({ times: [100, 140, 180, 220], damage: [] })
  })

  it('moves repeated timestamps by the smallest tick and says so once', () => {
    const { times, damage } = run([100, 140, 140, 130, 180])
    expect(times).toEqual([100, 140, 141, 142, 180])
    expect(damage).toHaveLength(1)
  })

  it('goes on across a clock that is set anew, back or beyond the end of the recording', () => {
    const back = run([5000, 5040, 0, 40, 80])
    expect(back.times).toEqual([5000, 5040, 5080, 5120, 5160])
    expect(back.damage).toHaveLength(1)
    const beyond = run([100, 140, 9e9, 9e9 + 40])
    expect(beyond.times).toEqual([100, 140, 180, 220])
    expect(beyond.damage).toHaveLength(1)
  })
})

describe('AudioClock', () => {
  const run = (stretches: readonly (number | null)[]): { starts: [number, boolean][]; damage: string[] } => {
    const damage: string[] = []
    const clock = new AudioClock(10, new DamageReport((text) => damage.push(text)))
    const starts = stretches.map((stated): [number, boolean] => {
      const { startSecs, isNewRun } = clock.next(stated, 0.125)
      return [startSecs, isNewRun]
    })
    return { starts, damage }
  }

  it('runs by sample count through jitter and missing timestamps', () => {
    const { starts, damage } = run([-0.25, -0.12, null, 0.11])
    expect(starts).toEqual([
      [-0.25, true],
      [-0.125, false],
      [0, false],
      [0.125, false],
    ])
    expect(damage).toEqual([])
  })

  it('begins anew after a gap, and goes on across a clock that is set anew', () => {
    expect(run([0, 1]).starts.at(-1)).toEqual([1, true])
    const { starts, damage } = run([5, 0, 0.125])
    expect(starts).toEqual([
      [5, true],
      [5.125, false],
      [5.25, false],
    ])
    expect(damage).toHaveLength(1)
    expect(run([0, 1e6, null]).starts.at(-1)).toEqual([0.25, false])
    expect(run([1e6, 1e6 + 0.125]).starts).toEqual([
      [0, true],
      [0.125, false],
    ])
  })
})

describe('BlockWriter', () => {
  const bytes = (...values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer)
  const blocks = (writer: BlockWriter): { startSample: number; samples: number[] }[] => {
    writer.flush()
    const taken = []
    for (let block = writer.take(); block !== null; block = writer.take()) {
      taken.push({ startSample: block.startSample, samples: [...block.samples] })
    }
    return taken
  }

  it('cuts into blocks and never spans a gap', () => {
    const writer = new BlockWriter(3)
    writer.seek(-2)
    writer.write(bytes(0.5, 0.25, 0, 0.5))
    writer.seek(10)
    writer.write(bytes(1))
    expect(blocks(writer)).toEqual([
      { startSample: -2, samples: [0.5, 0.25, 0] },
      { startSample: 1, samples: [0.5] },
      { startSample: 10, samples: [1] },
    ])
  })

  it('drops what overlaps, and goes on where it ended', () => {
    const writer = new BlockWriter(8)
    writer.seek(0)
    writer.write(bytes(0.1, 0.2, 0.3).slice())
    writer.seek(1)
    writer.write(bytes(0.5))
    writer.write(bytes(0.5, 0.75, 1))
    const samples = blocks(writer)
    expect(samples.map((block) => block.startSample)).toEqual([0, 3])
    expect(samples[1]?.samples).toEqual([0.75, 1])
  })

  it('limits to full scale, NaN to silence', () => {
    const writer = new BlockWriter(4)
    writer.seek(0)
    writer.write(bytes(2, -Infinity, NaN, -0.5))
    expect(blocks(writer)[0]?.samples).toEqual([1, -1, 0, -0.5])
  })
})
