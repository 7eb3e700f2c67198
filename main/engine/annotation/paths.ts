import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

export const ANNOTATIONS_FOLDER = 'annotations'
export const BACKUPS_FOLDER = 'backups'
export const STUDY_FILE = 'study.json'
/** Long enough that a clip called "study" has another file than the study. */
export const SNAPSHOT_ENDING = '.annotations.json'
export const JOURNAL_ENDING = '.journal.jsonl'
const STUDY_BACKUP_ENDING = '.study.json'

/** @param folder the project's annotations folder */
export const snapshotPath = (folder: string, clipId: string): string =>
  join(folder, `${clipId}${SNAPSHOT_ENDING}`)
export const journalPath = (folder: string, clipId: string): string =>
  join(folder, `${clipId}${JOURNAL_ENDING}`)
export const studyPath = (folder: string): string => join(folder, STUDY_FILE)

/** What a backup is of: a clip's annotations, or the study. */
export type BackupOf = { readonly clipId: string } | 'study'

const STAMP = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z$/

export const stampOf = (ms: number): string => new Date(ms).toISOString().replace(/[:.]/g, '-')

export function msOfStamp(stamp: string): number {
  return Date.parse(stamp.replace(/T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z$/, 'T$1:$2:$3.$4Z'))
}

/** @param ms when it is made, in milliseconds since 1970 */
export function backupPath(folder: string, of: BackupOf, ms: number): string {
  const name =
    of === 'study' ? `${stampOf(ms)}${STUDY_BACKUP_ENDING}` : `${of.clipId}.${stampOf(ms)}${SNAPSHOT_ENDING}`
  return join(folder, BACKUPS_FOLDER, name)
}

export interface Backup {
  readonly name: string
  readonly stamp: string
}

/** Backups of one thing, the newest first. @throws the error of the file system */
export async function listBackups(folder: string, of: BackupOf): Promise<Backup[]> {
  const names = await namesIn(join(folder, BACKUPS_FOLDER))
  const start = of === 'study' ? '' : `${of.clipId}.`
  const end = of === 'study' ? STUDY_BACKUP_ENDING : SNAPSHOT_ENDING
  return names
    .filter((name) => name.startsWith(start) && name.endsWith(end))
    .map((name) => ({ name, stamp: name.slice(start.length, name.length - end.length) }))
    .filter(({ stamp }) => STAMP.test(stamp))
    .sort((a, b) => (a.stamp < b.stamp ? 1 : -1))
}

/** Names in a folder; none where it is not there. @throws the error of the file system */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** Ids of clips that have annotation files, sorted. @param folder the project's annotations folder */
export async function annotatedClips(folder: string): Promise<string[]> {
  const ids = (await namesIn(folder)).flatMap((name) => {
    const ending = [SNAPSHOT_ENDING, JOURNAL_ENDING].find((end) => name.endsWith(end))
    return ending && name.length > ending.length ? [name.slice(0, -ending.length)] : []
  })
  return [...new Set(ids)].sort()
}
