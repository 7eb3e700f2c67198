/** What the Study view asks beside annotation.ts: changes over many clips at once, and tables of variables. */

/** Values of the independent variables of scope 'clip', by the variable's id. */
export interface ClipVariables {
  /** The clip. */
  readonly token: string
  readonly values: Readonly<Record<string, string>>
}

export interface ClipVariableChange {
  readonly token: string
  readonly variableId: string
  /** '': not known. */
  readonly value: string
}

/** A table as it stands in a CSV file, header first; cells are text. */
export interface ReadCsv {
  readonly fileName: string
  readonly rows: readonly (readonly string[])[]
}

export interface StudyToolRequests {
  /**
   * Gives all bouts and points of one code to another of the same kind and set, in all clips and of all observers: an edit a clip,
   * in the journal as any other. Answers how many clips and segments changed.
   */
  replaceCode: {
    ask: { readonly from: string; readonly to: string }
    answer: { readonly clips: number; readonly segments: number }
  }
  listClipVariables: { ask: null; answer: readonly ClipVariables[] }
  /** Written in the name of whoever codes here; refused while that is nobody. */
  setClipVariables: { ask: { readonly changes: readonly ClipVariableChange[] }; answer: null }
  /** Asks for a file and writes clips by variables. Null: the user thought better of it. */
  exportClipVariables: { ask: null; answer: { readonly fileName: string } | null }
  /** Asks for a CSV file and reads it, up to 100,000 rows; nothing is changed yet. */
  readVariableTable: { ask: null; answer: ReadCsv | null }
}

export const STUDY_TOOL_REQUESTS = [
  'replaceCode',
  'listClipVariables',
  'setClipVariables',
  'exportClipVariables',
  'readVariableTable',
] as const satisfies readonly (keyof StudyToolRequests)[]
