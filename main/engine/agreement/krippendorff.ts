import { defined, type Figure, undefinedBecause } from './figure'
import type { AlphaMetric } from './types'

/** Values that raters gave one unit, those that are missing left out; `weight` units alike count as so many. */
export interface ValuedUnit<Value> {
  readonly values: readonly Value[]
  readonly weight: number
}

const NO_PAIRS = 'nothing to compare: no unit with values of two raters'
const NO_VARIATION = 'all values are the same: nothing varies that raters could agree on'

/**
 * Krippendorff's alpha, 1 - Do / De, of two or more raters with missing values. Units with fewer than two values say nothing
 * of agreement and are left out. Metric differences are those of the paper: nominal; ordinal (squared difference of the mean
 * ranks of the pooled values); interval (squared difference).
 * Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability. University of Pennsylvania.
 * @param isCounted false: weights are durations, and De is without the correction n / (n - 1) for few values
 */
export function nominalAlpha(units: readonly ValuedUnit<string>[], isCounted = true): Figure {
  const totals = new Map<string, number>()
  let disagreement = 0
  let total = 0
  for (const { values, weight } of units) {
    if (values.length < 2 || weight <= 0) continue
    const counts = new Map<string, number>()
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
    let equalPairs = 0
    for (const [value, count] of counts) {
      equalPairs += count * (count - 1)
      totals.set(value, (totals.get(value) ?? 0) + count * weight)
    }
    const m = values.length
    disagreement += (weight * (m * (m - 1) - equalPairs)) / (m - 1)
    total += m * weight
  }
  if (total === 0) return undefinedBecause(NO_PAIRS)
  if (totals.size < 2) return undefinedBecause(NO_VARIATION)
  let squares = 0
  for (const count of totals.values()) squares += count ** 2
  const expected = (total ** 2 - squares) / (isCounted ? total - 1 : total)
  return defined(1 - disagreement / expected)
}

/** The same with numbers: see nominalAlpha. */
export function numericAlpha(
  units: readonly ValuedUnit<number>[],
  metric: Exclude<AlphaMetric, 'nominal'>,
  isCounted = true,
): Figure {
  const paired = units.filter(({ values, weight }) => values.length >= 2 && weight > 0)
  const scale = metric === 'ordinal' ? meanRanks(paired) : null
  const first = paired[0]?.values[0]
  if (first === undefined) return undefinedBecause(NO_PAIRS)
  const on = (value: number): number => (scale ? (scale.get(value) ?? 0) : value)
  // About one of the values, so that large values with small differences keep their digits.
  const origin = on(first)
  let disagreement = 0
  let total = 0
  let sum = 0
  let squares = 0
  let isVaried = false
  for (const { values, weight } of paired) {
    const m = values.length
    let unitSum = 0
    let unitSquares = 0
    for (const value of values) {
      const x = on(value) - origin
      unitSum += x
      unitSquares += x ** 2
      if (value !== first) isVaried = true
    }
    // The sum of squared differences over all ordered pairs of a unit.
    disagreement += (weight * Math.max(0, 2 * (m * unitSquares - unitSum ** 2))) / (m - 1)
    total += m * weight
    sum += weight * unitSum
    squares += weight * unitSquares
  }
  if (!isVaried) return undefinedBecause(NO_VARIATION)
  const expected = (2 * (total * squares - sum ** 2)) / (isCounted ? total - 1 : total)
  return defined(1 - disagreement / expected)
}

/** The difference of two mean ranks is the sum of what lies between, both ends counted half: the ordinal metric. */
function meanRanks(units: readonly ValuedUnit<number>[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const { values, weight } of units)
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + weight)
  const ranks = new Map<number, number>()
  let below = 0
  for (const [value, count] of [...counts].sort(([a], [b]) => a - b)) {
    ranks.set(value, below + count / 2)
    below += count
  }
  return ranks
}
