import type { AnnotationSource } from './annotation-source'

/** The annotations of a project's folder; null: it has none. @throws UnmaskError where the study file cannot be read */
export async function openAnnotationSource(_projectFolder: string): Promise<AnnotationSource | null> {
  return null
}
