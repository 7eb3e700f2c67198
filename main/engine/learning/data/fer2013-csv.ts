import { EMOTIONS } from '../../emotions'
import type { FaceSet } from './face-set'
import { FacePixels } from './face-pixels'
import { type OnProblem, dataError, quoted, reportProblem } from './problems'
import { readLines } from './text-lines'

export const FER2013_SIDE_PX = 48
const PIXELS = FER2013_SIDE_PX * FER2013_SIDE_PX

/** FER2013's codes 0 to 6 as canonical emotions (Goodfellow et al. 2013). */
export const FER2013_EMOTIONS = [
  'anger',
  'disgust',
  'fear',
  'happiness',
  'sadness',
  'surprise',
  'neutral',
] as const

/** The parts of FER2013 as its file names them. */
export const FER2013_USAGES = ['Training', 'PublicTest', 'PrivateTest'] as const

const COMMA = 44
const QUOTE = 34
const SPACE = 32
const ZERO = 48
const NINE = 57

/** How many cells a row has and where the three of FER2013 stand. */
interface Columns {
  readonly count: number
  readonly emotion: number
  readonly pixels: number
  /** -1 in a file without parts (Kaggle's train.csv). */
  readonly usage: number
}

/** True for a header with the columns emotion and pixels. */
export function isFer2013Header(header: readonly string[]): boolean {
  const names = header.map((name) => name.trim().toLowerCase())
  return names.includes('emotion') && names.includes('pixels')
}

export interface ReadFer2013Options {
  /** Only these parts are kept. */
  readonly splits?: readonly string[]
  readonly onProblem?: OnProblem
  readonly signal?: AbortSignal
}

export interface Fer2013Rows {
  readonly set: FaceSet
  /** Rows of the file from 0 that the set's items come from, shape [set.count]. */
  readonly rows: Int32Array
  /** Part of each row of the file, those left out included. */
  readonly usages: readonly string[]
}

/**
 * Reads FER2013 as published (`emotion,pixels,Usage`, in whatever order), plain or gzip, without its votes. The text is
 * streamed and never held whole.
 * @throws UnmaskError 'data.invalid' naming line and value, unless `onProblem` takes it and the row is left out; and as
 * `readLines`
 */
export async function readFer2013Csv(path: string, options: ReadFer2013Options = {}): Promise<Fer2013Rows> {
  const { splits, onProblem, signal } = options
  let columns: Columns | null = null
  const pixels = new FacePixels(FER2013_SIDE_PX)
  const usages: string[] = []
  const kept: { row: number; label: number; usage: string }[] = []
  for await (const { number, bytes } of readLines(path, signal)) {
    if (columns === null) {
      columns = readHeader(bytes, path)
      continue
    }
    if (bytes.length === 0) continue
    const row = usages.length
    const cells = splitCells(bytes)
    const usage =
      columns.usage === -1 ? '' : (cells[columns.usage] ?? Buffer.alloc(0)).toString('utf8').trim()
    usages.push(usage)
    try {
      checkRow(cells, columns, usage)
      if (splits && !splits.includes(usage)) continue
      const label = readLabel(cells[columns.emotion]!)
      readPixels(cells[columns.pixels]!, pixels.next())
      pixels.keep()
      kept.push({ row, label, usage })
    } catch (error) {
      if (!(error instanceof RowError)) throw error
      reportProblem(onProblem, { path, line: number, message: error.message })
    }
  }
  if (usages.length === 0)
    throw dataError({ path, line: 1, message: 'there is a header at most, but no picture' })
  return {
    set: {
      count: kept.length,
      sidePx: FER2013_SIDE_PX,
      pixels: pixels.take(),
      labels: Int32Array.from(kept, ({ label }) => label),
      votes: null,
      refusals: null,
      splits: kept.map(({ usage }) => usage),
      ids: kept.map(({ row }) => `fer2013:${row}`),
      speakers: null,
    },
    rows: Int32Array.from(kept, ({ row }) => row),
    usages,
  }
}

class RowError extends Error {}

function readHeader(bytes: Buffer, path: string): Columns {
  const names = splitCells(bytes).map((cell) => cell.toString('utf8').trim().toLowerCase())
  const columns = {
    count: names.length,
    emotion: names.indexOf('emotion'),
    pixels: names.indexOf('pixels'),
    usage: names.indexOf('usage'),
  }
  if (columns.emotion === -1 || columns.pixels === -1)
    throw dataError({
      path,
      line: 1,
      message: `the header is ${quoted(bytes.toString('utf8'))}; FER2013 has emotion,pixels,Usage`,
    })
  return columns
}

/** No cell of FER2013 holds a comma, so quotes need only be taken off. */
function splitCells(line: Buffer): Buffer[] {
  const cells: Buffer[] = []
  let start = 0
  while (start <= line.length) {
    const comma = line.indexOf(COMMA, start)
    const end = comma === -1 ? line.length : comma
    cells.push(trimmed(line, start, end))
    start = end + 1
  }
  return cells
}

function trimmed(line: Buffer, from: number, to: number): Buffer {
  let start = from
  let end = to
  while (start < end && line[start] === SPACE) start++
  while (end > start && line[end - 1] === SPACE) end--
  if (end - start >= 2 && line[start] === QUOTE && line[end - 1] === QUOTE) {
    start++
    end--
  }
  return line.subarray(start, end)
}

function checkRow(cells: readonly Buffer[], columns: Columns, usage: string): void {
  if (cells.length !== columns.count)
    throw new RowError(`${cells.length} cells, but the header has ${columns.count}; the row is broken`)
  if (columns.usage !== -1 && !FER2013_USAGES.some((known) => known === usage))
    throw new RowError(`the Usage is ${quoted(usage)}; FER2013 has ${FER2013_USAGES.join(', ')}`)
}

function readLabel(cell: Buffer): number {
  const text = cell.toString('utf8').trim()
  const emotion = /^\d$/.test(text) ? FER2013_EMOTIONS[Number(text)] : undefined
  if (emotion === undefined)
    throw new RowError(`the emotion is ${quoted(text)}; FER2013 has 0 (${FER2013_EMOTIONS[0]}) to 6`)
  return EMOTIONS.indexOf(emotion)
}

function readPixels(cell: Buffer, out: Uint8Array): void {
  let count = 0
  let at = 0
  while (at < cell.length) {
    let byte = cell[at]!
    if (byte === SPACE) {
      at++
      continue
    }
    const start = at
    let value = 0
    while (byte >= ZERO && byte <= NINE) {
      value = value * 10 + byte - ZERO
      at++
      byte = at < cell.length ? cell[at]! : SPACE
    }
    if (byte !== SPACE) throw new RowError(`pixel ${count + 1} is ${wordAt(cell, start)}, not a whole number`)
    if (value > 255) throw new RowError(`pixel ${count + 1} is ${wordAt(cell, start)}; pixels are 0 to 255`)
    if (count < PIXELS) out[count] = value
    count++
  }
  if (count !== PIXELS)
    throw new RowError(`${count} pixels; a picture has ${PIXELS} (${FER2013_SIDE_PX} x ${FER2013_SIDE_PX})`)
}

function wordAt(cell: Buffer, start: number): string {
  const end = cell.indexOf(SPACE, start)
  return quoted(cell.subarray(start, end === -1 ? cell.length : end).toString('utf8'))
}
