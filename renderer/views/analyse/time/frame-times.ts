/**
 * The last frame that has begun at an instant; the first one before any has begun; -1 where there are no frames.
 * @param timesSecs ascending, any spacing
 */
export function frameAt(timesSecs: Float64Array, secs: number): number {
  if (timesSecs.length === 0) return -1
  let low = 0
  let high = timesSecs.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (timesSecs[middle]! <= secs) low = middle
    else high = middle
  }
  return low
}

/**
 * The frame whose time is nearest. For a frame that a player names by its own rounding of its time, which may lie some
 * microseconds on either side.
 */
export function nearestFrame(timesSecs: Float64Array, secs: number): number {
  const before = frameAt(timesSecs, secs)
  const after = before + 1
  if (before < 0 || after >= timesSecs.length) return before
  return timesSecs[after]! - secs < secs - timesSecs[before]! ? after : before
}

/** When a frame ends: where the next begins, or the end of the clip. */
export function frameEndSecs(timesSecs: Float64Array, frame: number, durationSecs: number): number {
  return timesSecs[frame + 1] ?? Math.max(durationSecs, timesSecs[frame] ?? 0)
}

/** An instant well inside a frame, so that rounding on the way to a player cannot land it in a neighbour. */
export function insideFrameSecs(timesSecs: Float64Array, frame: number, durationSecs: number): number {
  const startSecs = timesSecs[frame] ?? 0
  const endSecs = frameEndSecs(timesSecs, frame, durationSecs)
  return startSecs + Math.max(0, endSecs - startSecs) / 2
}

export function clampFrame(frame: number, frameCount: number): number {
  return Math.max(0, Math.min(frame, frameCount - 1))
}
