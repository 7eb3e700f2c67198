import type { ViewerClip } from '../../../preload/contract/viewer-port'
import { t } from '../../strings'

/** Models, versions and settings in one line, for figures. */
export function settingsText(clip: ViewerClip): string {
  const { face, speech } = clip.models
  return [
    `Unmask ${clip.appVersion}`,
    face && `${t('panel.modelFace')} ${face.id}`,
    speech && `${t('panel.modelSpeech')} ${speech.id}`,
    `${t('panel.fusionMethod')} ${clip.fusionMethod}`,
    `${t('panel.smoothing')} ${clip.smoothingMethod}`,
    clip.framesPerSec === 'all' ? null : t('panel.aSecond', { count: clip.framesPerSec }),
  ]
    .filter((part) => part !== null)
    .join('; ')
}
