import type { AnnotationEdit, AnnotationItem, Study } from '../../../preload/contract/annotation'
import type { AnnotationService } from '../annotation/annotation-service'

/** What imports and exports need of the open project's annotations. */
export interface AnnotationsPort {
  /** @throws UnmaskError 'usage.invalid' while no project is open */
  study(): Study
  /** Who codes in this window; null: nobody. */
  observerId(): string | null
  /** The observer may see nothing of others in this clip. */
  isBlind(token: string): boolean
  /** What the observer may see of a clip. */
  items(token: string): Promise<readonly AnnotationItem[]>
  changeStudy(study: Study): Promise<void>
  /**
   * @param isOwn all of it is the observer's: then nothing of others may be touched, even by an id that happens to be theirs
   * @throws UnmaskError; then nothing of it took effect
   */
  edit(token: string, edit: AnnotationEdit, isOwn: boolean): Promise<void>
}

export function annotationsPort(service: AnnotationService): AnnotationsPort {
  return {
    study: () => service.open.study,
    observerId: () => service.open.observerId,
    isBlind: (token) => service.isBlind(token),
    items: async (token) => (await service.open.visible(service.clipIdOf(token))).items,
    changeStudy: (study) => service.open.changeStudy(study),
    edit: (token, edit, isOwn) => {
      const clipId = service.clipIdOf(token)
      return isOwn ? service.open.edit(clipId, edit) : service.open.editForAll(clipId, edit)
    },
  }
}
