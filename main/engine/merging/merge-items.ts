import type { AnnotationItem, CodingScheme } from '../../../preload/contract/annotation'
import { compareClocks, joinClocks, tickClock } from '../annotation/clocks'
import { type Claimant, clashesAmong } from './clashes'
import { type ItemVersion, type ItemVersions, saysSame } from './versions'

export type Side = 'here' | 'there'

/**
 * both-changed: two copies changed one item; removed-or-changed: one took out what the other changed; overlap: items of both cannot
 * stand together in one tier; same-history: two versions claim one history, which no ordinary work makes.
 */
export type ConflictReason = 'both-changed' | 'removed-or-changed' | 'overlap' | 'same-history'

/** Items that only a person can decide about; all of them are taken from one side. */
export interface ItemConflict {
  /** The same whichever copy is here. */
  readonly key: string
  readonly reason: ConflictReason
  /** Sorted. */
  readonly ids: readonly string[]
  readonly here: readonly AnnotationItem[]
  readonly there: readonly AnnotationItem[]
}

export interface ItemsMerge {
  /** Everything that no conflict is about, by id: as it is in the merged copy. */
  readonly settled: ItemVersions
  readonly conflicts: readonly ItemConflict[]
  /** Of what is settled, what the other copy brings. */
  readonly counts: { readonly added: number; readonly changed: number; readonly removed: number }
}

interface Pair {
  readonly here: ItemVersion | null
  readonly there: ItemVersion | null
  /** Sides whose version may stand in the merged copy. */
  readonly standing: readonly Side[]
  readonly reason: ConflictReason | null
}

/**
 * Brings two copies of a clip's items together. What only one copy changed is taken; what both changed to the same is the same; the
 * rest are conflicts, with all items that a choice between the sides could bring in each other's way.
 */
export function mergeItems(here: ItemVersions, there: ItemVersions, scheme: CodingScheme): ItemsMerge {
  const pairs = new Map<string, Pair>()
  for (const id of new Set([...here.keys(), ...there.keys()]))
    pairs.set(id, pairOf(here.get(id) ?? null, there.get(id) ?? null))

  const claimants = [...pairs].flatMap(([id, pair]) => claimantsOf(id, pair))
  const clashes = clashesAmong(claimants, scheme)
  const rivals = new Map<string, (readonly [Side, string, Side])[]>()
  const seeds = new Map<string, ConflictReason>()
  for (const [id, { reason }] of pairs) if (reason) seeds.set(id, reason)
  for (const [one, other] of clashes) {
    note(rivals, one, other)
    note(rivals, other, one)
    if (!stands(pairs, one) || !stands(pairs, other)) continue
    // What stood together in either copy is not of the merge's making.
    if (together(pairs, one, other, 'here') || together(pairs, one, other, 'there')) continue
    for (const { id } of [one, other]) if (!seeds.has(id)) seeds.set(id, 'overlap')
  }

  const conflicts = componentsOf(seeds, rivals, pairs)
  const contested = new Set(conflicts.flatMap(({ ids }) => ids))
  const settled = new Map<string, ItemVersion>()
  const counts = { added: 0, changed: 0, removed: 0 }
  for (const [id, pair] of pairs) {
    if (contested.has(id)) continue
    const version = settledVersion(pair)
    settled.set(id, version)
    const before = pair.here?.item ?? null
    if (saysSame(before, version.item)) continue
    if (before === null) counts.added++
    else if (version.item === null) counts.removed++
    else counts.changed++
  }
  return { settled, conflicts, counts }
}

/**
 * The merged copy after all conflicts were decided.
 * @param choose the side that a conflict's items are taken from
 * @param replica the copy that is here: what it decides against a newer version is a change of its own
 */
export function settle(
  merge: ItemsMerge,
  { here, there }: { readonly here: ItemVersions; readonly there: ItemVersions },
  choose: (conflict: ItemConflict) => Side,
  replica: string,
): Map<string, ItemVersion> {
  const settled = new Map(merge.settled)
  for (const conflict of merge.conflicts) {
    const side = choose(conflict)
    for (const id of conflict.ids) settled.set(id, chosen(here.get(id), there.get(id), side, replica))
  }
  return settled
}

function chosen(
  here: ItemVersion | undefined,
  there: ItemVersion | undefined,
  side: Side,
  replica: string,
): ItemVersion {
  const [taken, left] = side === 'here' ? [here, there] : [there, here]
  const [clock, leftClock] = [taken?.clock ?? {}, left?.clock ?? {}]
  const isNewest = compareClocks(clock, leftClock) === 'after'
  const joined = joinClocks(clock, leftClock)
  return { item: taken?.item ?? null, clock: isNewest ? joined : tickClock(joined, replica) }
}

function pairOf(here: ItemVersion | null, there: ItemVersion | null): Pair {
  if (!here || !there) return { here, there, standing: [here ? 'here' : 'there'], reason: null }
  const order = compareClocks(here.clock, there.clock)
  const isSame = saysSame(here.item, there.item)
  if (order === 'after') return { here, there, standing: ['here'], reason: null }
  if (order === 'before') return { here, there, standing: ['there'], reason: null }
  if (isSame) return { here, there, standing: ['here', 'there'], reason: null }
  const reason =
    order === 'equal'
      ? 'same-history'
      : here.item === null || there.item === null
        ? 'removed-or-changed'
        : 'both-changed'
  return { here, there, standing: ['here', 'there'], reason }
}

function claimantsOf(id: string, { here, there }: Pair): Claimant<Side>[] {
  const result: Claimant<Side>[] = []
  if (here?.item) result.push({ id, side: 'here', item: here.item })
  if (there?.item) result.push({ id, side: 'there', item: there.item })
  return result
}

function stands(pairs: ReadonlyMap<string, Pair>, { id, side }: Claimant<Side>): boolean {
  return pairs.get(id)?.standing.includes(side) ?? false
}

/** Both versions are in one copy, as they are. */
function together(
  pairs: ReadonlyMap<string, Pair>,
  one: Claimant<Side>,
  other: Claimant<Side>,
  side: Side,
): boolean {
  return [one, other].every(({ id, item }) => {
    const version = pairs.get(id)?.[side]
    return version?.item != null && saysSame(version.item, item)
  })
}

function note(
  rivals: Map<string, (readonly [Side, string, Side])[]>,
  one: Claimant<Side>,
  other: Claimant<Side>,
): void {
  const known = rivals.get(one.id)
  const rival = [one.side, other.id, other.side] as const
  if (known) known.push(rival)
  else rivals.set(one.id, [rival])
}

/**
 * Conflicts from where they begin: an item whose both sides may be chosen takes in every other one that either could meet in
 * its place, and that one's other side as well.
 */
function componentsOf(
  seeds: ReadonlyMap<string, ConflictReason>,
  rivals: ReadonlyMap<string, readonly (readonly [Side, string, Side])[]>,
  pairs: ReadonlyMap<string, Pair>,
): ItemConflict[] {
  const isOpen = new Set(seeds.keys())
  const edges = new Map<string, Set<string>>()
  const queue = [...isOpen]
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const [, rivalId, rivalSide] of rivals.get(id) ?? []) {
      const rival = pairs.get(rivalId)
      if (!isOpen.has(rivalId) && !rival?.standing.includes(rivalSide)) continue
      link(edges, id, rivalId)
      if (isOpen.has(rivalId)) continue
      isOpen.add(rivalId)
      queue.push(rivalId)
    }
  }
  const seen = new Set<string>()
  const conflicts: ItemConflict[] = []
  for (const start of [...isOpen].sort()) {
    if (seen.has(start)) continue
    const ids = reachable(start, edges, seen).sort()
    const reasons = new Set(ids.flatMap((id) => seeds.get(id) ?? []))
    const [only] = reasons
    conflicts.push({
      key: ids.join(' '),
      reason: reasons.size === 1 && only ? only : 'overlap',
      ids,
      here: ids.flatMap((id) => pairs.get(id)?.here?.item ?? []),
      there: ids.flatMap((id) => pairs.get(id)?.there?.item ?? []),
    })
  }
  return conflicts
}

function link(edges: Map<string, Set<string>>, one: string, other: string): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const)
    edges.set(from, (edges.get(from) ?? new Set()).add(to))
}

function reachable(
  start: string,
  edges: ReadonlyMap<string, ReadonlySet<string>>,
  seen: Set<string>,
): string[] {
  const found: string[] = []
  const queue = [start]
  seen.add(start)
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    found.push(id)
    for (const next of edges.get(id) ?? []) {
      if (seen.has(next)) continue
      seen.add(next)
      queue.push(next)
    }
  }
  return found
}

function settledVersion({ here, there, standing }: Pair): ItemVersion {
  const clock = joinClocks(here?.clock ?? {}, there?.clock ?? {})
  const [side, otherSide] = standing
  // Said alike in both: the later hand stays, so that either copy comes to the same.
  const isBoth = side !== undefined && otherSide !== undefined
  const item = isBoth
    ? later(here?.item ?? null, there?.item ?? null)
    : ((side === 'there' ? there : here)?.item ?? null)
  return { item, clock }
}

function later(one: AnnotationItem | null, other: AnnotationItem | null): AnnotationItem | null {
  if (one === null || other === null) return null
  return other.editedAt > one.editedAt ? other : one
}
