import { describe, expect, it } from 'vitest'
import {
  clampFrame,
  frameAt,
  frameEndSecs,
  insideFrameSecs,
  nearestFrame,
} from '../../../../renderer/views/analyse/time/frame-times'
import { parseJump } from '../../../../renderer/views/analyse/time/jump-target'
import { clockText, lengthText, percentText } from '../../../../renderer/views/analyse/time/time-text'

/** Frames of 10 to 500 ms, as phones make them in poor light. */
const VARIABLE = Float64Array.of(0, 0.01, 0.51, 0.52, 0.556666, 1.2)

describe('frames by time', () => {
  it.each([
    [-1, 0, 'before the first: the first'],
    [0, 0, 'on an edge the frame that begins there'],
    [0.009999, 0, 'just before an edge'],
    [0.01, 1, 'on the edge after a short frame'],
    [0.509999, 1, 'near the end of a long frame'],
    [0.51, 2, 'on the edge after a long frame'],
    [0.5566, 3, 'just before an edge with microseconds'],
    [0.556666, 4, 'on an edge with microseconds'],
    [1.2, 5, 'on the last edge'],
    [99, 5, 'after the last'],
  ])('%f s is in frame %i: %s', (secs, frame) => {
    expect(frameAt(VARIABLE, secs)).toBe(frame)
  })

  it('finds each frame by its own time, of 1 to 40 frames', () => {
    for (let count = 1; count <= 40; count++) {
      const times = Float64Array.from({ length: count }, (_, at) => at * 0.04 + (at % 3) * 0.011)
      for (let frame = 0; frame < count; frame++) {
        expect(frameAt(times, times[frame]!)).toBe(frame)
        expect(nearestFrame(times, times[frame]! - 4e-6)).toBe(frame)
        expect(nearestFrame(times, times[frame]! + 4e-6)).toBe(frame)
        // What is looked for inside a frame is that frame, however short.
        expect(frameAt(times, insideFrameSecs(times, frame, times[count - 1]! + 0.04))).toBe(frame)
      }
    }
  })

  it('says -1 where there are no frames', () => {
    expect(frameAt(new Float64Array(0), 3)).toBe(-1)
    expect(nearestFrame(new Float64Array(0), 3)).toBe(-1)
  })

  it('ends the last frame where the clip ends', () => {
    expect(frameEndSecs(VARIABLE, 1, 1.3)).toBe(0.51)
    expect(frameEndSecs(VARIABLE, 5, 1.3)).toBe(1.3)
    // A clip whose stated length is too short has no frames of negative length.
    expect(frameEndSecs(VARIABLE, 5, 1)).toBe(1.2)
  })

  it('clamps to the frames there are', () => {
    expect([-3, 0, 4, 5, 6].map((frame) => clampFrame(frame, 6))).toEqual([0, 0, 4, 5, 5])
  })
})

describe('a typed place', () => {
  it.each([
    ['12.5', { kind: 'time', secs: 12.5 }],
    ['12,5 s', { kind: 'time', secs: 12.5 }],
    ['  0 ', { kind: 'time', secs: 0 }],
    ['.25', { kind: 'time', secs: 0.25 }],
    ['90', { kind: 'time', secs: 90 }],
    ['1:02.480', { kind: 'time', secs: 62.48 }],
    ['01:02', { kind: 'time', secs: 62 }],
    ['75:00', { kind: 'time', secs: 4500 }],
    ['1:00:02', { kind: 'time', secs: 3602 }],
    ['1:59:59.999', { kind: 'time', secs: 7199.999 }],
    ['#123', { kind: 'frame', frame: 123 }],
    ['# 0', { kind: 'frame', frame: 0 }],
  ])('%j is read', (text, target) => {
    const read = parseJump(text)
    expect(read?.kind).toBe(target.kind)
    if (read?.kind === 'time') expect(read.secs).toBeCloseTo((target as { secs: number }).secs, 9)
    else expect(read).toEqual(target)
  })

  it.each([
    ['', 'nothing'],
    ['abc', 'no number'],
    ['-3', 'before the clip'],
    ['1:60', '60 seconds are a minute'],
    ['1:60:00', '60 minutes are an hour'],
    ['1:2:3:4', 'one colon too many'],
    ['#1.5', 'half a frame'],
    ['#-1', 'before the first frame'],
    ['1e3', 'no notation of people'],
    ['12.5.1', 'two points'],
    ['#99999999999999999999', 'beyond whole numbers'],
  ])('%j is refused: %s', (text) => {
    expect(parseJump(text)).toBeNull()
  })

  it('reads back what the clock shows', () => {
    for (const secs of [0, 0.04, 59.999, 60, 61.5, 3599.999, 3600, 7325.25])
      expect(parseJump(clockText(secs))).toMatchObject({
        kind: 'time',
        secs: expect.closeTo(secs, 6) as number,
      })
  })
})

describe('times as text', () => {
  it.each([
    [0, '0:00.000'],
    [59.9996, '1:00.000'],
    [62.48, '1:02.480'],
    [3723.005, '1:02:03.005'],
    [-0.5, '−0:00.500'],
    [Number.NaN, '–'],
  ])('%f s reads %s', (secs, text) => {
    expect(clockText(secs)).toBe(text)
  })

  it.each([
    [0.04, '0.04 s'],
    [12.34, '12.3 s'],
    [59.96, '1 min 00 s'],
    [64, '1 min 04 s'],
    [3660, '1 h 01 min'],
  ])('a length of %f s reads %s', (secs, text) => {
    expect(lengthText(secs)).toBe(text)
  })

  it('writes a dash for what is absent', () => {
    expect([percentText(null), percentText(Number.NaN), percentText(0), percentText(0.005, 1)]).toEqual([
      '–',
      '–',
      '0%',
      '0.5%',
    ])
  })
})
