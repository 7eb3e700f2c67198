import { FINAL_RULE } from '../../../../preload/contract/tier-rules'
import type { ClipSummary } from '../../timeline/clip-summary'
import type { ClipMeta } from '../meta-json'
import { type ClipAnnotation } from './clip-annotation'

/** meta.json of a clip with what people added. @param summary its figures, with what they excluded left out */
export function annotatedMeta(
  meta: ClipMeta,
  { study, items }: ClipAnnotation,
  summary: ClipSummary,
): ClipMeta {
  const subjects = new Map(study.subjects.map(({ id, name }) => [id, name]))
  const observers = new Map(study.observers.map(({ id, name }) => [id, name]))
  const variables = new Map(study.variables.map(({ id, name }) => [id, name]))
  const exclusions = items.filter((item) => item.kind === 'exclusion')
  const named: Record<string, string> = {}
  for (const item of items)
    if (item.kind === 'track' && item.startSecs === null && item.endSecs === null && item.subjectId !== '')
      named[String(item.faceId)] = subjects.get(item.subjectId) ?? ''
  const values: Record<string, string> = {}
  for (const item of items)
    if (item.kind === 'variable') values[variables.get(item.variableId) ?? item.variableId] = item.value
  return {
    ...meta,
    subjects: { ...meta.subjects, ...named },
    variables: { ...meta.variables, ...values },
    methods: { ...meta.methods, final: FINAL_RULE },
    annotation: {
      observers: study.observers
        .filter(({ id }) => items.some(({ observerId }) => observerId === id))
        .map(({ id, name, isBlind }) => ({
          name,
          isBlind,
          isDone: items.some((item) => item.kind === 'done' && item.observerId === id),
        })),
      scheme: study.scheme.name,
      excluded: exclusions.map(({ startSecs, endSecs, reason, observerId }) => ({
        startSecs,
        endSecs,
        reason,
        observer: observers.get(observerId) ?? observerId,
      })),
    },
    summary,
  }
}
