import { readProjectAnnotations } from '../annotation/project-annotations'
import type { AnnotationSource } from './annotation-source'

/** The annotations of a project's folder, read once from outside. @throws as readProjectAnnotations */
export async function openAnnotationSource(
  projectFolder: string,
  signal?: AbortSignal,
): Promise<AnnotationSource> {
  const { study, clips, notices } = await readProjectAnnotations(projectFolder, signal)
  return {
    notices,
    read: (clipId) => {
      const items = clips.get(clipId)?.items ?? []
      return items.length > 0 ? { study, items } : null
    },
  }
}
