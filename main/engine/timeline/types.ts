import type { SpeechTimeline } from '../speech/types'

/** Values of the quality column in code order: the row table stores the index. exports.md 4.1. */
export const QUALITIES = [
  'ok',
  'no_face',
  'low_score',
  'small_face',
  'edge',
  'no_audio',
  'silence',
  'excluded',
  'not_analysed',
] as const

export type Quality = (typeof QUALITIES)[number]

export type Modality = 'face' | 'speech' | 'fusion'

/**
 * The frames table of one clip, by column. Row = one face in one decoded frame, or one frame without a face; sorted by
 * frame, then faceId. Audio-only clips have a row a speech hop instead of a frame. NaN and -1 mean absent.
 */
export interface TimelineRows {
  readonly count: number
  readonly frame: Int32Array
  readonly timeSecs: Float64Array
  /** To the next frame. */
  readonly durSecs: Float64Array
  readonly faceCount: Int32Array
  /** -1: no face. */
  readonly faceId: Int32Array
  readonly faceScore: Float32Array
  /** Shape [count, 4]: x, y, w, h in upright source pixels. */
  readonly faceBox: Float32Array
  /** Index into QUALITIES. */
  readonly quality: Uint8Array
  /** Shape [count, 7]. */
  readonly faceProbs: Float32Array
  /** Index into speech.windows, -1: none. */
  readonly speechWindow: Int32Array
  readonly speechActive: Uint8Array
  /** Shape [count, 7]; the window's values. */
  readonly speechProbs: Float32Array
  /** Shape [count, 7]. */
  readonly fusionProbs: Float32Array
  /** Gates 0..1 as used, exported as fusion_w_face and fusion_w_speech. NaN where the modality is absent. */
  readonly faceGate: Float32Array
  readonly speechGate: Float32Array
  /** Shape [count, 7] each; smoothing as a separate named step. */
  readonly faceProbsSmoothed: Float32Array
  readonly fusionProbsSmoothed: Float32Array
  /** Index into EMOTIONS of the displayed label (hysteresis), -1: none. */
  readonly displayedLabel: Int8Array
  /** 1 where face and speech disagree, both sure and both trusted; 255 where fusion has not both readings. */
  readonly disagree: Uint8Array
}

/** An episode: exports.md 4.3. */
export interface Segment {
  readonly modality: Modality
  /** -1: not tied to a face. */
  readonly faceId: number
  /** Index into EMOTIONS. */
  readonly emotion: number
  readonly startSecs: number
  readonly endSecs: number
  /** -1 where the clip has no video. */
  readonly startFrame: number
  readonly endFrame: number
  readonly peakValue: number
  readonly peakTimeSecs: number
  readonly meanValue: number
  readonly frameCount: number
  readonly validFrameCount: number
}

/** Points of faces in the frames that were looked at, by frame, then face. */
export interface LandmarkTable {
  readonly count: number
  readonly frame: Int32Array
  readonly timeSecs: Float64Array
  readonly faceId: Int32Array
  /** Shape [count, 68, 2]: x, y in upright source pixels. */
  readonly points: Float32Array
}

/** Everything the engine found in one clip, ready to be written. */
export interface ClipTimeline {
  readonly frameCount: number
  readonly analysedFrameCount: number
  /** 'video': rows are decoded frames; 'speech-hop': an audio-only clip. */
  readonly rowSource: 'video' | 'speech-hop'
  readonly durationSecs: number
  readonly rows: TimelineRows
  /** Null where the clip has no audio or speech was not asked for. */
  readonly speech: SpeechTimeline | null
  /** Shape [windows, 7] calibrated, mapped to the seven emotions; NaN where absent. */
  readonly speechWindowProbs: Float32Array
  readonly segments: readonly Segment[]
  /** Absent where no frame came with landmarks. */
  readonly landmarks?: LandmarkTable
  /** What the reader must know: truncated file, no audio stream and so on. */
  readonly warnings: readonly string[]
}
