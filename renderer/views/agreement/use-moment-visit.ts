import { defineStore } from 'pinia'
import { watch } from 'vue'
import { useNavigationStore } from '../../stores/navigation'
import { useTransportStore } from '../../stores/transport'

export interface Visit {
  readonly token: string
  readonly startSecs: number
  readonly endSecs: number
}

/** A point is shown with what surrounds it. */
const AROUND_POINT_SECS = 1

/**
 * Opens a clip in Analyse at a moment, looped. The clip's frames are known only some time after the view was left, so this
 * outlives it; whoever opens another clip meanwhile is not called back.
 */
export const useMomentVisits = defineStore('moment-visits', () => {
  const navigation = useNavigationStore()
  const transport = useTransportStore()
  let stop: (() => void) | null = null

  function visit({ token, startSecs, endSecs }: Visit): void {
    stop?.()
    const before = transport.steps
    navigation.analyse(token)
    const place = (): void => {
      const isPoint = endSecs <= startSecs
      transport.pause()
      transport.setLoop(
        isPoint
          ? { fromSecs: Math.max(0, startSecs - AROUND_POINT_SECS), toSecs: startSecs + AROUND_POINT_SECS }
          : { fromSecs: startSecs, toSecs: endSecs },
      )
      transport.goToSecs(startSecs)
    }
    // The view gives the playhead its steps anew when it appears, also of the clip that was open before.
    stop = watch(
      () => [transport.steps, navigation.clipToken] as const,
      ([steps, open]) => {
        if (open !== token) return end()
        if (steps === before || steps.timesSecs.length === 0) return
        end()
        place()
      },
      { flush: 'post' },
    )
  }

  function end(): void {
    stop?.()
    stop = null
  }

  return { visit }
})
