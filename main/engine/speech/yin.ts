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
 * interpolation. Nothing is allocated in a call.
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
    this.measure(signal, offset)
    const { normalised, shortestLag, longestLag } = this
    const { threshold, sampleRateHz } = this.parameters
    for (let lag = shortestLag; lag <= longestLag; lag++) {
      if (!(normalised[lag]! < threshold)) continue
      while (lag < longestLag && normalised[lag + 1]! < normalised[lag]!) lag++
      return (
        sampleRateHz / (lag + parabolicShift(normalised[lag - 1]!, normalised[lag]!, normalised[lag + 1]!))
      )
    }
    return Number.NaN
  }

  /** Fills `normalised` with d'(lag); a silent signal gives NaN. */
  private measure(signal: Float32Array | Float64Array, offset: number): void {
    const { normalised } = this
    const end = offset + this.parameters.windowSamples
    normalised[0] = 1
    let sum = 0
    for (let lag = 1; lag < normalised.length; lag++) {
      let difference = 0
      for (let at = offset; at < end; at++) {
        const change = signal[at]! - signal[at + lag]!
        difference += change * change
      }
      sum += difference
      normalised[lag] = (difference * lag) / sum
    }
  }
}

/** Where the parabola through three values at -1, 0, 1 has its minimum; 0 for a straight line. */
function parabolicShift(before: number, at: number, after: number): number {
  const curvature = before - 2 * at + after
  if (!(curvature > 0)) return 0
  return Math.max(-1, Math.min(1, (0.5 * (before - after)) / curvature))
}
