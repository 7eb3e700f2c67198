/** Bringing another copy of the project into the open one: a plan first, then decisions, then the merge. */

export type MergeSide = 'here' | 'there'

export type MergeReason =
  /** Two copies changed one thing. */
  | 'both-changed'
  /** One copy took out what the other changed. */
  | 'removed-or-changed'
  /** What both copies added cannot stand together in one tier. */
  | 'overlap'
  /** Two versions claim one history, which no ordinary work makes. */
  | 'same-history'
  /** An entry of the study is not the same in both. */
  | 'study'
  /** The recordings of one clip are not the same file. */
  | 'recording'

/** One thing as one of the copies has it, in words. */
export interface MergeVersion {
  /** Such as "anger", "face 2 is Child 1", "valence 0.30 to 0.85". */
  readonly what: string
  /** Seconds after the clip's zero; null: it has none. */
  readonly startSecs: number | null
  readonly endSecs: number | null
  /** Comment, reason, text: whatever people wrote. */
  readonly note: string
  /** Name of the observer it belongs to; '' for what belongs to nobody. */
  readonly observer: string
  /** ISO 8601 UTC; '' where it is not kept. */
  readonly editedAt: string
}

export interface MergeConflict {
  /** Names the conflict in the decision about it. */
  readonly key: string
  readonly reason: MergeReason
  /** File name of the clip; '' for the study. */
  readonly clip: string
  /** Tier, or what it is about: "clip/manual/Ann", "face 2", "code". */
  readonly place: string
  /** Empty: there is nothing of it in this copy (any more). */
  readonly here: readonly MergeVersion[]
  readonly there: readonly MergeVersion[]
  /** Decided for 'there', this clip has these conflicts as well; others need no decision before that. */
  readonly opens: readonly string[]
}

export interface MergeCounts {
  readonly added: number
  readonly changed: number
  readonly removed: number
}

export interface MergePlanView {
  readonly otherName: string
  /** Folder of the other copy, for people. */
  readonly otherPlace: string
  /** Nothing is there that is not here: there is nothing to merge. */
  readonly isNothingNew: boolean
  /** What the other copy brings without question, a clip each. */
  readonly clips: readonly (MergeCounts & { readonly clip: string; readonly conflicts: number })[]
  /** Entries of the study that come: "subject Child 2". */
  readonly added: readonly string[]
  /** Entries that only the other copy changed, and those that it took out and nobody uses. */
  readonly changed: readonly string[]
  readonly removed: readonly string[]
  /** Entries that have different ids and one name, and are taken for one. */
  readonly mapped: readonly string[]
  /** What is called otherwise, or loses its key, so that everything stays unique; what stays as it is here. */
  readonly notes: readonly string[]
  /** Clips of the other copy that this project does not have: what was said of them stays there. */
  readonly onlyThere: readonly { readonly clip: string; readonly items: number }[]
  readonly conflicts: readonly MergeConflict[]
  /** What of the other copy is damaged or missing. */
  readonly notices: readonly string[]
}

export interface MergeDone extends MergeCounts {
  readonly clips: number
  readonly isStudyChanged: boolean
}

export interface MergingRequests {
  /** Asks for the folder of the other copy, which is only read. Null: the user thought better of it. */
  planMerge: { ask: null; answer: MergePlanView | null }
  /** By the plan made last; refused where a conflict is open, or something was changed meanwhile. */
  applyMerge: { ask: { readonly choices: Readonly<Record<string, MergeSide>> }; answer: MergeDone }
  /** Forgets the plan. */
  dropMerge: { ask: null; answer: null }
}

export const MERGING_REQUESTS = [
  'planMerge',
  'applyMerge',
  'dropMerge',
] as const satisfies readonly (keyof MergingRequests)[]
