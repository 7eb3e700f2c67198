import type { VectorSet } from './dense-net'

/** Mean and SD of each column. */
export interface Standardisation {
  readonly mean: Float64Array
  readonly sd: Float64Array
}

/** A column that never changes gets an SD of 1. */
export function measureColumns({ count, width, inputs }: VectorSet): Standardisation {
  const mean = new Float64Array(width)
  const sd = new Float64Array(width)
  for (let index = 0; index < inputs.length; index++) mean[index % width]! += inputs[index]! / count
  for (let index = 0; index < inputs.length; index++)
    sd[index % width]! += (inputs[index]! - mean[index % width]!) ** 2 / count
  return { mean, sd: sd.map((variance) => (variance > 1e-12 ? Math.sqrt(variance) : 1)) }
}

/** A copy whose columns have the measured mean taken out and are divided by the measured SD, clipped to +-`clip`. */
export function standardise<Set extends VectorSet>(set: Set, { mean, sd }: Standardisation, clip = 5): Set {
  const inputs = set.inputs.map((value, index) => {
    const column = index % set.width
    return Math.max(-clip, Math.min(clip, (value - mean[column]!) / sd[column]!))
  })
  return { ...set, inputs }
}
