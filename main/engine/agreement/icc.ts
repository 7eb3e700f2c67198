import { fQuantile } from './distributions'
import { defined, undefinedBecause } from './figure'
import type { CoefficientWithBounds } from './types'

export interface IntraclassCorrelations {
  readonly icc21: CoefficientWithBounds
  readonly icc2k: CoefficientWithBounds
}

/**
 * ICC(2,1) and ICC(2,k): two-way random effects, absolute agreement, of a single rating and of the mean of k ratings.
 * Shrout, P. E., & Fleiss, J. L. (1979). Intraclass correlations. Psychological Bulletin, 86, 420-428.
 * McGraw, K. O., & Wong, S. P. (1996). Forming inferences about some intraclass correlation coefficients. Psychological
 * Methods, 1, 30-46 (ICC(A,1), ICC(A,k); intervals based on F with Satterthwaite's degrees of freedom).
 * @param ratings shape [k raters][n units], all of one length, without gaps
 */
export function twoWayIcc(ratings: readonly ArrayLike<number>[]): IntraclassCorrelations {
  const k = ratings.length
  const n = ratings[0]?.length ?? 0
  if (k < 2) return both('ratings of two or more raters are needed')
  if (n < 2) return both('fewer than two units that all rated')
  const { rows, columns, error } = meanSquares(ratings, n)
  if (rows + columns + error <= 0) return both('zero variance: no rating ever changes, and all are the same')
  const single = (rows - error) / (rows + (k - 1) * error + (k * (columns - error)) / n)
  const mean = (rows - error) / (rows + (columns - error) / n)
  const bounds = singleBounds({ rows, columns, error, n, k, icc: single })
  const ofMean = (icc: number): number => (k * icc) / (1 + (k - 1) * icc)
  return {
    icc21: { figure: finite(single), interval: bounds },
    icc2k: {
      figure: finite(mean),
      interval: bounds && { low: ofMean(bounds.low), high: ofMean(bounds.high) },
    },
  }
}

function finite(value: number) {
  return Number.isFinite(value)
    ? defined(value)
    : undefinedBecause('zero variance between units: nothing to tell them apart by')
}

function both(reason: string): IntraclassCorrelations {
  const none: CoefficientWithBounds = { figure: undefinedBecause(reason), interval: null }
  return { icc21: none, icc2k: none }
}

interface MeanSquares {
  /** Between units, between raters, and what is left. */
  readonly rows: number
  readonly columns: number
  readonly error: number
}

function meanSquares(ratings: readonly ArrayLike<number>[], n: number): MeanSquares {
  const k = ratings.length
  const raterMeans = ratings.map((values) => {
    let sum = 0
    for (let unit = 0; unit < n; unit++) sum += values[unit] ?? 0
    return sum / n
  })
  const grand = raterMeans.reduce((sum, mean) => sum + mean, 0) / k
  let rows = 0
  let error = 0
  for (let unit = 0; unit < n; unit++) {
    let sum = 0
    for (const values of ratings) sum += values[unit] ?? 0
    const mean = sum / k
    rows += k * (mean - grand) ** 2
    for (const [rater, values] of ratings.entries())
      error += ((values[unit] ?? 0) - mean - (raterMeans[rater] ?? 0) + grand) ** 2
  }
  const columns = raterMeans.reduce((sum, mean) => sum + n * (mean - grand) ** 2, 0)
  return { rows: rows / (n - 1), columns: columns / (k - 1), error: error / ((n - 1) * (k - 1)) }
}

interface SingleIcc extends MeanSquares {
  readonly n: number
  readonly k: number
  readonly icc: number
}

function singleBounds({ rows, columns, error, n, k, icc }: SingleIcc): CoefficientWithBounds['interval'] {
  if (!(error > 0) || !(icc < 1)) return null
  const a = (k * icc) / (n * (1 - icc))
  const b = 1 + (k * icc * (n - 1)) / (n * (1 - icc))
  const v =
    (a * columns + b * error) ** 2 / ((a * columns) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1)))
  if (!(v > 0)) return null
  const upper = fQuantile(0.975, n - 1, v)
  const lower = fQuantile(0.975, v, n - 1)
  const shared = k * columns + (k * n - k - n) * error
  return {
    low: (n * (rows - upper * error)) / (upper * shared + n * rows),
    high: (n * (lower * rows - error)) / (shared + n * lower * rows),
  }
}
