import { EMOTION_SET } from '../../../../preload/contract/tier-rules'
import type { CodingScheme } from '../../../../preload/contract/annotation'
import { DEFAULT_EMOTION_COLOURS, EMOTIONS } from '../../../design/emotion-colours'
import { t } from '../../../strings'

export const PRESETS = ['emotions', 'affect', 'empty'] as const
export type PresetName = (typeof PRESETS)[number]

/** A scheme to begin with. Codes and ratings have ids of their own each time, except the emotions, which everybody has. */
export function presetScheme(name: PresetName): CodingScheme {
  const nothing = { name: t(`study.preset.${name}`), isLocked: false, codes: [], dimensions: [] }
  if (name === 'emotions')
    return {
      ...nothing,
      codes: EMOTIONS.map((emotion, index) => ({
        id: emotion,
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
          id: 'valence',
          name: 'valence',
          minimum: -1,
          maximum: 1,
          neutral: 0,
          lowLabel: t('study.preset.valence.low'),
          highLabel: t('study.preset.valence.high'),
          description: t('study.preset.valence.description'),
        },
        {
          id: 'arousal',
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
