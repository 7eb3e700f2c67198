import type { AnnotationEdit, AnnotationItem, Study } from '../../../preload/contract/annotation'

/** What imports and exports need of the open project's annotations. */
export interface AnnotationsPort {
  /** @throws UnmaskError 'usage.invalid' while no project is open */
  study(): Promise<Study>
  /** Who codes in this window; null: nobody. */
  observerId(): string | null
  /** The observer may see nothing of others in this clip. */
  isBlind(token: string): Promise<boolean>
  /** What the observer may see of a clip. */
  items(token: string): Promise<readonly AnnotationItem[]>
  changeStudy(study: Study): Promise<void>
  /** An edit that may hold items of several observers. @throws UnmaskError; then nothing of it took effect */
  edit(token: string, edit: AnnotationEdit): Promise<void>
}
