import { describe, expect, it } from 'vitest'
import {
  evaluatePredictions,
  type EvaluateOptions,
  withoutPrior,
} from '../../../../main/engine/learning/evaluation/evaluate-predictions'
import { alternateHalves, foldsOfGroups } from '../../../../main/engine/learning/evaluation/folds'
import type { Predictions } from '../../../../main/engine/learning/evaluation/predictions'
import { evaluationReportSchema } from '../../../../main/engine/learning/evaluation/report-schema'
import { toSevenClasses } from '../../../../main/engine/learning/evaluation/seven-classes'
import { fitTemperature } from '../../../../main/engine/learning/evaluation/temperature'
import { EMOTIONS } from '../../../../main/engine/emotions'
import { calibratedSample } from './calibrated-sample'

const OPTIONS: EvaluateOptions = { id: 'by-hand', name: 'By hand', method: 'other', groupUnit: 'item' }

const LABELS = ['neutral', 'calm', 'happiness', 'sadness', 'anger', 'fear', 'disgust', 'surprise'] as const

function samplePredictions(factor = 1, count = 600): Predictions {
  return {
    labels: LABELS,
    protocol: 'drawn from their own posteriors',
    items: calibratedSample(factor, count, 7, LABELS.length).map((item, index) => ({
      id: `i${index}`,
      group: `g${index % 20}`,
      ...item,
    })),
  }
}

describe('evaluatePredictions', () => {
  it('makes a report that its schema accepts, and that JSON keeps', () => {
    const report = evaluatePredictions(samplePredictions(), { ...OPTIONS, bootstrap: { resamples: 50 } })
    expect(evaluationReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report)
  })

  it('gives three items their figures by hand', () => {
    const predictions: Predictions = {
      labels: ['neutral', 'fear'],
      protocol: 'three items',
      items: [
        { id: 'a', group: 'a', truth: 0, logits: [Math.log(3), 0] },
        { id: 'b', group: 'b', truth: 0, logits: [0, Math.log(3)] },
        { id: 'c', group: 'c', truth: 1, logits: [0, Math.log(3)] },
        { id: 'd', group: 'd', truth: -1, logits: [0, 0] },
      ],
    }
    const report = evaluatePredictions(predictions, { ...OPTIONS, calibration: { kind: 'none' } })
    expect(report).toMatchObject({ count: 3, leftOut: 1, groups: { count: 3 }, seven: null })
    expect(report.confusion).toEqual([
      [1, 1],
      [0, 1],
    ])
    expect(report.accuracy.value).toBeCloseTo(2 / 3, 12)
    expect(report.uar.value).toBeCloseTo(0.75, 12)
    expect(report.nll.value).toBeCloseTo(-(2 * Math.log(0.75) + Math.log(0.25)) / 3, 12)
    expect(report.brier.value).toBeCloseTo((0.125 + 1.125 + 0.125) / 3, 12)
    expect(report.eceEqualWidth).toBeCloseTo(0.75 - 2 / 3, 12)
  })

  it('holds its estimates inside its intervals', () => {
    const report = evaluatePredictions(samplePredictions(), OPTIONS)
    for (const { value, interval } of [
      report.accuracy,
      report.uar,
      report.macroF1,
      report.nll,
      report.brier,
    ]) {
      expect(interval![0]).toBeLessThan(value)
      expect(interval![1]).toBeGreaterThan(value)
    }
    expect(report.bootstrap).toEqual({ resamples: 2000, seed: 1 })
  })

  it('cross-fits: each half has the temperature of the other', () => {
    const predictions = samplePredictions(3)
    const { calibration } = evaluatePredictions(predictions, { ...OPTIONS, bootstrap: null })
    const half = (side: number) => predictions.items.filter((_, index) => index % 2 === side)
    expect(calibration.folds.map(({ temperature }) => temperature)).toEqual([
      fitTemperature(half(1)),
      fitTemperature(half(0)),
    ])
    expect(calibration.before.eceEqualWidth).toBeGreaterThan(0.1)
    for (const fold of calibration.folds)
      expect(fold.eceEqualWidth).toBeLessThan(calibration.before.eceEqualWidth)
  })

  it('a temperature changes no answer', () => {
    const predictions = samplePredictions(2)
    const figures = [0.5, 1, 4].map((temperature) => {
      const report = evaluatePredictions(predictions, {
        ...OPTIONS,
        bootstrap: null,
        calibration: { kind: 'given', temperature },
      })
      return [report.accuracy.value, report.uar.value, report.confusion]
    })
    expect(figures[1]).toEqual(figures[0])
    expect(figures[2]).toEqual(figures[0])
  })

  it('counts calm as neutral among seven', () => {
    const predictions: Predictions = {
      labels: LABELS,
      protocol: 'two items',
      items: [
        // Neutral and calm together win, neither alone does: fear 0.4, neutral 0.3, calm 0.3.
        {
          id: 'a',
          group: 'a',
          truth: 1,
          logits: [0.3, 0.3, 0, 0, 0, 0.4, 0, 0].map((p) => Math.log(p + 1e-9)),
        },
        { id: 'b', group: 'b', truth: 7, logits: [0, 0, 0, 0, 0, 0, 0, 9] },
      ],
    }
    const report = evaluatePredictions(predictions, { ...OPTIONS, calibration: { kind: 'none' } })
    expect(report.accuracy.value).toBe(0.5)
    expect(report.seven).toMatchObject({ accuracy: { value: 1 }, labels: [...EMOTIONS], count: 2 })
  })

  it('gives seeds their mean and SD, and groups their own figures', () => {
    const predictions = samplePredictions()
    const seedRuns = [1, 2].map((seed) => ({ seed, predictions: samplePredictions(seed, 600) }))
    const { seeds, perGroup } = evaluatePredictions(predictions, { ...OPTIONS, bootstrap: null, seedRuns })
    const [first, second] = seeds!.runs
    expect(seeds!.uar.mean).toBeCloseTo((first!.uar + second!.uar) / 2, 12)
    expect(seeds!.uar.sd).toBeCloseTo(Math.abs(first!.uar - second!.uar) / Math.SQRT2, 12)
    expect(perGroup.map(({ count }) => count)).toEqual(new Array(20).fill(30))
  })

  it('refuses an item tested twice, and none to test', () => {
    const { items, ...rest } = samplePredictions()
    const twice = { ...rest, items: [...items, items[0]!] }
    expect(() => evaluatePredictions(twice, OPTIONS)).toThrow(/twice/)
    const unknown = { ...rest, items: items.map((item) => ({ ...item, truth: -1 })) }
    expect(() => evaluatePredictions(unknown, OPTIONS)).toThrow(/known label/)
  })
})

describe('the prior', () => {
  it('taken out turns a posterior into evidence', () => {
    // p = prior * likelihood with likelihoods 1 : 3.
    expect([...withoutPrior([0.9 * 1, 0.1 * 3], [0.9, 0.1])].map((p) => p.toFixed(12))).toEqual([
      '0.250000000000',
      '0.750000000000',
    ])
  })

  it('uniform changes nothing', () => {
    const report = evaluatePredictions(samplePredictions(), {
      ...OPTIONS,
      bootstrap: null,
      prior: LABELS.map(() => 1 / LABELS.length),
    })
    expect(report.withoutPrior!.accuracy).toBe(report.accuracy.value)
    expect(report.withoutPrior!.eceEqualWidth).toBeCloseTo(report.eceEqualWidth, 9)
  })

  it('of the wrong length is refused', () => {
    expect(() => evaluatePredictions(samplePredictions(), { ...OPTIONS, prior: [0.5, 0.5] })).toThrow(/prior/)
  })
})

describe('folds', () => {
  it('alternate by group, in the order groups appear', () => {
    expect(alternateHalves(['x', 'x', 'y', 'x', 'z'])).toEqual([0, 0, 1, 0, 0])
  })

  it('refuse a group on both sides and a group of no fold', () => {
    expect(foldsOfGroups(['a', 'b', 'a'], [['a'], ['b']])).toEqual([0, 1, 0])
    expect(() => foldsOfGroups(['a'], [['a'], ['a']])).toThrow(/folds 0 and 1/)
    expect(() => foldsOfGroups(['c'], [['a'], ['b']])).toThrow(/none of the 2 folds/)
  })
})

describe('toSevenClasses', () => {
  it('drops contempt, renormalises and leaves its items out', () => {
    const labels = [...EMOTIONS, 'contempt'] as const
    const row = [0.1, 0.2, 0.1, 0, 0, 0, 0, 0.6]
    const seven = toSevenClasses(labels, [row, row], [7, 1])
    expect(seven.kept).toEqual([1])
    expect(seven.truth).toEqual([1])
    expect([...seven.probabilities[0]!]).toEqual([0.25, 0.5, 0.25, 0, 0, 0, 0])
  })
})
