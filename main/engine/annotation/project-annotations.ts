import { join } from 'node:path'
import type { AnnotationItem } from '../../../preload/contract/annotation'
import { throwIfAborted } from '../errors'
import { readClip } from './clip-file'
import type { AnnotationDocument } from './document'
import { ANNOTATIONS_FOLDER, annotatedClips } from './paths'
import { readStudy } from './study-file'
import type { StudyRecord } from './study-history'

export { annotatedClips } from './paths'

export interface ProjectAnnotations extends StudyRecord {
  /** By clip id. */
  readonly clips: ReadonlyMap<string, AnnotationDocument>
  /** What was repaired or is missing, for people. */
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
  const { study, history, notices: ofStudy } = await readStudy(folder, () => Promise.resolve(items))
  return { study, history, clips, notices: [...ofStudy, ...notices] }
}
