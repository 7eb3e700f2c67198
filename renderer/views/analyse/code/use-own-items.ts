import { computed, type ComputedRef } from 'vue'
import type { AnnotationItem } from '../../../../preload/contract/annotation'
import type { OtherItem } from '../../../annotate/other-items'
import { useAnnotationStore } from '../../../stores/annotation'
import { useStudyStore } from '../../../stores/study'

export type ItemOf<K extends OtherItem['kind']> = Extract<OtherItem, { kind: K }>

/** Items without what every change fills in by itself. */
export type Draft<K extends OtherItem['kind']> = K extends OtherItem['kind']
  ? Omit<ItemOf<K>, 'id' | 'observerId' | 'editedAt' | 'kind'>
  : never

/** Adding, changing and removing items of one kind in the observer's own name. */
export function useOwnItems<K extends OtherItem['kind']>(
  kind: K,
): {
  /** Of everybody, as far as the observer may see them. */
  readonly all: ComputedRef<readonly ItemOf<K>[]>
  /** Nobody codes, or nothing can be written. */
  readonly isFixed: ComputedRef<boolean>
  isOwn(item: ItemOf<K>): boolean
  add(draft: Draft<K>, title: string): void
  change(item: ItemOf<K>, parts: Partial<Draft<K>>, title: string): void
  remove(item: ItemOf<K>, title: string): void
} {
  const annotations = useAnnotationStore()
  const studies = useStudyStore()
  const all = computed(() => annotations.others.filter((item): item is ItemOf<K> => item.kind === kind))
  const isFixed = computed(() => studies.observerId === null || studies.isReadOnly)

  function put(item: AnnotationItem, title: string): void {
    annotations.apply({ changes: [{ put: item }], title })
  }

  return {
    all,
    isFixed,
    isOwn: (item) => item.observerId === studies.observerId,
    add: (draft, title) => {
      const { observerId } = studies
      if (observerId === null) return
      const base = { id: crypto.randomUUID(), kind, observerId, editedAt: new Date().toISOString() }
      put({ ...base, ...draft } as unknown as AnnotationItem, title)
    },
    change: (item, parts, title) =>
      put({ ...item, ...parts, editedAt: new Date().toISOString() } as AnnotationItem, title),
    remove: (item, title) => annotations.apply({ changes: [{ remove: item.id }], title }),
  }
}
