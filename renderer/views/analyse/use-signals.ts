import { computed, type ComputedRef, onScopeDispose, watch } from 'vue'
import { useAnalysisStore } from '../../stores/analysis'
import { useToastStore } from '../../stores/toasts'
import { viewerLink } from '../../stores/viewer-link'
import type { SignalsProvider } from './timeline/timeline-model'

/** Pictures of the open clip's sound; reading it begins with the first results and ends when another clip is opened. */
export function useSignals(): ComputedRef<SignalsProvider | null> {
  const analysis = useAnalysisStore()
  const toasts = useToastStore()
  let cancel: AbortController | null = null
  /** Another one a clip, and after the viewer process was started again. */
  const sounding = computed(() => (analysis.opened?.clip.audio ? analysis.token : null))

  watch(
    () => analysis.opened,
    () => {
      cancel?.abort()
      const token = sounding.value
      if (token === null) return
      cancel = new AbortController()
      viewerLink()
        .request('prepareSignals', { token }, { signal: cancel.signal })
        .catch((error: unknown) => toasts.report(error))
    },
    { immediate: true },
  )
  onScopeDispose(() => cancel?.abort())

  return computed(() => {
    const token = sounding.value
    if (token === null) return null
    return (kind, fromSecs, toSecs, maxColumns) =>
      viewerLink().request('signals', { token, kind, fromSecs, toSecs, maxColumns })
  })
}
