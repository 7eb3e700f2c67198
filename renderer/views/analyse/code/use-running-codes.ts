import { computed, type ComputedRef } from 'vue'
import type { Code } from '../../../../preload/contract/annotation'
import { useAnnotationStore } from '../../../stores/annotation'
import { useStudyStore } from '../../../stores/study'
import { useTransportStore } from '../../../stores/transport'
import { lengthText } from '../time/time-text'

/** A growing time, short enough to stand on a button: tenths of a second, minutes where there are some. */
export function runningText(secs: number): string {
  return secs < 60 ? `${secs.toFixed(1)} s` : lengthText(secs)
}

export interface RunningCode {
  readonly code: Code
  /** For how long it has been running at the playhead. */
  readonly secs: number
}

/** What runs just now, by the scheme's order. */
export function useRunningCodes(): ComputedRef<readonly RunningCode[]> {
  const annotations = useAnnotationStore()
  const studies = useStudyStore()
  const transport = useTransportStore()
  return computed(() =>
    annotations.running.flatMap(({ codeId, startSecs }) => {
      const code = studies.codeById.get(codeId)
      return code ? [{ code, secs: Math.max(0, transport.timeSecs - startSecs) }] : []
    }),
  )
}
