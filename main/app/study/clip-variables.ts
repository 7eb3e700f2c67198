import type { AnnotationChange, AnnotationItem, VariableItem } from '../../../preload/contract/annotation'
import { csvLine, parseCsv, parseTextCell, textCell } from '../../engine/export/csv'
import { UnmaskError } from '../../engine/errors'

/** Independent variables of clips: as items of a clip, and as a table. */

export interface NewValue {
  readonly variableId: string
  /** '': not known. */
  readonly value: string
}

/** Changes that give a clip these values. Of several items of one variable one is left. */
export function changesForValues(
  items: readonly AnnotationItem[],
  values: readonly NewValue[],
  by: { readonly observerId: string; readonly at: string; readonly newId: () => string },
): AnnotationChange[] {
  const last = new Map(values.map(({ variableId, value }) => [variableId, value]))
  return [...last].flatMap(([variableId, value]): AnnotationChange[] => {
    const known = items
      .filter((item): item is VariableItem => item.kind === 'variable' && item.variableId === variableId)
      .sort((a, b) => (a.editedAt < b.editedAt ? 1 : -1))
    const [kept, ...others] = known
    const rest = others.map(({ id }) => ({ remove: id }))
    if (value === '') return [...(kept ? [{ remove: kept.id }] : []), ...rest]
    if (kept?.value === value) return rest
    const { observerId, at } = by
    const item: VariableItem = {
      id: kept?.id ?? by.newId(),
      kind: 'variable',
      observerId,
      editedAt: at,
      variableId,
      value,
    }
    return [{ put: item }, ...rest]
  })
}

export interface ClipValues {
  readonly clipId: string
  readonly fileName: string
  readonly values: ReadonlyMap<string, string>
}

/** Clips by variables as CSV, as `readTable` of the window takes it back. */
export function* variableTable(
  variables: readonly { readonly id: string; readonly name: string }[],
  clips: readonly ClipValues[],
): Generator<string> {
  yield csvLine(['clip_id', 'file', ...variables.map(({ name }) => textCell(name))])
  for (const { clipId, fileName, values } of clips)
    yield csvLine([
      textCell(clipId),
      textCell(fileName),
      ...variables.map(({ id }) => textCell(values.get(id) ?? '')),
    ])
}

const MOST_ROWS = 100_000
const SEPARATORS = [',', ';', '\t'] as const

/**
 * Reads a table whose cells are separated by commas, semicolons or tabs: whichever its first line has most of.
 * @throws UnmaskError 'data.invalid' for one that is no table, or too long
 */
export function readTableText(text: string, path: string): string[][] {
  const [header = ''] = text.split('\n', 1)
  const counts = SEPARATORS.map((separator) => header.split(separator).length)
  const separator = SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ','
  const rows = parseCsv(text, separator).map((row) => row.map(parseTextCell))
  if ((rows[0]?.length ?? 0) < 2)
    throw new UnmaskError('data.invalid', `the first line names no columns, so this is no table: ${path}`)
  if (rows.length > MOST_ROWS)
    throw new UnmaskError('data.invalid', `the table has more than ${MOST_ROWS} rows: ${path}`)
  return rows
}
