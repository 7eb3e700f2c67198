import type { AnnotationItem, Study } from '../../../preload/contract/annotation'
import { listsOf, STUDY_LISTS, type StudyEntry, type StudyList } from '../annotation/study-entries'

/** Which entry here an entry of the other copy is. */

type IdMap = ReadonlyMap<string, string>

/** Ids of the other copy to those here, a list of the study each; ids that are the same in both are not in it. */
export type StudyIds = Readonly<Record<StudyList, IdMap>>

/** The entry of its id, else the only one of its name that no other claims. */
export function idsOf(here: Study, there: Study): StudyIds {
  const [mine, theirs] = [listsOf(here), listsOf(there)]
  const maps = STUDY_LISTS.map((list) => [list, mapOf(mine[list], theirs[list])] as const)
  return Object.fromEntries(maps) as Record<StudyList, IdMap>
}

function mapOf(mine: readonly StudyEntry[], theirs: readonly StudyEntry[]): IdMap {
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
      candidates.find(({ name }) => foldedName(name) === foldedName(entry.name))
    if (found) map.set(entry.id, found.id)
  }
  return map
}

export const foldedName = (name: string): string => name.trim().toLowerCase()

/** A state cannot be a point, nor a variable of clips one of subjects, whatever they are called. */
function mayBeOne(one: StudyEntry, other: StudyEntry): boolean {
  if ('set' in one && 'set' in other) return one.kind === other.kind
  if ('scope' in one && 'scope' in other) return one.scope === other.scope
  return true
}

/** An entry of the other copy with the ids that things have here. */
export function translatedEntry(list: StudyList, entry: StudyEntry, ids: StudyIds): StudyEntry {
  const id = ids[list].get(entry.id)
  // The scheme's head is called the same everywhere.
  if ('isLocked' in entry) return entry
  const own = { ...entry, id: id ?? entry.id }
  if (!('variables' in own)) return own
  const variables = Object.entries(own.variables).map(
    ([variableId, value]) => [ids.variables.get(variableId) ?? variableId, value] as const,
  )
  return { ...own, variables: Object.fromEntries(variables) }
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
