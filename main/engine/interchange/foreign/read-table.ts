import { counted } from '../count-words'
import { basename } from 'node:path'
import type { ForeignColumn, ForeignTrack, TableRecipe } from '../../../../preload/contract/foreign-tracks'
import { canonicalLabel } from '../../emotions'
import { throwIfAborted, UnmaskError } from '../../errors'
import { cellsOf, numberOfCell, secsOfCell } from './cells'
import { groupColumns } from './group-columns'
import { eachLine } from './lines'

export type ForeignTable = Pick<
  ForeignTrack,
  | 'rowCount'
  | 'firstSecs'
  | 'lastSecs'
  | 'columns'
  | 'groups'
  | 'notices'
  | 'timesSecs'
  | 'values'
  | 'reasons'
  | 'reasonWords'
>

const MAX_REASONS = 254
const MAX_REASON_CHARS = 60
const MAX_COLUMNS = 64
/** FACS intensities as letters (Ekman, Friesen & Hager 2002): A trace to E maximum; FaceReader writes them out. */
const INTENSITIES: ReadonlyMap<string, number> = new Map([
  ['notactive', 0],
  ['a', 1],
  ['b', 2],
  ['c', 3],
  ['d', 4],
  ['e', 5],
])

/**
 * Reads the chosen columns of a table. What is no number is absent, with the word that stood there as its reason; nothing
 * becomes 0. Rows come out by time.
 * @throws UnmaskError 'data.invalid' naming the file where no row has a time
 */
export async function readTable(
  path: string,
  recipe: TableRecipe,
  signal?: AbortSignal,
): Promise<ForeignTable> {
  checkRecipe(recipe)
  const reader = new RowReader(recipe)
  let number = 0
  for await (const line of eachLine(path, signal)) {
    throwIfAborted(signal)
    number++
    if (number === recipe.headerLine) reader.header(line)
    else if (number > recipe.headerLine && line.trim() !== '') reader.row(line)
  }
  if (reader.count === 0)
    throw new UnmaskError(
      'data.invalid',
      `${basename(path)}: none of its ${reader.seen} rows has a time; choose the column of times and its unit`,
    )
  return reader.table()
}

function checkRecipe({ columns, framesPerSec }: TableRecipe): void {
  if (columns.length === 0 || columns.length > MAX_COLUMNS)
    throw new UnmaskError('usage.invalid', `${columns.length} columns are chosen; choose 1 to ${MAX_COLUMNS}`)
  if (!(framesPerSec > 0))
    throw new UnmaskError(
      'usage.invalid',
      `a rate of ${framesPerSec} frames a second is none; give the rate of the recording`,
    )
}

class RowReader {
  readonly #recipe: TableRecipe
  #names: readonly string[] = []
  readonly #times: number[] = []
  readonly #values: number[] = []
  readonly #reasons: number[] = []
  readonly #words = new Map<string, number>()
  readonly #faces = new Map<string, number>()
  #withoutTime = 0
  #invalid = 0
  #otherFaces = 0
  #intensity: readonly boolean[] = []

  constructor(recipe: TableRecipe) {
    this.#recipe = recipe
  }

  get count(): number {
    return this.#times.length
  }

  /** Rows with or without a time. */
  get seen(): number {
    return this.#times.length + this.#withoutTime + this.#otherFaces
  }

  header(line: string): void {
    this.#names = cellsOf(line, this.#recipe.separator).map((cell) => cell.trim())
    this.#intensity = this.#recipe.columns.map((place) => /^action unit\b/i.test(this.#names[place] ?? ''))
  }

  row(line: string): void {
    const { recipe, cells } = { recipe: this.#recipe, cells: cellsOf(line, this.#recipe.separator) }
    const secs = secsOfCell(cells[recipe.timeColumn] ?? '', recipe.timeUnit, recipe)
    if (!Number.isFinite(secs)) {
      this.#withoutTime++
      return
    }
    if (recipe.faceColumn !== null) {
      const face = (cells[recipe.faceColumn] ?? '').trim()
      this.#faces.set(face, (this.#faces.get(face) ?? 0) + 1)
      if (face !== recipe.face) {
        this.#otherFaces++
        return
      }
    }
    this.#times.push(secs + recipe.offsetSecs)
    const isInvalid =
      recipe.validColumn !== null && numberOfCell(cells[recipe.validColumn] ?? '', recipe.decimal) === 0
    if (isInvalid) this.#invalid++
    recipe.columns.forEach((place, index) => {
      const cell = (cells[place] ?? '').trim()
      const value = isInvalid ? Number.NaN : this.#valueOf(cell, index)
      this.#values.push(value)
      const why = isInvalid ? `${this.#names[recipe.validColumn ?? -1] ?? 'valid'} = 0` : cell || 'empty'
      this.#reasons.push(Number.isNaN(value) ? this.#reason(why) : 0)
    })
  }

  #valueOf(cell: string, index: number): number {
    const value = numberOfCell(cell, this.#recipe.decimal)
    if (!Number.isNaN(value) || !this.#intensity[index]) return value
    return INTENSITIES.get(cell.toLowerCase()) ?? Number.NaN
  }

  #reason(word: string): number {
    const text = word.slice(0, MAX_REASON_CHARS)
    const known = this.#words.get(text)
    if (known !== undefined) return known
    // Texts without end share the last place.
    const code = Math.min(this.#words.size + 1, MAX_REASONS)
    if (this.#words.size < MAX_REASONS)
      this.#words.set(this.#words.size === MAX_REASONS - 1 ? 'other text' : text, code)
    return code
  }

  table(): ForeignTable {
    const width = this.#recipe.columns.length
    const { times, notices } = this.#spreadTimes()
    const order = Array.from(times.keys()).sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b)
    const kept = order.filter((row, place) => place === 0 || times[row] !== times[order[place - 1] ?? -1])
    const timesSecs = Float64Array.from(kept, (row) => times[row] ?? 0)
    const values = new Float32Array(kept.length * width)
    const reasons = new Uint8Array(kept.length * width)
    kept.forEach((row, place) => {
      for (let column = 0; column < width; column++) {
        values[place * width + column] = this.#values[row * width + column] ?? Number.NaN
        reasons[place * width + column] = this.#reasons[row * width + column] ?? 0
      }
    })
    const columns = this.#recipe.columns.map((place, column) =>
      describeColumn(this.#names[place] ?? `column ${place + 1}`, { values, column, width }),
    )
    return {
      rowCount: kept.length,
      firstSecs: timesSecs[0] ?? 0,
      lastSecs: timesSecs[kept.length - 1] ?? 0,
      columns,
      groups: groupColumns(columns),
      notices: [...this.#notices(times.length - kept.length), ...notices],
      timesSecs,
      values,
      reasons,
      reasonWords: [...this.#words.keys()],
    }
  }

  /** A clock with fewer decimals than the rows need says the same time again and again: the rate tells rows apart. */
  #spreadTimes(): { times: readonly number[]; notices: string[] } {
    const times = this.#times
    const { timeUnit, framesPerSec } = this.#recipe
    let repeated = 0
    for (let row = 1; row < times.length; row++) if (times[row] === times[row - 1]) repeated++
    if (timeUnit !== 'clock' || repeated < times.length / 4) return { times, notices: [] }
    const first = times[0] ?? 0
    return {
      times: times.map((_, row) => first + row / framesPerSec),
      notices: [
        `the times are coarser than the rows; rows were placed ${framesPerSec} to the second from the first one on`,
      ],
    }
  }

  #notices(repeated: number): string[] {
    const notices: string[] = []
    if (this.#withoutTime > 0)
      notices.push(`${counted(this.#withoutTime, 'row', 'rows')} without a time left out`)
    if (this.#invalid > 0)
      notices.push(
        `${counted(this.#invalid, 'row counts', 'rows count')} as absent: ${this.#names[this.#recipe.validColumn ?? -1] ?? ''} = 0`,
      )
    if (this.#otherFaces > 0) {
      const others = [...this.#faces.keys()].filter((face) => face !== this.#recipe.face)
      notices.push(
        `${counted(this.#otherFaces, 'row belongs', 'rows belong')} to other faces (${others.slice(0, 8).join(', ')})`,
      )
    }
    if (repeated > 0)
      notices.push(`${counted(repeated, 'row has', 'rows have')} the time of the row before; left out`)
    return notices
  }
}

function describeColumn(
  name: string,
  { values, column, width }: { values: Float32Array; column: number; width: number },
): ForeignColumn {
  let least = Number.POSITIVE_INFINITY
  let greatest = Number.NEGATIVE_INFINITY
  for (let at = column; at < values.length; at += width) {
    const value = values[at] ?? Number.NaN
    if (value < least) least = value
    if (value > greatest) greatest = value
  }
  const hasValue = least <= greatest
  return {
    name,
    emotion: canonicalLabel(name),
    least: hasValue ? least : null,
    greatest: hasValue ? greatest : null,
  }
}
