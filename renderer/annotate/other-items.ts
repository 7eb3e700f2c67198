import type { AnnotationChange, AnnotationItem, SegmentItem } from '../../preload/contract/annotation'
import { idOf, type ItemMap } from './item-document'

export type OtherItem = Exclude<AnnotationItem, SegmentItem>

const isOther = (item: AnnotationItem | undefined): item is OtherItem =>
  item !== undefined && item.kind !== 'segment'

/** Everything but segments. */
export function otherItems(items: ItemMap): OtherItem[] {
  return [...items.values()].filter(isOther)
}

/**
 * The same after changes, without going through the segments; the same list where none of it is touched.
 * @param before the items before the changes
 */
export function changeOthers(
  others: readonly OtherItem[],
  before: ItemMap,
  changes: readonly AnnotationChange[],
): readonly OtherItem[] {
  const touched = changes.filter(
    (change) => isOther(before.get(idOf(change))) || ('put' in change && isOther(change.put)),
  )
  if (touched.length === 0) return others
  const byId = new Map(others.map((item) => [item.id, item]))
  for (const change of touched) {
    if ('put' in change && isOther(change.put)) byId.set(change.put.id, change.put)
    else byId.delete(idOf(change))
  }
  return [...byId.values()]
}
