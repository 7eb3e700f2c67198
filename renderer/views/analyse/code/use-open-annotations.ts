import { onScopeDispose, watch } from 'vue'
import { useAnalysisStore } from '../../../stores/analysis'
import { useAnnotationStore } from '../../../stores/annotation'
import { useNavigationStore } from '../../../stores/navigation'
import { useStudyStore } from '../../../stores/study'

/** Keeps the annotations of the clip in Analyse open; another view leaves them as they are, leaving the clip closes them. */
export function useOpenAnnotations(token: () => string): void {
  const analysis = useAnalysisStore()
  const annotations = useAnnotationStore()
  const navigation = useNavigationStore()
  const studies = useStudyStore()
  if (!studies.isLoaded) void studies.load()
  watch(token, (now) => void annotations.open(now), { immediate: true })
  // What was hidden is read from the files now, or what is hidden now is forgotten.
  watch(
    () => [annotations.token, annotations.phase, annotations.isBlind] as const,
    ([openToken, phase, isBlind], [tokenBefore, phaseBefore, wasBlind]) => {
      const wasOpen = openToken === tokenBefore && phase === 'ready' && phaseBefore === 'ready'
      if (
        wasOpen &&
        openToken !== null &&
        isBlind !== wasBlind &&
        analysis.token === openToken &&
        analysis.phase !== 'absent'
      )
        void analysis.open(openToken)
    },
  )
  onScopeDispose(() => {
    if (navigation.clipToken === null) annotations.close()
  })
}
