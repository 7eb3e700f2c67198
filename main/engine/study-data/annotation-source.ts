import type { Study } from '../../../preload/contract/annotation'
import type { ClipAnnotation } from '../export/annotated/clip-annotation'

/** The annotations of a project's clips, each read when it is asked for. */
export interface AnnotationSource {
  readonly study: Study
  /** What was repaired or is missing in what all clips share, for people. */
  readonly notices: readonly string[]
  /** Null: nobody has said anything of this clip. @throws UnmaskError naming the file */
  read(clipId: string): Promise<ReadAnnotation | null>
}

export interface ReadAnnotation extends ClipAnnotation {
  /** What was repaired or is missing, for people. */
  readonly notices: readonly string[]
}
