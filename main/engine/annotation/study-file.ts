import type { AnnotationItem, Study } from '../../../preload/contract/annotation'
import { join } from 'node:path'
import { writeAtomic } from '../export/atomic-file'
import type { Versions } from '../project/migrations'
import { BackupPlan } from './backups'
import { setAside } from './clip-file'
import { defaultStudy } from './default-study'
import { BACKUPS_FOLDER, listBackups, studyPath } from './paths'
import { fillStudy } from './placeholders'
import { readTextIfThere } from './read-text'
import { NO_HISTORY, type StudyHistory, type StudyRecord } from './study-history'
import { parseStudy, STUDY_VERSIONS, studyText } from './study-text'

export { STUDY_FILE } from './paths'
export { fillStudy, withPlaceholders } from './placeholders'

/** Of a damaged file the history is empty: what stands in for its entries is of another time. */
export interface ReadStudy extends StudyRecord {
  /** What was repaired or is missing, for people. */
  readonly notices: readonly string[]
  /** The file could not be read whole: it is to be set aside before another is written. */
  readonly isDamaged: boolean
  readonly isThere: boolean
  /** The file holds less than this: it should be written anew. */
  readonly isStale: boolean
}

/**
 * Reads the study of a project, as far as it can be read, changing nothing. What a damaged file lacks comes from its newest
 * backup; codes, observers and the like that items use and nothing knows are added by their ids, so that no annotation is lost
 * with its words.
 * @param folder the project's annotations folder
 * @param items of all clips; asked for only where the file is damaged or missing. What single clips use beside a study that is
 * whole is `fillStudy`'s to find
 * @throws NewerVersionError, UnmaskError 'input.unreadable'
 */
export async function readStudy(
  folder: string,
  items: () => Promise<Iterable<AnnotationItem>>,
  versions: Versions = STUDY_VERSIONS,
): Promise<ReadStudy> {
  const path = studyPath(folder)
  const text = await readTextIfThere(path)
  const parsed = text === null ? null : parseStudy(text, path, versions)
  const isWhole = parsed !== null && parsed.damage === null
  const used = isWhole ? [] : [...(await items())]
  const notices: string[] = []
  let study = parsed?.study ?? defaultStudy()
  const isMissing = parsed === null && used.length > 0
  if (parsed?.damage != null || isMissing) {
    const backup = await newestBackup(folder, versions)
    const words = isMissing
      ? 'is missing'
      : `is damaged (${parsed?.damage ?? ''}); what could be read of it is used`
    if (backup) {
      study = isMissing ? backup.study : united(study, backup.study)
      notices.push(
        `The study file ${words}; the backup of ${backup.stamp} stands in for ${isMissing ? 'it' : 'the rest'}`,
      )
    } else notices.push(`The study file ${words}; there is no backup`)
    if (!backup && study.scheme.codes.length === 0) study = { ...study, scheme: defaultStudy().scheme }
  }
  const filled = fillStudy(study, used)
  if (filled.added.length > 0)
    notices.push(
      `The study does not know what clips use; this has its id for a name now, and can be renamed: ${filled.added.join(', ')}`,
    )
  const isDamaged = parsed?.damage != null
  return {
    study: filled.study,
    history: parsed?.history ?? NO_HISTORY,
    notices,
    isDamaged,
    isThere: parsed !== null,
    isStale: isDamaged || isMissing || filled.added.length > 0,
  }
}

/** @throws UnmaskError 'output.disk-full' | 'output.unwritable' */
export async function writeStudy(
  folder: string,
  study: Study,
  history: StudyHistory = NO_HISTORY,
): Promise<void> {
  await writeAtomic(studyPath(folder), [studyText(study, history)])
}

/** Copies of the study in the course of time, as of clips. @param now milliseconds since 1970 */
export function studyBackups(folder: string, now: () => number): BackupPlan {
  return new BackupPlan(folder, 'study', now)
}

export { studyText }

/** Keeps a damaged study under another name. @returns its new path @throws UnmaskError 'output.*' */
export async function setStudyAside(folder: string, nowMs: number): Promise<string> {
  return setAside(studyPath(folder), nowMs)
}

async function newestBackup(
  folder: string,
  versions: Versions,
): Promise<{ readonly study: Study; readonly stamp: string } | null> {
  for (const { name, stamp } of await listBackups(folder, 'study')) {
    const path = join(folder, BACKUPS_FOLDER, name)
    const text = await readTextIfThere(path)
    const parsed = text === null ? null : parseStudy(text, path, versions)
    if (parsed?.damage === null) return { study: parsed.study, stamp }
  }
  return null
}

/** The first study with what only the second one has. Of two entries of one name, or codes of one key, the first keeps it. */
function united(study: Study, more: Study): Study {
  const { scheme } = study
  const keys = new Set(scheme.codes.map(({ key }) => key))
  const codes = onlyIn(more.scheme.codes, scheme.codes)
  return {
    scheme: {
      name: scheme.name || more.scheme.name,
      isLocked: scheme.isLocked || more.scheme.isLocked,
      codes: [...scheme.codes, ...codes.map((code) => (keys.has(code.key) ? { ...code, key: null } : code))],
      dimensions: [...scheme.dimensions, ...onlyIn(more.scheme.dimensions, scheme.dimensions)],
    },
    observers: [...study.observers, ...onlyIn(more.observers, study.observers)],
    subjects: [...study.subjects, ...onlyIn(more.subjects, study.subjects)],
    variables: [...study.variables, ...onlyIn(more.variables, study.variables)],
  }
}

function onlyIn<T extends { readonly id: string; readonly name: string }>(
  more: readonly T[],
  known: readonly T[],
): T[] {
  const ids = new Set(known.map(({ id }) => id))
  const names = new Set(known.map(({ name }) => name))
  return more.filter(({ id, name }) => !ids.has(id) && !names.has(name))
}
