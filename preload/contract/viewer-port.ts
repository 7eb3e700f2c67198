/**
 * What window and viewer process say to each other over their port: results of labelled clips, their sound as pictures,
 * landmarks. Arrays of numbers are typed arrays. Emotions are in canonical order: neutral, happiness, sadness, anger, fear,
 * disgust, surprise; an index of -1 and NaN mean absent. Seconds count from the clip's one zero.
 */

/** Names of the codes in ViewerRows.quality. */
export const ROW_QUALITIES = [
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
export type RowQuality = (typeof ROW_QUALITIES)[number]

/** Names of the codes in ViewerRows.finalSource. */
export const ROW_FINAL_SOURCES = ['none', 'face', 'speech', 'fusion', 'manual'] as const

/** Names of the codes in ViewerRows.fusionAbsent; '': there is a fused value. */
export const ROW_FUSION_ABSENCES = ['', 'no_reading', 'low_gates', 'not_analysed', 'not_asked'] as const

/** Names of the codes in ViewerWindows.state. */
export const SPEECH_STATES = ['speech', 'silence', 'too_short'] as const

/** 255 in a flag column: not defined there. */
export const FLAG_UNKNOWN = 255

/** One row a face in a frame, or a frame without a face, by frame, then face; a clip without pictures has one a speech hop. */
export interface ViewerRows {
  readonly count: number
  readonly frame: Int32Array
  /** Ascending; rows of one frame share it. */
  readonly timeSecs: Float64Array
  /** To the next frame. */
  readonly durSecs: Float64Array
  /** -1: the frame was not analysed. */
  readonly faceCount: Int32Array
  /** -1: no face. */
  readonly faceId: Int32Array
  readonly faceScore: Float32Array
  /** Shape [count, 4]: x, y, w, h in upright source pixels. */
  readonly faceBox: Float32Array
  /** Index into ROW_QUALITIES. */
  readonly quality: Uint8Array
  /** Shape [count, 7] each. */
  readonly faceProbs: Float32Array
  readonly speechProbs: Float32Array
  readonly fusionProbs: Float32Array
  readonly faceProbsSmoothed: Float32Array
  readonly fusionProbsSmoothed: Float32Array
  /** Index into ViewerWindows, -1: none. */
  readonly speechWindow: Int32Array
  /** 0, 1 or FLAG_UNKNOWN. */
  readonly speechActive: Uint8Array
  /** 0..1; NaN where the modality is absent. */
  readonly faceGate: Float32Array
  readonly speechGate: Float32Array
  /** Indices of emotions. */
  readonly faceLabel: Int8Array
  readonly speechLabel: Int8Array
  readonly fusionLabel: Int8Array
  readonly finalLabel: Int8Array
  readonly displayedLabel: Int8Array
  readonly finalSource: Uint8Array
  readonly fusionAbsent: Uint8Array
  /** 1: face and speech disagree, both sure and both trusted; FLAG_UNKNOWN where not both have a reading. */
  readonly disagree: Uint8Array
  readonly excluded: Uint8Array
  /** Columns that the table of an older version does not have. */
  readonly missing: readonly string[]
}

/** Windows of the speech analysis, stretches of silence and of speech too short to classify; by start. */
export interface ViewerWindows {
  readonly count: number
  readonly startSecs: Float64Array
  readonly endSecs: Float64Array
  /** Index into SPEECH_STATES. */
  readonly state: Uint8Array
  /** Shape [count, 7]. */
  readonly probs: Float32Array
  readonly label: Int8Array
  /** dB re full scale; NaN for digital silence. */
  readonly rmsDb: Float32Array
  /** Detected speech as a share of a full window. */
  readonly speechShare: Float32Array
  readonly snrDb: Float32Array
  /** The part of neutral that the model calls calm; NaN where it does not know calm. */
  readonly calm: Float32Array
}

export interface ViewerSegment {
  readonly id: string
  readonly tier: string
  readonly modality: string
  readonly source: 'model' | 'human'
  readonly observer: string
  readonly subjectId: string
  /** -1: not tied to a face. */
  readonly faceId: number
  readonly label: string
  /** Index of the emotion, -1 where the label is none of the seven. */
  readonly emotion: number
  readonly startSecs: number
  readonly endSecs: number
  /** -1 where the clip has no video. */
  readonly startFrame: number
  /** Last frame inside. */
  readonly endFrame: number
  readonly peakValue: number | null
  readonly peakTimeSecs: number | null
  readonly meanValue: number | null
  readonly status: string
  readonly comment: string
}

export type MomentKind = 'disagreement' | 'low-confidence'

/** A stretch that is worth a look. */
export interface ViewerMoment {
  readonly kind: MomentKind
  /** -1: a clip without faces. */
  readonly faceId: number
  readonly startSecs: number
  readonly endSecs: number
  /** Where to jump: the least sure moment, or where both are surest of different things. */
  readonly atSecs: number
  readonly atFrame: number
  /** Low confidence: the lowest confidence. Disagreement: the lower of the two confidences at `atSecs`. */
  readonly value: number
  /** Emotions at `atSecs`; -1: none. */
  readonly faceEmotion: number
  readonly speechEmotion: number
}

export interface MomentRules {
  /** A final reading less sure than this is worth a look. Default 0.4. */
  readonly lowConfidence?: number
  /** Shorter stretches are left out. Default 0.5. */
  readonly minimumSecs?: number
  /** Stretches of one kind and face with no more between them are one. Default 0.5. */
  readonly joinGapSecs?: number
}

export interface ViewerFace {
  readonly faceId: number
  /** The researcher's name, or ''. */
  readonly subjectId: string
  readonly firstSecs: number
  readonly lastSecs: number
  /** Analysed time in which it is seen. */
  readonly seenSecs: number
}

export interface EmotionFigures {
  /** Share of the observed time in which it is the label; all figures are null where nothing was observed. */
  readonly prop: number | null
  readonly meanP: number | null
  readonly maxP: number | null
  readonly bouts: number | null
  readonly totalSecs: number | null
  readonly latencySecs: number | null
}

export interface ModalityFigures {
  readonly modality: 'face' | 'speech' | 'fusion'
  /** Time with a reading, in seconds; everything is weighted by it. */
  readonly observedSecs: number
  readonly dominant: string | null
  /** Shape [7]. */
  readonly emotions: readonly EmotionFigures[]
}

/** Figures of one person, as in summary.csv. */
export interface SubjectFigures {
  readonly subjectId: string
  /** Null: all faces of the clip, taken as one person. */
  readonly faceId: number | null
  readonly faceCoverage: number | null
  readonly longestGapSecs: number
  readonly finalDominant: string | null
  /** Share of the time with both readings in which face and speech name the same emotion, and that time. */
  readonly agreement: number | null
  readonly agreementBasisSecs: number
  readonly modalities: readonly ModalityFigures[]
}

/** Seconds by state of the picture (one value a frame: the best of its rows) and of the sound. */
export interface ViewerCoverage {
  /** Time that frames stand for, by name of quality; 'not_analysed' is 0 where frames were merely skipped. */
  readonly faceSecs: Readonly<Partial<Record<RowQuality, number>>>
  readonly speechSecs: number
  readonly silenceSecs: number
  readonly tooShortSecs: number
  /** Time of the pictures for which there is no sound. */
  readonly noAudioSecs: number
}

export interface ViewerModel {
  readonly id: string
  readonly title: string
  readonly licence: string
}

/** Facts of a clip and of the run that labelled it, from its meta.json. */
export interface ViewerClip {
  readonly clipId: string
  readonly fileName: string
  readonly status: 'ok' | 'partial'
  readonly damage: readonly string[]
  readonly warnings: readonly string[]
  readonly durationSecs: number
  readonly frameCount: number
  readonly analysedFrameCount: number
  readonly rowSource: 'video' | 'speech-hop'
  readonly analysedAt: string
  readonly appVersion: string
  readonly backend: string
  readonly models: { readonly face: ViewerModel | null; readonly speech: ViewerModel | null }
  readonly modalities: readonly ('face' | 'speech' | 'fusion')[]
  /** Frames analysed a second. */
  readonly framesPerSec: number | 'all'
  readonly fusionMethod: string
  readonly smoothingMethod: string
  /** Below this gate nothing is trusted. */
  readonly minimumGate: number
  readonly video: {
    readonly widthPx: number
    readonly heightPx: number
    readonly codec: string
    readonly nominalFps: number | null
    readonly isVariableRate: boolean
  } | null
  readonly audio: { readonly codec: string; readonly sampleRateHz: number; readonly channels: number } | null
  /** Result files in the folder. */
  readonly files: readonly string[]
  readonly hasLandmarks: boolean
  readonly subjects: Readonly<Record<string, string>>
  readonly variables: Readonly<Record<string, string>>
  /** How values came about, in words. */
  readonly methods: Readonly<Record<string, string>>
}

export interface OpenedClip {
  readonly clip: ViewerClip
  readonly rows: ViewerRows
  readonly windows: ViewerWindows
  readonly segments: readonly ViewerSegment[]
  readonly moments: readonly ViewerMoment[]
  readonly faces: readonly ViewerFace[]
  readonly subjects: readonly SubjectFigures[]
  readonly coverage: ViewerCoverage
  /** Wall seconds that reading took. */
  readonly readSecs: number
}

export type SignalKind = 'waveform' | 'log-mel' | 'mfcc'

interface SignalColumns {
  /** Left edge of the first column; column k lies from startSecs + k stepSecs to startSecs + (k + 1) stepSecs. */
  readonly startSecs: number
  readonly stepSecs: number
  readonly columns: number
  /** False while the sound is still being read; then columns end where reading has come to. */
  readonly isComplete: boolean
  /** Bounds of the sound as far as it is known, on the clip's clock. */
  readonly soundStartSecs: number
  readonly soundEndSecs: number
}

/** Least, greatest and root mean square sample of each column, full scale 1. Shape [columns] each. */
export interface WaveformColumns extends SignalColumns {
  readonly kind: 'waveform'
  readonly minimum: Float32Array
  readonly maximum: Float32Array
  readonly rms: Float32Array
}

/** Natural log of the power in mel bands, the mean over each column's frames: value = offset + scale * code. */
export interface LogMelColumns extends SignalColumns {
  readonly kind: 'log-mel'
  /** Codes 0..255, column by column: shape [columns, bands], band 0 the lowest. */
  readonly codes: Uint8Array
  readonly bands: number
  readonly offset: number
  readonly scale: number
  /** Centre of each band. Shape [bands]. */
  readonly bandHz: Float64Array
  /** 2nd and 99.8th percentile of the clip: the range to colour. */
  readonly low: number
  readonly high: number
}

/** The base features of the speech model: 12 coefficients, then log energy; means over each column's frames. */
export interface MfccColumns extends SignalColumns {
  readonly kind: 'mfcc'
  /** Row by row: shape [rows, columns]. */
  readonly values: Float32Array
  readonly rows: number
  readonly rowNames: readonly string[]
  /** 1st and 99th percentile of each row over the clip, shape [rows] each. */
  readonly low: Float32Array
  readonly high: Float32Array
}

export type SignalAnswer = WaveformColumns | LogMelColumns | MfccColumns

/** Landmarks of rows `firstRow` to `endRow` of the frames table. */
export interface LandmarkRows {
  readonly firstRow: number
  /** Shape [rows, 68, 2]: x, y in upright source pixels; NaN where a row has none. */
  readonly points: Float32Array
}

export interface ViewerVerbs {
  /** Reads the results of a clip. */
  openClip: { ask: { readonly token: string; readonly momentRules?: MomentRules }; answer: OpenedClip }
  /** Forgets what is kept of a clip: its sound, its landmarks. */
  closeClip: { ask: { readonly token: string }; answer: null }
  /** The jump list by other rules, of an open clip. */
  moments: {
    ask: { readonly token: string; readonly momentRules: MomentRules }
    answer: readonly ViewerMoment[]
  }
  /**
   * Reads the sound of a clip for `signals`, with `signalsProgress` events; answers when all is read, at once where that
   * was done before. Null: the clip has no sound. Cancel by the request's number.
   */
  prepareSignals: {
    ask: { readonly token: string }
    answer: { readonly soundStartSecs: number; readonly soundEndSecs: number } | null
  }
  /** A stretch of the sound in at most `maxColumns` columns, 1 to 4,000. Null: no sound, or nothing read yet. */
  signals: {
    ask: {
      readonly token: string
      readonly kind: SignalKind
      readonly fromSecs: number
      readonly toSecs: number
      readonly maxColumns: number
    }
    answer: SignalAnswer | null
  }
  /** At most 4,096 rows at a time. Null: landmarks were not exported when the clip was labelled. */
  landmarks: {
    ask: { readonly token: string; readonly firstRow: number; readonly endRow: number }
    answer: LandmarkRows | null
  }
}

export interface ViewerEvents {
  signalsProgress: { readonly token: string; readonly fraction: number | null; readonly readSecs: number }
}
