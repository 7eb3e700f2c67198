import type { TableRecipe, TimeUnit } from '../../../../preload/contract/foreign-tracks'

/** Cuts a line into cells; quotes as in RFC 4180, within the line. */
export function cellsOf(line: string, separator: TableRecipe['separator']): string[] {
  if (!line.includes('"')) return line.split(separator)
  const cells: string[] = []
  let cell = ''
  let isQuoted = false
  for (let at = 0; at < line.length; at++) {
    const char = line[at]
    if (isQuoted) {
      if (char !== '"') cell += char
      else if (line[at + 1] === '"') {
        cell += '"'
        at++
      } else isQuoted = false
    } else if (char === '"' && cell.trim() === '') {
      isQuoted = true
      cell = ''
    } else if (char === separator) {
      cells.push(cell)
      cell = ''
    } else cell += char
  }
  cells.push(cell)
  return cells
}

const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const WITH_COMMA = /^[+-]?(\d+,?\d*|,\d+)(e[+-]?\d+)?$/i

/** A number; NaN for everything else: words are no zeros. */
export function numberOfCell(cell: string, decimal: TableRecipe['decimal']): number {
  const text = cell.trim()
  if (decimal === '.') return PLAIN.test(text) ? Number(text) : Number.NaN
  return WITH_COMMA.test(text) || PLAIN.test(text) ? Number(text.replace(',', '.')) : Number.NaN
}

const CLOCK = /^(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2}(?:[.,]\d+)?)$/

/** Seconds of a time cell; NaN where it is none. */
export function secsOfCell(
  cell: string,
  unit: TimeUnit,
  { decimal, framesPerSec }: Pick<TableRecipe, 'decimal' | 'framesPerSec'>,
): number {
  if (unit === 'clock') {
    const found = CLOCK.exec(cell.trim())
    if (!found) return Number.NaN
    const [, hours = '0', minutes = '0', secs = '0'] = found
    return Number(hours) * 3600 + Number(minutes) * 60 + Number(secs.replace(',', '.'))
  }
  const value = numberOfCell(cell, decimal)
  if (unit === 's') return value
  if (unit === 'ms') return value / 1000
  if (unit === 'us') return value / 1e6
  return value / framesPerSec
}
