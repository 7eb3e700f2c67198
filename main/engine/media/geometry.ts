import type { RotationDegrees, TimeBase } from './types'

export interface Size {
  readonly widthPx: number
  readonly heightPx: number
}

/**
 * The size a player shows: square pixels (the width is stretched by the sample aspect ratio, as FFmpeg and players
 * do), then upright.
 */
export function displayedSize(
  coded: Size,
  sampleAspectRatio: TimeBase,
  rotationDegrees: RotationDegrees,
): Size {
  const aspect = usableAspect(sampleAspectRatio)
  const wide = { widthPx: Math.max(1, Math.round(coded.widthPx * aspect)), heightPx: coded.heightPx }
  return rotationDegrees === 90 || rotationDegrees === 270 ? turned(wide) : wide
}

/** Scaled down so that the longer side is at most `longestSidePx`; the shape is kept to the nearest pixel. */
export function fitLongestSide(size: Size, longestSidePx: number): Size {
  const longest = Math.max(size.widthPx, size.heightPx)
  if (longest <= longestSidePx) return size
  const shrink = (px: number): number => Math.max(1, Math.round((px * longestSidePx) / longest))
  return { widthPx: shrink(size.widthPx), heightPx: shrink(size.heightPx) }
}

/** To the nearest even numbers, as pictures with halved colour planes need; at least 2. */
export function evenSize({ widthPx, heightPx }: Size): Size {
  const even = (px: number): number => Math.max(2, Math.round(px / 2) * 2)
  return { widthPx: even(widthPx), heightPx: even(heightPx) }
}

/** The largest size of the same shape as `inner` within `outer`, at least a pixel each way. */
export function fitWithin(inner: Size, outer: Size): Size {
  const scale = Math.min(outer.widthPx / inner.widthPx, outer.heightPx / inner.heightPx)
  const fit = (px: number, limit: number): number => Math.min(limit, Math.max(1, Math.round(px * scale)))
  return { widthPx: fit(inner.widthPx, outer.widthPx), heightPx: fit(inner.heightPx, outer.heightPx) }
}

export function turned({ widthPx, heightPx }: Size): Size {
  return { widthPx: heightPx, heightPx: widthPx }
}

/** Absent (0/x) means square. Broken headers hold ratios no camera has; they count as square too. */
function usableAspect({ num, den }: TimeBase): number {
  if (num <= 0 || den <= 0) return 1
  const aspect = num / den
  return aspect > 1 / 8 && aspect < 8 ? aspect : 1
}
