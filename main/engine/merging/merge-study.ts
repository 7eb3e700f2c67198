import { isDeepStrictEqual } from 'node:util'
import type {
  AnnotationItem,
  Code,
  CodingScheme,
  Study,
  Subject,
  VariableDefinition,
} from '../../../preload/contract/annotation'
import { studySchema } from '../annotation/schema'
import type { Side } from './merge-items'

/** Lists of a study whose entries have an id and a name of their own. */
export const STUDY_LISTS = ['codes', 'dimensions', 'observers', 'subjects', 'variables'] as const
export type StudyList = (typeof STUDY_LISTS)[number]

export type StudyEntry =
  Code | CodingScheme['dimensions'][number] | Study['observers'][number] | Subject | VariableDefinition

type Lists = Readonly<Record<StudyList, readonly StudyEntry[]>>

/** An entry of both copies that is not the same in them. The study keeps no history: only a person knows which one holds. */
export interface StudyConflict {
  readonly key: string
  readonly list: StudyList
  readonly here: StudyEntry
  /** With the id and references that it has here. */
  readonly there: StudyEntry
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
  /** With everything that only the other copy has; where both differ, as it is here. */
  readonly study: Study
  readonly mapped: readonly StudyMapping[]
  /** What comes from the other copy. */
  readonly added: readonly { readonly list: StudyList; readonly name: string }[]
  readonly conflicts: readonly StudyConflict[]
  /** What had to be changed so that all names and keys stay unique, in words. */
  readonly notes: readonly string[]
}

type IdMap = ReadonlyMap<string, string>

/** Ids of the other copy to those here, a list of the study each. */
export type StudyIds = Readonly<Record<StudyList, IdMap>>

/** Brings two studies together: entries by id, else by name. Nothing is taken out. */
export function mergeStudies(here: Study, there: Study): StudyMerge & { readonly ids: StudyIds } {
  const ids = idsOf(here, there)
  const notes: string[] = []
  const added: { list: StudyList; name: string }[] = []
  const mapped: StudyMapping[] = []
  const conflicts: StudyConflict[] = []
  const [mine, theirs] = [listsOf(here), listsOf(there)]

  const bring = (list: StudyList): StudyEntry[] => {
    const next = [...mine[list]]
    for (const original of theirs[list]) {
      const entry = translated(list, original, ids)
      if (original.id !== entry.id)
        mapped.push({ list, name: original.name, hereId: entry.id, thereId: original.id })
      const at = next.findIndex(({ id }) => id === entry.id)
      const known = next[at]
      if (!known) {
        const fresh = fitted(entry, next, notes)
        next.push(fresh)
        added.push({ list, name: fresh.name })
        continue
      }
      const united = unitedOf(known, entry)
      next[at] = united
      const fields = differingFields(united, entry)
      if (fields.length > 0)
        conflicts.push({ key: `${list} ${entry.id}`, list, here: united, there: entry, fields })
    }
    return next
  }
  const lists = {
    codes: bring('codes'),
    dimensions: bring('dimensions'),
    observers: bring('observers'),
    subjects: bring('subjects'),
    variables: bring('variables'),
  }
  if (here.scheme.name !== there.scheme.name)
    notes.push(`the scheme keeps its name “${here.scheme.name}”; there it is “${there.scheme.name}”`)
  if (here.scheme.isLocked !== there.scheme.isLocked)
    notes.push(`the scheme stays ${here.scheme.isLocked ? 'locked' : 'unlocked'}; there it is not`)
  return { study: studyOf(here, lists), mapped, added, conflicts, notes, ids }
}

/** The study after the conflicts were decided. Names and keys that two entries would have afterwards stay with the first. */
export function settleStudy(merge: StudyMerge, choose: (conflict: StudyConflict) => Side): Study {
  const lists = { ...listsOf(merge.study) }
  for (const conflict of merge.conflicts) {
    if (choose(conflict) === 'here') continue
    const { list, there } = conflict
    const others = lists[list].filter(({ id }) => id !== there.id)
    const entry = fitted(there, others, [])
    lists[list] = lists[list].map((known) => (known.id === entry.id ? entry : known))
  }
  return studyOf(merge.study, lists)
}

/** An item of the other copy with the ids that things have here. */
export function translatedItem(item: AnnotationItem, ids: StudyIds): AnnotationItem {
  const observerId = ids.observers.get(item.observerId) ?? item.observerId
  const withSubject = <T extends { readonly subjectId: string }>(one: T): T => ({
    ...one,
    observerId,
    subjectId: ids.subjects.get(one.subjectId) ?? one.subjectId,
  })
  switch (item.kind) {
    case 'segment':
      return { ...withSubject(item), codeId: ids.codes.get(item.codeId) ?? item.codeId }
    case 'rating':
      return { ...withSubject(item), dimensionId: ids.dimensions.get(item.dimensionId) ?? item.dimensionId }
    case 'variable':
      return { ...item, observerId, variableId: ids.variables.get(item.variableId) ?? item.variableId }
    case 'baseline':
    case 'track':
      return withSubject(item)
    default:
      return { ...item, observerId }
  }
}

function listsOf(study: Study): Lists {
  const { scheme, observers, subjects, variables } = study
  return { codes: scheme.codes, dimensions: scheme.dimensions, observers, subjects, variables }
}

/** @throws ZodError where the lists make no study, which no merge of two studies does */
function studyOf(base: Study, { codes, dimensions, observers, subjects, variables }: Lists): Study {
  return studySchema.parse({
    scheme: { ...base.scheme, codes, dimensions },
    observers,
    subjects,
    variables,
  })
}

/** Which entry here an entry there is: the one of its id, else the only one of its name that no other claims. */
function idsOf(here: Study, there: Study): StudyIds {
  const mapOf = (list: StudyList): IdMap => {
    const mine = listsOf(here)[list]
    const theirs = listsOf(there)[list]
    const theirIds = new Set(theirs.map(({ id }) => id))
    const myIds = new Set(mine.map(({ id }) => id))
    const free = mine.filter(({ id }) => !theirIds.has(id))
    const map = new Map<string, string>()
    for (const entry of theirs) {
      if (myIds.has(entry.id)) continue
      const taken = new Set(map.values())
      const candidates = free.filter((one) => !taken.has(one.id) && mayBeOne(one, entry))
      const found =
        candidates.find(({ name }) => name === entry.name) ??
        candidates.find(({ name }) => folded(name) === folded(entry.name))
      if (found) map.set(entry.id, found.id)
    }
    return map
  }
  return {
    codes: mapOf('codes'),
    dimensions: mapOf('dimensions'),
    observers: mapOf('observers'),
    subjects: mapOf('subjects'),
    variables: mapOf('variables'),
  }
}

const folded = (name: string): string => name.trim().toLowerCase()

/** A state cannot be a point, nor a variable of clips one of subjects, whatever they are called. */
function mayBeOne(one: StudyEntry, other: StudyEntry): boolean {
  if ('set' in one && 'set' in other) return one.kind === other.kind
  if ('scope' in one && 'scope' in other) return one.scope === other.scope
  return true
}

function translated(list: StudyList, entry: StudyEntry, ids: StudyIds): StudyEntry {
  const own = { ...entry, id: ids[list].get(entry.id) ?? entry.id }
  if (!('variables' in own)) return own
  const variables = Object.entries(own.variables).map(
    ([id, value]) => [ids.variables.get(id) ?? id, value] as const,
  )
  return { ...own, variables: Object.fromEntries(variables) }
}

/** Values of variables that only one copy gave a subject are no matter of dispute. */
function unitedOf(here: StudyEntry, there: StudyEntry): StudyEntry {
  if (!('variables' in here) || !('variables' in there)) return here
  return { ...here, variables: { ...there.variables, ...here.variables } }
}

function differingFields(here: StudyEntry, there: StudyEntry): string[] {
  const [mine, theirs] = [Object.entries(here), Object.entries(there)]
  const other = new Map<string, unknown>(theirs)
  return mine.flatMap(([field, value]: [string, unknown]) => {
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
  const names = new Set(others.map(({ name }) => folded(name)))
  if (names.has(folded(entry.name))) {
    let number = 2
    while (names.has(folded(`${entry.name} ${number}`))) number++
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
