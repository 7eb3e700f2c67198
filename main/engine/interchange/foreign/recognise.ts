import type { ForeignTool, TableRecipe } from '../../../../preload/contract/foreign-tracks'
import { canonicalLabel } from '../../emotions'
import { cellsOf, numberOfCell, secsOfCell } from './cells'

/** As many columns are offered to begin with; a table may have hundreds. */
const OFFERED_COLUMNS = 12
const USUAL_FPS = 25

export interface HeaderPlace {
  /** From 0. */
  readonly line: number
  readonly separator: TableRecipe['separator']
  readonly names: readonly string[]
}

/**
 * Says which program wrote a table, and how it is read. Column names are those of the programs' own documentation: the OpenFace
 * wiki ("Output Format"), Py-Feat's Fex class, FaceReader's detailed log, iMotions' sensor export.
 * @param lines the first lines of the file
 * @param fps of the clip, for tables that count frames; null: not known
 */
export function recogniseTable(lines: readonly string[], fps: number | null): TableRecipe {
  const separator = guessSeparator(lines)
  const faceReader = findHeader(lines, ['\t', separator, ';'], (names) => names[0] === 'video time')
  if (faceReader) return faceReaderRecipe(lines, faceReader)
  const openFace = findHeader(lines, [',', separator], (names) =>
    ['timestamp', 'confidence', 'success'].every((name) => names.includes(name)),
  )
  if (openFace) return openFaceRecipe(openFace)
  const pyFeat = findHeader(
    lines,
    [',', separator],
    (names) => names.includes('facescore') || (names.includes('facerectx') && names.includes('anger')),
  )
  if (pyFeat) return pyFeatRecipe(pyFeat, fps)
  const iMotions = findHeader(
    lines,
    [',', '\t', separator],
    (names) => names.includes('timestamp') && (names.includes('eventsource') || hasEmotions(names)),
  )
  if (iMotions) return iMotionsRecipe(iMotions)
  return plainRecipe(lines, separator, fps)
}

export function namesAt(
  lines: readonly string[],
  recipe: Pick<TableRecipe, 'headerLine' | 'separator'>,
): string[] {
  const line = lines[recipe.headerLine - 1] ?? ''
  return cellsOf(line, recipe.separator).map((cell, place) => cell.trim() || `column ${place + 1}`)
}

function findHeader(
  lines: readonly string[],
  separators: readonly TableRecipe['separator'][],
  fits: (names: readonly string[]) => boolean,
): HeaderPlace | null {
  for (const [line, text] of lines.entries())
    for (const separator of separators) {
      const names = cellsOf(text, separator).map((cell) => cell.trim())
      if (names.length > 1 && fits(names.map((name) => name.toLowerCase()))) return { line, separator, names }
    }
  return null
}

const hasEmotions = (names: readonly string[]): boolean =>
  names.filter((name) => canonicalLabel(name) !== null).length >= 3

function base(tool: ForeignTool, header: HeaderPlace): TableRecipe {
  return {
    tool,
    headerLine: header.line + 1,
    separator: header.separator,
    decimal: '.',
    timeColumn: 0,
    timeUnit: 's',
    framesPerSec: USUAL_FPS,
    offsetSecs: 0,
    columns: [],
    validColumn: null,
    faceColumn: null,
    face: '',
  }
}

const placeOf = (names: readonly string[], name: string): number =>
  names.findIndex((one) => one.toLowerCase() === name)

const placesWhere = (names: readonly string[], fits: (name: string) => boolean): number[] =>
  names.flatMap((name, place) => (fits(name) ? [place] : []))

const isEmotion = (name: string): boolean => canonicalLabel(name) !== null

/** Time in "hh:mm:ss.fff"; where no face was found or modelled, words stand in the cells. */
function faceReaderRecipe(lines: readonly string[], header: HeaderPlace): TableRecipe {
  const rate = lines
    .slice(0, header.line)
    .map((line) => /^\W*frame rate\W*\s*(\d+(?:[.,]\d+)?)/i.exec(line)?.[1])
    .find((text) => text !== undefined)
  const rows = lines.slice(header.line + 1).map((line) => cellsOf(line, header.separator))
  const { names } = header
  return {
    ...base('facereader', header),
    timeUnit: 'clock',
    decimal: guessDecimal(rows, header.separator),
    framesPerSec: rate ? Number(rate.replace(',', '.')) || USUAL_FPS : USUAL_FPS,
    columns: placesWhere(names, (name) => isEmotion(name) || /^(valence|arousal)$/i.test(name)),
  }
}

/** `success` 0: tracking failed, the values of the row mean nothing. Intensities AUnn_r run from 0 to 5. */
function openFaceRecipe(header: HeaderPlace): TableRecipe {
  const { names } = header
  const valid = placeOf(names, 'success')
  const face = placeOf(names, 'face_id')
  return {
    ...base('openface', header),
    timeColumn: placeOf(names, 'timestamp'),
    columns: placesWhere(names, (name) => /^AU\d\d_r$/i.test(name)),
    validColumn: valid < 0 ? null : valid,
    faceColumn: face < 0 ? null : face,
  }
}

/** Rows are frames; times are made of their numbers, since approx_time has whole seconds. */
function pyFeatRecipe(header: HeaderPlace, fps: number | null): TableRecipe {
  const { names } = header
  const frame = placeOf(names, 'frame')
  const identity = placeOf(names, 'identity')
  return {
    ...base('py-feat', header),
    timeColumn: Math.max(0, frame),
    timeUnit: 'frames',
    framesPerSec: fps ?? USUAL_FPS,
    columns: placesWhere(names, isEmotion),
    faceColumn: identity < 0 ? null : identity,
  }
}

/** Lines about the study stand before the columns; Timestamp counts milliseconds of the recording. */
function iMotionsRecipe(header: HeaderPlace): TableRecipe {
  const { names } = header
  return {
    ...base('imotions', header),
    timeColumn: placeOf(names, 'timestamp'),
    timeUnit: 'ms',
    columns: placesWhere(names, (name) => isEmotion(name) || /^(valence|engagement)$/i.test(name)),
  }
}

function plainRecipe(
  lines: readonly string[],
  separator: TableRecipe['separator'],
  fps: number | null,
): TableRecipe {
  const cells = lines.map((line) => cellsOf(line, separator))
  const width = mostCommon(cells.map(({ length }) => length).filter((length) => length > 1))
  const line = Math.max(
    0,
    cells.findIndex(
      (row) => row.length === width && row.every((cell) => Number.isNaN(Number(cell.trim() || 'x'))),
    ),
  )
  const names = (cells[line] ?? []).map((cell) => cell.trim())
  const rows = cells.slice(line + 1).filter((row) => row.length === width)
  const decimal = guessDecimal(rows, separator)
  const found = names.findIndex((name) => /^(time|timestamp|t|secs?|seconds|zeit|frame)\b|time/i.test(name))
  const timeColumn = Math.max(0, found)
  const isNumeric = (place: number): boolean =>
    rows.some((row) => Number.isFinite(numberOfCell(row[place] ?? '', decimal)))
  const numeric = names.flatMap((_, place) => (place !== timeColumn && isNumeric(place) ? [place] : []))
  const emotions = numeric.filter((place) => isEmotion(names[place] ?? ''))
  return {
    ...base('table', { line, separator, names }),
    decimal,
    timeColumn,
    timeUnit: guessUnit(
      names[timeColumn] ?? '',
      rows.map((row) => row[timeColumn] ?? ''),
    ),
    framesPerSec: fps ?? USUAL_FPS,
    columns: (emotions.length >= 2 ? emotions : numeric).slice(0, OFFERED_COLUMNS),
  }
}

function guessUnit(name: string, cells: readonly string[]): TableRecipe['timeUnit'] {
  const recipe = { decimal: '.', framesPerSec: 1 } as const
  if (cells.some((cell) => Number.isFinite(secsOfCell(cell, 'clock', recipe)))) return 'clock'
  if (/frame/i.test(name)) return 'frames'
  if (/\bms\b|_ms|milli/i.test(name)) return 'ms'
  return /\bus\b|_us|micro/i.test(name) ? 'us' : 's'
}

/** The separator that cuts most lines into the same number of cells. */
export function guessSeparator(lines: readonly string[]): TableRecipe['separator'] {
  const scored = (['\t', ';', ','] as const).map((separator) => {
    const counts = lines.slice(0, 60).map((line) => cellsOf(line, separator).length)
    const usual = mostCommon(counts.filter((count) => count > 1))
    return { separator, score: usual <= 1 ? 0 : counts.filter((count) => count === usual).length }
  })
  return scored.sort((a, b) => b.score - a.score)[0]?.separator ?? ','
}

function guessDecimal(
  rows: readonly (readonly string[])[],
  separator: TableRecipe['separator'],
): TableRecipe['decimal'] {
  if (separator === ',') return '.'
  const cells = rows.flat().map((cell) => cell.trim())
  const commas = cells.filter((cell) => /^[+-]?\d+,\d+(e[+-]?\d+)?$/i.test(cell)).length
  const points = cells.filter((cell) => /^[+-]?\d+\.\d+(e[+-]?\d+)?$/i.test(cell)).length
  return commas > points ? ',' : '.'
}

function mostCommon(values: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0
}
