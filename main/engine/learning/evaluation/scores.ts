/** Least probability that enters a logarithm: a confident error costs at most 27.6 nats. */
const LEAST_PROBABILITY = 1e-12

/** Negative log-likelihood of each item's true class in nats. */
export function logLosses(
  probabilities: readonly ArrayLike<number>[],
  truth: ArrayLike<number>,
): Float64Array {
  return Float64Array.from(
    probabilities,
    (row, item) => -Math.log(Math.max(LEAST_PROBABILITY, row[truth[item]!]!)),
  )
}

/**
 * Brier score of each item: the squared distance between posterior and truth summed over all classes, 0..2
 * (Brier 1950). Some texts divide by the classes or, for two, by 2.
 */
export function brierScores(
  probabilities: readonly ArrayLike<number>[],
  truth: ArrayLike<number>,
): Float64Array {
  return Float64Array.from(probabilities, (row, item) => {
    let sum = 0
    for (let label = 0; label < row.length; label++)
      sum += (row[label]! - (label === truth[item] ? 1 : 0)) ** 2
    return sum
  })
}

/** Mean of values; with weights, their weighted mean. NaN for none. */
export function mean(values: ArrayLike<number>, weights?: ArrayLike<number>): number {
  let sum = 0
  let total = 0
  for (let item = 0; item < values.length; item++) {
    const weight = weights ? weights[item]! : 1
    sum += weight * values[item]!
    total += weight
  }
  return sum / total
}

/** Standard deviation over n - 1; 0 for a single value. */
export function standardDeviation(values: readonly number[]): number {
  if (values.length < 2) return 0
  const centre = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1))
}
