import { EMOTION_SET } from '../../../../preload/contract/tier-rules'
import type { CodingScheme } from '../../../../preload/contract/annotation'
import { DEFAULT_EMOTION_COLOURS, type Emotion, EMOTIONS } from '../../../design/emotion-colours'
import { t } from '../../../strings'

export const PRESETS = ['emotions', 'affect', 'empty'] as const
export type PresetName = (typeof PRESETS)[number]

/** Ids of presets are the same in every project, so that copies and merged projects mean the same. */
export const emotionCodeId = (emotion: Emotion): string => `emotion-${emotion}`

/** A scheme to begin with. */
export function presetScheme(name: PresetName): CodingScheme {
  const nothing = { name: t(`study.preset.${name}`), isLocked: false, codes: [], dimensions: [] }
  if (name === 'emotions')
    return {
      ...nothing,
      codes: EMOTIONS.map((emotion, index) => ({
        id: emotionCodeId(emotion),
        kind: 'state',
        set: EMOTION_SET,
        name: emotion,
        key: String(index + 1),
        colour: DEFAULT_EMOTION_COLOURS[emotion],
        description: '',
      })),
    }
  if (name === 'affect')
    return {
      ...nothing,
      dimensions: [
        {
          id: 'rating-valence',
          name: 'valence',
          minimum: -1,
          maximum: 1,
          neutral: 0,
          lowLabel: t('study.preset.valence.low'),
          highLabel: t('study.preset.valence.high'),
          description: t('study.preset.valence.description'),
        },
        {
          id: 'rating-arousal',
          name: 'arousal',
          minimum: -1,
          maximum: 1,
          neutral: 0,
          lowLabel: t('study.preset.arousal.low'),
          highLabel: t('study.preset.arousal.high'),
          description: t('study.preset.arousal.description'),
        },
      ],
    }
  return nothing
}
