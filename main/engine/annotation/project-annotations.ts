import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { AnnotationItem, Study } from '../../../preload/contract/annotation'
import { throwIfAborted } from '../errors'
import { ANNOTATIONS_FOLDER, JOURNAL_ENDING, readClip, SNAPSHOT_ENDING } from './clip-file'
import type { AnnotationDocument } from './document'
import { readStudy } from './study-file'

export interface ProjectAnnotations {
  readonly study: Study
  /** By clip id. */
  readonly clips: ReadonlyMap<string, AnnotationDocument>
  readonly notices: readonly string[]
}

/**
 * Everything that people said in a project, read from outside: nothing is changed or repaired, and a project that is open in
 * the window may be read all the same.
 * @param projectFolder the folder with unmask-project.json
 * @throws NewerVersionError, UnmaskError 'input.unreadable' | 'cancelled'
 */
export async function readProjectAnnotations(
  projectFolder: string,
  signal?: AbortSignal,
): Promise<ProjectAnnotations> {
  const folder = join(projectFolder, ANNOTATIONS_FOLDER)
  const notices: string[] = []
  const clips = new Map<string, AnnotationDocument>()
  for (const clipId of await annotatedClips(folder)) {
    throwIfAborted(signal)
    const read = await readClip(folder, clipId)
    notices.push(...read.notices)
    clips.set(clipId, read.document)
  }
  const items = [...clips.values()].flatMap((document): AnnotationItem[] => document.items)
  const study = await readStudy(folder, () => Promise.resolve(items))
  return { study: study.study, clips, notices: [...study.notices, ...notices] }
}

/** Ids of clips that have annotation files, sorted. */
export async function annotatedClips(folder: string): Promise<string[]> {
  let names: string[]
  try {
    names = await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  const ids = names.flatMap((name) => {
    const ending = [SNAPSHOT_ENDING, JOURNAL_ENDING].find((end) => name.endsWith(end))
    return ending ? [name.slice(0, -ending.length)] : []
  })
  return [...new Set(ids)].sort()
}
