import { describe, expect, it } from 'vitest'
import { deflection, pushOf, ratingOfPush } from '../../../../../renderer/views/analyse/code/gamepad-axis'
import {
  createRecorder,
  rateAnew,
  valueAt,
} from '../../../../../renderer/views/analyse/code/rate/rating-recorder'
import { ratingWriter } from '../../../../../renderer/views/analyse/code/rate/rating-writer'
import {
  meanOfTrace,
  pxToValue,
  stepPoints,
  valueToPx,
} from '../../../../../renderer/views/analyse/code/rate/rating-trace'

const valence = { minimum: -1, maximum: 3, neutral: 0 }

describe('a stick', () => {
  it('rests inside its dead zone and comes evenly from its edge to its end', () => {
    expect([0, 0.1, -0.2, 0.2].map((axis) => deflection(axis, 0.2))).toEqual([0, 0, 0, 0])
    expect(deflection(0.6, 0.2)).toBeCloseTo(0.5, 12)
    expect([1, -1, 1.2, Number.NaN].map((axis) => deflection(axis, 0.2))).toEqual([1, -1, 1, 0])
  })
  it('means the ends of the range at its ends, however far neutral is from them', () => {
    expect([-1, -0.5, 0, 0.5, 1].map((push) => ratingOfPush(push, valence))).toEqual([-1, -0.5, 0, 1.5, 3])
  })
  it('grows upwards and to the right', () => {
    const pad = { index: 0, id: 'pad', axes: [1, -1, 0.05, 0] }
    expect([0, 1, 2, 3, 9].map((axis) => pushOf(pad, axis, 0.1))).toEqual([1, 1, 0, 0, 0])
  })
})

describe('the trace of a rating', () => {
  const view = { widthPx: 100, heightPx: 40, fromSecs: 0, toSecs: 10, minimum: -1, maximum: 3 }
  const trace = { timesSecs: [0, 2, 5], values: [0, 3, -1], endSecs: 6 }

  it('is a step at every change', () => {
    expect(stepPoints(trace, view)).toEqual([
      [0, 30],
      [20, 30],
      [20, 0],
      [50, 0],
      [50, 40],
      [60, 40],
    ])
    expect(stepPoints(trace, { ...view, fromSecs: 7, toSecs: 9 })).toEqual([])
  })
  it('finds the value under the hand, within the range', () => {
    for (const value of [-1, 0, 1.5, 3])
      expect(pxToValue(valueToPx(value, view), view)).toBeCloseTo(value, 12)
    expect([pxToValue(-20, view), pxToValue(900, view)]).toEqual([3, -1])
  })
  it('has a mean over time, not over changes', () => {
    // 2 s of 0, 3 s of 3, 1 s of -1.
    expect(meanOfTrace(trace)).toBeCloseTo(8 / 6, 12)
    expect(meanOfTrace({ timesSecs: [1], values: [2], endSecs: 1 })).toBeNaN()
  })
})

describe('a rating as it is made', () => {
  it('has a value where the hand moved, and none where it stayed', () => {
    const recorder = createRecorder()
    expect(recorder.isEmpty).toBe(true)
    for (const [secs, value] of [
      [0, 0],
      [0.04, 0],
      [0.08, 0.5],
      [0.08, 0.6],
      // A late frame of before a jump.
      [0.02, -1],
      [0.12, 0.6],
    ] as const)
      recorder.add(secs, value)
    expect(recorder.trace(0.16)).toEqual({ timesSecs: [0, 0.08], values: [0, 0.6], endSecs: 0.16 })
    expect(recorder.tail(0.1, 0.16)).toEqual({ timesSecs: [0.08], values: [0.6], endSecs: 0.16 })
  })

  const rated = (timesSecs: number[], values: number[], endSecs: number, reactionTimeSecs = 0) => ({
    timesSecs,
    values,
    endSecs,
    reactionTimeSecs,
  })

  it('takes the place of what was rated there before, and leaves the rest', () => {
    const old = rated([0, 4, 8], [1, 2, 3], 10)
    expect(rateAnew([old], rated([3, 5], [7, 8], 6))).toEqual([rated([0, 3, 5, 6, 8], [1, 7, 8, 2, 3], 10)])
    // The same value over the seam is no change.
    expect(rateAnew([old], rated([2], [1], 4))).toEqual([rated([0, 4, 8], [1, 2, 3], 10)])
    expect(rateAnew([old], rated([0], [9], 20))).toEqual([rated([0], [9], 20)])
  })
  it('invents nothing between two stretches that were rated', () => {
    const parts = rateAnew([rated([0], [1], 2)], rated([5], [4], 7))
    expect(parts).toEqual([rated([0], [1], 2), rated([5], [4], 7)])
    expect(
      [1.99, 2, 5, 7].map((secs) => parts.map((part) => valueAt(part, secs)).find((v) => v !== null)),
    ).toEqual([1, undefined, 4, undefined])
  })
  it('keeps apart what was made with another reaction time', () => {
    const parts = rateAnew([rated([0], [1], 4, 0.5)], rated([2], [3], 3))
    expect(parts).toEqual([rated([0], [1], 2, 0.5), rated([2], [3], 3), rated([3], [1], 4, 0.5)])
  })
})

describe('a rating that is kept while it is made', () => {
  const ids = () => {
    let last = 0
    return () => `new ${++last}`
  }
  const trace = (timesSecs: number[], values: number[], endSecs: number, reactionTimeSecs = 0) => ({
    timesSecs,
    values,
    endSecs,
    reactionTimeSecs,
  })

  it('grows in pieces, and only the last one of them changes', () => {
    const writer = ratingWriter([], { startSecs: 10, reactionTimeSecs: 0.3, newId: ids() })
    const first = writer.onTheWay(trace([10, 12], [0, 1], 20))
    expect([...first]).toEqual([['new 1', trace([10, 12], [0, 1], 20, 0.3)]])
    const second = writer.onTheWay(trace([10, 12, 30], [0, 1, 2], 41))
    expect([...second]).toEqual([
      ['new 1', trace([10, 12], [0, 1], 25, 0.3)],
      ['new 2', trace([25, 30], [1, 2], 40, 0.3)],
      ['new 3', trace([40], [2], 41, 0.3)],
    ])
    expect([...writer.inTheEnd(trace([10, 12, 30], [0, 1, 2], 41))]).toEqual([
      ['new 1', trace([10, 12, 30], [0, 1, 2], 41, 0.3)],
    ])
    expect([...writer.ids()]).toEqual(['new 1', 'new 2', 'new 3'])
  })

  it('takes away no more of what was there than it has come to', () => {
    const old = { id: 'old', ...trace([0, 20], [5, 6], 40) }
    const writer = ratingWriter([old], { startSecs: 8, reactionTimeSecs: 0, newId: ids() })
    const onTheWay = writer.onTheWay(trace([8], [1], 10))
    const at = (secs: number) =>
      [...onTheWay.values()].map((piece) => valueAt(piece, secs)).filter((value) => value !== null)
    // Every instant has one value and no more.
    expect([0, 7.9, 8, 9.9, 10, 19, 20, 39.9, 40].map(at)).toEqual([
      [5],
      [5],
      [1],
      [1],
      [5],
      [5],
      [6],
      [6],
      [],
    ])
    // The part before keeps its identity, so that its comment stays.
    expect(onTheWay.get('old')).toEqual(trace([0], [5], 8))
    const end = writer.inTheEnd(trace([8], [1], 22))
    expect([...end]).toEqual([['old', trace([0, 8, 22], [5, 1, 6], 40)]])
  })
})
