import type { Interval } from '../speech/types'

/** Bins of equal width from 0, the last one cut at the end; one bin for the clip as a whole. */
export class Bins {
  readonly list: readonly Interval[]
  readonly #widthSecs: number

  constructor(durationSecs: number, binSecs: number | null) {
    const isWhole = binSecs === null || durationSecs <= binSecs
    const count = isWhole ? 1 : Math.ceil(durationSecs / binSecs - 1e-9)
    this.#widthSecs = isWhole ? Number.POSITIVE_INFINITY : binSecs
    this.list = Array.from({ length: count }, (_, index) => ({
      startSecs: isWhole ? 0 : index * binSecs,
      endSecs: isWhole ? durationSecs : Math.min((index + 1) * binSecs, durationSecs),
    }))
  }

  /** Place of the bin an instant lies in; the ends belong to the first and the last. */
  at(secs: number): number {
    if (this.#widthSecs === Number.POSITIVE_INFINITY) return 0
    return Math.max(0, Math.min(this.list.length - 1, Math.floor(secs / this.#widthSecs + 1e-9)))
  }

  /** Parts of a stretch by bin, those without length left out. */
  *partsOf({ startSecs, endSecs }: Interval): Generator<{ readonly bin: number; readonly part: Interval }> {
    for (let bin = this.at(startSecs); bin < this.list.length; bin++) {
      const bounds = this.list[bin]!
      if (bounds.startSecs >= endSecs) return
      const part = {
        startSecs: Math.max(startSecs, bounds.startSecs),
        endSecs: Math.min(endSecs, bounds.endSecs),
      }
      if (part.endSecs - part.startSecs > 1e-9) yield { bin, part }
    }
  }

  /** Sum of the parts in each bin, seconds. */
  secsIn(stretches: Iterable<Interval>): Float64Array {
    const sums = new Float64Array(this.list.length)
    for (const stretch of stretches)
      for (const { bin, part } of this.partsOf(stretch))
        sums[bin] = (sums[bin] ?? 0) + part.endSecs - part.startSecs
    return sums
  }
}
