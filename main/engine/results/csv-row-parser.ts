import { UnmaskError } from '../errors'
import type { ColumnBuffer, ColumnSpec } from './column-buffer'

/** Returned by `parse` where the bytes end within a row. */
export const INCOMPLETE = -1

const COMMA = 0x2c
const LF = 0x0a
const CR = 0x0d
const QUOTE = 0x22
const MINUS = 0x2d
const DOT = 0x2e
const ZERO = 0x30

const SKIPPED = 0
const FLOAT64 = 1
const FLOAT32 = 2
const INT32 = 3
const UINT8 = 4
const INT8 = 5
const CATEGORY = 6

const POWERS_OF_TEN = Float64Array.from({ length: 16 }, (_, power) => 10 ** power)
/** Up to this many digits a number and the power of ten under it are exact doubles, so their quotient is rounded once. */
const EXACT_DIGITS = 15
const FIRST_ROWS = 1024
const VALUE_CHARS_SHOWN = 40

interface Category {
  readonly bytes: Uint8Array
  readonly code: number
}

/** Turns the rows of one table into typed columns, byte by byte. */
export class CsvRowParser {
  readonly missing: readonly string[]
  rowCount = 0
  readonly #path: string
  readonly #names: readonly string[]
  /** By column of the table. */
  readonly #kinds: Uint8Array
  readonly #offsets: Int32Array
  readonly #strides: Int32Array
  readonly #buffers: readonly (ColumnBuffer | null)[]
  readonly #values: (ColumnBuffer['values'] | null)[]
  readonly #categories: readonly (readonly Category[])[]
  readonly #distinct: readonly ColumnBuffer[]
  #capacity = 0

  /** @throws UnmaskError 'data.invalid' where a required column is missing */
  constructor(header: readonly string[], specs: readonly ColumnSpec[], path: string) {
    this.#path = path
    this.#names = header
    const placed = header.map((name) => specs.find((spec) => spec.name === name) ?? null)
    const lacking = specs.filter(({ name }) => !header.includes(name))
    const required = lacking.find(({ isRequired }) => isRequired)
    if (required)
      throw new UnmaskError(
        'data.invalid',
        `the table has no column ${required.name}, so it is not one that Unmask wrote; ` +
          `label the clip again with --force: ${path}`,
      )
    this.missing = lacking.map(({ name }) => name)
    this.#kinds = Uint8Array.from(placed, (spec) => (spec ? kindOf(spec) : SKIPPED))
    this.#offsets = Int32Array.from(placed, (spec) => spec?.offset ?? 0)
    this.#strides = Int32Array.from(placed, (spec) => spec?.buffer.stride ?? 0)
    this.#buffers = placed.map((spec) => spec?.buffer ?? null)
    this.#distinct = [...new Set(specs.map(({ buffer }) => buffer))]
    this.#values = placed.map(() => null)
    const encoder = new TextEncoder()
    this.#categories = placed.map((spec) =>
      spec?.kind.type === 'category'
        ? spec.kind.names.map((name, code) => ({ bytes: encoder.encode(name), code }))
        : [],
    )
    this.reserve(FIRST_ROWS)
  }

  /** Makes room for that many rows in all. */
  reserve(rows: number): void {
    if (rows <= this.#capacity) return
    this.#capacity = rows
    for (const buffer of this.#distinct) buffer.reserve(rows)
    this.#buffers.forEach((buffer, column) => (this.#values[column] = buffer?.values ?? null))
  }

  /**
   * Reads one row that begins at `at`.
   * @param end just behind a line feed, or the end of the table
   * @param isLast nothing follows `end`: the last row may lack its line feed. The byte behind `end` is overwritten.
   * @returns where the next row begins, or INCOMPLETE
   * @throws UnmaskError 'data.invalid'
   */
  parse(bytes: Uint8Array, at: number, end: number, isLast: boolean): number {
    if (at >= end) return INCOMPLETE
    // Every search below stops at a line feed at the latest.
    if (isLast) bytes[end] = LF
    const afterBlank = bytes[at] === CR && bytes[at + 1] === LF ? at + 2 : bytes[at] === LF ? at + 1 : at
    if (afterBlank > at && afterBlank <= end) return afterBlank
    if (this.rowCount === this.#capacity) this.reserve(Math.ceil(1.5 * this.#capacity))
    const columns = this.#kinds.length
    const row = this.rowCount
    const rowStart = at
    for (let column = 0; column < columns; column++) {
      const start = at
      const first = bytes[at]!
      if (first === QUOTE) {
        at = this.#quoted(bytes, at, end, row, column)
        if (at < 0) {
          if (isLast) throw this.#error(row, `has a quote without an end in ${this.#names[column]}`)
          return INCOMPLETE
        }
      } else if (first === COMMA || first === LF) {
        this.#clear(row, column)
      } else if (this.#kinds[column] === SKIPPED) {
        let byte = first
        while (byte !== COMMA && byte !== LF) byte = bytes[++at]!
      } else if (this.#kinds[column] === CATEGORY) {
        let byte = first
        while (byte !== COMMA && byte !== LF) byte = bytes[++at]!
        this.#storeCategory(bytes, start, at, row, column)
      } else {
        // Plain decimal numbers, the one thing that tables are full of.
        let byte = first
        if (byte === MINUS) byte = bytes[++at]!
        let mantissa = 0
        const digitsFrom = at
        let digit = byte - ZERO
        while (digit >= 0 && digit <= 9) {
          mantissa = 10 * mantissa + digit
          byte = bytes[++at]!
          digit = byte - ZERO
        }
        let digits = at - digitsFrom
        let decimals = 0
        if (byte === DOT) {
          const from = ++at
          byte = bytes[at]!
          digit = byte - ZERO
          while (digit >= 0 && digit <= 9) {
            mantissa = 10 * mantissa + digit
            byte = bytes[++at]!
            digit = byte - ZERO
          }
          decimals = at - from
          digits += decimals
        }
        if ((byte === COMMA || byte === LF) && digits > 0 && digits <= EXACT_DIGITS) {
          const value = mantissa / POWERS_OF_TEN[decimals]!
          this.#store(first === MINUS ? -value : value, row, column)
        } else {
          while (byte !== COMMA && byte !== LF) byte = bytes[++at]!
          this.#storeText(bytes, start, at, row, column)
        }
      }
      if (at >= end && column < columns - 1) throw this.#error(row, 'is cut off')
      const isRowEnd = bytes[at] === LF
      if (isRowEnd !== (column === columns - 1))
        throw this.#wrongLength(bytes.subarray(rowStart, at), column, row)
      at++
    }
    this.rowCount++
    return Math.min(at, end)
  }

  /** @returns the position of the comma or line feed behind a quoted cell, or INCOMPLETE */
  #quoted(bytes: Uint8Array, at: number, end: number, row: number, column: number): number {
    const inner: number[] = []
    for (let from = at + 1; from < end; from++) {
      const byte = bytes[from]!
      if (byte !== QUOTE) inner.push(byte)
      else if (bytes[from + 1] === QUOTE && from + 1 < end) {
        inner.push(QUOTE)
        from++
      } else {
        let after = from + 1
        if (bytes[after] === CR) after++
        if (bytes[after] !== COMMA && bytes[after] !== LF)
          throw this.#error(row, `has text behind a quote in ${this.#names[column]}`)
        const text = Uint8Array.from(inner)
        if (this.#kinds[column] === CATEGORY) this.#storeCategory(text, 0, text.length, row, column)
        else if (this.#kinds[column] !== SKIPPED) this.#storeText(text, 0, text.length, row, column)
        return after
      }
    }
    return INCOMPLETE
  }

  #store(value: number, row: number, column: number): void {
    const place = row * this.#strides[column]! + this.#offsets[column]!
    const values = this.#values[column]
    // One typed array a branch: a store that sees them all is several times slower.
    switch (this.#kinds[column]) {
      case FLOAT32:
        ;(values as Float32Array)[place] = value
        return
      case FLOAT64:
        ;(values as Float64Array)[place] = value
        return
      case INT32:
        ;(values as Int32Array)[place] = this.#whole(value, row, column)
        return
      case UINT8:
        ;(values as Uint8Array)[place] = this.#whole(value, row, column)
        return
      case INT8:
        ;(values as Int8Array)[place] = this.#whole(value, row, column)
    }
  }

  #whole(value: number, row: number, column: number): number {
    if ((value | 0) === value) return value
    throw this.#error(row, `has ${value} in ${this.#names[column]}, which takes whole numbers`)
  }

  /** A cell that is no plain decimal number: empty, with spaces or an exponent, or not a number at all. */
  #storeText(bytes: Uint8Array, start: number, end: number, row: number, column: number): void {
    const text = decode(bytes, start, end).trim()
    if (text === '') return this.#clear(row, column)
    const value = Number(text)
    if (Number.isNaN(value) || !/^[-+.\d]/.test(text))
      throw this.#error(
        row,
        `has "${text.slice(0, VALUE_CHARS_SHOWN)}" in ${this.#names[column]}, not a number with a decimal point`,
      )
    this.#store(value, row, column)
  }

  #storeCategory(bytes: Uint8Array, start: number, end: number, row: number, column: number): void {
    const stop = end > start && bytes[end - 1] === CR ? end - 1 : end
    const length = stop - start
    if (length === 0) return this.#clear(row, column)
    for (const { bytes: name, code } of this.#categories[column]!) {
      if (name.length !== length) continue
      let same = 0
      while (same < length && name[same] === bytes[start + same]) same++
      if (same < length) continue
      this.#values[column]![row * this.#strides[column]! + this.#offsets[column]!] = code
      return
    }
    const text = decode(bytes, start, stop).slice(0, VALUE_CHARS_SHOWN)
    throw this.#error(row, `has "${text}" in ${this.#names[column]}, which is none of its categories`)
  }

  /** Also needed on fresh rows: one that was parsed in part before its end was read is parsed again. */
  #clear(row: number, column: number): void {
    const buffer = this.#buffers[column]
    if (buffer) this.#values[column]![row * buffer.stride + this.#offsets[column]!] = buffer.absent
  }

  /** @param cells those up to the one at which the row ends too early or goes on too long */
  #wrongLength(cells: Uint8Array, column: number, row: number): UnmaskError {
    const { length } = this.#kinds
    const found = column < length - 1 ? `only ${column + 1}` : `more than ${length}`
    return this.#error(row, cells.includes(0) ? 'is not text' : `has ${found} of ${length} cells`)
  }

  #error(row: number, what: string): UnmaskError {
    return new UnmaskError(
      'data.invalid',
      `line ${row + 2} of the table ${what}; label the clip again with --force: ${this.#path}`,
    )
  }
}

function kindOf({ kind, buffer }: ColumnSpec): number {
  if (kind.type === 'category') return CATEGORY
  const { values } = buffer
  if (values instanceof Float32Array) return FLOAT32
  if (values instanceof Float64Array) return FLOAT64
  if (values instanceof Int32Array) return INT32
  return values instanceof Int8Array ? INT8 : UINT8
}

function decode(bytes: Uint8Array, start: number, end: number): string {
  return new TextDecoder().decode(bytes.subarray(start, end))
}
