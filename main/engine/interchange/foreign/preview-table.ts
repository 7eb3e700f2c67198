import { basename } from 'node:path'
import type { TablePreview, TableRecipe } from '../../../../preload/contract/foreign-tracks'
import { canonicalLabel } from '../../emotions'
import { UnmaskError } from '../../errors'
import { cellsOf, secsOfCell } from './cells'
import { headLines } from './lines'
import { namesAt, recogniseTable } from './recognise'

const HEAD_LINES = 400
const SHOWN_ROWS = 12

/**
 * The beginning of a table under a recipe, or under the one that fits it.
 * @throws UnmaskError 'data.invalid' where this is no table
 */
export async function previewTable(
  path: string,
  options: { readonly recipe: TableRecipe | null; readonly fps: number | null },
): Promise<Omit<TablePreview, 'importId'>> {
  const lines = await headLines(path, HEAD_LINES)
  const given = options.recipe ?? recogniseTable(lines, options.fps)
  const columnNames = namesAt(lines, given)
  if (columnNames.length < 2)
    throw new UnmaskError(
      'data.invalid',
      `${basename(path)}: line ${given.headerLine} has one column under the separator "${given.separator === '\t' ? 'tab' : given.separator}"; this is no table, or its columns are separated otherwise`,
    )
  const rows = lines
    .slice(given.headerLine)
    .filter((line) => line.trim() !== '')
    .map((line) => cellsOf(line, given.separator))
  const faces = facesIn(rows, given)
  const recipe = faces.length > 0 && !faces.includes(given.face) ? { ...given, face: faces[0] ?? '' } : given
  const firstSecs = rows
    .map((row) => secsOfCell(row[recipe.timeColumn] ?? '', recipe.timeUnit, recipe) + recipe.offsetSecs)
    .find((secs) => Number.isFinite(secs))
  return {
    fileName: basename(path),
    recipe: { ...recipe, columns: recipe.columns.filter((place) => place < columnNames.length) },
    columnNames,
    emotions: columnNames.map((name) => canonicalLabel(name)),
    rows: rows.slice(0, SHOWN_ROWS).map((row) => columnNames.map((_, place) => (row[place] ?? '').trim())),
    faces,
    firstSecs: firstSecs ?? null,
    notices:
      faces.length > 1
        ? [`the table tells ${faces.length} faces apart; one is shown, import it again for others`]
        : [],
  }
}

/** The face with the most rows first. */
function facesIn(rows: readonly (readonly string[])[], { faceColumn }: TableRecipe): string[] {
  if (faceColumn === null) return []
  const counts = new Map<string, number>()
  for (const row of rows) {
    const face = (row[faceColumn] ?? '').trim()
    counts.set(face, (counts.get(face) ?? 0) + 1)
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([face]) => face)
}
