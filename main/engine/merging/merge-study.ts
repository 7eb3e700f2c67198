import { isDeepStrictEqual } from 'node:util'
import type { Study } from '../../../preload/contract/annotation'
import { studySchema } from '../annotation/schema'
import {
  entryKey,
  listsOf,
  STUDY_LISTS,
  type StudyEntry,
  type StudyList,
  type StudyLists,
  studyOfLists,
} from '../annotation/study-entries'
import type { StudyRecord } from '../annotation/study-history'
import type { Side } from './merge-items'
import { foldedName, idsOf, type StudyIds } from './study-ids'
import {
  type KnownEntries,
  type KnownEntry,
  knownHere,
  knownThere,
  mergedHistory,
  orderOf,
} from './study-versions'

/** An entry that only a person can decide about: both copies changed it, or it is not known which one did. */
export interface StudyConflict {
  readonly key: string
  readonly list: StudyList
  /** Null: it was taken out here. */
  readonly here: StudyEntry | null
  /** With the id and references that it has here; null: it was taken out there. */
  readonly there: StudyEntry | null
  /** Names of the fields that differ. */
  readonly fields: readonly string[]
}

/** Two entries of different ids and equal name, taken for one. */
export interface StudyMapping {
  readonly list: StudyList
  readonly name: string
  readonly hereId: string
  readonly thereId: string
}

export interface StudyMerge {
  /** With everything that needs no decision; what does is as it is here. */
  readonly study: Study
  readonly mapped: readonly StudyMapping[]
  /** What comes from the other copy, is changed as it was there, and is taken out as it was there. */
  readonly added: readonly NamedEntry[]
  readonly changed: readonly NamedEntry[]
  readonly removed: readonly NamedEntry[]
  readonly conflicts: readonly StudyConflict[]
  /** What had to be changed so that all names and keys stay unique, and what stays because it is used, in words. */
  readonly notes: readonly string[]
  readonly here: KnownEntries
  /** With the ids that things have here. */
  readonly there: KnownEntries
}

export interface NamedEntry {
  readonly list: StudyList
  readonly name: string
}

/**
 * Brings two studies together, entries by id, else by name. What only one copy changed, added or took out is taken as it is there;
 * what both changed, or one took out and the other changed, is a conflict. An entry that is in use is never taken out.
 * @param isUsed whether items of either copy refer to an id
 */
export function mergeStudies(
  here: StudyRecord,
  there: StudyRecord,
  isUsed: (id: string) => boolean,
): StudyMerge & { readonly ids: StudyIds } {
  const ids = idsOf(here.study, there.study)
  const known = { here: knownHere(here), there: knownThere(there, ids) }
  const work = new StudyWork(here.study, isUsed)
  for (const list of STUDY_LISTS) work.bring(list, known.here, known.there)
  const theirs = listsOf(there.study)
  const mapped = STUDY_LISTS.flatMap((list) =>
    theirs[list].flatMap(({ id, name }) => {
      const hereId = ids[list].get(id)
      return hereId === undefined ? [] : [{ list, name, hereId, thereId: id }]
    }),
  )
  const { added, changed, removed, conflicts, notes } = work
  return { study: work.study, mapped, added, changed, removed, conflicts, notes, ...known, ids }
}

/** The study after the conflicts were decided. Names and keys that two entries would have afterwards stay with the first. */
export function settleStudy(
  { study, conflicts, here, there }: StudyMerge,
  choose: (conflict: StudyConflict) => Side,
  replicaId: string,
): StudyRecord {
  const lists = { ...listsOf(study) }
  for (const list of STUDY_LISTS) {
    const taken = conflicts.filter((one) => one.list === list && choose(one) === 'there')
    const gone = new Set(taken.flatMap((one) => (one.there ? [] : (one.here?.id ?? []))))
    const entries = taken.flatMap((one) => one.there ?? [])
    lists[list] = withEntries(
      lists[list].filter(({ id }) => !gone.has(id)),
      entries,
      [],
    )
  }
  const settled = studyOf(lists)
  return { study: settled, history: mergedHistory(settled, here, there, replicaId) }
}

/** A study on its way from what is here to what both copies say. */
class StudyWork {
  readonly added: NamedEntry[] = []
  readonly changed: NamedEntry[] = []
  readonly removed: NamedEntry[] = []
  readonly conflicts: StudyConflict[] = []
  readonly notes: string[] = []
  readonly #lists: Record<StudyList, readonly StudyEntry[]>
  readonly #isUsed: (id: string) => boolean

  constructor(here: Study, isUsed: (id: string) => boolean) {
    this.#lists = { ...listsOf(here) }
    this.#isUsed = isUsed
  }

  get study(): Study {
    return studyOf(this.#lists)
  }

  bring(list: StudyList, here: KnownEntries, there: KnownEntries): void {
    const prefix = entryKey(list, '')
    const coming: StudyEntry[] = []
    const going = new Set<string>()
    for (const [key, theirs] of there) {
      if (!key.startsWith(prefix)) continue
      const mine = here.get(key) ?? null
      if (!mine?.entry) {
        const entry = this.#coming(list, key, mine, theirs)
        if (entry) coming.push(entry)
      } else if (!theirs.entry) {
        if (this.#isGoing(list, key, mine, mine.entry, theirs)) going.add(mine.entry.id)
      } else {
        const entry = this.#changing(list, key, mine, mine.entry, theirs, theirs.entry)
        if (entry) coming.push(entry)
      }
    }
    const staying = this.#lists[list].filter(({ id }) => !going.has(id))
    const known = new Set(staying.map(({ id }) => id))
    const next = withEntries(staying, coming, this.notes)
    this.#lists[list] = next
    for (const { id, name } of next) if (!known.has(id)) this.added.push({ list, name })
  }

  /** What is not here (any more), where it comes. */
  #coming(list: StudyList, key: string, mine: KnownEntry | null, theirs: KnownEntry): StudyEntry | null {
    const { entry } = theirs
    if (!entry) return null
    const order = mine ? orderOf(theirs, mine) : 'after'
    if (order === 'after') return entry
    if (this.#mustStay(list, entry)) {
      this.notes.push(`“${entry.name}” was taken out here and comes back, because it is in use`)
      return entry
    }
    if (order === 'concurrent') this.conflicts.push({ key, list, here: null, there: entry, fields: [] })
    return null
  }

  #isGoing(list: StudyList, key: string, mine: KnownEntry, entry: StudyEntry, theirs: KnownEntry): boolean {
    const order = orderOf(mine, theirs)
    if (order === 'after') return false
    if (this.#mustStay(list, entry)) {
      this.notes.push(`“${entry.name}” was taken out in the other copy and stays, because it is in use`)
      return false
    }
    if (order === 'concurrent') {
      this.conflicts.push({ key, list, here: entry, there: null, fields: [] })
      return false
    }
    this.removed.push({ list, name: entry.name })
    return true
  }

  /** What takes the place of an entry, if anything does. */
  #changing(
    list: StudyList,
    key: string,
    mine: KnownEntry,
    here: StudyEntry,
    theirs: KnownEntry,
    there: StudyEntry,
  ): StudyEntry | null {
    const order = orderOf(mine, theirs)
    if (order === 'after') return null
    const isDecided = order === 'before' && !this.#isRegrouped(here, there)
    const united = isDecided ? there : unitedOf(here, there)
    const fields = isDecided ? [] : differingFields(united, there)
    if (fields.length > 0) this.conflicts.push({ key, list, here: united, there, fields })
    if (isDeepStrictEqual(united, here)) return null
    if (isDecided) this.changed.push({ list, name: here.name })
    return united
  }

  /** Segments of a code that is in another set might overlap: nobody but a person can want that. */
  #isRegrouped(here: StudyEntry, there: StudyEntry): boolean {
    if (!('set' in here) || !('set' in there)) return false
    return (here.kind !== there.kind || here.set !== there.set) && this.#isUsed(here.id)
  }

  /** Subjects come before variables, so that their values are those of the merged study. */
  #mustStay(list: StudyList, { id }: StudyEntry): boolean {
    if (this.#isUsed(id)) return true
    if (list !== 'variables') return false
    const asked = this.conflicts.flatMap(({ here, there }) => [here ?? [], there ?? []].flat())
    return [...this.#lists.subjects, ...asked].some(
      (entry) => 'variables' in entry && (entry.variables[id] ?? '') !== '',
    )
  }
}

/**
 * A list with entries that take the place of those of their ids, or come at the end. One that would have a name or a key of another
 * is fitted, when all others are as they will be.
 */
function withEntries(
  list: readonly StudyEntry[],
  coming: readonly StudyEntry[],
  notes: string[],
): readonly StudyEntry[] {
  const replacing = new Map(coming.map((entry) => [entry.id, entry]))
  let next = list.map((entry) => replacing.get(entry.id) ?? entry)
  const known = new Set(list.map(({ id }) => id))
  for (const entry of coming) {
    const others = next.filter(({ id }) => id !== entry.id)
    const fit = fitted(entry, others, notes)
    next = known.has(entry.id) ? next.map((one) => (one.id === fit.id ? fit : one)) : [...next, fit]
  }
  return next
}

/** @throws ZodError where the lists make no study, which no merge of two studies does */
const studyOf = (lists: StudyLists): Study => studySchema.parse(studyOfLists(lists))

/** Values of variables that only one copy gave a subject are no matter of dispute. */
function unitedOf(here: StudyEntry, there: StudyEntry): StudyEntry {
  if (!('variables' in here) || !('variables' in there)) return here
  return { ...here, variables: { ...there.variables, ...here.variables } }
}

function differingFields(here: StudyEntry, there: StudyEntry): string[] {
  const other = new Map<string, unknown>(Object.entries(there))
  return Object.entries(here).flatMap(([field, value]: [string, unknown]) => {
    const known = other.get(field)
    if (field === 'variables' && isPartOf(known, value)) return []
    return isDeepStrictEqual(value, known) ? [] : [field]
  })
}

function isPartOf(part: unknown, whole: unknown): boolean {
  if (typeof part !== 'object' || part === null || typeof whole !== 'object' || whole === null) return false
  const values = new Map<string, unknown>(Object.entries(whole))
  return Object.entries(part).every(([key, value]) => values.get(key) === value)
}

/** An entry that is to stand beside others: with a name and a key that none of them has. */
function fitted(entry: StudyEntry, others: readonly StudyEntry[], notes: string[]): StudyEntry {
  let fit = entry
  const names = new Set(others.map(({ name }) => foldedName(name)))
  if (names.has(foldedName(entry.name))) {
    let number = 2
    while (names.has(foldedName(`${entry.name} ${number}`))) number++
    fit = { ...fit, name: `${entry.name} ${number}` }
    notes.push(`“${entry.name}” is something else here; what comes is called “${fit.name}”`)
  }
  if ('key' in fit && fit.key !== null) {
    const { key } = fit
    const rival = others.find((other) => 'key' in other && other.key === key)
    if (rival) {
      notes.push(`“${fit.name}” comes without its key ${key}, which “${rival.name}” has here`)
      fit = { ...fit, key: null }
    }
  }
  return fit
}
