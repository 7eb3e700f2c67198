import type { ViewerRows } from '../../../../preload/contract/viewer-port'

export type IndexedRows = Pick<ViewerRows, 'count' | 'frame' | 'timeSecs' | 'durSecs'>

/**
 * Which rows of the frames table belong to which step of the playhead. A step is a frame; of a clip without pictures, each
 * row is one, a speech hop long.
 */
export interface RowIndex {
  /** Begin of each step in seconds, ascending. */
  readonly timesSecs: Float64Array
  /** Shape [steps + 1]: rows of step i are firstRow[i] to firstRow[i + 1] - 1. */
  readonly firstRow: Int32Array
}

export function buildRowIndex(rows: IndexedRows): RowIndex {
  const firstRow = new Int32Array(rows.count + 1)
  const timesSecs = new Float64Array(rows.count)
  let steps = 0
  for (let row = 0; row < rows.count; row++) {
    if (row > 0 && isSameStep(rows, row - 1, row)) continue
    firstRow[steps] = row
    timesSecs[steps++] = rows.timeSecs[row]!
  }
  firstRow[steps] = rows.count
  return { timesSecs: timesSecs.slice(0, steps), firstRow: firstRow.slice(0, steps + 1) }
}

function isSameStep({ frame, timeSecs }: IndexedRows, a: number, b: number): boolean {
  return frame[a] === frame[b] && timeSecs[a] === timeSecs[b]
}

/** The rows of a step, from `from` to before `to`; an empty stretch for a step that has none. */
export function rowsOfStep(
  { firstRow }: RowIndex,
  step: number,
): { readonly from: number; readonly to: number } {
  if (step < 0 || step >= firstRow.length - 1) return { from: 0, to: 0 }
  return { from: firstRow[step]!, to: firstRow[step + 1]! }
}
