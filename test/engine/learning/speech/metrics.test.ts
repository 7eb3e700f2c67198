import { describe, expect, it } from 'vitest'
import {
  crossCalibrated,
  effectivePrior,
  mergeCalm,
  sevenClassOf,
} from '../../../../main/engine/learning/speech/card-of-run'
import {
  calibrationError,
  classificationReport,
  equalCountCalibrationError,
  fitTemperature,
  meanNll,
  softmax,
} from '../../../../main/engine/learning/speech/metrics'
import { RAVDESS_LABELS } from '../../../../main/engine/learning/speech/ravdess'
import { Random } from '../../../../main/engine/learning/random'

describe('classificationReport', () => {
  it('counts by hand', () => {
    const report = classificationReport([0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 1, 0], 3)
    expect(report.confusion).toEqual([
      [2, 1, 0],
      [0, 2, 0],
      [1, 0, 0],
    ])
    expect(report.accuracy).toBeCloseTo(4 / 6, 12)
    expect(report.uar).toBeCloseTo((2 / 3 + 1 + 0) / 3, 12)
    expect(report.precision).toEqual([2 / 3, 2 / 3, 0])
    expect(report.macroF1).toBeCloseTo((4 / 6 + 4 / 5 + 0) / 3, 12)
  })

  it('averages over the classes that occur', () => {
    expect(classificationReport([0, 0, 2], [0, 0, 2], 4).uar).toBe(1)
  })
})

describe('softmax', () => {
  it('sums to one and survives large logits', () => {
    const probs = softmax([1000, 999, -1000])
    expect(probs.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12)
    expect(probs[0]! / probs[1]!).toBeCloseTo(Math.E, 9)
  })
})

/** Labels drawn from softmax(logits), so the right temperature for `factor` times the logits is `factor`. */
function calibratedSample(factor: number) {
  const random = new Random(5)
  const logits: number[][] = []
  const truth: number[] = []
  for (let item = 0; item < 4000; item++) {
    const row = Array.from({ length: 4 }, () => 1.5 * random.gaussian())
    const probs = softmax(row)
    let remaining = random.next()
    let label = 0
    while (label < 3 && (remaining -= probs[label]!) > 0) label++
    logits.push(row.map((value) => factor * value))
    truth.push(label)
  }
  return { logits, truth }
}

describe('fitTemperature', () => {
  // 4,000 draws fix the temperature to about 3%.
  it.each([0.5, 1, 3])('finds temperature %d', (factor) => {
    const { logits, truth } = calibratedSample(factor)
    const fitted = fitTemperature(logits, truth)
    expect(Math.abs(fitted / factor - 1)).toBeLessThan(0.08)
    expect(meanNll(logits, truth, fitted)).toBeLessThanOrEqual(meanNll(logits, truth, factor) + 1e-9)
  })
})

describe('calibrationError', () => {
  it('is small where confidence is right, and the gap where it is not', () => {
    const { logits, truth } = calibratedSample(1)
    expect(
      calibrationError(
        logits.map((row) => softmax(row)),
        truth,
      ),
    ).toBeLessThan(0.03)
    expect(
      calibrationError(
        [
          [0.9, 0.1],
          [0.9, 0.1],
        ],
        [1, 1],
      ),
    ).toBeCloseTo(0.9, 12)
  })
})

describe('equalCountCalibrationError', () => {
  it('sees two halves that are wrong in opposite ways, item by item of its bins', () => {
    const probabilities = [0.6, 0.6, 0.9, 0.9].map((top) => [top, 1 - top])
    // Low confidence: both right (0.4 each too low); high: one of two right (0.4 too high on average).
    expect(equalCountCalibrationError(probabilities, [0, 0, 0, 1], 2)).toBeCloseTo((0.8 + 0.8) / 4, 12)
    expect(equalCountCalibrationError(probabilities, [0, 0, 0, 1], 1)).toBeCloseTo(0, 12)
  })
})

describe('eight classes to seven', () => {
  it('adds calm to neutral and keeps the sum', () => {
    const merged = mergeCalm([0.1, 0.2, 0.05, 0.15, 0.1, 0.1, 0.1, 0.2])
    expect(merged).toHaveLength(7)
    expect(merged[0]).toBeCloseTo(0.3, 12)
    expect(merged.slice(1)).toEqual([0.05, 0.15, 0.1, 0.1, 0.1, 0.2])
    expect(RAVDESS_LABELS.map((_, label) => sevenClassOf(label))).toEqual([0, 0, 1, 2, 3, 4, 5, 6])
  })
})

describe('effectivePrior', () => {
  it('weighs neutral double, so that four of it count as eight of the others', () => {
    const labels = [
      0,
      0,
      1,
      1,
      1,
      1,
      ...[2, 3, 4, 5, 6, 7].flatMap((label) => new Array<number>(4).fill(label)),
    ]
    expect(effectivePrior(labels)).toEqual(new Array(8).fill(0.125))
  })
})

describe('crossCalibrated', () => {
  it('never uses a fold for its own temperature', () => {
    const { logits, truth } = calibratedSample(1)
    const predictions = logits.slice(0, 2000).map((row, index) => ({
      name: String(index),
      actor: 1 + (index % 20),
      label: truth[index]!,
      // The first fold's logits are ten times too large; the other folds' temperatures must not follow it wholly.
      logits: [2, 5, 14, 15, 16].includes(1 + (index % 20)) ? row.map((value) => 10 * value) : row,
      windowCount: 1,
    }))
    const { temperatures } = crossCalibrated(predictions)
    expect(Math.abs(temperatures[0]! - 1)).toBeLessThan(0.15)
    for (const other of temperatures.slice(1)) expect(other).toBeGreaterThan(1.5)
  })
})
