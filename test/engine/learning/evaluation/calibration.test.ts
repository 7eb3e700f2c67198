import { describe, expect, it } from 'vitest'
import {
  type Answer,
  answersOf,
  equalCountBins,
  equalWidthBins,
  expectedCalibrationError,
} from '../../../../main/engine/learning/evaluation/reliability'
import { brierScores, logLosses, mean } from '../../../../main/engine/learning/evaluation/scores'
import { softmax, topIndex } from '../../../../main/engine/learning/evaluation/softmax'
import {
  crossFitTemperatures,
  fitTemperature,
  TEMPERATURE_RANGE,
} from '../../../../main/engine/learning/evaluation/temperature'
import { calibratedSample, type SampleItem } from './calibrated-sample'

const nllAt = (items: readonly SampleItem[], temperature: number) =>
  mean(
    logLosses(
      items.map(({ logits }) => softmax(logits, temperature)),
      items.map(({ truth }) => truth),
    ),
  )

const answers = (...pairs: [number, boolean][]): Answer[] =>
  pairs.map(([confidence, isRight]) => ({ confidence, isRight }))

describe('softmax', () => {
  it('sums to one and survives large logits', () => {
    const probabilities = softmax([1000, 999, -1000])
    expect(mean(probabilities) * 3).toBeCloseTo(1, 12)
    expect(probabilities[0]! / probabilities[1]!).toBeCloseTo(Math.E, 9)
  })

  it('takes a class that is ruled out', () => {
    expect([...softmax([0, Number.NEGATIVE_INFINITY, 0])]).toEqual([0.5, 0, 0.5])
  })

  it('with a temperature divides the logits', () => {
    expect([...softmax([4, 2, -2], 2)]).toEqual([...softmax([2, 1, -1])])
  })

  it('gives the first of equals', () => {
    expect(topIndex([1, 3, 3])).toBe(1)
  })
})

describe('log loss and Brier score', () => {
  it('agree with the sums done by hand', () => {
    const rows = [
      [0.5, 0.25, 0.25],
      [0, 1, 0],
    ]
    expect([...logLosses(rows, [1, 1])]).toEqual([Math.log(4), -0])
    expect([...brierScores(rows, [1, 0])]).toEqual([0.25 + 0.5625 + 0.0625, 2])
  })

  it('a certainty that is wrong costs much and not infinity', () => {
    expect(logLosses([[1, 0]], [1])[0]).toBeCloseTo(27.631, 3)
  })

  it('weights count items so often', () => {
    expect(mean([1, 4], [3, 1])).toBe(7 / 4)
  })
})

describe('reliability bins', () => {
  const items = answers([0.5, true], [0.58, false], [0.95, true], [1, true])

  it('of equal width hold what lies between their edges, 1 in the last', () => {
    const bins = equalWidthBins(items, 10)
    expect(bins.map(({ count }) => count)).toEqual([0, 0, 0, 0, 0, 2, 0, 0, 0, 2])
    expect(bins[5]).toEqual({ low: 0.5, high: 0.6, count: 2, confidence: 0.54, accuracy: 0.5 })
    expect(bins[0]).toMatchObject({ confidence: null, accuracy: null })
  })

  it('of equal count share the items out in order', () => {
    const bins = equalCountBins(items, 2)
    expect(bins.map(({ count, low, high }) => [count, low, high])).toEqual([
      [2, 0.5, 0.58],
      [2, 0.95, 1],
    ])
    expect(equalCountBins(items, 15).map(({ count }) => count)).toEqual([1, 1, 1, 1])
  })

  it('give the error that a pencil gives', () => {
    // Bin 0.5 to 0.6: |0.5 - 0.54| over 2 of 4; bin 0.9 to 1: |1 - 0.975| over 2 of 4.
    expect(expectedCalibrationError(equalWidthBins(items, 10))).toBeCloseTo(0.5 * 0.04 + 0.5 * 0.025, 12)
    // All of one width: |0.75 - 0.7575|.
    expect(expectedCalibrationError(equalWidthBins(items, 1))).toBeCloseTo(0.0075, 12)
  })

  it('give exactly 0 when each confidence is the share right', () => {
    const exact = [0.25, 0.5, 0.75, 1].flatMap((share) =>
      Array.from({ length: 8 }, (_, item): Answer => ({ confidence: share, isRight: item < share * 8 })),
    )
    expect(expectedCalibrationError(equalWidthBins(exact))).toBe(0)
    expect(expectedCalibrationError(equalCountBins(exact, 4))).toBe(0)
  })

  it('lie near 0 for a calibrated sample, and not when its logits are tripled', () => {
    const error = (factor: number) => {
      const sample = calibratedSample(factor, 20_000)
      const rows = sample.map(({ logits }) => softmax(logits))
      const found = answersOf(
        rows,
        sample.map(({ truth }) => truth),
      )
      return [equalWidthBins(found), equalCountBins(found)].map(expectedCalibrationError)
    }
    // Chance with 20,000 items in 15 bins: about 0.01.
    for (const value of error(1)) expect(value).toBeLessThan(0.02)
    for (const value of error(3)) expect(value).toBeGreaterThan(0.12)
  })
})

describe('fitTemperature', () => {
  it.each([0.4, 1, 2.5, 6])('finds that logits are %d times too large', (factor) => {
    // The same draw at each factor, so the answer scales exactly; 4,000 labels fix it to about 3%.
    const fitted = fitTemperature(calibratedSample(factor))
    expect(fitted / factor).toBeCloseTo(fitTemperature(calibratedSample(1)), 6)
    expect(Math.abs(fitted / factor - 1)).toBeLessThan(0.08)
  })

  it('has the least loss, to either side', () => {
    const sample = calibratedSample(2.2, 500)
    const fitted = fitTemperature(sample)
    expect(nllAt(sample, fitted)).toBeLessThan(nllAt(sample, fitted * 1.02))
    expect(nllAt(sample, fitted)).toBeLessThan(nllAt(sample, fitted / 1.02))
  })

  it('two items by hand: one right and two wrong with equal margins', () => {
    // Share right 2/3 at margin 3 means sigmoid(3 / T) = 2/3, T = 3 / ln 2.
    const items = [
      { logits: [3, 0], truth: 0 },
      { logits: [3, 0], truth: 0 },
      { logits: [3, 0], truth: 1 },
    ]
    expect(fitTemperature(items)).toBeCloseTo(3 / Math.LN2, 8)
  })

  it('stays within its range where no temperature is best', () => {
    expect(fitTemperature([{ logits: [1, 0], truth: 0 }])).toBe(TEMPERATURE_RANGE[0])
    expect(fitTemperature([{ logits: [1, 0], truth: 1 }])).toBe(TEMPERATURE_RANGE[1])
    expect(fitTemperature([])).toBe(1)
  })
})

describe('crossFitTemperatures', () => {
  it('fits each fold on the others alone', () => {
    const ones = calibratedSample(1, 300)
    const fives = calibratedSample(5, 300, 6)
    const items = [...ones, ...fives]
    const folds = items.map((_, index) => (index < 300 ? 0 : 1))
    expect(crossFitTemperatures(items, folds)).toEqual([fitTemperature(fives), fitTemperature(ones)])
  })
})
