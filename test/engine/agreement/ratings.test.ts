import { describe, expect, it } from 'vitest'
import { compareRatings, sampleTrace, unitCentres } from '../../../main/engine/agreement/compare-ratings'
import type { RatedTraces, RatingTrace } from '../../../main/engine/agreement/types'

const observed = [{ startSecs: 0, endSecs: 4 }]
const trace = (timesSecs: number[], values: number[], endSecs = 4): RatingTrace => ({
  timesSecs,
  values,
  endSecs,
})
const clip = (...traces: readonly (RatingTrace | null)[]): RatedTraces => ({
  clipId: 'film',
  subject: '',
  observed,
  traces,
})

describe('resampling of ratings', () => {
  it('takes the value held at the centre of each observed unit', () => {
    const centres = unitCentres(
      [
        { startSecs: 0, endSecs: 2 },
        { startSecs: 3, endSecs: 4 },
      ],
      1,
    )
    expect(centres).toEqual([0.5, 1.5, 3.5])
    const values = sampleTrace(trace([0.5, 1.6], [7, 8], 3.4), centres)
    expect([...values]).toEqual([7, 7, Number.NaN])
  })

  it('compares only the moments that both rated', () => {
    const { pooled } = compareRatings(
      [clip(trace([0], [1]), trace([1, 2, 3], [1, 2, 3]))],
      ['A', 'B'],
      'valence',
      { stepSecs: 1 },
    )
    expect(pooled.unitCount).toBe(3)
    expect(pooled.means.map(({ value }) => value)).toEqual([1, 2])
  })
})

describe('agreement of ratings that is undefined', () => {
  it('says that a rating never changes', () => {
    const { pooled } = compareRatings(
      [clip(trace([0], [1]), trace([0, 1, 2, 3], [1, 2, 1, 2]))],
      ['A', 'B'],
      'valence',
      { stepSecs: 1 },
    )
    expect(pooled.pearson.figure).toEqual({
      value: null,
      reason: 'zero variance: the rating of rater 1 never changes',
    })
    // Shift and no covariance: the CCC is 0, by its definition and not for want of one.
    expect(pooled.ccc.figure.value).toBe(0)
    const same = compareRatings([clip(trace([0], [1]), trace([0], [1]))], ['A', 'B'], 'valence', {
      stepSecs: 1,
    })
    expect(same.pooled.ccc.figure.reason).toContain('zero variance')
    expect(same.pooled.icc21.figure.reason).toContain('zero variance')
    expect(same.pooled.alpha.reason).toContain('same')
  })

  it('says that nothing was rated together, and that two-rater coefficients are of two', () => {
    const apart = compareRatings([clip(trace([0], [1], 1), trace([2], [1]))], ['A', 'B'], 'valence', {
      stepSecs: 1,
    })
    expect(apart.pooled.unitCount).toBe(0)
    expect(apart.pooled.pearson.figure.reason).toContain('fewer than three')
    expect(apart.pooled.means[0]?.reason).toContain('no unit')
    const three = compareRatings(
      [
        clip(
          trace([0, 1, 2, 3], [1, 2, 3, 4]),
          trace([0, 1, 2, 3], [1, 2, 3, 5]),
          trace([0, 1, 2, 3], [2, 2, 3, 4]),
        ),
      ],
      ['A', 'B', 'C'],
      'valence',
      { stepSecs: 1 },
    )
    expect(three.pooled.pearson.figure.reason).toContain('two raters')
    expect(three.pooled.icc21.figure.value).toBeGreaterThan(0.8)
  })
})
