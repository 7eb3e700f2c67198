import type { Interval } from '../speech/types'
import type { Bounds, Estimate, Figure } from './figure'

/** Half-open [startSecs, endSecs); a point has endSecs = startSecs. */
export interface LabelStretch {
  readonly startSecs: number
  readonly endSecs: number
  readonly label: string
}

/** What two raters said of one clip (and subject). */
export interface PairedClip {
  readonly clipId: string
  /** '': the clip as a whole. */
  readonly subject: string
  /** Time that counts: of the clip, analysed, not excluded. By start, without overlaps. */
  readonly observed: readonly Interval[]
  /** By start; those of states do not overlap. */
  readonly first: readonly LabelStretch[]
  readonly second: readonly LabelStretch[]
}

/** The same of any number of raters, in their one order; null: this rater did not code the clip. */
export interface RatedClip {
  readonly clipId: string
  readonly subject: string
  readonly observed: readonly Interval[]
  readonly tracks: readonly (readonly LabelStretch[] | null)[]
}

/** Stands for time that a rater gave no label. */
export const NO_LABEL = '(none)'

/** category: it counts as a label of its own, NO_LABEL; skip: only time that both (all that coded) gave a label counts. */
export type UnlabelledRule = 'category' | 'skip'

/** Credit of a pair of labels: 1 for equal ones, 0..1 for others. Square, in the order of `labels`. */
export interface GivenWeights {
  readonly labels: readonly string[]
  readonly credit: readonly (readonly number[])[]
}

export type KappaWeights = 'linear' | 'quadratic' | GivenWeights

export interface AgreementOptions {
  /** Length of a time unit; the unit [i step, (i + 1) step) from the clip's zero has the label that holds at its centre. */
  readonly stepSecs: number
  /** Most that the onsets of two paired events may differ. */
  readonly toleranceSecs: number
  readonly unlabelled: UnlabelledRule
  /** Null: no weighted kappa. */
  readonly weights: KappaWeights | null
  /** Order of labels in tables and on ordinal scales; labels that are not in it follow by name. */
  readonly labelOrder: readonly string[]
}

/** Coefficients of one table, of time units or of exact seconds. */
export interface TableAgreement {
  readonly basis: 'units' | 'seconds'
  /** Units or seconds that were compared. */
  readonly total: number
  /** Share of the total with the same label, 0..1. */
  readonly observedAgreement: Figure
  /** That expected of chance with the two raters' own shares (Cohen). */
  readonly expectedAgreement: Figure
  readonly kappa: Estimate
  /** Null: not asked for. */
  readonly weightedKappa: Estimate | null
  readonly ac1: Estimate
  /** Krippendorff's, nominal, of the two raters. */
  readonly alpha: Figure
}

/** A stretch of one clip in which the two raters' labels are those of one cell. */
export interface ConfusionMoment {
  readonly clipId: string
  readonly subject: string
  readonly startSecs: number
  readonly endSecs: number
  /** Unit centres within. */
  readonly unitCount: number
  /** Places in `labels`. */
  readonly first: number
  readonly second: number
}

export interface ConfusionTable {
  /** NO_LABEL last where it is a category. */
  readonly labels: readonly string[]
  /** [first rater][second rater] */
  readonly units: readonly (readonly number[])[]
  readonly seconds: readonly (readonly number[])[]
  /** By clip and time. */
  readonly moments: readonly ConfusionMoment[]
}

export interface EventSide {
  readonly startSecs: number
  readonly endSecs: number
  readonly label: string
}

/** A pair, or an event of one rater that the other has none for (null). */
export interface EventPair {
  readonly clipId: string
  readonly subject: string
  readonly first: EventSide | null
  readonly second: EventSide | null
}

export interface EventAgreement {
  readonly toleranceSecs: number
  readonly firstCount: number
  readonly secondCount: number
  /** Pairs of one label, pairs of two labels, and what is left over of each rater. */
  readonly sameLabel: number
  readonly otherLabel: number
  readonly firstOnly: number
  readonly secondOnly: number
  /** sameLabel / (sameLabel + otherLabel + firstOnly + secondOnly) */
  readonly agreement: Figure
  /** Chance by quasi-independence with an empty cell for "neither" (Bakeman, Quera & Gnisci 2009; Holle & Rein 2015). */
  readonly kappa: Figure
  /** Second minus first, seconds, over all pairs. */
  readonly onsetDifference: Spread
  /** Undefined for points. */
  readonly offsetDifference: Spread
  /** Labels, then NO_LABEL for "no event": [first][second]. */
  readonly labels: readonly string[]
  readonly counts: readonly (readonly number[])[]
  /** By clip and time. */
  readonly pairs: readonly EventPair[]
}

/** Of signed differences in seconds. */
export interface Spread {
  readonly mean: Figure
  readonly meanAbsolute: Figure
  readonly sd: Figure
}

export interface AgreementResult {
  readonly units: TableAgreement
  readonly durations: TableAgreement
  readonly confusion: ConfusionTable
  readonly events: EventAgreement
  /** Time that was left out by the rule for unlabelled time. */
  readonly skippedSecs: number
  /** What a reader must know of these figures. */
  readonly notes: readonly string[]
}

export interface ClipAgreement extends AgreementResult {
  readonly clipId: string
  readonly subject: string
}

export interface PairAgreement {
  readonly raters: readonly [string, string]
  readonly options: AgreementOptions
  /** Of the sum of the clips' tables. */
  readonly pooled: AgreementResult
  readonly clips: readonly ClipAgreement[]
}

export type AlphaMetric = 'nominal' | 'ordinal' | 'interval'

/** Krippendorff's alpha of two or more raters. */
export interface AlphaResult {
  readonly metric: AlphaMetric
  readonly raters: readonly string[]
  readonly stepSecs: number
  readonly unlabelled: UnlabelledRule
  readonly pooled: AlphaFigures
  readonly clips: readonly (AlphaFigures & { readonly clipId: string; readonly subject: string })[]
  readonly notes: readonly string[]
}

export interface AlphaFigures {
  /** Units with two or more values, and values in them. */
  readonly unitCount: number
  readonly valueCount: number
  readonly alpha: Figure
  /** The same of exact seconds, without the correction for few values. */
  readonly durationAlpha: Figure
}

/** A continuous rating: a value holds from its time to the next; reaction time is already taken off. */
export interface RatingTrace {
  readonly timesSecs: readonly number[]
  readonly values: readonly number[]
  readonly endSecs: number
}

export interface RatedTraces {
  readonly clipId: string
  readonly subject: string
  readonly observed: readonly Interval[]
  /** In the raters' order; null: did not rate this clip. */
  readonly traces: readonly (RatingTrace | null)[]
}

export interface CoefficientWithBounds {
  readonly figure: Figure
  /** 95 %; null where undefined. */
  readonly interval: Bounds | null
}

/** Agreement of two or more raters on one dimension, on unit centres where all of them have a value. */
export interface RatingFigures {
  readonly unitCount: number
  /** A rater each: of the units compared. */
  readonly means: readonly Figure[]
  readonly sds: readonly Figure[]
  /** Undefined for more than two raters. */
  readonly pearson: CoefficientWithBounds
  readonly ccc: CoefficientWithBounds
  /** Two-way random, absolute agreement, single rating and mean of k. */
  readonly icc21: CoefficientWithBounds
  readonly icc2k: CoefficientWithBounds
  /** Krippendorff's alpha, interval; also of units with a value missing. */
  readonly alpha: Figure
}

export interface RatingAgreement {
  readonly raters: readonly string[]
  readonly dimension: string
  readonly stepSecs: number
  readonly pooled: RatingFigures
  readonly clips: readonly (RatingFigures & { readonly clipId: string; readonly subject: string })[]
  readonly notes: readonly string[]
}
