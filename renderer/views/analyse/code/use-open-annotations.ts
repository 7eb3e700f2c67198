import { onScopeDispose, watch } from 'vue'
import { useAnnotationStore } from '../../../stores/annotation'
import { useNavigationStore } from '../../../stores/navigation'
import { useStudyStore } from '../../../stores/study'

/** Keeps the annotations of the clip in Analyse open; another view leaves them as they are, leaving the clip closes them. */
export function useOpenAnnotations(token: () => string): void {
  const annotations = useAnnotationStore()
  const navigation = useNavigationStore()
  const studies = useStudyStore()
  if (!studies.isLoaded) void studies.load()
  watch(token, (now) => void annotations.open(now), { immediate: true })
  onScopeDispose(() => {
    if (navigation.clipToken === null) annotations.close()
  })
}
