export interface TableColumn {
  readonly title: string
  /** How a number is written; without it, as it is. Text columns stand left. */
  readonly format?: (value: number) => string
  readonly isText?: boolean
  /** Explained in the tooltip. */
  readonly hint?: string
}

export type TableCell = string | number | null
export type TableRow = readonly TableCell[]

export interface TableOrder {
  readonly column: number
  readonly isDescending: boolean
}

const COLLATOR = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** Places of the rows in order; rows without a value stand last either way. Equal ones keep their order. */
export function sortedPlaces(rows: readonly TableRow[], order: TableOrder | null): number[] {
  const places = rows.map((_, at) => at)
  if (!order) return places
  const { column, isDescending } = order
  const direction = isDescending ? -1 : 1
  return places.sort((a, b) => {
    const [first = null, second = null] = [rows[a]?.[column], rows[b]?.[column]]
    if (first === null || second === null) return Number(first === null) - Number(second === null)
    const difference =
      typeof first === 'number' && typeof second === 'number'
        ? first - second
        : COLLATOR.compare(String(first), String(second))
    return direction * difference
  })
}

export function cellText(cell: TableCell, column: TableColumn | undefined): string {
  if (cell === null) return '–'
  return typeof cell === 'number' ? (column?.format?.(cell) ?? String(cell)) : cell
}

/** RFC 4180, numbers in full, nothing where there is none; lines end with CRLF. */
export function csvText(columns: readonly TableColumn[], rows: readonly TableRow[]): string {
  const lines = [columns.map(({ title }) => title), ...rows]
  return lines.map((line) => line.map(csvCell).join(',')).join('\r\n') + '\r\n'
}

function csvCell(cell: TableCell): string {
  const text = cell === null ? '' : String(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** For pasting into a spreadsheet: cells by tabs. */
export function tabbedText(columns: readonly TableColumn[], rows: readonly TableRow[]): string {
  const plain = (cell: TableCell) => (cell === null ? '' : String(cell).replace(/[\t\r\n]+/g, ' '))
  return [columns.map(({ title }) => title), ...rows].map((line) => line.map(plain).join('\t')).join('\n')
}
