import { type Picture, Resampler } from './resample'
import type { Box } from './types'

const SIDE_PX = 8

/**
 * What a face looks like, coarsely: its box as 8 x 8 colours with the mean removed, of length one, shape [192]. The inner
 * product of two is their correlation, -1..1, and does not depend on brightness.
 */
export class AppearanceReader {
  private readonly resampler = new Resampler()

  read(picture: Picture, box: Box): Float32Array {
    const looks = new Float32Array(SIDE_PX * SIDE_PX * 3)
    const rectangle = { left: box.x, top: box.y, width: box.w, height: box.h }
    this.resampler.resize(picture, rectangle, SIDE_PX, SIDE_PX, looks)
    let mean = 0
    for (const value of looks) mean += value / looks.length
    for (let i = 0; i < looks.length; i++) looks[i] = (looks[i] as number) - mean
    return toUnitLength(looks)
  }
}

/** -1..1. */
export function correlate(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}

/** A running description: (1 - share) of the old, share of the new, of length one. */
export function blend(old: Float32Array, fresh: Float32Array, share: number): Float32Array {
  return toUnitLength(old.map((value, i) => (1 - share) * value + share * (fresh[i] as number)))
}

function toUnitLength(values: Float32Array): Float32Array {
  const length = Math.sqrt(correlate(values, values))
  if (length > 1e-6) for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) / length
  return values
}
