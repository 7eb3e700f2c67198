/**
 * Regression slope over `width` frames on either side, per frame; frames beyond the ends repeat the end frame.
 * d[t] = sum over n of n (c[t+n] - c[t-n]) / (2 sum of n^2). Reference: Furui, IEEE Trans. ASSP 34(1), 1986, 52-59.
 * @param values row-major, shape [frames, columns]
 * @returns shape [frames, columns], per frame step
 */
export function differences(values: Float32Array, columns: number, width: number): Float32Array {
  const frames = values.length / columns
  const out = new Float32Array(values.length)
  let norm = 0
  for (let n = 1; n <= width; n++) norm += 2 * n * n
  for (let frame = 0; frame < frames; frame++)
    for (let column = 0; column < columns; column++) {
      let sum = 0
      for (let n = 1; n <= width; n++) {
        const after = Math.min(frame + n, frames - 1) * columns + column
        const before = Math.max(frame - n, 0) * columns + column
        sum += n * (values[after]! - values[before]!)
      }
      out[frame * columns + column] = sum / norm
    }
  return out
}

/**
 * Base features with first and second differences (the differences of the differences) beside them.
 * @param base row-major, shape [frames, columns]
 * @returns row-major, shape [frames, 3 columns]: base, first, second
 */
export function withDifferences(base: Float32Array, columns: number, width: number): Float32Array {
  const first = differences(base, columns, width)
  const second = differences(first, columns, width)
  const frames = base.length / columns
  const out = new Float32Array(3 * base.length)
  for (let frame = 0; frame < frames; frame++) {
    const from = frame * columns
    const to = from + columns
    out.set(base.subarray(from, to), 3 * from)
    out.set(first.subarray(from, to), 3 * from + columns)
    out.set(second.subarray(from, to), 3 * from + 2 * columns)
  }
  return out
}
