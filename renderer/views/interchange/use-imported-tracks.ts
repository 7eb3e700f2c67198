import { type MaybeRefOrGetter, onScopeDispose, type ShallowRef, shallowRef, toValue, watch } from 'vue'
import { bridge, unwrap } from '../../bridge/bridge'
import type { PlotTheme } from '../../plots/theme'
import type { Track } from '../../plots/tracks/track'
import { useToastStore } from '../../stores/toasts'
import { importedTracks } from './imported-tracks'

/** Makes the tracks of one table for a theme. */
export type TrackMaker = (theme: PlotTheme) => readonly Track[]

/**
 * Readings of other programs that are shown with a clip, for the timeline to append. While the observer is blind to the clip main
 * gives none.
 */
export function useImportedTracks(
  token: MaybeRefOrGetter<string | null>,
): Readonly<ShallowRef<readonly TrackMaker[]>> {
  const makers = shallowRef<readonly TrackMaker[]>([])
  const toasts = useToastStore()
  /** Tables that were read, so that hiding one does not read the others again. */
  let read = new Map<string, TrackMaker>()
  let asked = 0

  async function load(): Promise<void> {
    const now = ++asked
    const clip = toValue(token)
    if (clip === null) {
      makers.value = []
      return
    }
    try {
      const facts = unwrap(await bridge().listForeignTracks({ token: clip }))
      const next = new Map<string, TrackMaker>()
      for (const { id, isShown } of facts) {
        if (!isShown) continue
        const known = read.get(id)
        next.set(id, known ?? importedTracks(unwrap(await bridge().openForeignTrack({ token: clip, id }))))
        if (now !== asked) return
      }
      if (now !== asked) return
      read = next
      makers.value = [...next.values()]
    } catch (error) {
      if (now === asked) toasts.report(error)
    }
  }

  watch(
    () => toValue(token),
    () => {
      read = new Map()
      makers.value = []
      void load()
    },
    { immediate: true },
  )
  const stops = [
    bridge().on('foreignTracksChanged', ({ token: changed }) => {
      if (changed === toValue(token)) void load()
    }),
    // Blindness begins and ends with who codes and with "done".
    bridge().on('annotationsChanged', ({ token: changed }) => {
      if (changed === toValue(token)) void load()
    }),
    bridge().on('studyChanged', () => void load()),
  ]
  onScopeDispose(() => {
    asked++
    stops.forEach((stop) => stop())
  })
  return makers
}
