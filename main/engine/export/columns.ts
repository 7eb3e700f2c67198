import { EMOTIONS } from '../emotions'

/** One column of a table: its header, and its row of data_dictionary.csv. */
export interface Column {
  readonly name: string
  readonly type: 'text' | 'integer' | 'number' | 'boolean' | 'category' | 'datetime'
  /** Empty where there is none. */
  readonly unit: string
  /** Interval, or the categories separated by "|". */
  readonly range: string
  readonly meaning: string
}

export const column = (
  name: string,
  type: Column['type'],
  unit: string,
  range: string,
  meaning: string,
): Column => ({ name, type, unit, range, meaning })

export const EMOTION_RANGE = EMOTIONS.join('|')

/** Seven columns, one an emotion, in canonical order. */
export function emotionColumns(
  name: (emotion: string) => string,
  type: Column['type'],
  unit: string,
  range: string,
  meaning: (emotion: string) => string,
): Column[] {
  return EMOTIONS.map((emotion) => column(name(emotion), type, unit, range, meaning(emotion)))
}

export const CLIP_ID = column(
  'clip_id',
  'text',
  '',
  '',
  'Name of the clip, unique in the results folder; the result files begin with it.',
)

export const SUBJECT_ID = column(
  'subject_id',
  'text',
  '',
  '',
  "The researcher's name for the face; empty where none was given.",
)

export const names = (columns: readonly Column[]): string[] => columns.map(({ name }) => name)
