import { computed, type Ref } from 'vue'
import { NO_BARS } from '../../plots/lanes/lane-index'
import { useAnnotationStore } from '../../stores/annotation'
import type { AnnotationLanes } from '../analyse/timeline/lanes/annotation-lanes-model'
import { useImportedTracks } from './use-imported-tracks'

/** What people coded of the open clip, and behind it what other programs read in it. */
export function useLanesWithReadings(
  lanes: Readonly<Ref<AnnotationLanes | null>>,
): Readonly<Ref<AnnotationLanes | null>> {
  const annotation = useAnnotationStore()
  const makers = useImportedTracks(() => annotation.token)
  return computed(() => {
    const own = lanes.value
    const made = makers.value
    if (made.length === 0) return own
    return {
      tracks: (theme, series, choice) => [
        ...(own?.tracks(theme, series, choice) ?? []),
        ...made.flatMap((make) => make(theme)),
      ],
      excluded: () => own?.excluded() ?? NO_BARS,
    }
  })
}
