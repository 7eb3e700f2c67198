import type { AnnotationChange, AnnotationItem } from '../../preload/contract/annotation'
import { ItemVersion } from './item-versions'

/** Items by id. Changes make a new one: whoever keeps the old one keeps what was. */
export type ItemMap = ReadonlyMap<string, AnnotationItem>

export function itemMap(items: readonly AnnotationItem[]): ItemMap {
  return new ItemVersion(new Map(items.map((item) => [item.id, item])))
}

/** @returns the items after the changes; removing what is not there does nothing */
export function applyChanges(items: ItemMap, changes: readonly AnnotationChange[]): ItemMap {
  const version = items instanceof ItemVersion ? items : new ItemVersion(new Map(items))
  return version.after(changes)
}

export const idOf = (change: AnnotationChange): string => ('put' in change ? change.put.id : change.remove)

/** One change an item, the last one of each: what the list comes to. */
export function compactChanges(changes: readonly AnnotationChange[]): AnnotationChange[] {
  return [...new Map(changes.map((change) => [idOf(change), change])).values()]
}

/** Changes that lead from what the changes make back to what is there now, one an item. */
export function inverseOf(items: ItemMap, changes: readonly AnnotationChange[]): AnnotationChange[] {
  return [...new Set(changes.map(idOf))].map((id) => {
    const before = items.get(id)
    return before ? { put: before } : { remove: id }
  })
}

/** Only the changes that change something; items are compared by what they say. */
export function effectiveChanges(items: ItemMap, changes: readonly AnnotationChange[]): AnnotationChange[] {
  return compactChanges(changes).filter((change) => {
    const before = items.get(idOf(change))
    if ('remove' in change) return before !== undefined
    return before === undefined || !isSameItem(before, change.put)
  })
}

/** Whether two items say the same, whenever that was said; the order of their fields does not matter. */
export function isSameItem(one: AnnotationItem, other: AnnotationItem): boolean {
  return one === other || isSame({ ...one, editedAt: '' }, { ...other, editedAt: '' })
}

function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  const [first, second] = [Object.entries(one), new Map(Object.entries(other))]
  return (
    first.length === second.size &&
    first.every(([key, value]) => second.has(key) && isSame(value, second.get(key)))
  )
}

/** Ids of items that are there in one map only, or say something else in the other. */
export function differingIds(one: ItemMap, other: ItemMap): Set<string> {
  const ids = new Set<string>()
  for (const [id, item] of one) {
    const match = other.get(id)
    if (!match || !isSameItem(item, match)) ids.add(id)
  }
  for (const id of other.keys()) if (!one.has(id)) ids.add(id)
  return ids
}
