import type { RatingItem } from '../../../preload/contract/annotation'
import { manualTierName } from '../../../preload/contract/tier-rules'
import type { RatingTrace } from '../agreement/types'
import type { ClipAnnotation } from '../export/annotated/clip-annotation'
import type { Interval } from '../speech/types'
import type { BaselineStretch, StudyRating, StudyTier } from './types'

/** Ratings of a clip, reaction time taken off; several of one rater, subject and dimension are one trace with gaps. */
export function ratingsOf({ study, items }: ClipAnnotation): StudyRating[] {
  const dimensions = new Map(study.scheme.dimensions.map(({ id, name }) => [id, name]))
  const subjects = new Map(study.subjects.map(({ id, name }) => [id, name]))
  const observers = new Map(study.observers.map(({ id, name }) => [id, name]))
  const groups = new Map<string, RatingItem[]>()
  for (const item of items) {
    if (item.kind !== 'rating' || item.timesSecs.length === 0) continue
    const key = JSON.stringify([item.observerId, item.subjectId, item.dimensionId])
    groups.set(key, [...(groups.get(key) ?? []), item])
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    return [
      {
        subject: subjects.get(first.subjectId) ?? first.subjectId,
        observer: observers.get(first.observerId) ?? first.observerId,
        dimension: dimensions.get(first.dimensionId) ?? first.dimensionId,
        trace: joinTraces(group),
      },
    ]
  })
}

/** NaN is "no value" between two ratings; where one begins before another has ended, the later one takes over. */
function joinTraces(items: readonly RatingItem[]): RatingTrace {
  const sorted = items
    .map(({ timesSecs, values, endSecs, reactionTimeSecs }) => ({
      timesSecs: timesSecs.map((secs) => secs - reactionTimeSecs),
      values,
      endSecs: endSecs - reactionTimeSecs,
    }))
    .sort((a, b) => (a.timesSecs[0] ?? 0) - (b.timesSecs[0] ?? 0))
  const timesSecs: number[] = []
  const values: number[] = []
  for (const [index, trace] of sorted.entries()) {
    const nextSecs = sorted[index + 1]?.timesSecs[0] ?? Number.POSITIVE_INFINITY
    for (const [place, secs] of trace.timesSecs.entries()) {
      if (secs >= nextSecs) break
      timesSecs.push(secs)
      values.push(trace.values[place] ?? Number.NaN)
    }
    if (trace.endSecs >= nextSecs || index === sorted.length - 1) continue
    timesSecs.push(trace.endSecs)
    values.push(Number.NaN)
  }
  return { timesSecs, values, endSecs: Math.max(...sorted.map(({ endSecs }) => endSecs)) }
}

export function exclusionsOf({ items }: ClipAnnotation): Interval[] {
  return items.filter((item) => item.kind === 'exclusion')
}

export function baselinesOf({ study, items }: ClipAnnotation): BaselineStretch[] {
  const subjects = new Map(study.subjects.map(({ id, name }) => [id, name]))
  return items
    .filter((item) => item.kind === 'baseline')
    .map(({ subjectId, startSecs, endSecs }) => ({
      subject: subjects.get(subjectId) ?? subjectId,
      startSecs,
      endSecs,
    }))
}

/** Of the clip, by name; @param known what stands in its meta.json */
export function clipVariablesOf(
  { study, items }: ClipAnnotation,
  known: Readonly<Record<string, string>>,
): Record<string, string> {
  const names = new Map(study.variables.map(({ id, name }) => [id, name]))
  const values: Record<string, string> = { ...known }
  for (const item of items)
    if (item.kind === 'variable') values[names.get(item.variableId) ?? item.variableId] = item.value
  return values
}

/** Of every subject, by name. */
export function subjectVariablesOf({ study }: ClipAnnotation): Record<string, Record<string, string>> {
  const names = new Map(study.variables.map(({ id, name }) => [id, name]))
  return Object.fromEntries(
    study.subjects.map(({ name, variables }) => [
      name,
      Object.fromEntries(Object.entries(variables).map(([id, value]) => [names.get(id) ?? id, value])),
    ]),
  )
}

/**
 * Tiers of observers who marked the clip as done and left a line empty that somebody else filled: they saw nothing there,
 * which is not the same as not having looked.
 * @param tiers those with labels
 */
export function emptyDoneTiers({ study, items }: ClipAnnotation, tiers: readonly StudyTier[]): StudyTier[] {
  const manual = tiers.filter(({ kind }) => kind === 'manual')
  const done = new Set(items.flatMap((item) => (item.kind === 'done' ? [item.observerId] : [])))
  return study.observers.flatMap(({ id, name }) => {
    if (!done.has(id)) return []
    const own = new Set(manual.filter(({ rater }) => rater === name).map(lineOf))
    const found = new Map<string, StudyTier>()
    for (const tier of manual) {
      const line = lineOf(tier)
      if (own.has(line) || found.has(line)) continue
      const { subject, set, isPoints } = tier
      const tierName = manualTierName(subject, name, { kind: isPoints ? 'point' : 'state', set })
      found.set(line, { ...tier, name: tierName, rater: name, stretches: [] })
    }
    return [...found.values()]
  })
}

function lineOf({ subject, set, isPoints }: StudyTier): string {
  return JSON.stringify([subject, set, isPoints])
}
