import { FACE_VOTE_COUNT, FACE_VOTE_LABELS } from './face-set'
import { columnOf, readCsvTable } from './csv-table'
import { dataError, quoted } from './problems'

/** The votes of FER+ (Barsoum et al. 2016), a row for each row of FER2013. */
export interface FerPlusVotes {
  readonly count: number
  /** Shape [count, 8] in the order of FACE_VOTE_LABELS. */
  readonly votes: Float32Array
  /** Votes for "unknown" and "NF" (no face), shape [count, 2]. */
  readonly refusals: Float32Array
  readonly usages: readonly string[]
}

const REFUSALS = ['unknown', 'NF'] as const

export function isFerPlusHeader(header: readonly string[]): boolean {
  return FACE_VOTE_LABELS.every((name) => columnOf(header, name) !== -1) && columnOf(header, 'NF') !== -1
}

/**
 * Reads fer2013new.csv. Ten people voted on each picture; the columns are found by name.
 * @throws UnmaskError 'data.invalid' naming line and value; and as `readCsvTable`
 */
export async function readFerPlus(path: string, signal?: AbortSignal): Promise<FerPlusVotes> {
  const { header, rows } = await readCsvTable(path, signal)
  const names = [...FACE_VOTE_LABELS, ...REFUSALS]
  const columns = names.map((name) => columnOf(header, name))
  const usage = columnOf(header, 'Usage')
  const missing = [...names.filter((_, index) => columns[index] === -1), ...(usage === -1 ? ['Usage'] : [])]
  if (missing.length > 0)
    throw dataError({
      path,
      line: 1,
      message: `no column ${missing.join(', ')}; fer2013new.csv has Usage, Image name and ten columns of votes`,
    })
  const votes = new Float32Array(rows.length * FACE_VOTE_COUNT)
  const refusals = new Float32Array(rows.length * REFUSALS.length)
  rows.forEach(({ line, cells }, row) => {
    columns.forEach((column, place) => {
      const cell = cells[column] as string
      if (!/^\s*\d{1,4}\s*$/.test(cell))
        throw dataError({
          path,
          line,
          message: `${names[place]} has ${quoted(cell)} votes; it must be a whole number`,
        })
      if (place < FACE_VOTE_COUNT) votes[row * FACE_VOTE_COUNT + place] = Number(cell)
      else refusals[row * REFUSALS.length + place - FACE_VOTE_COUNT] = Number(cell)
    })
  })
  return {
    count: rows.length,
    votes,
    refusals,
    usages: rows.map(({ cells }) => (cells[usage] as string).trim()),
  }
}
