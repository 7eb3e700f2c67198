import type { ClipAnnotation } from '../export/annotated/clip-annotation'

/** Where the annotations of a project's clips come from. */
export interface AnnotationSource {
  /** @returns null: nobody has said anything of this clip @throws UnmaskError naming the file */
  read(clipId: string): Promise<ReadAnnotation | null>
}

export interface ReadAnnotation extends ClipAnnotation {
  /** What was repaired or is missing, for people. */
  readonly notices: readonly string[]
}
