import { describe, expect, it } from 'vitest'
import { adamWState, adamWUpdate, cosineRate } from '../../../main/engine/learning/adamw'

describe('adamWUpdate', () => {
  it('first moves each value by the rate against the sign of its slope', () => {
    const values = Float32Array.of(1, 1, 1)
    adamWUpdate(adamWState([3]), [{ values, gradient: Float32Array.of(5, -0.01, 0), decay: 0 }], 0.1)
    expect(values[0]).toBeCloseTo(0.9, 5)
    // Epsilon 1e-7 against a slope of 1e-2: 1e-5 of the step.
    expect(values[1]).toBeCloseTo(1.1, 5)
    expect(values[2]).toBe(1)
  })

  it('decays decoupled from the slope', () => {
    const values = Float32Array.of(2)
    adamWUpdate(adamWState([1]), [{ values, gradient: Float32Array.of(0), decay: 0.1 }], 0.5)
    expect(values[0]).toBeCloseTo(2 * (1 - 0.5 * 0.1), 6)
  })

  it('agrees with the published recursion over three steps', () => {
    const values = Float32Array.of(1)
    const state = adamWState([1])
    let expected = 1
    let first = 0
    let second = 0
    ;[0.5, -0.2, 0.9].forEach((slope, index) => {
      adamWUpdate(state, [{ values, gradient: Float32Array.of(slope), decay: 0.01 }], 0.05)
      first = 0.9 * first + 0.1 * slope
      second = 0.999 * second + 0.001 * slope * slope
      const step = index + 1
      const move = first / (1 - 0.9 ** step) / (Math.sqrt(second / (1 - 0.999 ** step)) + 1e-7)
      expected -= 0.05 * (move + 0.01 * expected)
    })
    expect(values[0]).toBeCloseTo(expected, 5)
    expect(state.step).toBe(3)
  })

  it('finds the minimum of a bowl', () => {
    const values = Float32Array.of(3, -4)
    const state = adamWState([2])
    for (let step = 0; step < 500; step++) {
      const gradient = Float32Array.of(2 * (values[0]! - 1), 20 * (values[1]! - 2))
      adamWUpdate(state, [{ values, gradient, decay: 0 }], 0.05)
    }
    expect(values[0]).toBeCloseTo(1, 2)
    expect(values[1]).toBeCloseTo(2, 2)
  })
})

describe('cosineRate', () => {
  const plan = { peak: 1, last: 0.1, warmUpSteps: 10, totalSteps: 110 }

  it('rises to the peak, falls to the last', () => {
    expect(cosineRate(0, plan)).toBeCloseTo(0.1, 9)
    expect(cosineRate(9, plan)).toBe(1)
    expect(cosineRate(10, plan)).toBe(1)
    expect(cosineRate(60, plan)).toBeCloseTo(0.55, 9)
    expect(cosineRate(110, plan)).toBeCloseTo(0.1, 9)
    expect(cosineRate(500, plan)).toBeCloseTo(0.1, 9)
  })
})
