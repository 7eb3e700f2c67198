import type { ModelEntry } from '../../../preload/contract/models'
import type { LabellingSetting } from '../../../preload/contract/settings'

/** Whether clips are labelled with a model. */
export function isChosen(model: ModelEntry, { faceModel, speechModel }: LabellingSetting): boolean {
  if (model.task === 'fusion') return true
  const chosen = model.task === 'face-emotion' ? faceModel : speechModel
  return chosen === null ? model.isDefault : chosen === model.id
}
