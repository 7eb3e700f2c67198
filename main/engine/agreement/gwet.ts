import { type Estimate, defined, estimate, undefinedBecause, undefinedEstimate } from './figure'
import { NOTHING_COMPARED, type Proportions } from './kappa'

/**
 * Gwet's AC1: (pa - pe) / (1 - pe), pe = 1 / (q - 1) sum of pi (1 - pi), pi the mean share of a label, q the number of
 * labels that either rater used. Its standard error is that of an infinite population of units (f = 0).
 * Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of high agreement. British Journal
 * of Mathematical and Statistical Psychology, 61, 29-48.
 * @param isCounted whether the table counts units
 */
export function gwetAc1({ total, cells, rows, columns }: Proportions, isCounted: boolean): Estimate {
  if (total <= 0) return undefinedEstimate(NOTHING_COMPARED)
  const shares = rows.map((row, index) => (row + (columns[index] ?? 0)) / 2)
  const used = shares.map((_, index) => index).filter((index) => (shares[index] ?? 0) > 0)
  if (used.length < 2) return undefinedEstimate('only one label used: AC1 needs two')
  const share = (index: number): number => shares[index] ?? 0
  const cell = (i: number, j: number): number => cells[i]?.[j] ?? 0
  const otherLabels = used.length - 1
  const agreed = used.reduce((sum, k) => sum + cell(k, k), 0)
  const expected = used.reduce((sum, k) => sum + share(k) * (1 - share(k)), 0) / otherLabels
  const ac1 = (agreed - expected) / (1 - expected)
  if (!isCounted)
    return {
      figure: defined(ac1),
      se: undefinedBecause('exact durations have no number of independent observations'),
      interval: null,
    }
  let diagonal = 0
  let all = 0
  for (const k of used) {
    diagonal += cell(k, k) * (1 - share(k))
    for (const l of used) all += cell(k, l) * (1 - (share(k) + share(l)) / 2) ** 2
  }
  const variance =
    agreed * (1 - agreed) -
    4 * (1 - ac1) * (diagonal / otherLabels - agreed * expected) +
    4 * (1 - ac1) ** 2 * (all / otherLabels ** 2 - expected ** 2)
  return estimate(ac1, variance / (total * (1 - expected) ** 2))
}
