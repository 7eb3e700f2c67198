import { computed, type ComputedRef } from 'vue'
import type { DoneItem } from '../../../../preload/contract/annotation'
import { useAnnotationStore } from '../../../stores/annotation'
import { useStudyStore } from '../../../stores/study'
import { t } from '../../../strings'

/** Whether the observer has finished the clip, and how that is said. */
export function useDone(): {
  readonly item: ComputedRef<DoneItem | null>
  mark(): void
  reopen(): void
} {
  const annotations = useAnnotationStore()
  const studies = useStudyStore()
  const item = computed(
    () =>
      annotations.others.find(
        (known): known is DoneItem => known.kind === 'done' && known.observerId === studies.observerId,
      ) ?? null,
  )

  function mark(): void {
    const { observerId } = studies
    if (observerId === null || item.value) return
    const put: DoneItem = {
      id: crypto.randomUUID(),
      kind: 'done',
      observerId,
      editedAt: new Date().toISOString(),
    }
    annotations.apply({ changes: [{ put }], title: t('codingBar.doneTitle') })
  }

  function reopen(): void {
    if (item.value)
      annotations.apply({ changes: [{ remove: item.value.id }], title: t('codingBar.reopenTitle') })
  }

  return { item, mark, reopen }
}
