import type { StudyRater, StudySurvey, StudyVariable } from '../../../preload/contract/agreement'
import { raterKey, ratersOf } from '../../engine/study-data/raters'
import type { StudyClip, StudyData } from '../../engine/study-data/types'

/** What there is to compare in clips. */
export function surveyOf(data: StudyData): Omit<StudySurvey, 'blindClipCount'> {
  const { clips, problems, subjects, variables } = data
  return {
    clipCount: clips.length,
    problems: problems.map(({ clipId, fault }) => ({ clipId, message: fault.message })),
    raters: ratersOf(clips).map((rater) => ({ ...rater, ...labelled(clips, rater.key) })),
    subjects,
    dimensions: data.dimensions.map((name) => ({
      name,
      observers: data.observers.filter((observer) =>
        clips.some(({ ratings }) =>
          ratings.some((rating) => rating.dimension === name && rating.observer === observer),
        ),
      ),
    })),
    variables: variables.map(({ name, scope }): StudyVariable => ({
      name,
      scope,
      values: valuesOf(clips, name, scope),
    })),
    baselineClipCount: clips.filter(({ baselines }) => baselines.length > 0).length,
  }
}

function labelled(
  clips: readonly StudyClip[],
  key: string,
): Pick<StudyRater, 'clipCount' | 'stretchCount' | 'labelledSecs'> {
  let [clipCount, stretchCount, labelledSecs] = [0, 0, 0]
  for (const { tiers } of clips) {
    const own = tiers.filter((tier) => raterKey(tier) === key)
    if (own.length > 0) clipCount++
    for (const { stretches } of own) {
      stretchCount += stretches.length
      for (const { startSecs, endSecs } of stretches) labelledSecs += endSecs - startSecs
    }
  }
  return { clipCount, stretchCount, labelledSecs }
}

function valuesOf(
  clips: readonly StudyClip[],
  name: string,
  scope: 'clip' | 'subject',
): StudyVariable['values'] {
  const counts = new Map<string, number>()
  for (const clip of clips) {
    const own =
      scope === 'clip'
        ? [clip.variables[name] ?? '']
        : Object.values(clip.subjectVariables).map((variables) => variables[name] ?? '')
    for (const value of new Set(own)) counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  const collator = new Intl.Collator('en', { numeric: true })
  return [...counts]
    .map(([value, clipCount]) => ({ value, clipCount }))
    .sort((a, b) => collator.compare(a.value, b.value))
}
