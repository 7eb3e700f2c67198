/** Counts of values in bins of equal width, for percentiles over a stream of unknown length. */
export class Histogram {
  readonly #low: number
  readonly #width: number
  readonly #counts: Float64Array
  #total = 0

  constructor(low: number, high: number, bins: number) {
    this.#low = low
    this.#width = (high - low) / bins
    this.#counts = new Float64Array(bins)
  }

  /** Values beyond the ends count in the first and the last bin. */
  add(value: number): void {
    const bin = Math.floor((value - this.#low) / this.#width)
    this.#counts[Math.min(this.#counts.length - 1, Math.max(0, bin))]!++
    this.#total++
  }

  /**
   * The middle of the bin in which the share of values below it passes `share`; true to half a bin.
   * @returns NaN without values
   */
  percentile(share: number): number {
    if (this.#total === 0) return Number.NaN
    let below = 0
    for (let bin = 0; bin < this.#counts.length; bin++) {
      below += this.#counts[bin]!
      if (below >= share * this.#total && below > 0) return this.#low + (bin + 0.5) * this.#width
    }
    return this.#low + (this.#counts.length - 0.5) * this.#width
  }
}
