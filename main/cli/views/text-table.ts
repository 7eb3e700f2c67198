import { visible } from './visible'

export type Align = 'left' | 'right'

/** Widest column of a table in a terminal. */
const WIDEST = 40

/**
 * A table for a terminal: two spaces between columns, no lines.
 * @param rows the header first
 * @param align of each column; those left out are to the right, as numbers are
 */
export function textTable(rows: readonly (readonly string[])[], align: readonly Align[] = ['left']): string {
  const cells = rows.map((row) => row.map((cell) => shorten(visible(cell))))
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((row) => [...(row[column] ?? '')].length)),
  )
  return cells
    .map((row) =>
      row
        .map((cell, column) => pad(cell, widths[column] ?? 0, align[column] ?? 'right'))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function pad(cell: string, width: number, align: Align): string {
  const blank = ' '.repeat(Math.max(0, width - [...cell].length))
  return align === 'left' ? cell + blank : blank + cell
}

function shorten(cell: string): string {
  const characters = [...cell]
  return characters.length > WIDEST ? `${characters.slice(0, WIDEST - 1).join('')}…` : cell
}
