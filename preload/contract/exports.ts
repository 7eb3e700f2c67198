/** Results and pictures that leave the window for files of the user's choice. */

export const EXPORT_FORMATS = [
  'frames',
  'speech',
  'segments',
  'meta',
  'summary',
  'long',
  'landmarks',
  'eaf',
  'textgrid',
  'boris',
  'dictionary',
  'methods',
] as const

export type ExportFormat = (typeof EXPORT_FORMATS)[number]

export interface ExportedClip {
  readonly token: string
  /** Names of the files written. */
  readonly files: readonly string[]
  /** Formats that this clip cannot give, and why. */
  readonly absent: readonly { readonly format: ExportFormat; readonly reason: string }[]
}

export interface ExportOutcome {
  /** Name of the folder chosen, without its path. */
  readonly folderName: string
  readonly clips: readonly ExportedClip[]
  /** Names of files about all of them together. */
  readonly folderFiles: readonly string[]
  /** Clips that could not be exported; the others were. */
  readonly failed: readonly { readonly token: string; readonly code: string; readonly message: string }[]
}

/** A plot that the window drew. */
export type SavedPicture =
  | { readonly kind: 'png'; readonly name: string; readonly bytes: Uint8Array }
  | { readonly kind: 'svg'; readonly name: string; readonly text: string }

export interface ExportRequests {
  /**
   * Writes clips, 1 to 1,000 by their tokens, to a folder that the user picks. What clips were labelled with is copied byte
   * for byte; other formats are what the command would have written. Null: the user thought better of it.
   */
  exportClips: {
    ask: { readonly tokens: readonly string[]; readonly formats: readonly ExportFormat[] }
    answer: ExportOutcome | null
  }
  /** Stops `exportClips` before its next file. */
  cancelExport: { ask: null; answer: null }
  /** Saves a plot where the user says. At most 64 MB. Null: the user thought better of it. */
  savePicture: { ask: SavedPicture; answer: { readonly fileName: string } | null }
}

export const EXPORT_REQUESTS = [
  'exportClips',
  'cancelExport',
  'savePicture',
] as const satisfies readonly (keyof ExportRequests)[]

export interface ExportEvents {
  exportProgress: { readonly done: number; readonly total: number; readonly clipId: string }
}

export const EXPORT_EVENTS = ['exportProgress'] as const satisfies readonly (keyof ExportEvents)[]
