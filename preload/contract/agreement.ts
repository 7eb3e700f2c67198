/**
 * Agreement of any two raters, or of more, and figures of behaviour: what window and main process say to each other. A rater
 * is whatever labels time: the model's face, voice or fused tier, a person, the final tier. Clips in which the active observer
 * is blind are left out before anything is read. Clips are named by their id in answers and by their token in asks.
 */

/** A number, or why there is none. */
export type StudyFigure =
  { readonly value: number; readonly reason: null } | { readonly value: null; readonly reason: string }

export interface FigureBounds {
  readonly low: number
  readonly high: number
}

/** Of 95 %; null where undefined. */
export interface StudyEstimate {
  readonly figure: StudyFigure
  readonly se: StudyFigure
  readonly interval: FigureBounds | null
}

/** group: the clips in which an independent variable has a value, or the subjects who have it. */
export type ClipChoice =
  | { readonly kind: 'all' }
  | { readonly kind: 'clips'; readonly tokens: readonly string[] }
  | { readonly kind: 'group'; readonly variable: string; readonly value: string }

export type RaterKind = 'face' | 'speech' | 'fusion' | 'manual' | 'final' | 'other'

export interface StudyRater {
  /** Stands for this rater in every ask: "face", "Anna", "Anna/gaze", "Anna/points". */
  readonly key: string
  readonly kind: RaterKind
  /** '' for models and the final tier. */
  readonly observer: string
  readonly set: string
  readonly isPoints: boolean
  /** Clips with a tier of theirs. */
  readonly clipCount: number
  readonly stretchCount: number
  readonly labelledSecs: number
}

export interface StudyVariable {
  readonly name: string
  readonly scope: 'clip' | 'subject'
  /** Values in use, and in how many clips. */
  readonly values: readonly { readonly value: string; readonly clipCount: number }[]
}

export interface StudyProblemNote {
  readonly clipId: string
  readonly message: string
}

/** What every answer says of the clips behind it. */
export interface StudyScope {
  /** Clips that were read. */
  readonly clipCount: number
  /** Clips left out because the active observer is blind in them. */
  readonly blindClipCount: number
  /** Clips, or parts of them, that could not be read. */
  readonly problems: readonly StudyProblemNote[]
}

export interface StudySurvey extends StudyScope {
  readonly raters: readonly StudyRater[]
  /** Names; '' stands for the clip as a whole. */
  readonly subjects: readonly string[]
  readonly dimensions: readonly { readonly name: string; readonly observers: readonly string[] }[]
  readonly variables: readonly StudyVariable[]
  /** Clips in which a baseline stretch is marked. */
  readonly baselineClipCount: number
}

export interface AgreementAsk {
  readonly clips: ClipChoice
  /** Null: every subject; '': the clip as a whole. */
  readonly subject: string | null
  /** Two for a pair, more for alpha alone; each once. */
  readonly raters: readonly string[]
  /** 0.01 to 60. */
  readonly stepSecs: number
  /** 0 to 60. */
  readonly toleranceSecs: number
  /** category: time without a label counts as a label of its own; skip: it does not count. */
  readonly unlabelled: 'category' | 'skip'
  readonly weights: 'linear' | 'quadratic' | null
}

/** Coefficients of one table, of time units or of exact seconds. */
export interface TableFigures {
  readonly basis: 'units' | 'seconds'
  readonly total: number
  readonly observedAgreement: StudyFigure
  readonly expectedAgreement: StudyFigure
  readonly kappa: StudyEstimate
  readonly weightedKappa: StudyEstimate | null
  readonly ac1: StudyEstimate
  readonly alpha: StudyFigure
}

/** Of signed differences in seconds. */
export interface DifferenceFigures {
  readonly mean: StudyFigure
  readonly meanAbsolute: StudyFigure
  readonly sd: StudyFigure
}

export interface EventFigures {
  readonly toleranceSecs: number
  readonly firstCount: number
  readonly secondCount: number
  readonly sameLabel: number
  readonly otherLabel: number
  readonly firstOnly: number
  readonly secondOnly: number
  readonly agreement: StudyFigure
  readonly kappa: StudyFigure
  readonly onsetDifference: DifferenceFigures
  readonly offsetDifference: DifferenceFigures
}

export interface PairFigures {
  readonly units: TableFigures
  readonly durations: TableFigures
  readonly events: EventFigures
  readonly skippedSecs: number
  readonly notes: readonly string[]
}

export type ConfusionBasis = 'units' | 'seconds' | 'events'

/** [first rater][second rater]; the last label may stand for time without one, or for "no event". */
export interface ConfusionCounts {
  readonly labels: readonly string[]
  readonly counts: readonly (readonly number[])[]
}

/** One label against all others. */
export interface LabelFigures {
  readonly label: string
  /** Units, seconds or events of each rater. */
  readonly first: number
  readonly second: number
  readonly both: number
  /** 2 both / (first + second): Dice's coefficient, the proportion of specific agreement. */
  readonly specific: StudyFigure
  readonly kappa: StudyFigure
}

export interface ClipPairFigures extends PairFigures {
  readonly clipId: string
  readonly subject: string
}

export interface PairReport {
  readonly raters: readonly [string, string]
  readonly pooled: PairFigures
  readonly confusion: Readonly<Record<ConfusionBasis, ConfusionCounts>>
  readonly labels: Readonly<Record<ConfusionBasis, readonly LabelFigures[]>>
  readonly clips: readonly ClipPairFigures[]
}

export interface AlphaValues {
  /** Units with two or more values, and values in them. */
  readonly unitCount: number
  readonly valueCount: number
  readonly alpha: StudyFigure
  readonly durationAlpha: StudyFigure
}

export interface AlphaReport {
  readonly raters: readonly string[]
  readonly pooled: AlphaValues
  readonly clips: readonly (AlphaValues & { readonly clipId: string; readonly subject: string })[]
  readonly notes: readonly string[]
}

export interface AgreementReport extends StudyScope {
  /** Null: more than two raters, or no clip that both have coded. */
  readonly pair: PairReport | null
  readonly alpha: AlphaReport | null
  /** Clips in which one of the raters has no tier, and that count nowhere. */
  readonly unpairedClipCount: number
}

/** A stretch behind a cell. Of an event pair, from the earlier onset to the later end. */
export interface AgreementMoment {
  readonly clipId: string
  readonly subject: string
  readonly startSecs: number
  readonly endSecs: number
}

export interface AgreementMoments {
  /** Of the longest first: at most 500 of them. */
  readonly moments: readonly AgreementMoment[]
  readonly totalCount: number
  readonly totalSecs: number
}

/** One clip and subject over time: what each rater said, in stretches of one pair of labels. */
export interface AgreementStrip {
  readonly labels: readonly string[]
  readonly durationSecs: number
  readonly stretches: readonly {
    readonly startSecs: number
    readonly endSecs: number
    /** Places in `labels`. */
    readonly first: number
    readonly second: number
  }[]
}

export interface RatingAsk {
  readonly clips: ClipChoice
  readonly subject: string | null
  /** Names of observers, two or more. */
  readonly raters: readonly string[]
  readonly dimension: string
  readonly stepSecs: number
}

export interface BoundedFigure {
  readonly figure: StudyFigure
  readonly interval: FigureBounds | null
}

export interface RatingValues {
  readonly unitCount: number
  readonly means: readonly StudyFigure[]
  readonly sds: readonly StudyFigure[]
  readonly pearson: BoundedFigure
  readonly ccc: BoundedFigure
  readonly icc21: BoundedFigure
  readonly icc2k: BoundedFigure
  readonly alpha: StudyFigure
}

export interface RatingReport extends StudyScope {
  readonly raters: readonly string[]
  readonly dimension: string
  readonly pooled: RatingValues
  readonly clips: readonly (RatingValues & { readonly clipId: string; readonly subject: string })[]
  readonly notes: readonly string[]
  /** Values of the first two raters at the same unit: at most 2,000, evenly taken from all. */
  readonly points: readonly (readonly [number, number])[]
  readonly pointCount: number
}

/** The traces of one clip and subject, a rater each; null: did not rate it. */
export interface RatingTraces {
  readonly durationSecs: number
  readonly traces: readonly ({
    readonly rater: string
    readonly timesSecs: readonly number[]
    readonly values: readonly number[]
    readonly endSecs: number
  } | null)[]
}

export const STATISTIC_GROUPINGS = ['rater', 'subject', 'clip', 'group'] as const
/** What rows are summed over: nothing but the rater, or the rater and the subject, clip or value of a variable. */
export type StatisticGrouping = (typeof STATISTIC_GROUPINGS)[number]

export interface StatisticsAsk {
  readonly clips: ClipChoice
  readonly subject: string | null
  /** Null: all. */
  readonly raters: readonly string[] | null
  readonly by: StatisticGrouping
  /** With `by` 'group': name of the independent variable. */
  readonly variable: string | null
  /** 0.1 to 86,400; null: no time bins. */
  readonly binSecs: number | null
  /** Values minus each person's mean at rest. */
  readonly baseline: boolean
  /** state: time without a label is a state of its own; joined: it is passed over. */
  readonly gaps: 'state' | 'joined'
}

/** One label of one rater, summed. Null: not defined. */
export interface BudgetSummary {
  readonly group: string
  readonly raterKey: string
  readonly label: string
  readonly isPoints: boolean
  /** Tiers that went in, a clip and subject each. */
  readonly tierCount: number
  readonly observedSecs: number
  readonly bouts: number
  readonly totalSecs: number
  readonly meanSecs: number | null
  readonly sdSecs: number | null
  readonly minSecs: number | null
  readonly maxSecs: number | null
  /** totalSecs / observedSecs of all together. */
  readonly proportion: number | null
  /** Mean and SD over tiers, each counted once. */
  readonly meanProportion: number | null
  readonly sdProportion: number | null
  readonly ratePerMin: number | null
  /** Mean over the tiers in which the label occurs. */
  readonly latencySecs: number | null
}

export interface BinSummary {
  readonly raterKey: string
  readonly label: string
  readonly binStartSecs: number
  readonly binEndSecs: number
  readonly observedSecs: number
  readonly totalSecs: number
  readonly bouts: number
  readonly proportion: number | null
}

export interface BoutLengths {
  readonly raterKey: string
  readonly label: string
  /** One more than counts. */
  readonly edgesSecs: readonly number[]
  readonly counts: readonly number[]
  readonly count: number
  readonly medianSecs: number
  readonly lowerQuartileSecs: number
  readonly upperQuartileSecs: number
}

export interface TransitionSummary {
  readonly raterKey: string
  readonly labels: readonly string[]
  readonly counts: readonly (readonly number[])[]
  readonly probabilities: readonly (readonly (number | null)[])[]
}

/** Probability of an emotion or a rating, mean over clips and subjects. */
export interface ContinuousSummary {
  readonly group: string
  readonly source: string
  readonly measure: string
  readonly clipCount: number
  readonly mean: StudyFigure
  readonly sd: StudyFigure
  /** Null: not asked for. */
  readonly corrected: StudyFigure | null
}

export interface StatisticsReport extends StudyScope {
  readonly groups: readonly string[]
  readonly labels: readonly string[]
  readonly budget: readonly BudgetSummary[]
  /** Rows that there are; `budget` holds the first 5,000. */
  readonly budgetCount: number
  readonly bins: readonly BinSummary[]
  readonly boutLengths: readonly BoutLengths[]
  readonly transitions: readonly TransitionSummary[]
  readonly continuous: readonly ContinuousSummary[]
  readonly notes: readonly string[]
}

export interface ExportedTables {
  readonly folderName: string
  readonly files: readonly string[]
}

export interface AgreementRequests {
  /** What there is to compare. */
  surveyStudy: { ask: { readonly clips: ClipChoice }; answer: StudySurvey }
  computeAgreement: { ask: AgreementAsk; answer: AgreementReport }
  /** What stands behind a cell of the matrix. Labels by name. */
  agreementMoments: {
    ask: {
      readonly of: AgreementAsk
      readonly basis: ConfusionBasis
      readonly first: string
      readonly second: string
    }
    answer: AgreementMoments
  }
  agreementStrip: {
    ask: { readonly of: AgreementAsk; readonly token: string; readonly subject: string }
    answer: AgreementStrip
  }
  computeRatings: { ask: RatingAsk; answer: RatingReport }
  ratingTraces: {
    ask: { readonly of: RatingAsk; readonly token: string; readonly subject: string }
    answer: RatingTraces
  }
  computeStatistics: { ask: StatisticsAsk; answer: StatisticsReport }
  /** From the bout before a change of state to the end of the one after it. */
  transitionMoments: {
    ask: {
      readonly of: StatisticsAsk
      readonly raterKey: string
      readonly from: string
      readonly to: string
    }
    answer: AgreementMoments
  }
  /** agreement.csv and confusion.csv to a folder that the user picks. Null: the user thought better of it. */
  exportAgreement: { ask: { readonly of: AgreementAsk }; answer: ExportedTables | null }
  /** summary_long.csv and the other tables of behaviour. */
  exportStatistics: { ask: { readonly of: StatisticsAsk }; answer: ExportedTables | null }
  /** Saves a table of the window as CSV where the user says. At most 64 MB. Null: the user thought better of it. */
  saveTable: {
    ask: { readonly name: string; readonly text: string }
    answer: { readonly fileName: string } | null
  }
  /** Stops what is being computed or exported; it then fails with 'cancelled'. */
  cancelStudy: { ask: null; answer: null }
}

export const AGREEMENT_REQUESTS = [
  'surveyStudy',
  'computeAgreement',
  'agreementMoments',
  'agreementStrip',
  'computeRatings',
  'ratingTraces',
  'computeStatistics',
  'transitionMoments',
  'exportAgreement',
  'exportStatistics',
  'saveTable',
  'cancelStudy',
] as const satisfies readonly (keyof AgreementRequests)[]

export interface AgreementEvents {
  /** Clips read or computed of what is under way. */
  studyProgress: { readonly done: number; readonly total: number }
}

export const AGREEMENT_EVENTS = ['studyProgress'] as const satisfies readonly (keyof AgreementEvents)[]
