import type { VariableDefinition } from '../../../../preload/contract/annotation'
import { t } from '../../../strings'

/** A value as it is kept, or in words why it is none. An empty text is "not known" and always allowed. */
export type ReadValue = { readonly value: string } | { readonly error: string }

/** Reads what was typed or pasted for a variable. Numbers may have a decimal comma; choices are found whatever their case. */
export function readValue({ kind, choices }: VariableDefinition, text: string): ReadValue {
  const trimmed = text.trim()
  if (trimmed === '' || kind === 'text') return { value: trimmed }
  if (kind === 'number') {
    const plain = /^[+-]?\d+,\d+$/.test(trimmed) ? trimmed.replace(',', '.') : trimmed
    const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)
    return isNumber ? { value: plain } : { error: t('study.variables.notNumber', { value: trimmed }) }
  }
  const found = choices.find((choice) => choice.toLowerCase() === trimmed.toLowerCase())
  return found === undefined
    ? { error: t('study.variables.notChoice', { value: trimmed }) }
    : { value: found }
}

/** What a spreadsheet puts on the clipboard: cells by tabs, rows by line ends; quoted cells may hold both. */
export function cellsOfPaste(text: string): string[][] {
  const rows: string[][] = [[]]
  let cell = ''
  let isQuoted = false
  const endCell = () => {
    rows.at(-1)?.push(cell)
    cell = ''
  }
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] ?? ''
    if (isQuoted) {
      if (sign !== '"') cell += sign
      else if (text[at + 1] === '"') cell += text[++at] ?? ''
      else isQuoted = false
    } else if (sign === '"' && cell === '') isQuoted = true
    else if (sign === '\t') endCell()
    else if (sign === '\n') {
      endCell()
      rows.push([])
    } else if (sign !== '\r') cell += sign
  }
  endCell()
  // A copied column ends with a line end, which is no further row.
  if (rows.length > 1 && rows.at(-1)?.length === 1 && rows.at(-1)?.[0] === '') rows.pop()
  return rows
}

export interface ValueChange {
  readonly token: string
  readonly variableId: string
  readonly value: string
}

export interface ReadTable {
  readonly changes: readonly ValueChange[]
  readonly errors: readonly string[]
  /** Rows that found no clip. */
  readonly beyondRows: number
}

/** Lays pasted cells on the table from one cell on, to the right and down. */
export function placePaste(
  cells: readonly (readonly string[])[],
  tokens: readonly string[],
  variables: readonly VariableDefinition[],
): ReadTable {
  const changes: ValueChange[] = []
  const errors: string[] = []
  for (const [row, line] of cells.entries()) {
    const token = tokens[row]
    if (token === undefined) continue
    for (const [column, text] of line.entries()) {
      const variable = variables[column]
      if (!variable) continue
      const read = readValue(variable, text)
      if ('error' in read) errors.push(read.error)
      else changes.push({ token, variableId: variable.id, value: read.value })
    }
  }
  return { changes, errors, beyondRows: Math.max(0, cells.length - tokens.length) }
}

export interface ImportedTable extends ReadTable {
  /** Clips of the file that the project does not have. */
  readonly unknownClips: readonly string[]
  readonly unknownColumns: readonly string[]
}

/** Columns of the exported table that are no variables. */
const CLIP_COLUMNS = ['clip_id', 'file'] as const

/**
 * Reads a table with a header: clips by `clip_id`, else by `file` where just one clip has that name; the other columns by the
 * variables' names.
 * @param rows the header first
 * @returns null: no column says which clip a row is about
 */
export function readTable(
  [header = [], ...rows]: readonly (readonly string[])[],
  clips: readonly { readonly token: string; readonly clipId: string; readonly name: string }[],
  variables: readonly VariableDefinition[],
): ImportedTable | null {
  const columns = header.map((name) => name.trim().toLowerCase())
  const [idColumn, fileColumn] = CLIP_COLUMNS.map((name) => columns.indexOf(name))
  if (idColumn === -1 && fileColumn === -1) return null
  const changes: ValueChange[] = []
  const errors: string[] = []
  const unknownClips: string[] = []
  for (const row of rows) {
    if (row.every((cell) => cell.trim() === '')) continue
    const clipId = row[idColumn ?? -1]?.trim() ?? ''
    const file = row[fileColumn ?? -1]?.trim() ?? ''
    const named = clips.filter(({ name }) => name === file)
    const clip = clips.find((one) => one.clipId === clipId) ?? (named.length === 1 ? named[0] : undefined)
    if (!clip) {
      unknownClips.push(clipId || file)
      continue
    }
    for (const variable of variables) {
      const cell = row[columns.indexOf(variable.name.toLowerCase())]
      if (cell === undefined) continue
      const read = readValue(variable, cell)
      if ('error' in read) errors.push(`${clip.name}, ${variable.name}: ${read.error}`)
      else changes.push({ token: clip.token, variableId: variable.id, value: read.value })
    }
  }
  const known = new Set<string>([...CLIP_COLUMNS, ...variables.map(({ name }) => name.toLowerCase())])
  const unknownColumns = header.filter((name) => name.trim() !== '' && !known.has(name.trim().toLowerCase()))
  return { changes, errors, beyondRows: 0, unknownClips, unknownColumns }
}
