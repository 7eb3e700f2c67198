import { computed, type ComputedRef } from 'vue'
import { DEFAULT_EMOTION_COLOURS, EMOTIONS } from '../../design/emotion-colours'

/** `#rrggbb` of each emotion in canonical order. */
export function useEmotionColours(): ComputedRef<readonly string[]> {
  return computed(() => EMOTIONS.map((emotion) => DEFAULT_EMOTION_COLOURS[emotion]))
}
