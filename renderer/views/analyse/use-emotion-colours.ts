import { computed, type ComputedRef } from 'vue'
import { useSettingsStore } from '../../stores/settings'

/** `#rrggbb` of each emotion in canonical order, as the researcher has set them. */
export function useEmotionColours(): ComputedRef<readonly string[]> {
  const settings = useSettingsStore()
  return computed(() => settings.emotionColours)
}
