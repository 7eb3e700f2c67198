/** Files hold whole microseconds: an edge this close to a frame is the frame's. */
const SAME_SECS = 1.5e-6

/** Puts edges that were rounded in a file back on the decoded frame, and counts those that lie on none. */
export class FrameEdges {
  readonly #timesSecs: ArrayLike<number> | null
  readonly #durationSecs: number | null
  #offFrame = 0

  constructor(timesSecs: ArrayLike<number> | null, durationSecs: number | null) {
    this.#timesSecs = timesSecs && timesSecs.length > 0 ? timesSecs : null
    this.#durationSecs = durationSecs
  }

  /** Null: the frames are not known. */
  get offFrameCount(): number | null {
    return this.#timesSecs ? this.#offFrame : null
  }

  of(secs: number): number {
    const times = this.#timesSecs
    if (!times) return secs
    let low = 0
    let high = times.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((times[middle] ?? 0) < secs) low = middle + 1
      else high = middle
    }
    for (const near of [times[low], times[low - 1], this.#durationSecs])
      if (near !== undefined && near !== null && Math.abs(near - secs) <= SAME_SECS) return near
    this.#offFrame++
    return secs
  }
}
