import type { AnnotationItem, ClipCoding } from '../../../preload/contract/annotation'

/** What lists and checks need of a clip's annotations, so that the items themselves need not stay in memory. */
export interface ClipUsage {
  /** Ids of codes, ratings, observers, subjects and variables that items refer to. */
  readonly used: ReadonlySet<string>
  readonly observers: ReadonlyMap<string, { segmentCount: number; isDone: boolean; editedAt: string }>
  /** Values of the clip's independent variables by the variables' ids; of several, the one set last. */
  readonly variables: ReadonlyMap<string, string>
}

export const NO_USAGE: ClipUsage = { used: new Set(), observers: new Map(), variables: new Map() }

export function usageOf(items: readonly AnnotationItem[]): ClipUsage {
  const used = new Set<string>()
  const observers = new Map<string, { segmentCount: number; isDone: boolean; editedAt: string }>()
  const variables = new Map<string, { readonly value: string; readonly editedAt: string }>()
  for (const item of items) {
    used.add(item.observerId)
    if ('subjectId' in item && item.subjectId !== '') used.add(item.subjectId)
    if (item.kind === 'segment') used.add(item.codeId)
    if (item.kind === 'rating') used.add(item.dimensionId)
    if (item.kind === 'variable') {
      used.add(item.variableId)
      if (item.editedAt >= (variables.get(item.variableId)?.editedAt ?? ''))
        variables.set(item.variableId, item)
    }
    const known = observers.get(item.observerId) ?? { segmentCount: 0, isDone: false, editedAt: '' }
    if (item.kind === 'segment') known.segmentCount++
    if (item.kind === 'done') known.isDone = true
    if (item.editedAt > known.editedAt) known.editedAt = item.editedAt
    observers.set(item.observerId, known)
  }
  return {
    used,
    observers,
    variables: new Map([...variables].map(([id, { value }]) => [id, value])),
  }
}

/** @param onlyObserverId where the viewer is blind: nothing of others is told */
export function codingOf(token: string, usage: ClipUsage, onlyObserverId: string | null): ClipCoding {
  return {
    token,
    observers: [...usage.observers]
      .filter(([observerId]) => onlyObserverId === null || observerId === onlyObserverId)
      .map(([observerId, facts]) => ({ observerId, ...facts })),
    isBlind: onlyObserverId !== null,
  }
}
