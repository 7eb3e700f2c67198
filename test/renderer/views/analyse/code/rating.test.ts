import { describe, expect, it } from 'vitest'
import { deflection, pushOf, ratingOfPush } from '../../../../../renderer/views/analyse/code/gamepad-axis'
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
    for (const value of [-1, 0, 1.5, 3]) expect(pxToValue(valueToPx(value, view), view)).toBeCloseTo(value, 12)
    expect([pxToValue(-20, view), pxToValue(900, view)]).toEqual([3, -1])
  })
  it('has a mean over time, not over changes', () => {
    // 2 s of 0, 3 s of 3, 1 s of -1.
    expect(meanOfTrace(trace)).toBeCloseTo(8 / 6, 12)
    expect(meanOfTrace({ timesSecs: [1], values: [2], endSecs: 1 })).toBeNaN()
  })
})
