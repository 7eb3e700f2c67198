import type { RotationDegrees } from './types'

/** How a decoded picture must be turned, then mirrored, to stand as it is meant to be seen. */
export interface Orientation {
  /** Clockwise. */
  readonly rotationDegrees: RotationDegrees
  /** Left and right change places after the turn. */
  readonly mirrored: boolean
}

export const UPRIGHT: Orientation = { rotationDegrees: 0, mirrored: false }

const MATRIX_BYTES = 9 * 4

/**
 * Reads FFmpeg's display matrix (3 x 3 int32 in native byte order, 16.16 fixed point). It maps the stored point (x, y)
 * to (a x + c y, b x + d y), y downwards. Turns that are no multiple of 90 degrees go to the nearest one.
 */
export function orientationOf(displayMatrix: Uint8Array | null): Orientation {
  if (displayMatrix === null || displayMatrix.byteLength < MATRIX_BYTES) return UPRIGHT
  const view = new DataView(displayMatrix.buffer, displayMatrix.byteOffset, displayMatrix.byteLength)
  const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1
  const a = view.getInt32(0, littleEndian)
  const b = view.getInt32(4, littleEndian)
  const c = view.getInt32(12, littleEndian)
  const d = view.getInt32(16, littleEndian)
  if ((a === 0 && b === 0) || (c === 0 && d === 0)) return UPRIGHT
  const mirrored = a * d - b * c < 0
  // A mirrored picture is turned by what is left once the mirroring (x -> -x, applied last) is taken out.
  const degrees = (Math.atan2(b, mirrored ? -a : a) * 180) / Math.PI
  const quarterTurns = ((Math.round(degrees / 90) % 4) + 4) % 4
  return { rotationDegrees: (quarterTurns * 90) as RotationDegrees, mirrored }
}

/** The FFmpeg filters that do it, in order. */
export function orientationFilters({ rotationDegrees, mirrored }: Orientation): string[] {
  const filters: string[] = []
  if (rotationDegrees === 90) filters.push('transpose=clock')
  if (rotationDegrees === 180) filters.push('hflip', 'vflip')
  if (rotationDegrees === 270) filters.push('transpose=cclock')
  if (mirrored) filters.push('hflip')
  return filters
}
