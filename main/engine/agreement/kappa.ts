import { defined, type Estimate, estimate, type Figure, undefinedBecause, undefinedEstimate } from './figure'
import type { KappaWeights } from './types'

/** Square table of two raters: [first][second], units or seconds. */
export type SquareTable = readonly (readonly number[])[]

/** Shares of the total. */
export interface Proportions {
  readonly total: number
  readonly cells: SquareTable
  readonly rows: readonly number[]
  readonly columns: readonly number[]
}

export const NOTHING_COMPARED = 'nothing to compare: no time in which both raters could have coded'

/** Below this a share of the total is rounding. */
const TINY = 1e-12

export function proportionsOf(table: SquareTable): Proportions {
  const total = table.reduce((sum, row) => sum + row.reduce((s, cell) => s + cell, 0), 0)
  const cells = table.map((row) => row.map((cell) => (total > 0 ? cell / total : 0)))
  return {
    total,
    cells,
    rows: cells.map((row) => row.reduce((sum, cell) => sum + cell, 0)),
    columns: cells.map((_, column) => cells.reduce((sum, row) => sum + (row[column] ?? 0), 0)),
  }
}

/** Share with the same label. */
export function observedAgreement({ total, cells }: Proportions): Figure {
  if (total <= 0) return undefinedBecause(NOTHING_COMPARED)
  return defined(cells.reduce((sum, row, index) => sum + (row[index] ?? 0), 0))
}

/** Share of equal labels that two independent raters with these shares of labels would have. */
export function expectedAgreement({ total, rows, columns }: Proportions): Figure {
  if (total <= 0) return undefinedBecause(NOTHING_COMPARED)
  return defined(rows.reduce((sum, row, index) => sum + row * (columns[index] ?? 0), 0))
}

/**
 * Cohen's kappa, (po - pe) / (1 - pe).
 * Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and Psychological Measurement, 20, 37-46.
 * @param isCounted whether the table counts units; durations have no number of observations, so no standard error
 */
export function cohenKappa(shares: Proportions, isCounted: boolean): Estimate {
  return creditedKappa(
    shares,
    shares.rows.map((_, i) => shares.rows.map((__, j) => (i === j ? 1 : 0))),
    isCounted,
  )
}

/**
 * Weighted kappa: cells count with a credit from 0 to 1. With the identity it is Cohen's kappa. The standard error is the
 * large-sample one of an estimate (not of the hypothesis kappa = 0).
 * Cohen, J. (1968). Weighted kappa. Psychological Bulletin, 70, 213-220.
 * Fleiss, J. L., Cohen, J., & Everitt, B. S. (1969). Large sample standard errors of kappa and weighted kappa.
 * Psychological Bulletin, 72, 323-327 (formulas 9 and 13).
 * @param credit shape of the table; 1 on the diagonal
 */
export function creditedKappa(
  { total, cells, rows, columns }: Proportions,
  credit: SquareTable,
  isCounted: boolean,
): Estimate {
  if (total <= 0) return undefinedEstimate(NOTHING_COMPARED)
  const creditAt = (i: number, j: number): number => credit[i]?.[j] ?? 0
  const each = rows.map((_, index) => index)
  let observed = 0
  let expected = 0
  for (const i of each)
    for (const j of each) {
      observed += creditAt(i, j) * (cells[i]?.[j] ?? 0)
      expected += creditAt(i, j) * (rows[i] ?? 0) * (columns[j] ?? 0)
    }
  if (1 - expected < TINY) return undefinedEstimate(oneLabelReason(rows, columns))
  const kappa = (observed - expected) / (1 - expected)
  if (!isCounted)
    return {
      figure: defined(kappa),
      se: undefinedBecause('exact durations have no number of independent observations'),
      interval: null,
    }
  const rowMeans = each.map((i) => each.reduce((sum, j) => sum + creditAt(i, j) * (columns[j] ?? 0), 0))
  const columnMeans = each.map((j) => each.reduce((sum, i) => sum + creditAt(i, j) * (rows[i] ?? 0), 0))
  let sum = 0
  for (const i of each)
    for (const j of each) {
      const mean = (rowMeans[i] ?? 0) + (columnMeans[j] ?? 0)
      sum += (cells[i]?.[j] ?? 0) * (creditAt(i, j) * (1 - expected) - mean * (1 - observed)) ** 2
    }
  const centre = observed * expected - 2 * expected + observed
  return estimate(kappa, (sum - centre ** 2) / (total * (1 - expected) ** 4))
}

function oneLabelReason(rows: readonly number[], columns: readonly number[]): string {
  const isConstant = (shares: readonly number[]): boolean => shares.some((share) => 1 - share < TINY)
  return isConstant(rows) && isConstant(columns)
    ? 'only one label used by both raters: agreement by chance is complete'
    : 'agreement expected by chance is complete'
}

/**
 * Credit of linear (1 - |i - j| / (k - 1)) or quadratic (1 - (i - j)² / (k - 1)²) weights (Cicchetti & Allison 1971; Fleiss &
 * Cohen 1973), or the given ones in the order of these labels.
 * @param labels the scale, in its order; places count, used or not
 * @returns why not, where the weights do not fit the labels
 */
export function creditOf(weights: KappaWeights, labels: readonly string[]): SquareTable | string {
  if (typeof weights === 'object') {
    const places = labels.map((label) => weights.labels.indexOf(label))
    const missing = labels.filter((_, index) => (places[index] ?? -1) < 0)
    if (missing.length > 0) return `the given weights say nothing of ${missing.join(', ')}`
    return places.map((i) => places.map((j) => weights.credit[i]?.[j] ?? 0))
  }
  const widest = Math.max(1, labels.length - 1)
  const distance = (i: number, j: number): number => Math.abs(i - j) / widest
  const power = weights === 'linear' ? 1 : 2
  return labels.map((_, i) => labels.map((__, j) => 1 - distance(i, j) ** power))
}
