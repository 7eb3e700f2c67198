import { Random } from '../random'

export interface BootstrapOptions {
  /** Default 2,000. */
  readonly resamples?: number
  readonly seed?: number
}

export const DEFAULT_RESAMPLES = 2000
const LEVEL = 0.95

/** [low, high] of a 95% interval. */
export type Interval = readonly [number, number]

/**
 * 95% percentile intervals by resampling groups with replacement (Efron 1979; groups because items of one speaker are
 * not independent). Seeded: the same input gives the same interval.
 * @param groups group of each item
 * @param statistics computes figures from how often each item counts, shape [items]; resamples in which one is NaN are
 * left out for that figure
 * @returns one interval for each figure; null where fewer than two groups exist or no resample had the figure
 */
export function bootstrapIntervals(
  groups: readonly string[],
  statistics: (weights: Float64Array) => readonly number[],
  { resamples = DEFAULT_RESAMPLES, seed = 1 }: BootstrapOptions = {},
): (Interval | null)[] {
  const numbers = new Map<string, number>()
  for (const group of groups) if (!numbers.has(group)) numbers.set(group, numbers.size)
  const groupOfItem = Int32Array.from(groups, (group) => numbers.get(group)!)
  const figures = statistics(new Float64Array(groups.length).fill(1)).length
  if (numbers.size < 2) return new Array<null>(figures).fill(null)
  const random = new Random(seed)
  const drawn = new Float64Array(numbers.size)
  const weights = new Float64Array(groups.length)
  const values: number[][] = Array.from({ length: figures }, () => [])
  for (let resample = 0; resample < resamples; resample++) {
    drawn.fill(0)
    for (let draw = 0; draw < numbers.size; draw++) drawn[random.below(numbers.size)]! += 1
    for (let item = 0; item < weights.length; item++) weights[item] = drawn[groupOfItem[item]!]!
    statistics(weights).forEach((value, figure) => {
      if (Number.isFinite(value)) values[figure]!.push(value)
    })
  }
  return values.map((own) => {
    if (own.length === 0) return null
    own.sort((a, b) => a - b)
    return [quantile(own, (1 - LEVEL) / 2), quantile(own, (1 + LEVEL) / 2)]
  })
}

/** Quantile of ascending values, between neighbours in a straight line (type 7 of Hyndman and Fan 1996). */
export function quantile(ascending: readonly number[], share: number): number {
  const place = share * (ascending.length - 1)
  const below = Math.floor(place)
  const low = ascending[below]!
  return low + (place - below) * ((ascending[below + 1] ?? low) - low)
}
