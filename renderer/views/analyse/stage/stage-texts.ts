import type { RowQuality } from '../../../../preload/contract/viewer-port'
import { EMOTIONS } from '../../../design/emotion-colours'
import { type StringKey, t } from '../../../strings'
import { percentText } from '../time/time-text'
import type { OverlayTexts } from './overlay-draw'
import type { FrameReading, RowReading } from './overlay-model'

export function emotionText(emotion: number): string {
  const name = EMOTIONS[emotion]
  return name ? t(`emotion.${name}`) : t('common.none')
}

export function qualityText(quality: RowQuality): string {
  return t(`analyse.quality.${quality}` satisfies StringKey)
}

/**
 * The words of the overlay.
 * @param nameOf gives a person's name for a face, or ''
 * @param isBlind nothing but names and what the picture itself lacks is said
 */
export function overlayTexts(
  nameOf: (faceId: number) => string,
  isBlind: () => boolean = () => false,
): OverlayTexts {
  return {
    faceLabel: (reading) => {
      if (isBlind()) return nameOf(reading.faceId)
      const name = nameOf(reading.faceId) || t('analyse.stage.face', { id: String(reading.faceId) })
      return `${name} · ${readingText(reading)}`
    },
    reasonLabel: (reading) =>
      isBlind() ? (reading.reason === null ? '' : qualityText(reading.reason)) : reasonText(reading),
  }
}

function readingText(reading: RowReading): string {
  if (reading.emotion < 0)
    return reading.quality === 'ok' ? t('analyse.stage.noReading') : qualityText(reading.quality)
  return `${emotionText(reading.emotion)} ${percentText(reading.confidence)}`
}

function reasonText({ reason, rows }: FrameReading): string {
  if (reason === null) return ''
  const voice = rows.find(({ emotion }) => emotion >= 0)
  if (!voice) return qualityText(reason)
  const heard = `${emotionText(voice.emotion)} ${percentText(voice.confidence)}`
  return reason === 'ok' ? heard : `${qualityText(reason)} · ${t('analyse.stage.voice', { reading: heard })}`
}
