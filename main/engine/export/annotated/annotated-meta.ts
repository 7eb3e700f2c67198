import { FINAL_RULE } from '../../../../preload/contract/tier-rules'
import type { ClipMeta } from '../meta-json'
import { type ClipAnnotation } from './clip-annotation'

/** meta.json of a clip with what people added. Its figures of readings stay those of the models over the whole clip. */
export function annotatedMeta(
  meta: ClipMeta,
  { study, items }: ClipAnnotation,
  durationSecs: number,
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
    summary: {
      ...meta.summary,
      excludedSecs: coveredSecs(exclusions, durationSecs),
      editedSegmentCount: items.filter((item) => item.kind === 'segment').length,
    },
  }
}

/** Together, however they overlap, inside the clip. */
function coveredSecs(
  stretches: readonly { readonly startSecs: number; readonly endSecs: number }[],
  durationSecs: number,
): number {
  let total = 0
  let reached = 0
  for (const { startSecs, endSecs } of [...stretches].sort((a, b) => a.startSecs - b.startSecs)) {
    const from = Math.max(startSecs, reached)
    const to = Math.min(endSecs, durationSecs)
    if (to > from) {
      total += to - from
      reached = to
    }
  }
  return total
}
