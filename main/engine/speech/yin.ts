/** Parameters of the fundamental frequency estimate. */
export interface YinParameters {
  readonly sampleRateHz: number
  readonly lowestHz: number
  readonly highestHz: number
  /** Samples compared at each lag. */
  readonly windowSamples: number
  /** Aperiodic share of the power up to which a frame counts as voiced. */
  readonly threshold: number
}

/** 60 to 600 Hz covers men's, women's and children's speech, raised voices included; threshold from the paper's range. */
export const DEFAULT_YIN_PARAMETERS: YinParameters = {
  sampleRateHz: 16_000,
  lowestHz: 60,
  highestHz: 600,
  windowSamples: 480,
  threshold: 0.15,
}

/**
 * Fundamental frequency by YIN: difference function, cumulative mean normalisation, absolute threshold, parabolic
 * interpolation.
 * Reference: de Cheveigne and Kawahara, JASA 111(4), 2002, 1917-1930.
 */
export class Yin {
  readonly parameters: YinParameters
  /** Samples that `estimate` looks at: the window and the longest lag. */
  readonly contextSamples: number
  private readonly shortestLag: number
  private readonly longestLag: number
  private readonly normalised: Float64Array

  constructor(parameters: YinParameters = DEFAULT_YIN_PARAMETERS) {
    const { sampleRateHz, lowestHz, highestHz, windowSamples } = parameters
    this.parameters = parameters
    this.shortestLag = Math.floor(sampleRateHz / highestHz)
    this.longestLag = Math.ceil(sampleRateHz / lowestHz)
    // One lag more on either side, for the interpolation.
    this.normalised = new Float64Array(this.longestLag + 2)
    this.contextSamples = windowSamples + this.longestLag + 1
  }

  /**
   * @param signal at least contextSamples from `offset` on
   * @returns Hz; NaN where the sound is not periodic enough (unvoiced, noise, silence)
   */
  estimate(signal: Float32Array | Float64Array, offset = 0): number {
    const { normalised, shortestLag, longestLag } = this
    const { threshold, sampleRateHz } = this.parameters
    let sum = 0
    let known = 0
    // Lags are compared one after the other, and no more of them than the answer needs.
    const valueAt = (lag: number) => {
      for (; known < lag; known++) {
        const difference = this.difference(signal, offset, known + 1)
        sum += difference
        // 0 / 0 in silence: NaN, which no threshold admits.
        normalised[known + 1] = (difference * (known + 1)) / sum
      }
      return normalised[lag]!
    }
    for (let lag = shortestLag; lag <= longestLag; lag++) {
      if (!(valueAt(lag) < threshold)) continue
      while (lag < longestLag && valueAt(lag + 1) < valueAt(lag)) lag++
      return sampleRateHz / (lag + parabolicShift(valueAt(lag - 1), valueAt(lag), valueAt(lag + 1)))
    }
    return Number.NaN
  }

  private difference(signal: Float32Array | Float64Array, offset: number, lag: number): number {
    const end = offset + this.parameters.windowSamples
    let sum = 0
    for (let at = offset; at < end; at++) {
      const change = signal[at]! - signal[at + lag]!
      sum += change * change
    }
    return sum
  }
}

/** Where the parabola through three values at -1, 0, 1 has its minimum; 0 for a straight line. */
function parabolicShift(before: number, at: number, after: number): number {
  const curvature = before - 2 * at + after
  if (!(curvature > 0)) return 0
  return Math.max(-1, Math.min(1, (0.5 * (before - after)) / curvature))
}
