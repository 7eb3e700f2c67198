import { topEmotion } from '../emotions'
import type { DisplayParameters } from './parameters'

/**
 * The label shown to people: it changes only when another emotion has led by `lead` for `holdSecs` without a break,
 * so that it does not flicker. Starts at once, and starts anew after a gap.
 */
export class DisplayLabel {
  readonly #parameters: DisplayParameters & { readonly restartGapSecs: number }
  #shown = -1
  #challenger = -1
  #sinceSecs = Number.NaN
  #lastSecs = Number.NaN

  constructor(parameters: DisplayParameters & { readonly restartGapSecs: number }) {
    this.#parameters = parameters
  }

  /**
   * @param probs 7 values from `offset` on, not NaN
   * @returns index of the displayed emotion
   */
  next(probs: ArrayLike<number>, offset: number, timeSecs: number): number {
    const top = topEmotion(probs, offset)
    const isFresh = !(timeSecs - this.#lastSecs <= this.#parameters.restartGapSecs)
    this.#lastSecs = timeSecs
    if (isFresh || this.#shown < 0) {
      this.#shown = top
      this.#challenger = -1
      return this.#shown
    }
    const lead = (probs[offset + top] ?? 0) - (probs[offset + this.#shown] ?? 0)
    if (top === this.#shown || lead < this.#parameters.lead) {
      this.#challenger = -1
      return this.#shown
    }
    if (top !== this.#challenger) {
      this.#challenger = top
      this.#sinceSecs = timeSecs
    }
    // Timestamps are rounded: without the allowance ten frames of 25 ms would fall short of a quarter second.
    if (timeSecs - this.#sinceSecs >= this.#parameters.holdSecs - 1e-6) {
      this.#shown = top
      this.#challenger = -1
    }
    return this.#shown
  }
}
