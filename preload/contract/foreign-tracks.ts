/** Readings of other programs (OpenFace, Py-Feat, FaceReader, iMotions, any table with a time column), shown beside ours. */

export const FOREIGN_TOOLS = ['openface', 'py-feat', 'facereader', 'imotions', 'table'] as const
export type ForeignTool = (typeof FOREIGN_TOOLS)[number]

/** s, ms, us: numbers; clock: hh:mm:ss.fff or mm:ss.fff; frames: numbers of frames, which need a rate. */
export const TIME_UNITS = ['s', 'ms', 'us', 'clock', 'frames'] as const
export type TimeUnit = (typeof TIME_UNITS)[number]

/** How a table is to be read. */
export interface TableRecipe {
  readonly tool: ForeignTool
  /** Of the line that names the columns, from 1; lines before it are passed over. */
  readonly headerLine: number
  readonly separator: ',' | ';' | '\t'
  readonly decimal: '.' | ','
  /** Place of the column, from 0. */
  readonly timeColumn: number
  readonly timeUnit: TimeUnit
  /** For 'frames', and where a clock is coarser than the rows. */
  readonly framesPerSec: number
  /** Added to all times. */
  readonly offsetSecs: number
  /** Places of the columns to be shown, from 0. */
  readonly columns: readonly number[]
  /** Rows in which this column says "0" are absent; null: none does. */
  readonly validColumn: number | null
  /** Column that tells faces apart, and the face that is read; null: there is one. */
  readonly faceColumn: number | null
  readonly face: string
}

export interface TablePreview {
  readonly importId: string
  readonly fileName: string
  readonly recipe: TableRecipe
  /** Names of all columns under the recipe. */
  readonly columnNames: readonly string[]
  /** Of each column, what it would be shown as; null: as a column of its own. */
  readonly emotions: readonly (string | null)[]
  /** The first lines under the header, cut into cells; at most 12. */
  readonly rows: readonly (readonly string[])[]
  /** Faces that the first rows name. */
  readonly faces: readonly string[]
  /** Times of the first and last row that were looked at, with the recipe; null where they cannot be read. */
  readonly firstSecs: number | null
  readonly notices: readonly string[]
}

export interface ForeignColumn {
  readonly name: string
  /** Canonical emotion; null where it is none. */
  readonly emotion: string | null
  /** Least and greatest value; null where there is none. */
  readonly least: number | null
  readonly greatest: number | null
}

/** Columns that share an axis. */
export interface ForeignGroup {
  readonly id: string
  readonly kind: 'emotions' | 'actionUnits' | 'affect' | 'confidence' | 'other'
  /** Places in `columns`. */
  readonly columns: readonly number[]
  readonly low: number
  readonly high: number
}

export interface ForeignTrackFacts {
  readonly id: string
  readonly title: string
  readonly tool: ForeignTool
  readonly fileName: string
  /** ISO 8601 UTC. */
  readonly importedAt: string
  readonly isShown: boolean
  readonly rowCount: number
  readonly firstSecs: number
  readonly lastSecs: number
  readonly columns: readonly ForeignColumn[]
  readonly groups: readonly ForeignGroup[]
  readonly notices: readonly string[]
}

export interface ForeignTrack extends ForeignTrackFacts {
  /** Ascending. Shape [rows]. */
  readonly timesSecs: Float64Array
  /** Shape [rows, columns]; NaN: absent. */
  readonly values: Float32Array
  /** Shape [rows, columns]: 0 where there is a value, else 1 + place in `reasonWords`. */
  readonly reasons: Uint8Array
  readonly reasonWords: readonly string[]
}

export interface ForeignTrackRequests {
  /** Asks for a file and looks at its beginning. Null: the user thought better of it. */
  chooseTable: { ask: { readonly token: string }; answer: TablePreview | null }
  /** Looks again, with another recipe. */
  previewTable: { ask: { readonly importId: string; readonly recipe: TableRecipe }; answer: TablePreview }
  /** Reads the whole table and keeps it with the clip. */
  importTable: {
    ask: {
      readonly token: string
      readonly importId: string
      readonly recipe: TableRecipe
      readonly title: string
    }
    answer: ForeignTrackFacts
  }
  /** Of a clip; none while the observer is blind to it. */
  listForeignTracks: { ask: { readonly token: string }; answer: readonly ForeignTrackFacts[] }
  openForeignTrack: { ask: { readonly token: string; readonly id: string }; answer: ForeignTrack }
  showForeignTrack: {
    ask: { readonly token: string; readonly id: string; readonly isShown: boolean }
    answer: null
  }
  removeForeignTrack: { ask: { readonly token: string; readonly id: string }; answer: null }
}

export const FOREIGN_TRACK_REQUESTS = [
  'chooseTable',
  'previewTable',
  'importTable',
  'listForeignTracks',
  'openForeignTrack',
  'showForeignTrack',
  'removeForeignTrack',
] as const satisfies readonly (keyof ForeignTrackRequests)[]

export interface ForeignTrackEvents {
  foreignTracksChanged: { readonly token: string }
}

export const FOREIGN_TRACK_EVENTS = [
  'foreignTracksChanged',
] as const satisfies readonly (keyof ForeignTrackEvents)[]
