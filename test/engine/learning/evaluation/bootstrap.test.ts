import { describe, expect, it } from 'vitest'
import { bootstrapIntervals, quantile } from '../../../../main/engine/learning/evaluation/bootstrap'
import { mean } from '../../../../main/engine/learning/evaluation/scores'
import { Random } from '../../../../main/engine/learning/random'

const shareOf = (values: readonly number[]) => (weights: Float64Array) => [mean(values, weights)]
const own = (values: readonly number[]) => values.map((_, item) => `item ${item}`)

describe('bootstrapIntervals', () => {
  const random = new Random(3)
  const hits = Array.from({ length: 400 }, () => (random.chance(0.7) ? 1 : 0))

  it('holds the estimate and is about as wide as theory says', () => {
    const [interval] = bootstrapIntervals(own(hits), shareOf(hits))
    const share = mean(hits)
    expect(interval![0]).toBeLessThan(share)
    expect(interval![1]).toBeGreaterThan(share)
    const standardError = Math.sqrt((share * (1 - share)) / hits.length)
    // The quantiles of 2,000 resamples are uncertain by some 5%.
    expect((interval![1] - interval![0]) / (2 * 1.96 * standardError)).toBeCloseTo(1, 1)
  })

  it('is the same for the same seed and another for another', () => {
    const once = bootstrapIntervals(own(hits), shareOf(hits), { seed: 1, resamples: 200 })
    expect(bootstrapIntervals(own(hits), shareOf(hits), { seed: 1, resamples: 200 })).toEqual(once)
    expect(bootstrapIntervals(own(hits), shareOf(hits), { seed: 2, resamples: 200 })).not.toEqual(once)
  })

  it('is wider over groups whose items go together', () => {
    // 20 groups of 20 alike items carry as much as 20 items do: sqrt(20) times the width.
    const alike = Array.from({ length: 400 }, (_, item) => (Math.floor(item / 20) % 3 === 0 ? 0 : 1))
    const groups = alike.map((_, item) => `g${Math.floor(item / 20)}`)
    const [grouped] = bootstrapIntervals(groups, shareOf(alike))
    const [single] = bootstrapIntervals(own(alike), shareOf(alike))
    const ratio = (grouped![1] - grouped![0]) / (single![1] - single![0])
    expect(ratio).toBeGreaterThan(3.5)
    expect(ratio).toBeLessThan(5.5)
  })

  it('draws whole groups', () => {
    const groups = ['a', 'b', 'a', 'c']
    let isWhole = true
    bootstrapIntervals(groups, (weights) => {
      isWhole &&= weights[0] === weights[2] && weights[0]! + weights[1]! + weights[3]! === 3
      return [0]
    })
    expect(isWhole).toBe(true)
  })

  it('has none for a single group, nor for a figure that never exists', () => {
    expect(bootstrapIntervals(['a', 'a'], shareOf([0, 1]))).toEqual([null])
    expect(bootstrapIntervals(['a', 'b'], () => [Number.NaN, 2])).toEqual([null, [2, 2]])
  })
})

describe('quantile', () => {
  it('lies between neighbours in a straight line', () => {
    expect([0, 0.25, 0.5, 1].map((share) => quantile([1, 2, 4], share))).toEqual([1, 1.5, 2, 4])
  })
})
