import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BACKUPS_FOLDER, backupPath, studyPath } from '../annotation/paths'
import type { StoredChange } from '../annotation/document'
import type { StudyRecord } from '../annotation/study-history'
import { outputError } from '../export/atomic-file'
import { makeFolder } from '../export/make-folder'
import type { SettledMerge } from './plan-merge'

/** Where a merge is written: an open project, in the window or of the command. */
export interface MergeTarget {
  /** The project's annotations folder. */
  readonly folder: string
  adoptStudy(record: StudyRecord): Promise<void>
  /** Keeps a copy of a clip's annotations as they are. */
  backUp(clipId: string): Promise<void>
  adopt(clipId: string, changes: readonly StoredChange[], title: string): Promise<void>
}

/**
 * Writes a merge: a backup of everything that it touches, then the study, then a journalled edit a clip. One that is cut short has
 * merged some clips; merging again goes on with the others.
 * @throws UnmaskError 'output.disk-full' | 'output.unwritable'
 */
export async function applyMerge(
  { study, clips }: SettledMerge,
  target: MergeTarget,
  title: string,
): Promise<void> {
  if (study) await backUpStudy(target.folder)
  for (const { clipId } of clips) await target.backUp(clipId)
  if (study) await target.adoptStudy(study)
  for (const { clipId, changes } of clips) await target.adopt(clipId, changes, title)
}

async function backUpStudy(folder: string): Promise<void> {
  const kept = backupPath(folder, 'study', Date.now())
  try {
    await makeFolder(join(folder, BACKUPS_FOLDER))
    await copyFile(studyPath(folder), kept)
  } catch (error) {
    // A project in which nobody has coded yet has no study on the disk.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw outputError(error, kept)
  }
}
