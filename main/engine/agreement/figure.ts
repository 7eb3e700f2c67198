/** A number, or why there is none. Undefined is never 0 or NaN: tables leave the cell empty and say the reason beside it. */
export type Figure =
  { readonly value: number; readonly reason: null } | { readonly value: null; readonly reason: string }

/** A coefficient with its large-sample standard error and 95 % interval. */
export interface Estimate {
  readonly figure: Figure
  readonly se: Figure
  /** Null where the standard error or the coefficient is undefined; not cut to [-1, 1]. */
  readonly interval: Bounds | null
}

export interface Bounds {
  readonly low: number
  readonly high: number
}

/** Two-sided 95 % point of the normal distribution. */
export const Z_95 = 1.959963984540054

export const defined = (value: number): Figure => ({ value, reason: null })
export const undefinedBecause = (reason: string): Figure => ({ value: null, reason })

export function undefinedEstimate(reason: string): Estimate {
  return { figure: undefinedBecause(reason), se: undefinedBecause(reason), interval: null }
}

/** The normal interval about a coefficient. @param variance of the coefficient; below 0 (rounding) counts as 0 */
export function estimate(value: number, variance: number): Estimate {
  const se = Math.sqrt(Math.max(0, variance))
  return {
    figure: defined(value),
    se: defined(se),
    interval: { low: value - Z_95 * se, high: value + Z_95 * se },
  }
}
