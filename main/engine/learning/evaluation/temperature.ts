import { softmax } from './softmax'

/** Items a temperature is fitted on. */
export interface ScoredItem {
  /** Shape [classes]. */
  readonly logits: ArrayLike<number>
  /** 0..classes-1 */
  readonly truth: number
}

export const TEMPERATURE_RANGE = [0.05, 20] as const

const ROUNDS = 200
const PRECISION = 1e-10

/**
 * The temperature T for which softmax(logits / T) has the least negative log-likelihood (Guo et al., ICML 2017).
 * The loss is convex in 1 / T, so its slope, the mean over items of (expected logit - true logit), has one zero: found by
 * Newton's method kept inside a shrinking bracket.
 * @returns within TEMPERATURE_RANGE: its low end where every item is right (the surer the better), its high end where
 * the logits are worth nothing; 1 for no item
 */
export function fitTemperature(items: readonly ScoredItem[]): number {
  if (items.length === 0) return 1
  let low = 1 / TEMPERATURE_RANGE[1]
  let high = 1 / TEMPERATURE_RANGE[0]
  if (lossSlope(items, low).slope >= 0) return TEMPERATURE_RANGE[1]
  if (lossSlope(items, high).slope <= 0) return TEMPERATURE_RANGE[0]
  let inverse = 1
  for (let round = 0; round < ROUNDS; round++) {
    const { slope, curvature } = lossSlope(items, inverse)
    if (slope < 0) low = inverse
    else high = inverse
    const newton = inverse - slope / curvature
    const next = newton > low && newton < high ? newton : (low + high) / 2
    if (Math.abs(next - inverse) < PRECISION * inverse) return 1 / next
    inverse = next
  }
  return 1 / inverse
}

/** First and second derivative of the mean NLL by the inverse temperature: E[z] - z_true, and the variance of z. */
function lossSlope(items: readonly ScoredItem[], inverse: number): { slope: number; curvature: number } {
  let slope = 0
  let curvature = 0
  for (const { logits, truth } of items) {
    const probabilities = softmax(logits, 1 / inverse)
    let expected = 0
    for (let label = 0; label < logits.length; label++) expected += probabilities[label]! * logits[label]!
    let variance = 0
    for (let label = 0; label < logits.length; label++)
      variance += probabilities[label]! * (logits[label]! - expected) ** 2
    slope += expected - logits[truth]!
    curvature += variance
  }
  return { slope: slope / items.length, curvature: curvature / items.length }
}

/**
 * Temperatures that were not fitted on what they are used for: each fold's is fitted on the items of all other folds.
 * @param folds the fold of each item, numbered from 0
 * @returns shape [folds]
 */
export function crossFitTemperatures(items: readonly ScoredItem[], folds: readonly number[]): number[] {
  const count = folds.reduce((most, fold) => Math.max(most, fold + 1), 0)
  return Array.from({ length: count }, (_, fold) =>
    fitTemperature(items.filter((_item, at) => folds[at] !== fold)),
  )
}
