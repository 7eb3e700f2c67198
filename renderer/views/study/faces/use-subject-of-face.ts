import { computed, type ComputedRef } from 'vue'
import type { TrackItem } from '../../../../preload/contract/annotation'
import { subjectOfFace } from '../../../../preload/contract/tier-rules'
import { useAnnotationStore } from '../../../stores/annotation'
import { useStudyStore } from '../../../stores/study'

export interface SubjectOfFace {
  /** What people said of the open clip's faces. */
  readonly tracks: ComputedRef<readonly TrackItem[]>
  /** Id of the subject that a face is at an instant; '' where nobody said. */
  subjectOf(faceId: number, atSecs: number): string
  /** Their name; '' where nobody said, or the subject is gone. */
  nameOf(faceId: number, atSecs: number): string
}

/** Who the faces of the open clip are, by tier-rules.subjectOfFace. Both functions are reactive where they are called. */
export function useSubjectOfFace(): SubjectOfFace {
  const annotation = useAnnotationStore()
  const study = useStudyStore()
  const tracks = computed(() => annotation.tracks)
  const names = computed(() => new Map(study.study?.subjects.map(({ id, name }) => [id, name]) ?? []))
  const subjectOf = (faceId: number, atSecs: number) =>
    tracks.value.length === 0 ? '' : subjectOfFace(tracks.value, faceId, atSecs)
  return { tracks, subjectOf, nameOf: (faceId, atSecs) => names.value.get(subjectOf(faceId, atSecs)) ?? '' }
}
