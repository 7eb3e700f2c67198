/**
 * CSV cells and lines: UTF-8, comma, decimal point whatever the locale, RFC 4180 quoting, "\n" line ends (which R,
 * pandas, Excel and command-line tools all read), an empty cell for what is missing.
 */

export const BYTE_ORDER_MARK = '\uFEFF'

/** Text that a spreadsheet would run as a formula; plain numbers such as -3.5 are harmless. */
const FORMULA = /^'*[=+\-@\t\r]/
const PLAIN_NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/**
 * A text cell. Text that begins with = + - @ or a control character gets an apostrophe in front, so that a file name
 * cannot become a formula in a spreadsheet; `parseTextCell` takes it off again, and meta.json has the exact text.
 */
export function textCell(text: string): string {
  const guarded = FORMULA.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text
  return /[",\r\n]|^\s|\s$/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded
}

/** Undoes the apostrophe of `textCell`; quoting is already undone by `parseCsv`. */
export function parseTextCell(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell
}

/** A number with a fixed number of decimals; missing and not finite is empty; zero has no sign. */
export function numberCell(value: number | null | undefined, decimals: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return ''
  const text = value.toFixed(decimals)
  return text.startsWith('-') && Number(text) === 0 ? text.slice(1) : text
}

/** A whole number; null, NaN and the engine's -1 for "none" are empty. */
export function countCell(value: number | null | undefined): string {
  return value === null || value === undefined || !(value >= 0) ? '' : String(value)
}

export function flagCell(value: boolean | null): string {
  return value === null ? '' : value ? '1' : '0'
}

export const TIME_DECIMALS = 6
export const PROBABILITY_DECIMALS = 6

export const timeCell = (secs: number | null | undefined): string => numberCell(secs, TIME_DECIMALS)
export const probabilityCell = (p: number | null | undefined): string => numberCell(p, PROBABILITY_DECIMALS)

/** One line of cells that are already encoded. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.join(',')}\n`
}

/**
 * Reads CSV as RFC 4180 has it: quotes, doubled quotes, line ends inside quotes; LF, CRLF and a byte order mark are
 * accepted.
 * @param separator one character; files of other programs have semicolons or tabs
 * @returns lines of cells, the header first; an empty text gives none
 */
export function parseCsv(text: string, separator = ','): string[][] {
  const source = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
  const lines: string[][] = []
  let cells: string[] = []
  let cell = ''
  let isQuoted = false
  for (let at = 0; at < source.length; at++) {
    const char = source[at]
    if (isQuoted) {
      if (char !== '"') cell += char
      else if (source[at + 1] === '"') {
        cell += '"'
        at++
      } else isQuoted = false
    } else if (char === '"' && cell === '') isQuoted = true
    else if (char === separator) {
      cells.push(cell)
      cell = ''
    } else if (char === '\n' || (char === '\r' && source[at + 1] === '\n')) {
      if (char === '\r') at++
      lines.push([...cells, cell])
      cells = []
      cell = ''
    } else cell += char
  }
  if (cell !== '' || cells.length > 0) lines.push([...cells, cell])
  return lines
}
