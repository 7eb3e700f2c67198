import { randomUUID } from 'node:crypto'
import { z } from 'zod'

/**
 * A version vector (D. S. Parker et al., Detection of mutual inconsistency in distributed systems, IEEE Transactions on Software
 * Engineering 9(3), 1983): how many changes of a thing each replica has made. One that is at least as large in every part has
 * seen all of the other; otherwise both were changed apart. No computer's clock is asked; a replica that is not named counts 0.
 *
 * A replica is one session: a project opened once, by one process. A copy that is restored from a backup, or that takes the place
 * of another in the same folder, so never counts on from numbers that the lost one has used.
 */
export type Clock = Readonly<Record<string, number>>

export const clockSchema = z.record(z.string().min(1).max(100), z.number().int().min(1))

export type ClockOrder = 'equal' | 'before' | 'after' | 'concurrent'

/** A name in clocks that nobody else has. */
export const newReplicaId = (): string => randomUUID().replaceAll('-', '').slice(0, 16)

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

/** One change more by a replica. */
export function tickClock(clock: Clock, replica: string): Clock {
  return { ...clock, [replica]: (clock[replica] ?? 0) + 1 }
}
