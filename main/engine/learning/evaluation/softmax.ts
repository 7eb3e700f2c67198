/**
 * Posterior of one item.
 * @param logits shape [classes]; -Infinity is allowed beside at least one finite value
 * @returns softmax(logits / temperature), shape [classes], sums to 1
 */
export function softmax(logits: ArrayLike<number>, temperature = 1): Float64Array {
  const highest = Math.max(...Array.from(logits))
  const powers = Float64Array.from(logits, (logit) => Math.exp((logit - highest) / temperature))
  const sum = powers.reduce((total, value) => total + value, 0)
  return powers.map((value) => value / sum)
}

/** Index of the highest value; the first one on a tie. */
export function topIndex(values: ArrayLike<number>): number {
  let best = 0
  for (let index = 1; index < values.length; index++) if (values[index]! > values[best]!) best = index
  return best
}
