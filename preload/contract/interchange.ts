import type { AnnotationEdit, CodeKind, Study } from './annotation'

/** Annotations that come from files of other programs or copies, and leave for them. */

export const ANNOTATION_FORMATS = ['segments', 'eaf', 'textgrid', 'boris', 'boris-gz'] as const

export type AnnotationFormat = (typeof ANNOTATION_FORMATS)[number]

export interface ForeignLabel {
  readonly label: string
  readonly kind: CodeKind
  readonly count: number
  /** Offered code: one of the scheme, or the name of a new one. */
  readonly guess: string
}

/** What a tier of a file is to become, by names: those that do not exist are made. */
export interface TierChoice {
  /** Null: left out. */
  readonly observer: string | null
  /** '': the clip as a whole. */
  readonly subject: string
  /** Set that new codes of this tier's states go to. */
  readonly set: string
}

export interface ForeignTier {
  readonly name: string
  readonly subject: string
  readonly observer: string
  readonly kind: 'states' | 'points'
  readonly source: 'human' | 'model'
  readonly count: number
  /** Null where it is empty. */
  readonly startSecs: number | null
  readonly endSecs: number | null
  readonly labels: readonly ForeignLabel[]
  /** Offered to begin with. */
  readonly guess: TierChoice
}

/** One recording of a file. */
export interface ForeignRecording {
  readonly fileName: string
  readonly format: 'segments' | 'eaf' | 'textgrid' | 'boris'
  /** What the file calls it. */
  readonly title: string
  /** Name of the media file that it names; '' where it names none. */
  readonly mediaName: string
  readonly durationSecs: number | null
  /** The clip that fits by name; null: none does. */
  readonly clipToken: string | null
  /** Offered shift of all times. */
  readonly offsetSecs: number
  readonly tiers: readonly ForeignTier[]
  /** What reading had to decide. */
  readonly notices: readonly string[]
}

export interface OpenedImport {
  readonly importId: string
  readonly recordings: readonly ForeignRecording[]
  /** Files that could not be read; the others were. */
  readonly failed: readonly { readonly fileName: string; readonly message: string }[]
  /** States of BORIS that start and never stop; see closesUnpaired. */
  readonly unpairedCount: number
  readonly closesUnpaired: boolean
}

export interface LabelChoice {
  readonly label: string
  readonly kind: CodeKind
  /** Name of a code of that kind, existing or new; null: left out. */
  readonly code: string | null
}

/** What happens to a segment whose place is taken by another of the same observer, subject and set. */
export const CONFLICT_RULES = ['skip', 'replace', 'newObserver'] as const
export type ConflictRule = (typeof CONFLICT_RULES)[number]

export interface ImportChoices {
  readonly recordings: readonly {
    /** Null: this recording is left out. */
    readonly clipToken: string | null
    /** Added to all its times. */
    readonly offsetSecs: number
    /** One for each of its tiers. */
    readonly tiers: readonly TierChoice[]
  }[]
  /** A label that is not listed is left out. */
  readonly labels: readonly LabelChoice[]
  readonly conflicts: ConflictRule
}

export interface PlannedClip {
  readonly token: string
  /** Null: nothing changes. */
  readonly edit: AnnotationEdit | null
  readonly addedCount: number
  readonly replacedCount: number
  /** Are there already, just so. */
  readonly sameCount: number
  /** Of a place that is taken: left out, replacing, or moved to another observer, as chosen. */
  readonly conflictCount: number
  /** The first few of those places. */
  readonly conflicts: readonly {
    readonly startSecs: number
    readonly endSecs: number
    readonly label: string
    /** Label of what is there. */
    readonly existing: string
    readonly observer: string
  }[]
  /** Edges that lie on no decoded frame; they are kept as they are. Null: the frames of this clip are not known. */
  readonly offFrameCount: number | null
  /** What is not taken over, one line a reason. */
  readonly leftOut: readonly string[]
}

export interface ImportPlan {
  /** Null: stays as it is. */
  readonly study: Study | null
  readonly newObservers: readonly string[]
  readonly newSubjects: readonly string[]
  readonly newCodes: readonly string[]
  readonly newVariables: readonly string[]
  readonly clips: readonly PlannedClip[]
  /** Why this cannot be done; null: it can. */
  readonly obstacle: string | null
}

export interface AnnotationExport {
  /** 1 to 10,000 clips. */
  readonly tokens: readonly string[]
  readonly format: AnnotationFormat
  /** Ids; null: all observers. A blind observer gets their own only. */
  readonly observers: readonly string[] | null
  /** TextGrid: tiers beside the others that let it be read back without loss. */
  readonly isForReimport: boolean
}

export interface ExportedAnnotations {
  readonly fileNames: readonly string[]
  readonly segmentCount: number
  /** Clips without anything to write, by token. */
  readonly empty: readonly string[]
  readonly failed: readonly { readonly token: string; readonly message: string }[]
}

export interface ImportAsk {
  readonly importId: string
  readonly choices: ImportChoices
  /** Of the clip whose frames the window knows. */
  readonly frames: { readonly token: string; readonly timesSecs: Float64Array } | null
}

export interface AppliedImport {
  readonly addedCount: number
  readonly replacedCount: number
  readonly clipCount: number
  /** Left to the window, since all of it is the observer's own and belongs to the clip that is open: undone like any edit. */
  readonly windowEdit: { readonly token: string; readonly edit: AnnotationEdit } | null
}

export interface InterchangeRequests {
  /** Asks for files, reads them, changes nothing. Null: the user thought better of it. */
  chooseImport: { ask: null; answer: OpenedImport | null }
  /** Reads the same files another way. */
  rereadImport: {
    ask: { readonly importId: string; readonly closesUnpaired: boolean }
    answer: OpenedImport
  }
  /** What an import would do. Nothing is changed. */
  planImport: { ask: ImportAsk; answer: ImportPlan }
  /** Does it, an edit a clip. @param openToken the clip that the window has open */
  applyImport: { ask: ImportAsk & { readonly openToken: string | null }; answer: AppliedImport }
  /** Takes back what applyImport did, but for what was changed since. */
  undoImport: {
    ask: { readonly importId: string }
    answer: { readonly undoneCount: number; readonly keptCount: number }
  }
  closeImport: { ask: { readonly importId: string }; answer: null }
  /** Asks for a file, or for a folder where there is a file a clip. Null: the user thought better of it. */
  exportAnnotations: { ask: AnnotationExport; answer: ExportedAnnotations | null }
}

export const INTERCHANGE_REQUESTS = [
  'chooseImport',
  'rereadImport',
  'planImport',
  'applyImport',
  'undoImport',
  'closeImport',
  'exportAnnotations',
] as const satisfies readonly (keyof InterchangeRequests)[]
