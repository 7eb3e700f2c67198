import { join } from 'node:path'
import { JOURNAL_FILE, type JournalEntry, readJournal } from '../batch/journal'
import { writeAtomic } from '../export/atomic-file'

/**
 * Follows recordings that were moved: entries of the journal get the new paths, so that window and command know the clips
 * again. The folder must not be in use by a batch.
 * @param newPathOf gives the path a recording has now; the same one where it did not move
 * @returns whether anything changed
 * @throws UnmaskError 'data.invalid' | 'output.unwritable' | 'output.disk-full'
 */
export async function repathJournal(
  resultsFolder: string,
  newPathOf: (path: string) => string,
): Promise<boolean> {
  const entries = await readJournal(resultsFolder)
  if (!entries) return false
  let hasChanged = false
  const moved = entries.map((entry): JournalEntry => {
    if (entry.type === 'batch') return entry
    const path = newPathOf(entry.source.path)
    if (path === entry.source.path) return entry
    hasChanged = true
    return { ...entry, source: { ...entry.source, path } }
  })
  if (hasChanged)
    await writeAtomic(
      join(resultsFolder, JOURNAL_FILE),
      moved.map((entry) => `${JSON.stringify(entry)}\n`),
    )
  return hasChanged
}
