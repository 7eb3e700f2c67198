import { z } from 'zod'
import type { AnnotationChange, AnnotationItem } from '../../../preload/contract/annotation'
import { type Clock, clockSchema, tickClock } from './clocks'
import { annotationItemSchema } from './schema'

export interface StoredItem {
  readonly item: AnnotationItem
  readonly clock: Clock
}

/** An item that was taken out: remembered, so that another copy of the project does not bring it back. */
export interface Tombstone {
  readonly id: string
  readonly clock: Clock
}

export const storedItemSchema: z.ZodType<StoredItem> = z.object({
  item: annotationItemSchema,
  clock: clockSchema,
})
export const tombstoneSchema: z.ZodType<Tombstone> = z.object({
  id: z.string().min(1).max(200),
  clock: clockSchema,
})

/** A change with the clock that it leaves behind. */
export type StoredChange =
  { readonly put: AnnotationItem; readonly clock: Clock } | { readonly remove: string; readonly clock: Clock }

export const storedChangeSchema: z.ZodType<StoredChange> = z.union([
  z.object({ put: annotationItemSchema, clock: clockSchema }),
  z.object({ remove: z.string().min(1).max(200), clock: clockSchema }),
])

/** What a document holds under an id: an item, the memory of one, or nothing. */
export interface KnownVersion {
  readonly id: string
  readonly stored: StoredItem | undefined
  readonly removedClock: Clock | undefined
}

export const idOf = (change: AnnotationChange | StoredChange): string =>
  'put' in change ? change.put.id : change.remove

/** Everything that people said of one clip, by id. Changes only by `apply`, and back by `restore`. */
export class AnnotationDocument {
  readonly #items = new Map<string, StoredItem>()
  readonly #removed = new Map<string, Clock>()

  constructor(items: Iterable<StoredItem> = [], removed: Iterable<Tombstone> = []) {
    for (const stored of items) this.#items.set(stored.item.id, stored)
    for (const { id, clock } of removed) if (!this.#items.has(id)) this.#removed.set(id, clock)
  }

  get items(): AnnotationItem[] {
    return [...this.#items.values()].map(({ item }) => item)
  }

  /** Goes through all items without making a list of them. */
  forEach(visit: (item: AnnotationItem) => void): void {
    for (const { item } of this.#items.values()) visit(item)
  }

  get stored(): StoredItem[] {
    return [...this.#items.values()]
  }

  get tombstones(): Tombstone[] {
    return [...this.#removed].map(([id, clock]) => ({ id, clock }))
  }

  get isEmpty(): boolean {
    return this.#items.size === 0 && this.#removed.size === 0
  }

  item(id: string): AnnotationItem | undefined {
    return this.#items.get(id)?.item
  }

  /** The clock of an item, also of one that was removed; empty for one that never was. */
  clockOf(id: string): Clock {
    return this.#items.get(id)?.clock ?? this.#removed.get(id) ?? {}
  }

  /** Gives changes their clocks, as made by this session. Does not apply them. */
  stamped(changes: readonly AnnotationChange[], replicaId: string): StoredChange[] {
    const clocks = new Map<string, Clock>()
    return changes.map((change) => {
      const id = idOf(change)
      const before = clocks.get(id) ?? this.clockOf(id)
      const clock = tickClock(before, replicaId)
      clocks.set(id, clock)
      return { ...change, clock }
    })
  }

  /** @returns what was there before, for `restore` */
  apply(changes: readonly StoredChange[]): KnownVersion[] {
    const before = [...new Set(changes.map(idOf))].map((id) => ({
      id,
      stored: this.#items.get(id),
      removedClock: this.#removed.get(id),
    }))
    for (const change of changes)
      if ('put' in change) {
        this.#items.set(change.put.id, { item: change.put, clock: change.clock })
        this.#removed.delete(change.put.id)
      } else {
        this.#items.delete(change.remove)
        this.#removed.set(change.remove, change.clock)
      }
    return before
  }

  /** Takes an edit back. Several are taken back the last one first. */
  restore(before: readonly KnownVersion[]): void {
    for (const { id, stored, removedClock } of before) {
      if (stored) this.#items.set(id, stored)
      else this.#items.delete(id)
      if (removedClock) this.#removed.set(id, removedClock)
      else this.#removed.delete(id)
    }
  }
}
