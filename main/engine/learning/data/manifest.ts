import { dirname, isAbsolute, join, normalize } from 'node:path'
import { stat } from 'node:fs/promises'
import { type ModelLabel, MODEL_LABELS } from '../../emotions'
import { columnOf, readCsvTable } from './csv-table'
import { labelOf } from './labels'
import { type OnProblem, dataError, quoted, reportProblem } from './problems'

export interface ManifestRow {
  /** Line in the manifest, 1-based. */
  readonly line: number
  /** As written; unique in the manifest. */
  readonly id: string
  /** From here: the written path taken from the manifest's folder. */
  readonly path: string
  readonly label: ModelLabel
  /** "" where there is none. */
  readonly speaker: string
  /** null where the manifest has no splits, "" where the cell is empty. */
  readonly split: string | null
}

export interface Manifest {
  readonly path: string
  readonly hasSpeakers: boolean
  readonly rows: readonly ManifestRow[]
}

/** True for a header with the columns path and label. */
export function isManifestHeader(header: readonly string[]): boolean {
  return columnOf(header, 'path') !== -1 && columnOf(header, 'label') !== -1
}

/**
 * Reads a lab's own list: CSV with the columns path and label, and speaker and split where it has them; further columns
 * are passed over. Paths are taken from the manifest's folder. Every file must be there.
 * @throws UnmaskError 'data.invalid' naming the line, unless `onProblem` takes it and the row is left out; and as
 * `readCsvTable`
 */
export async function readManifest(
  path: string,
  { onProblem, signal }: { readonly onProblem?: OnProblem; readonly signal?: AbortSignal } = {},
): Promise<Manifest> {
  const { header, rows } = await readCsvTable(path, signal)
  const columns = {
    path: columnOf(header, 'path'),
    label: columnOf(header, 'label'),
    speaker: columnOf(header, 'speaker'),
    split: columnOf(header, 'split'),
  }
  const missing = (['path', 'label'] as const).filter((name) => columns[name] === -1)
  if (missing.length > 0)
    throw dataError({
      path,
      line: 1,
      message: `no column ${missing.join(', ')} (the header is ${quoted(header.join(','))}); needed are path,label and, where known, speaker,split`,
    })
  if (rows.length === 0)
    throw dataError({ path, line: 1, message: 'there is a header, but no row below it; list a file a line' })
  const linesOf = new Map<string, number>()
  const read: ManifestRow[] = []
  for (const { line, cells } of rows) {
    const cell = (column: number): string => (column === -1 ? '' : (cells[column] as string).trim())
    const problem = (message: string): void => reportProblem(onProblem, { path, line, message })
    const written = cell(columns.path)
    const label = labelOf(cell(columns.label))
    if (written === '') {
      problem('the path is empty')
      continue
    }
    if (label === null) {
      problem(`the label is ${quoted(cell(columns.label))}; known are ${MODEL_LABELS.join(', ')}`)
      continue
    }
    // Lists made on Windows are read elsewhere too.
    const portable = written.replaceAll('\\', '/')
    const full = isAbsolute(written) ? written : join(dirname(path), portable)
    const earlier = linesOf.get(normalize(full))
    if (earlier !== undefined) {
      problem(`${quoted(written)} stands in line ${earlier} already`)
      continue
    }
    linesOf.set(normalize(full), line)
    const fault = await whyNoFile(full)
    if (fault !== null) {
      problem(`${quoted(written)} ${fault}; paths are taken from the manifest's folder`)
      continue
    }
    read.push({
      line,
      id: written,
      path: full,
      label,
      speaker: cell(columns.speaker),
      split: columns.split === -1 ? null : cell(columns.split),
    })
  }
  return { path, hasSpeakers: columns.speaker !== -1, rows: read }
}

async function whyNoFile(path: string): Promise<string | null> {
  try {
    return (await stat(path)).isFile() ? null : 'is no file'
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENOENT' || code === 'ENOTDIR'
      ? 'is not there'
      : `cannot be read (${code ?? String(error)})`
  }
}
