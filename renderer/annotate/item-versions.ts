import type { AnnotationChange, AnnotationItem } from '../../preload/contract/annotation'

type Items = Map<string, AnnotationItem>
/** What stood at the ids that the next version changed; undefined: nothing. */
type Was = ReadonlyMap<string, AnnotationItem | undefined>

/**
 * Items by id, one of the versions that edits lead through. No version changes to who reads it, and yet an edit of fifty thousand items copies
 * none of them: the newest version holds the items, an older one only what the next one changed (H. G. Baker, "Shallow binding makes functional
 * arrays fast", 1991). The newest is as quick as a Map; an older one asks the versions between, and makes itself a copy when all of it is read.
 *
 * Whoever goes through the newest version must not edit before the end: the items then under the hand are the next version's.
 */
export class ItemVersion implements ReadonlyMap<string, AnnotationItem> {
  readonly size: number
  /** Null: a newer version has them. */
  #items: Items | null
  #next: ItemVersion | null = null
  #was: Was | null = null

  /** @param items belong to the version from here on */
  constructor(items: Items) {
    this.#items = items
    this.size = items.size
  }

  /** @returns the version after changes; removing what is not there does nothing */
  after(changes: readonly AnnotationChange[]): ItemVersion {
    const items = this.#own()
    const was = new Map<string, AnnotationItem | undefined>()
    for (const change of changes) {
      const id = 'put' in change ? change.put.id : change.remove
      if (!was.has(id)) was.set(id, items.get(id))
      if ('put' in change) items.set(id, change.put)
      else items.delete(id)
    }
    const next = new ItemVersion(items)
    this.#items = null
    this.#next = next
    this.#was = was
    return next
  }

  get(id: string): AnnotationItem | undefined {
    return ItemVersion.#find(this, id)
  }

  has(id: string): boolean {
    return this.get(id) !== undefined
  }

  keys(): MapIterator<string> {
    return this.#own().keys()
  }

  values(): MapIterator<AnnotationItem> {
    return this.#own().values()
  }

  entries(): MapIterator<[string, AnnotationItem]> {
    return this.#own().entries()
  }

  [Symbol.iterator](): MapIterator<[string, AnnotationItem]> {
    return this.entries()
  }

  forEach(run: (item: AnnotationItem, id: string, items: ReadonlyMap<string, AnnotationItem>) => void): void {
    for (const [id, item] of this.#own()) run(item, id, this)
  }

  /** The items of this version: an older one copies the newest and takes back what came after. */
  #own(): Items {
    if (this.#items) return this.#items
    this.#items = ItemVersion.#copyOf(this)
    this.#next = null
    this.#was = null
    return this.#items
  }

  static #find(version: ItemVersion, id: string): AnnotationItem | undefined {
    let at = version
    for (; at.#items === null; at = at.#next!) if (at.#was!.has(id)) return at.#was!.get(id)
    return at.#items.get(id)
  }

  static #copyOf(version: ItemVersion): Items {
    const changed: Was[] = []
    let at = version
    for (; at.#items === null; at = at.#next!) changed.push(at.#was!)
    const items = new Map(at.#items)
    for (const was of changed.reverse())
      for (const [id, item] of was) {
        if (item) items.set(id, item)
        else items.delete(id)
      }
    return items
  }
}
