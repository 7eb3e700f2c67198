import type { Fault } from '../errors'
import type { Interval } from '../speech/types'
import type { RatingTrace } from '../agreement/types'

export type TierKind = 'face' | 'speech' | 'fusion' | 'manual' | 'final' | 'other'

export interface TierStretch {
  readonly startSecs: number
  /** Equals startSecs for a point. */
  readonly endSecs: number
  readonly label: string
}

/** One line of labels of one clip. */
export interface StudyTier {
  /** Unique in the clip; as in segments.csv. */
  readonly name: string
  readonly kind: TierKind
  /** Name of the subject; '': the clip as a whole. */
  readonly subject: string
  /** Who made it: model id, fusion method, name of the observer; '' for the final tier. */
  readonly rater: string
  /** Set of states it is of; '' for points. */
  readonly set: string
  readonly isPoints: boolean
  /** By start; states do not overlap. Rejected proposals are not among them. */
  readonly stretches: readonly TierStretch[]
  /** What the tier could have said something of: with a reading (model) or all of the clip (people), not excluded. */
  readonly observed: readonly Interval[]
}

export interface StudyRating {
  readonly subject: string
  readonly observer: string
  readonly dimension: string
  readonly trace: RatingTrace
}

/** Where a person is at rest. */
export interface BaselineStretch extends Interval {
  readonly subject: string
}

/** Probabilities of one modality and subject over time, in canonical order of emotions. */
export interface ProbabilityTrack {
  readonly kind: 'face' | 'speech' | 'fusion'
  readonly subject: string
  /** Bounds of each reading; shape [n], ascending, without overlaps. */
  readonly startsSecs: ArrayLike<number>
  readonly endsSecs: ArrayLike<number>
  /** Shape [n, 7]. */
  readonly probs: ArrayLike<number>
}

/** What statistics and agreement know of one clip. */
export interface StudyClip {
  readonly clipId: string
  /** Null: not known, the last label ends it. */
  readonly durationSecs: number
  readonly isDurationKnown: boolean
  /** [0, duration) without what is excluded. */
  readonly observed: readonly Interval[]
  readonly excluded: readonly Interval[]
  readonly tiers: readonly StudyTier[]
  readonly ratings: readonly StudyRating[]
  readonly baselines: readonly BaselineStretch[]
  /** Empty where frames.csv was not read. */
  readonly probabilities: readonly ProbabilityTrack[]
  /** Independent variables of the clip, by name. */
  readonly variables: Readonly<Record<string, string>>
  /** Those of its subjects: by subject, then by name. */
  readonly subjectVariables: Readonly<Record<string, Readonly<Record<string, string>>>>
}

export interface StudyProblem {
  readonly clipId: string
  /** Names file and line and what to do. */
  readonly fault: Fault
}

export interface StudyData {
  /** By clip id. */
  readonly clips: readonly StudyClip[]
  /** Clips, or parts of them, that could not be read; the others are there. */
  readonly problems: readonly StudyProblem[]
  /** In the study's order, else by name. */
  readonly observers: readonly string[]
  readonly subjects: readonly string[]
  readonly labels: readonly string[]
  readonly dimensions: readonly string[]
  readonly variables: readonly { readonly name: string; readonly scope: 'clip' | 'subject' }[]
}

/** A rater across clips: 'face', 'speech', 'fusion', 'final', or an observer's states of a set, or points. */
export interface RaterRef {
  /** Unique: "face", "Anna", "Anna/gaze", "Anna/points". */
  readonly key: string
  readonly kind: TierKind
  readonly observer: string
  readonly set: string
  readonly isPoints: boolean
}
