import { UnmaskError } from '../errors'
import type { ColumnBuffer, ColumnSpec } from './column-buffer'

/** The bytes end within a row. */
const INCOMPLETE = -1

const COMMA = 0x2c
const LF = 0x0a
const CR = 0x0d
const QUOTE = 0x22
const MINUS = 0x2d
const DOT = 0x2e
const ZERO = 0x30
const NINE = 0x39

const SKIPPED = 0
const CATEGORY = 1
const FIRST_NUMBER = 2
const FLOAT64 = 2
const FLOAT32 = 3
const INT32 = 4
const UINT8 = 5
const INT8 = 6

const POWERS_OF_TEN = Float64Array.from({ length: 16 }, (_, power) => 10 ** power)
/** Up to this many digits a number and the power of ten under it are exact doubles, so their quotient is rounded once. */
const EXACT_DIGITS = 15
/** ... and so many fit 32 bits. */
const HALF_DIGITS_MAX = 9
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
   * Reads rows from `at` on.
   * @param end just behind a line feed, or the end of the table
   * @param isLast nothing follows `end`: the last row may lack its line feed. The byte behind `end` is overwritten.
   * @returns where the first row begins that is not whole; `end` where all are
   * @throws UnmaskError 'data.invalid'
   */
  parse(bytes: Uint8Array, at: number, end: number, isLast: boolean): number {
    // Every search below stops at a line feed at the latest.
    if (isLast) bytes[end] = LF
    while (at < end) {
      const next = afterBlank(bytes, at)
      if (next > at) at = next
      else {
        if (this.rowCount === this.#capacity) this.reserve(Math.ceil(1.5 * this.#capacity))
        const after = this.#row(bytes, at, end, isLast)
        if (after === INCOMPLETE) return at
        at = after
        this.rowCount++
      }
    }
    return end
  }

  /** @returns where the next row begins, or INCOMPLETE */
  #row(bytes: Uint8Array, at: number, end: number, isLast: boolean): number {
    const kinds = this.#kinds
    const row = this.rowCount
    const rowStart = at
    const last = kinds.length - 1
    for (let column = 0; column <= last; column++) {
      const start = at
      let byte = bytes[at]!
      if (byte === QUOTE) {
        at = this.#quoted(bytes, at, end, row, column)
        if (at < 0) {
          if (isLast) throw this.#error(row, `has a quote without an end in ${this.#names[column]}`)
          return INCOMPLETE
        }
        byte = bytes[at]!
      } else if (byte !== COMMA && byte !== LF) {
        const kind = kinds[column]!
        if (kind < FIRST_NUMBER) {
          while (byte !== COMMA && byte !== LF) byte = bytes[++at]!
          if (kind === CATEGORY) this.#storeCategory(bytes, start, at, row, column)
        } else {
          // Plain decimal numbers, the one thing that tables are full of. Each half in 32 bits, which is quickest.
          const isNegative = byte === MINUS
          if (isNegative) byte = bytes[++at]!
          const wholeFrom = at
          let whole = 0
          while (byte >= ZERO && byte <= NINE) {
            whole = (10 * whole + byte - ZERO) | 0
            byte = bytes[++at]!
          }
          let digits = at - wholeFrom
          let fraction = 0
          let decimals = 0
          if (byte === DOT) {
            byte = bytes[++at]!
            const fractionFrom = at
            while (byte >= ZERO && byte <= NINE) {
              fraction = (10 * fraction + byte - ZERO) | 0
              byte = bytes[++at]!
            }
            decimals = at - fractionFrom
          }
          const isPlain =
            (byte === COMMA || byte === LF) &&
            digits <= HALF_DIGITS_MAX &&
            decimals <= HALF_DIGITS_MAX &&
            (digits += decimals) > 0 &&
            digits <= EXACT_DIGITS
          if (isPlain) {
            const power = POWERS_OF_TEN[decimals]!
            const value = decimals === 0 ? whole : (whole * power + fraction) / power
            this.#store(isNegative ? -value : value, row, column)
          } else {
            while (byte !== COMMA && byte !== LF) byte = bytes[++at]!
            this.#storeText(bytes, start, at, row, column)
          }
        }
      }
      if ((byte === LF) !== (column === last)) {
        if (at >= end) throw this.#error(row, 'is cut off')
        throw this.#wrongLength(bytes.subarray(rowStart, at), column, row)
      }
      at++
    }
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
    if (text === '') return
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
    if (length === 0) return
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

/** Where a row begins at the earliest, if there is a line without anything at `at`. */
function afterBlank(bytes: Uint8Array, at: number): number {
  if (bytes[at] === LF) return at + 1
  return bytes[at] === CR && bytes[at + 1] === LF ? at + 2 : at
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
