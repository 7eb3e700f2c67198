import { isDeepStrictEqual } from 'node:util'
import type { Study } from '../../../preload/contract/annotation'
import { type Clock, type ClockOrder, compareClocks, joinClocks, tickClock } from '../annotation/clocks'
import { entriesOf, entryKey, listsOf, STUDY_LISTS, type StudyEntry } from '../annotation/study-entries'
import {
  baseClockOf,
  clockOf,
  digestOf,
  type EntryVersion,
  NO_HISTORY,
  removalClockOf,
  type StudyHistory,
  type StudyRecord,
} from '../annotation/study-history'
import { type StudyIds, translatedEntry } from './study-ids'

/** What a copy knows of an entry of its study. */
export interface KnownEntry {
  /** Null: it was taken out. */
  readonly entry: StudyEntry | null
  /** Null: how it came to be so is not known. */
  readonly clock: Clock | null
  /** Whatever is known of what was before. */
  readonly base: Clock
}

/** By the entries' keys; what a copy never heard of is not in it. */
export type KnownEntries = ReadonlyMap<string, KnownEntry>

export function knownHere({ study, history }: StudyRecord): KnownEntries {
  const known = new Map<string, KnownEntry>()
  for (const [key, entry] of entriesOf(study))
    known.set(key, { entry, clock: clockOf(history, key, entry), base: baseClockOf(history, key) })
  addRemovals(known, history)
  return known
}

/**
 * With the ids that things have here. What is taken for one by its name came to be twice: the clocks have nothing in common until
 * a merge has joined them, and from then on tell which copy knows of it.
 */
export function knownThere({ study, history }: StudyRecord, ids: StudyIds): KnownEntries {
  const known = new Map<string, KnownEntry>()
  const lists = listsOf(study)
  for (const list of STUDY_LISTS)
    for (const original of lists[list]) {
      const key = entryKey(list, original.id)
      const entry = translatedEntry(list, original, ids)
      known.set(entryKey(list, entry.id), {
        entry,
        clock: clockOf(history, key, original),
        base: baseClockOf(history, key),
      })
    }
  addRemovals(known, history)
  return known
}

function addRemovals(known: Map<string, KnownEntry>, history: StudyHistory): void {
  for (const key of history.keys()) {
    const clock = removalClockOf(history, key)
    if (clock && !known.has(key)) known.set(key, { entry: null, clock, base: clock })
  }
}

/** As `compareClocks`; where nothing is known, anything may have happened. */
export function orderOf(one: KnownEntry, other: KnownEntry): ClockOrder {
  return one.clock && other.clock ? compareClocks(one.clock, other.clock) : 'concurrent'
}

/**
 * The history of a study that a merge made: what a side's newest version says has its clock, what both said has both, and the rest
 * is a decision of this session.
 */
export function mergedHistory(
  merged: Study,
  here: KnownEntries,
  there: KnownEntries,
  replicaId: string,
): StudyHistory {
  const history = new Map<string, EntryVersion>()
  const entries = entriesOf(merged)
  for (const key of new Set([...here.keys(), ...there.keys(), ...entries.keys()])) {
    const entry = entries.get(key) ?? null
    const sides = [here.get(key), there.get(key)].filter((side) => side !== undefined)
    const clock = mergedClock(entry, sides, replicaId)
    if (clock && !isStandard(key, entry, clock)) history.set(key, { clock, digest: entry && digestOf(entry) })
  }
  return history
}

/** Known without a line in the file. */
function isStandard(key: string, entry: StudyEntry | null, clock: Clock): boolean {
  return entry !== null && isDeepStrictEqual(clockOf(NO_HISTORY, key, entry), clock)
}

/** Null: as little is known as before. */
function mergedClock(
  entry: StudyEntry | null,
  sides: readonly KnownEntry[],
  replicaId: string,
): Clock | null {
  const joined = sides.map(({ base }) => base).reduce(joinClocks, {})
  const saying = sides.filter((side) => isDeepStrictEqual(side.entry, entry))
  if (saying.length === sides.length && sides.length > 0)
    return saying.some(({ clock }) => clock) ? joined : null
  const isNewest = saying.some((one) =>
    sides.every((other) => other === one || orderOf(one, other) === 'after'),
  )
  return isNewest ? joined : tickClock(joined, replicaId)
}
