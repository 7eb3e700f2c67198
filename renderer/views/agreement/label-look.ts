import { computed, type ComputedRef } from 'vue'
import { EMOTIONS } from '../../design/emotion-colours'
import { useSettingsStore } from '../../stores/settings'
import { useStudyStore } from '../../stores/study'
import { t } from '../../strings'
import { NO_LABEL } from './rater-name'

export interface LabelLook {
  /** `#rrggbb` of a label: that of its code, else the emotion's; grey for none. */
  colour(label: string): string
  name(label: string): string
}

const NO_COLOUR = '#8b94a3'
/** For labels that no scheme knows, such as those of files from elsewhere. */
const SPARE = ['#7a6ff0', '#c2557a', '#4d8f8b', '#a8833a', '#5b7fb0', '#8a5fa8', '#6f8f3f']

const isEmotion = (label: string): label is (typeof EMOTIONS)[number] =>
  (EMOTIONS as readonly string[]).includes(label)

/** How labels look and are called, the same in every chart, table and strip. */
export function useLabelLook(noLabelText = () => t('agreement.label.none')): ComputedRef<LabelLook> {
  const study = useStudyStore()
  const settings = useSettingsStore()
  return computed(() => {
    const codes = new Map((study.study?.scheme.codes ?? []).map((code) => [code.name, code.colour]))
    const spare = new Map<string, string>()
    const colourOf = (label: string): string => {
      if (label === NO_LABEL) return NO_COLOUR
      if (isEmotion(label)) return settings.emotionColours[EMOTIONS.indexOf(label)] ?? NO_COLOUR
      const own = codes.get(label) ?? spare.get(label)
      if (own !== undefined) return own
      const next = SPARE[spare.size % SPARE.length] ?? NO_COLOUR
      spare.set(label, next)
      return next
    }
    return {
      colour: colourOf,
      name: (label) =>
        label === NO_LABEL ? noLabelText() : isEmotion(label) ? t(`emotion.${label}`) : label,
    }
  })
}
