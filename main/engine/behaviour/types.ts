import type { Figure } from '../agreement/figure'
import type { TierKind } from '../study-data/types'

export interface BehaviourOptions {
  /** Null: the clip as a whole. */
  readonly binSecs: number | null
  /** Name of the independent variable to group by; null: all tiers of a rater are one group, "all". */
  readonly groupBy: string | null
  /** Subtract each person's mean over their baseline stretches from probabilities and ratings. */
  readonly baseline: boolean
  /** Keys of the raters wanted; null: all. */
  readonly raters: readonly string[] | null
}

/** Bouts of one label; null: not defined. Seconds. */
export interface BoutFigures {
  /** Null without observed time. */
  readonly bouts: number | null
  readonly totalSecs: number | null
  readonly meanSecs: number | null
  /** Divisor n - 1; null with fewer than two. */
  readonly sdSecs: number | null
  readonly minSecs: number | null
  readonly maxSecs: number | null
  /** Share of the observed time, 0..1; null for points and without observed time. */
  readonly proportion: number | null
  readonly ratePerMin: number | null
  /** From the start of the bin to the first bout in it. */
  readonly latencySecs: number | null
}

/** One label of one tier in one bin. */
export interface BudgetRow extends BoutFigures {
  readonly clipId: string
  readonly subject: string
  readonly raterKey: string
  readonly kind: TierKind
  readonly observer: string
  readonly tier: string
  readonly isPoints: boolean
  readonly label: string
  readonly binStartSecs: number
  readonly binEndSecs: number
  readonly observedSecs: number
  /** Of the model's probabilities of this label, weighted by time; null for people and without readings. */
  readonly meanP: number | null
  readonly maxP: number | null
}

/** A continuous value in one bin: probability of an emotion, or a rating. */
export interface ContinuousRow {
  readonly clipId: string
  readonly subject: string
  readonly kind: TierKind | 'rating'
  /** '' for models. */
  readonly observer: string
  /** Emotion or name of the rating. */
  readonly measure: string
  readonly binStartSecs: number
  readonly binEndSecs: number
  readonly observedSecs: number
  /** Weighted by time; SD of the population of moments. */
  readonly mean: Figure
  readonly sd: Figure
  readonly max: Figure
  /** Mean minus the person's mean over baseline stretches; null: not asked for. */
  readonly corrected: Figure | null
  readonly baselineMean: Figure | null
}

/** From one state to the next different one. */
export interface TransitionTable {
  /** '': all clips together. */
  readonly clipId: string
  readonly subject: string
  readonly raterKey: string
  readonly tier: string
  /** 'gaps': time without a label is a state of its own, NO_LABEL; 'joined': it is passed over. */
  readonly gaps: 'state' | 'joined'
  readonly labels: readonly string[]
  /** [from][to] */
  readonly counts: readonly (readonly number[])[]
  /** counts / row sum; null where the row is empty. */
  readonly probabilities: readonly (readonly (number | null)[])[]
}

/** One label of one rater in the clips (or clip's subjects) of one group. */
export interface GroupRow {
  /** '': not grouped. */
  readonly variable: string
  /** Value of the variable; '' where none was given; "all" where nothing is grouped. */
  readonly group: string
  readonly raterKey: string
  readonly kind: TierKind
  readonly label: string
  /** Tiers that went in (a clip and subject each). */
  readonly tierCount: number
  readonly observedSecs: number
  readonly bouts: number
  readonly totalSecs: number
  /** totalSecs / observedSecs over all. */
  readonly pooledProportion: number | null
  /** Mean and SD (n - 1) over tiers, each counted once. */
  readonly meanProportion: Figure
  readonly sdProportion: Figure
  readonly meanRatePerMin: Figure
  readonly sdRatePerMin: Figure
  readonly meanBoutSecs: Figure
  readonly meanLatencySecs: Figure
}

export interface BehaviourResult {
  readonly options: BehaviourOptions
  readonly budget: readonly BudgetRow[]
  readonly continuous: readonly ContinuousRow[]
  readonly transitions: readonly TransitionTable[]
  readonly groups: readonly GroupRow[]
  /** What a reader must know: baselines that were missing, durations that were not known. */
  readonly notes: readonly string[]
}
