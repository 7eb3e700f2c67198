/** Distributions that intervals of correlations rest on. */

const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]

/** log Gamma(x) for x > 0; Lanczos, g = 7 (Press et al., Numerical Recipes, 6.1). */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const t = x + 6.5
  const series = LANCZOS.reduce(
    (sum, coefficient, index) => sum + coefficient / (x + index),
    0.99999999999980993,
  )
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(series)
}

/** Regularised incomplete beta function I_x(a, b), by its continued fraction (Numerical Recipes, 6.4). */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x))
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(1 - x, b, a)) / b
}

const SMALLEST = 1e-300

function betaFraction(x: number, a: number, b: number): number {
  const kept = (value: number): number => (Math.abs(value) < SMALLEST ? SMALLEST : value)
  let c = 1
  let d = 1 / kept(1 - ((a + b) * x) / (a + 1))
  let result = d
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / kept(1 + even * d)
    c = kept(1 + even / c)
    result *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / kept(1 + odd * d)
    c = kept(1 + odd / c)
    result *= d * c
    if (Math.abs(d * c - 1) < 1e-15) break
  }
  return result
}

/**
 * Quantile of the F distribution, by halving on the beta scale.
 * @param p 0..1, not included
 */
export function fQuantile(p: number, numerator: number, denominator: number): number {
  let low = 0
  let high = 1
  for (let round = 0; round < 200 && high - low > 1e-16 * high; round++) {
    const middle = (low + high) / 2
    if (incompleteBeta(middle, numerator / 2, denominator / 2) < p) low = middle
    else high = middle
  }
  const x = (low + high) / 2
  return (denominator * x) / (numerator * (1 - x))
}
