import { EMOTION_COUNT } from '../emotions'
import type { SmoothingParameters } from './parameters'

/**
 * Exponential average of evidence over irregular timestamps: m += (1 - exp(-dt / tau)) (l - m). Causal, so it serves
 * live and offline alike; it lags by about tau. Absent moments are simply not given to it.
 */
export class ExponentialSmoother {
  readonly #parameters: SmoothingParameters
  readonly #mean = new Float64Array(EMOTION_COUNT)
  #lastSecs = Number.NaN

  constructor(parameters: SmoothingParameters) {
    this.#parameters = parameters
  }

  /**
   * @param evidence shape [7]
   * @param timeSecs not before the last call's
   * @returns the average, shape [7]; overwritten by the next call
   */
  next(evidence: ArrayLike<number>, timeSecs: number): Float64Array {
    const elapsedSecs = timeSecs - this.#lastSecs
    const isFresh = !(elapsedSecs <= this.#parameters.restartGapSecs)
    const share = isFresh ? 1 : 1 - Math.exp(-elapsedSecs / this.#parameters.tauSecs)
    for (let emotion = 0; emotion < EMOTION_COUNT; emotion++) {
      const value = evidence[emotion] ?? Number.NaN
      const old = isFresh ? value : (this.#mean[emotion] ?? 0)
      this.#mean[emotion] = old + share * (value - old)
    }
    this.#lastSecs = timeSecs
    return this.#mean
  }
}
