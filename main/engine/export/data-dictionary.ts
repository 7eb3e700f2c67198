import { type Column, column, emotionColumns, names } from './columns'
import { csvLine, textCell } from './csv'
import { FRAMES_COLUMNS } from './frames-columns'
import { FEATURE_COLUMNS } from '../speech/feature-columns'
import { LANDMARKS_COLUMNS } from './landmarks-csv'
import { LONG_COLUMNS } from './long-csv'
import { SEGMENTS_COLUMNS } from './segments-csv'
import { SPEECH_COLUMNS } from './speech-csv'
import { ERRORS_COLUMNS } from './errors-csv'
import { SUMMARY_LONG_COLUMNS, summaryColumns } from './summary-columns'

const DICTIONARY_COLUMNS: readonly Column[] = [
  column('file', 'text', '', '', 'File, or ending of the files of a clip.'),
  column('column', 'text', '', '', 'Header of the column.'),
  column('position', 'integer', '', '>= 1', 'Place in the file, from 1.'),
  column(
    'type',
    'category',
    '',
    'text|integer|number|boolean|category|datetime',
    'boolean is 0 or 1. An empty cell is a missing value in every type.',
  ),
  column('unit', 'text', '', '', 'Unit; empty where there is none.'),
  column('range', 'text', '', '', 'Interval, or the categories separated by "|".'),
  column(
    'meaning',
    'text',
    '',
    '',
    'What it says. In all files: UTF-8, comma, decimal point. Text that begins with = + - @ (and is no number) has an apostrophe in front, so that spreadsheets do not run it as a formula; meta.json has it without.',
  ),
]

const PLOT_COLUMNS: readonly Column[] = [
  column(
    'frame',
    'integer',
    'frames',
    '>= 0',
    'As in the frames table; rows without a reading are left out, of several faces the one seen longest is given.',
  ),
  column('time_s', 'number', 's', '>= 0', 'As in the frames table.'),
  ...emotionColumns(
    (emotion) => `p_${emotion}`,
    'number',
    'probability',
    '[0, 1]',
    (e) => `Raw probability of ${e}.`,
  ),
]

/** What `unmask features` writes, where its result is called NAME.features.csv. */
const FEATURES_COLUMNS: readonly Column[] = FEATURE_COLUMNS.map(({ name, unit, description }) => {
  const isFlag = name === 'speech_active'
  const type = isFlag ? 'boolean' : 'number'
  return column(name, type, isFlag ? '' : unit, isFlag ? '0|1' : '', `${description}.`)
})

export interface DictionaryOptions {
  /** Independent variables of the study. */
  readonly variables: readonly string[]
  /** Whether any clip has a landmarks table, whose 140 columns would otherwise only be in the way. */
  readonly hasLandmarks?: boolean
}

/** Every table that is written, by name or ending. */
export function dictionaryFiles({
  variables,
  hasLandmarks = false,
}: DictionaryOptions): ReadonlyMap<string, readonly Column[]> {
  return new Map<string, readonly Column[]>([
    ['*.frames.csv', FRAMES_COLUMNS],
    ['*.speech.csv', SPEECH_COLUMNS],
    ['*.segments.csv', SEGMENTS_COLUMNS],
    ['*.long.csv', LONG_COLUMNS],
    ...(hasLandmarks ? ([['*.landmarks.csv', LANDMARKS_COLUMNS]] as const) : []),
    ['*.features.csv', FEATURES_COLUMNS],
    ['*.boris-face.csv', PLOT_COLUMNS],
    ['*.boris-fusion.csv', PLOT_COLUMNS],
    ['summary.csv', summaryColumns(variables)],
    ['summary_long.csv', SUMMARY_LONG_COLUMNS],
    ['errors.csv', ERRORS_COLUMNS],
    ['data_dictionary.csv', DICTIONARY_COLUMNS],
  ])
}

/** Lines of data_dictionary.csv: every column of every file. */
export function* dataDictionaryCsv(options: DictionaryOptions): Generator<string> {
  yield* dictionaryCsv(dictionaryFiles(options))
}

/** The same of any tables, by name or ending. */
export function* dictionaryCsv(files: ReadonlyMap<string, readonly Column[]>): Generator<string> {
  yield csvLine(names(DICTIONARY_COLUMNS))
  for (const [file, columns] of files)
    for (const [place, { name, type, unit, range, meaning }] of columns.entries())
      yield csvLine([file, name, String(place + 1), type, unit, range, meaning].map(textCell))
}
