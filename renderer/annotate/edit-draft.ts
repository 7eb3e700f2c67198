import type {
  AnnotationChange,
  AnnotationEdit,
  AnnotationItem,
  SegmentItem,
} from '../../preload/contract/annotation'
import { type FrameGrid, SAME_SECS, snapStretch } from './frame-grid'
import { effectiveChanges, idOf, type ItemMap } from './item-document'
import { type AnnotationTier, type CodeById, type Lane, laneKey, laneOf, type Stretch } from './tiers'

/** What an edit is made from. */
export interface EditContext {
  readonly items: ItemMap
  /** The same items in order. */
  readonly tiers: readonly AnnotationTier[]
  readonly codes: CodeById
  /** Who codes: what is made belongs to them, and only theirs is changed. */
  readonly observerId: string
  readonly grid: FrameGrid
  /** ISO 8601 UTC. */
  now(): string
  newId(): string
}

/** An edit, and what is chosen once it is done. */
export interface MadeEdit extends AnnotationEdit {
  readonly selects: readonly string[]
}

/**
 * Collects the changes of one edit. It holds one rule for everything: bouts of one observer, subject and set never overlap, and a bout
 * that is put down cuts what it covers. What lies inside goes, what sticks out is shortened, what sticks out on both sides becomes two.
 */
export class EditDraft {
  readonly context: EditContext
  readonly #changes: AnnotationChange[] = []
  readonly #lanes = new Map<string, SegmentItem[]>()

  constructor(context: EditContext) {
    this.context = context
  }

  /** Bouts or points of a lane as the draft has them; not sorted. */
  lane(lane: Lane): readonly SegmentItem[] {
    return this.#laneList(lane)
  }

  laneOf(item: SegmentItem): Lane {
    return laneOf(item, this.context.codes)
  }

  /** Puts a bout down; what it covers in its lane is cut. Points cover nothing. */
  place(item: SegmentItem): void {
    const lane = this.laneOf(item)
    if (lane.kind === 'state')
      for (const other of [...this.#laneList(lane)]) if (other.id !== item.id) this.#cut(other, item)
    this.put(item)
  }

  /** Puts a segment as it is. Whoever calls sees to it that it overlaps nothing. */
  put(item: SegmentItem): void {
    this.#take(item.id)
    this.#laneList(this.laneOf(item)).push(item)
    this.#changes.push({ put: item })
  }

  remove(item: SegmentItem): void {
    this.#take(item.id)
    this.#changes.push({ remove: item.id })
  }

  /** Any other kind of item. */
  putOther(item: Exclude<AnnotationItem, SegmentItem>): void {
    this.#changes.push({ put: item })
  }

  removeOther(id: string): void {
    this.#changes.push({ remove: id })
  }

  /** Parts of a stretch that no bout of a lane covers, each at least a frame long. */
  freeParts(lane: Lane, { startSecs, endSecs }: Stretch): Stretch[] {
    const parts: Stretch[] = []
    let from = startSecs
    const others = [...this.#laneList(lane)].sort((a, b) => a.startSecs - b.startSecs)
    for (const other of others) {
      if (other.endSecs <= from + SAME_SECS || other.startSecs >= endSecs - SAME_SECS) continue
      if (other.startSecs > from + SAME_SECS) parts.push({ startSecs: from, endSecs: other.startSecs })
      from = Math.max(from, other.endSecs)
    }
    if (from < endSecs - SAME_SECS) parts.push({ startSecs: from, endSecs })
    return parts
  }

  /** @returns null where nothing changes */
  finish(title: string, selects: readonly string[] = []): MadeEdit | null {
    const changes = effectiveChanges(this.context.items, this.#changes)
    if (changes.length === 0) return null
    // What is chosen may have been covered by the rest of what is chosen.
    const after = new Map(this.#changes.map((change) => [idOf(change), 'put' in change]))
    return { changes, title, selects: selects.filter((id) => after.get(id) ?? this.context.items.has(id)) }
  }

  /** A changed copy: who proposed it stays known, and whether it is still what was proposed is said anew. */
  changed(item: SegmentItem, parts: Partial<SegmentItem>): SegmentItem {
    const next = { ...item, ...parts, editedAt: this.context.now() }
    return { ...next, status: parts.status ?? statusOf(next, this.context) }
  }

  #cut(other: SegmentItem, by: Stretch): void {
    const { startSecs, endSecs } = by
    if (other.endSecs <= startSecs + SAME_SECS || other.startSecs >= endSecs - SAME_SECS) return
    const hasLeft = other.startSecs < startSecs - SAME_SECS
    const hasRight = other.endSecs > endSecs + SAME_SECS
    if (!hasLeft && !hasRight) this.remove(other)
    else if (!hasRight) this.put(this.changed(other, { endSecs: startSecs }))
    else if (!hasLeft) this.put(this.changed(other, { startSecs: endSecs }))
    else {
      this.put(this.changed(other, { endSecs: startSecs }))
      this.put(this.changed(other, { id: this.context.newId(), startSecs: endSecs }))
    }
  }

  #take(id: string): void {
    for (const list of this.#lanes.values()) {
      const at = list.findIndex((item) => item.id === id)
      if (at >= 0) list.splice(at, 1)
    }
  }

  #laneList(lane: Lane): SegmentItem[] {
    const key = laneKey(lane)
    const known = this.#lanes.get(key)
    if (known) return known
    const changed = new Set(this.#changes.map((change) => ('put' in change ? change.put.id : change.remove)))
    const tier = this.context.tiers.find((one) => one.key === key)
    const list = (tier?.segments ?? []).filter(({ id }) => !changed.has(id))
    this.#lanes.set(key, list)
    return list
  }
}

/**
 * confirmed: label and times as proposed, the times as far as they lie on frames; edited: anything else made from a proposal; added: made
 * from nothing. A rejected one stays rejected.
 */
export function statusOf(
  item: SegmentItem,
  { codes, grid }: Pick<EditContext, 'codes' | 'grid'>,
): SegmentItem['status'] {
  const { orig } = item
  if (item.status === 'rejected' && orig) return 'rejected'
  if (!orig) return 'added'
  const proposed = snapStretch(grid, orig)
  const isAsProposed =
    codes.get(item.codeId)?.name === orig.label &&
    Math.abs(item.startSecs - proposed.startSecs) <= SAME_SECS &&
    Math.abs(item.endSecs - proposed.endSecs) <= SAME_SECS
  return isAsProposed ? 'confirmed' : 'edited'
}

/** Own segments among ids, by start; what is not the observer's own cannot be changed and is left out. */
export function ownSegments({ items, observerId }: EditContext, ids: Iterable<string>): SegmentItem[] {
  return [...new Set(ids)]
    .flatMap((id): SegmentItem[] => {
      const item = items.get(id)
      return item?.kind === 'segment' && item.observerId === observerId ? [item] : []
    })
    .sort((a, b) => a.startSecs - b.startSecs || a.endSecs - b.endSecs)
}
