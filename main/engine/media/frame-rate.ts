import type { TimeBase } from './types'

export interface MeasuredRate {
  /** Frames per second; null with fewer than two distinct timestamps. */
  readonly measuredFps: number | null
  readonly isVariableRate: boolean
}

/**
 * Frame rate from presentation timestamps in any order (packets come in decoding order, B-frames out of turn).
 *
 * A constant rate whose timestamps were rounded to ticks has spacings at most one tick apart, and strays no more than
 * two ticks from even spacing; anything else is a variable rate. (The second law finds it where a tick is a frame.)
 */
export function measureRate(ptsTicks: readonly number[], timeBase: TimeBase): MeasuredRate {
  const sorted = Float64Array.from(ptsTicks).sort()
  let shortest = Infinity
  let longest = 0
  let spacings = 0
  let previous = sorted[0]
  if (previous === undefined) return { measuredFps: null, isVariableRate: false }
  const first = previous
  for (const pts of sorted.subarray(1)) {
    const spacing = pts - previous
    if (spacing === 0) continue
    shortest = Math.min(shortest, spacing)
    longest = Math.max(longest, spacing)
    spacings += 1
    previous = pts
  }
  if (spacings === 0) return { measuredFps: null, isVariableRate: false }
  const spanSecs = ((previous - first) * timeBase.num) / timeBase.den
  const isVariableRate = longest - shortest > 1 || strayTicks(sorted, (previous - first) / spacings) > 2
  return { measuredFps: spacings / spanSecs, isVariableRate }
}

/** How far sorted timestamps lie from even spacing, at most; repeated ones count once. */
function strayTicks(sorted: Float64Array, spacingTicks: number): number {
  let previous = NaN
  let first = NaN
  let place = 0
  let stray = 0
  for (const pts of sorted) {
    if (pts === previous) continue
    if (place === 0) first = pts
    stray = Math.max(stray, Math.abs(pts - (first + place * spacingTicks)))
    place += 1
    previous = pts
  }
  return stray
}
