import { readLines } from './text-lines'
import { dataError } from './problems'

export interface CsvRow {
  /** Line of the file on which the row starts, 1-based. */
  readonly line: number
  readonly cells: readonly string[]
}

export interface CsvTable {
  /** Names as written, spaces around them taken off. */
  readonly header: readonly string[]
  readonly rows: readonly CsvRow[]
}

/**
 * Reads a CSV file strictly as RFC 4180 has it (commas; quotes, doubled quotes and line ends inside quotes), in UTF-8, plain
 * or gzip, with LF or CRLF and with or without a byte order mark. Empty lines are left out.
 * @throws UnmaskError 'data.invalid' with the line for an open quote, text after a closing quote, a row of another length
 * than the header's, a column named twice; and as `readLines`
 */
export async function readCsvTable(path: string, signal?: AbortSignal): Promise<CsvTable> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const parser = new RowParser(path)
  const rows: CsvRow[] = []
  let header: string[] | null = null
  for await (const { number, bytes } of readLines(path, signal)) {
    let text
    try {
      text = decoder.decode(bytes)
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      throw dataError({ path, line: number, message: 'it is not UTF-8; save the table as "CSV UTF-8"' })
    }
    const row = parser.take(text, number)
    if (row === null) continue
    if (header === null) header = checkedHeader(row, path)
    else if (row.cells.length === header.length) rows.push(row)
    else
      throw dataError({
        path,
        line: row.line,
        message: `${row.cells.length} cells, but the header has ${header.length}; put text with commas into quotes`,
      })
  }
  parser.finish()
  if (header === null) throw dataError({ path, line: 1, message: 'there is no header' })
  return { header, rows }
}

/** Place of a column by its name, whatever its case; -1 where there is none. */
export function columnOf(header: readonly string[], name: string): number {
  return header.findIndex((cell) => cell.toLowerCase() === name.toLowerCase())
}

function checkedHeader({ cells, line }: CsvRow, path: string): string[] {
  const header = cells.map((cell) => cell.trim())
  const twice = header.find((name, index) => name !== '' && columnOf(header, name) !== index)
  if (twice !== undefined)
    throw dataError({ path, line, message: `the column "${twice}" stands there twice` })
  return header
}

/** Puts rows together from lines; a quoted cell may go over several. */
class RowParser {
  private cells: string[] = []
  private cell = ''
  private isInQuotes = false
  private startLine = 0

  constructor(private readonly path: string) {}

  /** @returns the row that ends with this line; null inside quotes and for an empty line */
  take(text: string, line: number): CsvRow | null {
    if (this.isInQuotes) this.cell += '\n'
    else {
      if (text.trim() === '') return null
      this.startLine = line
    }
    let at = 0
    while (at <= text.length) {
      if (this.isInQuotes) {
        const end = text.indexOf('"', at)
        if (end === -1) {
          this.cell += text.slice(at)
          return null
        }
        this.cell += text.slice(at, end)
        if (text[end + 1] === '"') {
          this.cell += '"'
          at = end + 2
          continue
        }
        this.isInQuotes = false
        at = end + 1
        if (at < text.length && text[at] !== ',')
          throw this.error(line, 'text follows a closing quote; double the quotes inside quoted text')
      } else if (text[at] === '"') {
        this.isInQuotes = true
        at++
        continue
      } else {
        const comma = text.indexOf(',', at)
        const end = comma === -1 ? text.length : comma
        this.cell = text.slice(at, end)
        if (this.cell.includes('"'))
          throw this.error(line, 'a quote stands inside unquoted text; quote the whole cell')
        at = end
      }
      this.cells.push(this.cell)
      this.cell = ''
      at++
    }
    const row = { line: this.startLine, cells: this.cells }
    this.cells = []
    return row
  }

  finish(): void {
    if (this.isInQuotes) throw this.error(this.startLine, 'a quote is opened and never closed')
  }

  private error(line: number, message: string) {
    return dataError({ path: this.path, line, message })
  }
}
