/**
 * What people code: the vocabulary of window, main process and engine alike. Seconds count from the clip's one zero, as in
 * frames.csv; stretches are half-open [startSecs, endSecs). Lists keep their order, and that order means something: the first
 * observer leads, the first subject is the one coded first.
 */

/** state: an interval, and of one set only one at a time; point: an instant without duration. */
export type CodeKind = 'state' | 'point'

export interface Code {
  /** Stays when the code is renamed. */
  readonly id: string
  readonly kind: CodeKind
  /** Name of the set of mutually exclusive states it belongs to; '' for points. */
  readonly set: string
  /** Unique in the scheme; stands as `label` in every table. The seven emotions have their canonical names. */
  readonly name: string
  /** One key, such as "1" or "Q"; null: none. Unique in the scheme. */
  readonly key: string | null
  /** "#rrggbb". */
  readonly colour: string
  readonly description: string
}

/** A continuous rating, such as valence from -1 to 1. */
export interface RatingDimension {
  readonly id: string
  readonly name: string
  readonly minimum: number
  readonly maximum: number
  /** Where a rating begins, and returns to when nothing is pressed. */
  readonly neutral: number
  /** Words at the ends, such as "unpleasant" and "pleasant". */
  readonly lowLabel: string
  readonly highLabel: string
  readonly description: string
}

export interface CodingScheme {
  readonly name: string
  /** Assistants code, but change no code. */
  readonly isLocked: boolean
  readonly codes: readonly Code[]
  readonly dimensions: readonly RatingDimension[]
}

export interface Observer {
  readonly id: string
  /** Unique; stands as `observer` in every table. */
  readonly name: string
  /** Sees nothing of the model nor of others until they mark a clip as done. */
  readonly isBlind: boolean
}

export interface Subject {
  readonly id: string
  /** Unique; stands as `subject_id` in every table. */
  readonly name: string
  readonly description: string
  /** Values of the independent variables of scope 'subject', by the variable's id. */
  readonly variables: Readonly<Record<string, string>>
}

/** An independent variable of the study. */
export interface VariableDefinition {
  readonly id: string
  /** Unique; becomes a column. */
  readonly name: string
  readonly scope: 'clip' | 'subject'
  readonly kind: 'text' | 'number' | 'choice'
  /** Of kind 'choice'. */
  readonly choices: readonly string[]
  readonly description: string
}

/** What all clips of a project share. */
export interface Study {
  readonly scheme: CodingScheme
  readonly observers: readonly Observer[]
  readonly subjects: readonly Subject[]
  readonly variables: readonly VariableDefinition[]
}

export type SegmentStatus = 'added' | 'confirmed' | 'edited' | 'rejected'

/** What a person's segment was before they touched it: the model's proposal, whole. */
export interface SegmentOrigin {
  /** Id of the model's segment in segments.csv; '' where it is not known. */
  readonly segmentId: string
  readonly tier: string
  readonly label: string
  readonly startSecs: number
  readonly endSecs: number
}

interface ItemBase {
  /** Unique in the clip. */
  readonly id: string
  /** Who it belongs to. */
  readonly observerId: string
  /** ISO 8601 UTC of the last change by a person. */
  readonly editedAt: string
}

/** A bout of a state, or a point (then endSecs equals startSecs). Those of one set, observer and subject do not overlap. */
export interface SegmentItem extends ItemBase {
  readonly kind: 'segment'
  /** '': the clip as a whole. */
  readonly subjectId: string
  readonly codeId: string
  readonly startSecs: number
  readonly endSecs: number
  /** A rejected one stands for "the proposal is wrong here, and nothing takes its place". */
  readonly status: SegmentStatus
  /** Null: made from nothing. */
  readonly orig: SegmentOrigin | null
  /** The coder's own, 0..1; null: not stated. */
  readonly confidence: number | null
  readonly comment: string
}

/** A continuous rating: the value holds from its time to the next. */
export interface RatingItem extends ItemBase {
  readonly kind: 'rating'
  readonly subjectId: string
  readonly dimensionId: string
  /** As the hand moved: ascending, on decoded frame times, not compensated. */
  readonly timesSecs: readonly number[]
  readonly values: readonly number[]
  /** The rater's reaction time, taken off every time wherever the rating is shown, compared or exported. */
  readonly reactionTimeSecs: number
  /** End of the last value's stretch, not compensated. */
  readonly endSecs: number
  readonly comment: string
}

/** Time that counts nowhere. */
export interface ExclusionItem extends ItemBase {
  readonly kind: 'exclusion'
  readonly startSecs: number
  readonly endSecs: number
  readonly reason: string
}

/** A stretch in which a subject is at rest: what their values are compared with. */
export interface BaselineItem extends ItemBase {
  readonly kind: 'baseline'
  readonly subjectId: string
  readonly startSecs: number
  readonly endSecs: number
}

export interface CommentItem extends ItemBase {
  readonly kind: 'comment'
  /** Null: about the clip as a whole. */
  readonly atSecs: number | null
  readonly text: string
}

/**
 * Who a face track is. Two tracks of one subject are merged; a track with two such items is split. Of several that hold at an
 * instant the one edited last counts.
 */
export interface TrackItem extends ItemBase {
  readonly kind: 'track'
  readonly faceId: number
  /** Null: from the beginning. */
  readonly startSecs: number | null
  /** Null: to the end. */
  readonly endSecs: number | null
  /** '': taken off: the face is nobody's. */
  readonly subjectId: string
}

/** The value of an independent variable of scope 'clip'. */
export interface VariableItem extends ItemBase {
  readonly kind: 'variable'
  readonly variableId: string
  readonly value: string
}

/** This observer has finished the clip. */
export interface DoneItem extends ItemBase {
  readonly kind: 'done'
}

/** A moment of the review queue that was looked at. */
export interface ReviewItem extends ItemBase {
  readonly kind: 'review'
  readonly momentKind: 'disagreement' | 'low-confidence'
  readonly faceId: number
  readonly startSecs: number
  readonly endSecs: number
  readonly outcome: 'agreed' | 'corrected' | 'unclear'
}

export type AnnotationItem =
  | SegmentItem
  | RatingItem
  | ExclusionItem
  | BaselineItem
  | CommentItem
  | TrackItem
  | VariableItem
  | DoneItem
  | ReviewItem

export type AnnotationKind = AnnotationItem['kind']

/** One step of an edit. A `put` of a known id replaces the whole item. */
export type AnnotationChange = { readonly put: AnnotationItem } | { readonly remove: string }

/** An edit takes effect whole or not at all. */
export interface AnnotationEdit {
  readonly changes: readonly AnnotationChange[]
  /** For the history: "label anger", "undo: split". */
  readonly title: string
}

export interface OpenStudy {
  readonly study: Study
  /** Who codes in this window; null: nobody yet, and nothing can be coded. */
  readonly observerId: string | null
  /** Why nothing can be written; null: it can. */
  readonly readOnlyReason: string | null
  /** What was repaired or is missing, for people. */
  readonly notices: readonly string[]
}

export interface OpenAnnotations {
  /** What the observer may see: while blind, their own, and what says nothing of emotions (tracks, exclusions, variables). */
  readonly items: readonly AnnotationItem[]
  /** The observer is blind here: the model and other observers are hidden. */
  readonly isBlind: boolean
  /** What was repaired or is missing, for people. */
  readonly notices: readonly string[]
}

/** How far a clip is coded, for lists; of a blind observer's undone clips only their own counts. */
export interface ClipCoding {
  readonly token: string
  readonly observers: readonly {
    readonly observerId: string
    readonly segmentCount: number
    readonly isDone: boolean
    readonly editedAt: string
  }[]
  readonly isBlind: boolean
}

export interface AnnotationRequests {
  /** Null: no project is open. */
  openStudy: { ask: null; answer: OpenStudy | null }
  /** Replaces the whole study. Codes, observers, subjects in use cannot be taken out: the fault names a clip. */
  changeStudy: { ask: { readonly study: Study }; answer: null }
  /** Remembered for this project on this computer. */
  chooseObserver: { ask: { readonly observerId: string | null }; answer: null }
  openAnnotations: { ask: { readonly token: string }; answer: OpenAnnotations }
  /** Answers when the edit stands on the disk. */
  editAnnotations: { ask: { readonly token: string; readonly edit: AnnotationEdit }; answer: null }
  /** Writes out what is open and forgets it. */
  closeAnnotations: { ask: { readonly token: string }; answer: null }
  listCoding: { ask: null; answer: readonly ClipCoding[] }
  /** Asks for a file. Null: the user thought better of it. */
  importScheme: { ask: null; answer: CodingScheme | null }
  exportScheme: { ask: null; answer: { readonly fileName: string } | null }
}

export const ANNOTATION_REQUESTS = [
  'openStudy',
  'changeStudy',
  'chooseObserver',
  'openAnnotations',
  'editAnnotations',
  'closeAnnotations',
  'listCoding',
  'importScheme',
  'exportScheme',
] as const satisfies readonly (keyof AnnotationRequests)[]

export interface AnnotationEvents {
  /** The study, or who codes, is another now. */
  studyChanged: { readonly open: OpenStudy | null }
  /** What is open was changed by something else than the window's own edits, or blindness changed: open it anew. */
  annotationsChanged: { readonly token: string }
  codingChanged: { readonly clips: readonly ClipCoding[] }
  /** Writing failed; the window keeps what it has and tries again. */
  annotationTrouble: { readonly message: string }
}

export const ANNOTATION_EVENTS = [
  'studyChanged',
  'annotationsChanged',
  'codingChanged',
  'annotationTrouble',
] as const satisfies readonly (keyof AnnotationEvents)[]
