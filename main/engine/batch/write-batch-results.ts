import { basename } from 'node:path'
import { type FolderEntry, writeFolderResults } from '../export/write-folder'
import { type JournalEntry, readJournal } from './journal'

/**
 * Writes the folder's own tables from the journal, so that they hold every clip the folder ever got, also those of
 * earlier runs that were resumed.
 * @returns names of the files
 */
export async function writeBatchResults(
  outFolder: string,
  options: { readonly bom: boolean; readonly appVersion: string },
): Promise<string[]> {
  return writeFolderResults(folderEntries((await readJournal(outFolder)) ?? []), outFolder, options)
}

/** The latest word of the journal on each clip, sorted by clip id. Clips that were only begun have no row yet. */
export function folderEntries(journal: readonly JournalEntry[]): FolderEntry[] {
  const latest = new Map<string, FolderEntry>()
  for (const entry of journal) {
    if (entry.type === 'batch') continue
    const { path } = entry.source
    const common = { clipId: entry.clipId, path, fileName: basename(path) }
    if (entry.type === 'done') latest.set(path, { kind: 'done', ...common })
    if (entry.type === 'failed')
      latest.set(path, { kind: 'failed', ...common, stage: entry.stage, fault: entry.fault })
    if (entry.type === 'start') latest.delete(path)
  }
  return [...latest.values()].sort((a, b) => (a.clipId < b.clipId ? -1 : 1))
}
