import type { ClipAnnotation } from '../export/annotated/clip-annotation'

/** The annotations of a project's clips. */
export interface AnnotationSource {
  /** What was repaired or is missing, for people. */
  readonly notices: readonly string[]
  /** Null: nobody has said anything of this clip. */
  read(clipId: string): ClipAnnotation | null
}
