import { type Bounds, defined, undefinedBecause, Z_95 } from './figure'
import type { CoefficientWithBounds } from './types'

const FEW = 'fewer than three units that both rated'

export interface Moments {
  readonly count: number
  readonly means: readonly [number, number]
  /** Sums of squared deviations, and of their products. */
  readonly squares: readonly [number, number]
  readonly products: number
}

export function momentsOf(x: ArrayLike<number>, y: ArrayLike<number>): Moments {
  const count = Math.min(x.length, y.length)
  let meanX = 0
  let meanY = 0
  for (let index = 0; index < count; index++) {
    meanX += (x[index] ?? 0) / count
    meanY += (y[index] ?? 0) / count
  }
  let squaresX = 0
  let squaresY = 0
  let products = 0
  for (let index = 0; index < count; index++) {
    const dx = (x[index] ?? 0) - meanX
    const dy = (y[index] ?? 0) - meanY
    squaresX += dx * dx
    squaresY += dy * dy
    products += dx * dy
  }
  return { count, means: [meanX, meanY], squares: [squaresX, squaresY], products }
}

/** Product-moment correlation, with Fisher's z interval (Fisher 1921); of three units or fewer without one. */
export function pearson(moments: Moments): CoefficientWithBounds {
  const reason = whyUndefined(moments)
  if (reason !== null) return { figure: undefinedBecause(reason), interval: null }
  const [squaresX, squaresY] = moments.squares
  const r = within(moments.products / Math.sqrt(squaresX * squaresY))
  const interval =
    moments.count > 3 && Math.abs(r) < 1 ? zInterval(r, 1 / Math.sqrt(moments.count - 3)) : null
  return { figure: defined(r), interval }
}

/**
 * Lin's concordance correlation coefficient, 2 s_xy / (s_x² + s_y² + (mean x - mean y)²) with moments divided by n, and the
 * interval by its Z transformation.
 * Lin, L. I.-K. (1989). A concordance correlation coefficient to evaluate reproducibility. Biometrics, 45, 255-268; with the
 * correction of the variance in Lin (2000), Biometrics, 56, 324-325.
 */
export function linCcc(moments: Moments): CoefficientWithBounds {
  const { count, means, products } = moments
  const [squaresX, squaresY] = moments.squares
  const shift = means[0] - means[1]
  if (count < 3) return { figure: undefinedBecause(FEW), interval: null }
  const width = squaresX + squaresY + count * shift ** 2
  if (width <= 0)
    return {
      figure: undefinedBecause('zero variance: neither rating ever changes, and both are the same'),
      interval: null,
    }
  const ccc = within((2 * products) / width)
  const r2 = squaresX > 0 && squaresY > 0 ? products ** 2 / (squaresX * squaresY) : 0
  const isOpen = r2 > 0 && r2 < 1 && Math.abs(ccc) < 1
  if (!isOpen) return { figure: defined(ccc), interval: null }
  const u2 = (count * shift ** 2) / Math.sqrt(squaresX * squaresY)
  const rest = 1 - ccc ** 2
  const variance =
    (((1 - r2) * ccc ** 2) / (rest * r2) +
      (2 * ccc ** 3 * (1 - ccc) * u2) / (Math.sqrt(r2) * Math.sign(products) * rest ** 2) -
      (ccc ** 4 * u2 ** 2) / (2 * r2 * rest ** 2)) /
    (count - 2)
  return {
    figure: defined(ccc),
    interval: variance > 0 ? zInterval(ccc, Math.sqrt(variance)) : null,
  }
}

function whyUndefined({ count, squares }: Moments): string | null {
  if (count < 3) return FEW
  const flat = squares.flatMap((sum, rater) => (sum > 0 ? [] : [rater + 1]))
  return flat.length > 0 ? `zero variance: the rating of rater ${flat.join(' and ')} never changes` : null
}

function within(value: number): number {
  return Math.max(-1, Math.min(1, value))
}

function zInterval(value: number, se: number): Bounds {
  const z = Math.atanh(value)
  return { low: Math.tanh(z - Z_95 * se), high: Math.tanh(z + Z_95 * se) }
}
