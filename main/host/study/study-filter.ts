import type { StudyClip } from '../../engine/study-data/types'
import type { StudySource } from './study-orders'

/** Clips, or of each clip the subjects, in which an independent variable has a value; '' finds those that have none. */
export function clipsOfGroup(clips: readonly StudyClip[], group: StudySource['group']): readonly StudyClip[] {
  if (!group) return clips
  const { variable, value } = group
  return clips.flatMap((clip) => {
    const bySubject = Object.values(clip.subjectVariables).some((own) => variable in own)
    if (!bySubject) return (clip.variables[variable] ?? '') === value ? [clip] : []
    const kept = withSubjects(clip, (subject) => (clip.subjectVariables[subject]?.[variable] ?? '') === value)
    return kept.tiers.length > 0 || kept.ratings.length > 0 ? [kept] : []
  })
}

/** @param subject null: every subject */
export function clipsOfSubject(clips: readonly StudyClip[], subject: string | null): readonly StudyClip[] {
  return subject === null ? clips : clips.map((clip) => withSubjects(clip, (own) => own === subject))
}

function withSubjects(clip: StudyClip, isKept: (subject: string) => boolean): StudyClip {
  const keep = <T extends { readonly subject: string }>(all: readonly T[]): T[] =>
    all.filter(({ subject }) => isKept(subject))
  return {
    ...clip,
    tiers: keep(clip.tiers),
    ratings: keep(clip.ratings),
    probabilities: keep(clip.probabilities),
  }
}
