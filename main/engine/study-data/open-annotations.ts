import { join } from 'node:path'
import type { AnnotationItem } from '../../../preload/contract/annotation'
import { ANNOTATIONS_FOLDER, readClip } from '../annotation/clip-file'
import { annotatedClips } from '../annotation/project-annotations'
import { readStudy, withPlaceholders } from '../annotation/study-file'
import { throwIfAborted } from '../errors'
import type { AnnotationSource } from './annotation-source'

/**
 * The annotations of a project's folder, from outside: nothing is changed or locked.
 * @throws NewerVersionError, UnmaskError 'input.unreadable' | 'cancelled'
 */
export async function openAnnotationSource(
  projectFolder: string,
  signal?: AbortSignal,
): Promise<AnnotationSource> {
  const folder = join(projectFolder, ANNOTATIONS_FOLDER)
  const clipIds = await annotatedClips(folder)
  const allItems = async (): Promise<AnnotationItem[]> => {
    const items: AnnotationItem[] = []
    for (const clipId of clipIds) {
      throwIfAborted(signal)
      items.push(...(await readClip(folder, clipId)).document.items)
    }
    return items
  }
  const { study, notices } = await readStudy(folder, allItems)
  const known = new Set(clipIds)
  return {
    study,
    notices,
    read: async (clipId) => {
      if (!known.has(clipId)) return null
      const { document, notices: own } = await readClip(folder, clipId)
      if (document.items.length === 0 && own.length === 0) return null
      return { study: withPlaceholders(study, document.items), items: document.items, notices: own }
    },
  }
}
