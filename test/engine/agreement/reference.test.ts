import { describe, expect, it } from 'vitest'
import { linCcc, momentsOf, pearson } from '../../../main/engine/agreement/correlations'
import { fQuantile } from '../../../main/engine/agreement/distributions'
import { gwetAc1 } from '../../../main/engine/agreement/gwet'
import { twoWayIcc } from '../../../main/engine/agreement/icc'
import { cohenKappa, creditedKappa, creditOf, proportionsOf } from '../../../main/engine/agreement/kappa'
import { nominalAlpha, numericAlpha } from '../../../main/engine/agreement/krippendorff'
import type { CoefficientWithBounds } from '../../../main/engine/agreement/types'
import { reference } from './reference/reference'

const labelsOf = (count: number): string[] => Array.from({ length: count }, (_, index) => `label ${index}`)

describe('tables of two raters, against statsmodels, scikit-learn and nltk', () => {
  it.each(reference.tables.map((row, index) => ({ ...row, index })))('table $index', (row) => {
    const shares = proportionsOf(row.table)
    const kappa = cohenKappa(shares, true)
    expect(kappa.figure.value).toBeCloseTo(row.kappa, 10)
    expect(kappa.se.value).toBeCloseTo(row.kappa_se, 10)
    const labels = labelsOf(row.table.length)
    for (const weights of ['linear', 'quadratic'] as const) {
      const credit = creditOf(weights, labels)
      if (typeof credit === 'string') throw new Error(credit)
      const weighted = creditedKappa(shares, credit, true)
      expect(weighted.figure.value).toBeCloseTo(row[weights], 10)
      expect(weighted.se.value).toBeCloseTo(row[`${weights}_se`], 10)
    }
    const ac1 = gwetAc1(shares, true)
    expect(ac1.figure.value).toBeCloseTo(row.ac1, 10)
    expect((ac1.se.value ?? Number.NaN) ** 2).toBeCloseTo(row.ac1_variance, 10)
    const units = row.table.flatMap((cells, i) =>
      cells.map((weight, j) => ({ values: [String(i), String(j)], weight })),
    )
    expect(nominalAlpha(units).value).toBeCloseTo(row.alpha, 10)
  })
})

describe('any number of raters with values missing, against nltk', () => {
  it.each(reference.manyRaters.map((row, index) => ({ ...row, index })))('ratings $index', (row) => {
    const units = (row.ratings[0] ?? []).map((_, unit) => ({
      values: row.ratings.map((of) => of[unit] ?? null).filter((value) => value !== null),
      weight: 1,
    }))
    const named = units.map(({ values, weight }) => ({ values: values.map(String), weight }))
    expect(nominalAlpha(named).value).toBeCloseTo(row.nominal, 10)
    expect(numericAlpha(units, 'ordinal').value).toBeCloseTo(row.ordinal, 10)
    expect(numericAlpha(units, 'interval').value).toBeCloseTo(row.interval, 10)
  })
})

describe('continuous ratings, against scipy and statsmodels', () => {
  const equal = (got: CoefficientWithBounds, [value, low, high]: readonly number[]): void => {
    expect(got.figure.value).toBeCloseTo(value ?? Number.NaN, 9)
    expect(got.interval?.low).toBeCloseTo(low ?? Number.NaN, 7)
    expect(got.interval?.high).toBeCloseTo(high ?? Number.NaN, 7)
  }

  it.each(reference.ratings.map((row, index) => ({ ...row, index })))('ratings $index', (row) => {
    const { icc21, icc2k } = twoWayIcc(row.ratings)
    equal(icc21, row.icc21)
    equal(icc2k, row.icc2k)
    const units = (row.ratings[0] ?? []).map((_, unit) => ({
      values: row.ratings.map((of) => of[unit] ?? Number.NaN),
      weight: 1,
    }))
    expect(numericAlpha(units, 'interval').value).toBeCloseTo(row.alpha, 9)
    const [first = [], second = []] = row.ratings
    if (row.pearson) equal(pearson(momentsOf(first, second)), row.pearson)
    if (row.ccc) equal(linCcc(momentsOf(first, second)), row.ccc)
  })

  it('has pairs among them', () => {
    expect(reference.ratings.filter(({ ccc, pearson: r }) => ccc && r).length).toBeGreaterThanOrEqual(3)
  })

  it.each(reference.fQuantiles)('F quantile of %s with %s and %s degrees of freedom', (p, a, b, value) => {
    expect(fQuantile(p, a, b) / value).toBeCloseTo(1, 9)
  })
})
