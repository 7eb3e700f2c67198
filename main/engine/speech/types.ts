/** Half-open [startSecs, endSecs) on the clip's clock. */
export interface Interval {
  readonly startSecs: number
  readonly endSecs: number
}

export type SpeechWindowState = 'speech' | 'silence' | 'too_short'

/**
 * One native row of the speech analysis. Windows in state 'speech' carry probabilities and may overlap; a stretch of
 * silence, or of speech too short to classify, is one row without probabilities.
 */
export interface SpeechWindow extends Interval {
  readonly state: SpeechWindowState
  /** Root mean square level of the window in dB re full scale. */
  readonly rmsDb: number
  /** Detected speech in the window as a share of a full window (speech shorter than that is padded), 0..1. */
  readonly speechShare: number
  /** Speech level over the clip's noise floor in dB; null where no noise floor could be measured. */
  readonly snrDb: number | null
  /** Calibrated probabilities in the order of the model card's labels; null unless state is 'speech'. */
  readonly modelProbs: Float32Array | null
}

export interface SpeechTimeline {
  /** From the first to the last decoded audio sample, on the clip's clock. */
  readonly span: Interval
  /** Detected speech, ascending, not touching. */
  readonly activity: readonly Interval[]
  /** Sorted by start; together they cover the span. */
  readonly windows: readonly SpeechWindow[]
}
