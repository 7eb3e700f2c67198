import { describe, expect, it } from 'vitest'
import { linCcc, momentsOf, pearson } from '../../../main/engine/agreement/correlations'
import { gwetAc1 } from '../../../main/engine/agreement/gwet'
import { twoWayIcc } from '../../../main/engine/agreement/icc'
import {
  cohenKappa,
  creditedKappa,
  expectedAgreement,
  observedAgreement,
  proportionsOf,
} from '../../../main/engine/agreement/kappa'
import { nominalAlpha, numericAlpha } from '../../../main/engine/agreement/krippendorff'

/** Numbers as printed, so they are compared in as many decimals as were printed. */

describe("Cohen's kappa", () => {
  it('is .492 in the example of Cohen (1960, 1968) with 200 patients', () => {
    const shares = proportionsOf([
      [88, 14, 18],
      [10, 40, 10],
      [2, 6, 12],
    ])
    expect(observedAgreement(shares).value).toBeCloseTo(0.7, 10)
    expect(expectedAgreement(shares).value).toBeCloseTo(0.41, 10)
    expect(cohenKappa(shares, true).figure.value).toBeCloseTo(0.492, 3)
  })

  it('weighted is .348 there, with disagreement weights 0 1 3, 1 0 6, 3 6 0 (Cohen 1968)', () => {
    const shares = proportionsOf([
      [88, 14, 18],
      [10, 40, 10],
      [2, 6, 12],
    ])
    const disagreement = [
      [0, 1, 3],
      [1, 0, 6],
      [3, 6, 0],
    ]
    const credit = disagreement.map((row) => row.map((weight) => 1 - weight / 6))
    expect(creditedKappa(shares, credit, true).figure.value).toBeCloseTo(0.348, 3)
  })

  it('has the variances printed by Fleiss, Cohen and Everitt (1969): .002885, weighted .003248', () => {
    const shares = proportionsOf([
      [106, 10, 4],
      [22, 28, 10],
      [2, 12, 6],
    ])
    const kappa = cohenKappa(shares, true)
    expect(kappa.figure.value).toBeCloseTo(0.429, 3)
    expect((kappa.se.value ?? 0) ** 2).toBeCloseTo(0.002885, 6)
    const credit = [
      [1, 0, 0.4444],
      [0, 1, 0.6667],
      [0.4444, 0.6667, 1],
    ]
    const weighted = creditedKappa(shares, credit, true)
    expect(weighted.figure.value).toBeCloseTo(0.507, 3)
    expect((weighted.se.value ?? 0) ** 2).toBeCloseTo(0.003248, 6)
  })

  it('is .68 with a standard error of .087 in Table 18.1 of Fleiss, Levin and Paik (2003)', () => {
    const kappa = cohenKappa(
      proportionsOf([
        [75, 1, 4],
        [5, 4, 1],
        [0, 0, 10],
      ]),
      true,
    )
    expect(kappa.figure.value).toBeCloseTo(0.68, 2)
    expect(kappa.se.value).toBeCloseTo(0.0877, 4)
    expect(kappa.interval?.low).toBeCloseTo(0.504, 2)
    expect(kappa.interval?.high).toBeCloseTo(0.848, 2)
  })
})

describe("Gwet's AC1", () => {
  it('is .941 in the table of the paradox, where kappa is -.023 in spite of 94.4 % agreement (Gwet 2008)', () => {
    const shares = proportionsOf([
      [118, 5],
      [2, 0],
    ])
    expect(observedAgreement(shares).value).toBeCloseTo(0.944, 10)
    expect(cohenKappa(shares, true).figure.value).toBeCloseTo(-0.0234, 4)
    expect(gwetAc1(shares, true).figure.value).toBeCloseTo(0.9408, 4)
  })
})

describe("Krippendorff's alpha", () => {
  /** Krippendorff (2011), C: four observers, twelve units, values missing. */
  const X = null
  const observers: readonly (readonly (number | null)[])[] = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, X, X, X],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, X, 3],
    [X, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, X],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, X],
  ]
  const units = Array.from({ length: 12 }, (_, unit) => ({
    values: observers.map((of) => of[unit] ?? null).filter((value) => value !== null),
    weight: 1,
  }))

  it('is .743 nominal, .815 ordinal and .849 interval', () => {
    const named = units.map(({ values, weight }) => ({ values: values.map(String), weight }))
    expect(nominalAlpha(named).value).toBeCloseTo(0.743, 3)
    expect(numericAlpha(units, 'ordinal').value).toBeCloseTo(0.815, 3)
    expect(numericAlpha(units, 'interval').value).toBeCloseTo(0.849, 3)
  })

  it('counts a unit as often as its weight says', () => {
    const doubled = units.map(({ values }) => ({ values: values.map(String), weight: 2 }))
    const twice = [...units, ...units].map(({ values }) => ({ values: values.map(String), weight: 1 }))
    expect(nominalAlpha(doubled).value).toBeCloseTo(nominalAlpha(twice).value ?? Number.NaN, 12)
  })
})

describe('intraclass correlations', () => {
  /** Shrout and Fleiss (1979), Table 2: six targets, four judges. */
  const judges = [
    [9, 6, 8, 7, 10, 6],
    [2, 1, 4, 1, 5, 2],
    [5, 3, 6, 2, 6, 4],
    [8, 2, 8, 6, 9, 7],
  ]

  it('are ICC(2,1) = .29 and ICC(2,4) = .62 (Table 4), with the bounds .02 to .76 and .07 to .93', () => {
    const { icc21, icc2k } = twoWayIcc(judges)
    expect(icc21.figure.value).toBeCloseTo(0.29, 2)
    expect(icc2k.figure.value).toBeCloseTo(0.62, 2)
    expect(icc21.interval?.low).toBeCloseTo(0.019, 3)
    expect(icc21.interval?.high).toBeCloseTo(0.761, 3)
    expect(icc2k.interval?.low).toBeCloseTo(0.07, 2)
    expect(icc2k.interval?.high).toBeCloseTo(0.93, 2)
  })
})

describe("Lin's concordance", () => {
  /** Bland and Altman (1986), Table 1: first readings of two peak flow meters, l/min. */
  const large = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
  const mini = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]

  it('is just below the correlation of .94 where the means hardly differ', () => {
    const moments = momentsOf(large, mini)
    expect(pearson(moments).figure.value).toBeCloseTo(0.943, 3)
    expect(linCcc(moments).figure.value).toBeCloseTo(0.9427, 4)
  })

  it('falls with a shift and with another scale, which Pearson does not see (Lin 1989)', () => {
    const x = [1, 2, 3, 4, 5]
    // Variance 2, covariance 2, means differ by 3: 2 * 2 / (2 + 2 + 9).
    const shifted = momentsOf(
      x,
      x.map((value) => value + 3),
    )
    expect(linCcc(shifted).figure.value).toBeCloseTo(4 / 13, 12)
    // Variance 8, covariance 4, means differ by 3: 2 * 4 / (2 + 8 + 9).
    const scaled = momentsOf(
      x,
      x.map((value) => 2 * value),
    )
    expect(linCcc(scaled).figure.value).toBeCloseTo(8 / 19, 12)
    expect(pearson(shifted).figure.value).toBeCloseTo(1, 12)
    expect(pearson(scaled).figure.value).toBeCloseTo(1, 12)
  })
})
