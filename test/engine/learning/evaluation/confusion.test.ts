import { describe, expect, it } from 'vitest'
import {
  classificationFigures,
  countConfusion,
  rowShares,
} from '../../../../main/engine/learning/evaluation/confusion'

// Six items by hand: of three of class 0 two are right, both of class 1 are, the one of class 2 is taken for 0.
const TRUTH = [0, 0, 0, 1, 1, 2]
const PREDICTED = [0, 0, 1, 1, 1, 0]

describe('countConfusion', () => {
  it('has the truth in rows and the answer in columns', () => {
    expect(countConfusion(TRUTH, PREDICTED, 4)).toEqual([
      [2, 1, 0, 0],
      [0, 2, 0, 0],
      [1, 0, 0, 0],
      [0, 0, 0, 0],
    ])
  })

  it('with weights counts as if items stood there so often', () => {
    const twice = [0, 1, 2, 3, 4, 5, 5, 1]
    const weighted = countConfusion(TRUTH, PREDICTED, 3, [1, 2, 1, 1, 1, 2])
    const repeated = countConfusion(
      twice.map((item) => TRUTH[item]!),
      twice.map((item) => PREDICTED[item]!),
      3,
    )
    expect(weighted).toEqual(repeated)
  })
})

describe('classificationFigures', () => {
  const figures = classificationFigures(countConfusion(TRUTH, PREDICTED, 4))

  it('agrees with the sums done by hand', () => {
    expect(figures.accuracy).toBeCloseTo(4 / 6, 12)
    expect(figures.uar).toBeCloseTo((2 / 3 + 1 + 0) / 3, 12)
    // F1 of class 0: 2 * 2 / (3 + 3); of class 1: 2 * 2 / (2 + 3); of class 2: 0.
    expect(figures.macroF1).toBeCloseTo((4 / 6 + 4 / 5 + 0) / 3, 12)
    expect(figures.classes[0]).toEqual({
      support: 3,
      predicted: 3,
      recall: 2 / 3,
      precision: 2 / 3,
      f1: 4 / 6,
    })
    expect(figures.classes[1]).toEqual({ support: 2, predicted: 3, recall: 1, precision: 2 / 3, f1: 4 / 5 })
    expect(figures.classes[2]).toEqual({ support: 1, predicted: 0, recall: 0, precision: null, f1: 0 })
  })

  it('leaves a class that does not occur out of the means and says so', () => {
    expect(figures.classes[3]).toEqual({ support: 0, predicted: 0, recall: null, precision: null, f1: null })
  })

  it('UAR does not change when the items of one class are doubled, accuracy does', () => {
    const doubled = [...TRUTH.keys(), 3, 4]
    const other = classificationFigures(
      countConfusion(
        doubled.map((item) => TRUTH[item]!),
        doubled.map((item) => PREDICTED[item]!),
        3,
      ),
    )
    expect(other.uar).toBeCloseTo(figures.uar, 12)
    expect(other.accuracy).toBeCloseTo(6 / 8, 12)
  })

  it('is 1 throughout for a classifier that is always right, and NaN for no item', () => {
    const { accuracy, uar, macroF1 } = classificationFigures(countConfusion([0, 1, 1], [0, 1, 1], 2))
    expect([accuracy, uar, macroF1]).toEqual([1, 1, 1])
    expect(classificationFigures(countConfusion([], [], 2)).accuracy).toBeNaN()
  })
})

describe('rowShares', () => {
  it('sums to 1 in each row that has items', () => {
    expect(
      rowShares([
        [3, 1],
        [0, 0],
      ]),
    ).toEqual([
      [0.75, 0.25],
      [null, null],
    ])
  })
})
