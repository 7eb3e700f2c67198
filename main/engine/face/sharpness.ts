/**
 * Energy of the Laplacian, as a share of the crop's variance, of a face that is sharp enough in a crop of 112 px. Enlarged
 * so far, FER2013's pictures have 0.031 in the median and 0.014 at the lowest twentieth; filmed faces of 140 px have 0.06 to
 * 0.17, the same shrunk to 20 px 0.006.
 */
const SHARP_RATIO = 0.02
const MEASURED_AT_PX = 112

/**
 * A smaller crop of the same face has steeper edges between pixels. From 112 to 48 px the median of FER2013's pictures
 * grows from 0.032 to 0.75, that of the same shrunk to 30 px from 0.0091 to 0.125: between the two, by this power.
 */
const SIZE_POWER = 3.5

/** The ratio that counts as sharp enough in a crop of some size. */
export function sharpRatio(sidePx: number): number {
  return SHARP_RATIO * (MEASURED_AT_PX / sidePx) ** SIZE_POWER
}

/**
 * How sharp a crop is, 0..1: the variance of its Laplacian (Pech-Pacheco et al. 2000) over the crop's own variance, so
 * that light and contrast cancel, relative to what is sharp enough at this size and cut off at 1.
 * @param values crop as the network takes it, shape [heightPx, widthPx, channels]; the middle channel is read
 */
export function measureSharpness(
  values: Float32Array,
  offset: number,
  widthPx: number,
  heightPx: number,
  channels: number,
): number {
  const start = offset + (channels === 3 ? 1 : 0)
  const rowStep = widthPx * channels
  let sum = 0
  let squares = 0
  let edgeSum = 0
  let edgeSquares = 0
  const count = (widthPx - 2) * (heightPx - 2)
  for (let row = 1; row < heightPx - 1; row++)
    for (let column = 1; column < widthPx - 1; column++) {
      const at = start + row * rowStep + column * channels
      const value = values[at] as number
      const edge =
        (values[at - channels] as number) +
        (values[at + channels] as number) +
        (values[at - rowStep] as number) +
        (values[at + rowStep] as number) -
        4 * value
      sum += value
      squares += value * value
      edgeSum += edge
      edgeSquares += edge * edge
    }
  const variance = squares / count - (sum / count) ** 2
  if (!(variance > 1e-12)) return 0
  const edgeVariance = Math.max(0, edgeSquares / count - (edgeSum / count) ** 2)
  return Math.min(1, edgeVariance / variance / sharpRatio(widthPx))
}
