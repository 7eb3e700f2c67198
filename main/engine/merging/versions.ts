import { isDeepStrictEqual } from 'node:util'
import type { AnnotationItem } from '../../../preload/contract/annotation'
import type { Clock } from '../annotation/document'

export type ClockOrder = 'equal' | 'before' | 'after' | 'concurrent'

/**
 * Version vectors compare copies without clocks of computers (D. S. Parker et al., Detection of mutual inconsistency in
 * distributed systems, IEEE Transactions on Software Engineering 9(3), 1983). A copy that a clock does not name counts 0.
 */

/** How `one` stands to `other`: 'before' where the other knows all that one knows, and more. */
export function compareClocks(one: Clock, other: Clock): ClockOrder {
  let isBehind = false
  let isAhead = false
  for (const replica of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const [mine, theirs] = [one[replica] ?? 0, other[replica] ?? 0]
    if (mine < theirs) isBehind = true
    if (mine > theirs) isAhead = true
  }
  if (isBehind && isAhead) return 'concurrent'
  return isBehind ? 'before' : isAhead ? 'after' : 'equal'
}

/** Knows what both know. */
export function joinClocks(one: Clock, other: Clock): Clock {
  const joined: Record<string, number> = { ...one }
  for (const [replica, count] of Object.entries(other))
    joined[replica] = Math.max(joined[replica] ?? 0, count)
  return joined
}

/** One change more by a copy. */
export function tickClock(clock: Clock, replica: string): Clock {
  return { ...clock, [replica]: (clock[replica] ?? 0) + 1 }
}

/** What a copy knows of an item. */
export interface ItemVersion {
  /** Null: it was taken out. */
  readonly item: AnnotationItem | null
  readonly clock: Clock
}

/** What a copy knows of a clip, by the items' ids; what it never heard of is not in it. */
export type ItemVersions = ReadonlyMap<string, ItemVersion>

/** Two versions say the same; who changed it last, and when, aside. */
export function saysSame(one: AnnotationItem | null, other: AnnotationItem | null): boolean {
  if (one === null || other === null) return one === other
  return isDeepStrictEqual({ ...one, editedAt: '' }, { ...other, editedAt: '' })
}
