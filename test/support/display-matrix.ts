import type { RotationDegrees } from '../../main/engine/media/types'

/** FFmpeg's display matrix for a clockwise turn, then mirroring left to right: 3 x 3 int32, 16.16 (last column 2.30). */
export function displayMatrixBytes(rotationDegrees: RotationDegrees, isMirrored: boolean): Buffer {
  const cosine = { 0: 1, 90: 0, 180: -1, 270: 0 }[rotationDegrees]
  const sine = { 0: 0, 90: 1, 180: 0, 270: -1 }[rotationDegrees]
  const sign = isMirrored ? -1 : 1
  const one = 1 << 16
  const matrix = [sign * cosine * one, sine * one, 0, -sign * sine * one, cosine * one, 0, 0, 0, 1 << 30]
  return Buffer.from(Int32Array.from(matrix).buffer)
}
