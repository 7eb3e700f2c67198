import { defined, undefinedBecause } from './figure'
import type { Spread } from './types'

/** Mean, mean of the absolute values and SD (n - 1) of signed differences. @param whyNone where there are none */
export function spreadOf(values: readonly number[], whyNone: string): Spread {
  const count = values.length
  if (count === 0) {
    const none = undefinedBecause(whyNone)
    return { mean: none, meanAbsolute: none, sd: none }
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / count
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return {
    mean: defined(mean),
    meanAbsolute: defined(values.reduce((sum, value) => sum + Math.abs(value), 0) / count),
    sd:
      count > 1
        ? defined(Math.sqrt(squares / (count - 1)))
        : undefinedBecause('a single value has no spread'),
  }
}
