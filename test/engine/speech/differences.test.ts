import { describe, expect, it } from 'vitest'
import { differences, withDifferences } from '../../../main/engine/speech/differences'

const column = (length: number, of: (t: number) => number) => Float32Array.from({ length }, (_, t) => of(t))

describe('differences', () => {
  it('is the slope of a straight line, less at the repeated ends', () => {
    const slope = differences(
      column(10, (t) => 3 * t + 1),
      1,
      2,
    )
    for (let t = 2; t < 8; t++) expect(slope[t]).toBeCloseTo(3, 6)
    // At t = 0: (1 (c1 - c0) + 2 (c2 - c0)) / 10 = (3 + 12) / 10.
    expect(slope[0]).toBeCloseTo(1.5, 6)
    expect(slope[9]).toBeCloseTo(1.5, 6)
  })

  it('is zero for a constant and for a single frame', () => {
    expect(differences(new Float32Array(8).fill(5), 2, 2)).toEqual(new Float32Array(8))
    expect(differences(Float32Array.of(7, 8), 2, 2)).toEqual(new Float32Array(2))
  })

  it('keeps columns apart', () => {
    const both = new Float32Array(20)
    for (let t = 0; t < 10; t++) both.set([t, -2 * t], 2 * t)
    const slope = differences(both, 2, 2)
    expect(slope[2 * 5]).toBeCloseTo(1, 6)
    expect(slope[2 * 5 + 1]).toBeCloseTo(-2, 6)
  })
})

describe('withDifferences', () => {
  it('puts base, first and second side by side; the second of t squared is 2', () => {
    const out = withDifferences(
      column(20, (t) => t * t),
      1,
      2,
    )
    expect(out).toHaveLength(60)
    for (let t = 4; t < 16; t++) {
      expect(out[3 * t]).toBe(t * t)
      expect(out[3 * t + 1]).toBeCloseTo(2 * t, 4)
      expect(out[3 * t + 2]).toBeCloseTo(2, 4)
    }
  })
})
