import type { StudyClip, StudyData, StudyTier, TierStretch } from '../../../main/engine/study-data/types'

export const bout = (label: string, startSecs: number, endSecs: number): TierStretch => ({
  label,
  startSecs,
  endSecs,
})

/** A tier of Anna's emotions over all of a clip, unless said otherwise. */
export function tier(stretches: readonly TierStretch[], other: Partial<StudyTier> = {}): StudyTier {
  return {
    name: 'clip/manual/Anna',
    kind: 'manual',
    subject: '',
    rater: 'Anna',
    set: 'emotion',
    isPoints: false,
    stretches,
    observed: [{ startSecs: 0, endSecs: 60 }],
    ...other,
  }
}

/** A minute, nothing excluded. */
export function clip(clipId: string, tiers: readonly StudyTier[], other: Partial<StudyClip> = {}): StudyClip {
  return {
    clipId,
    durationSecs: 60,
    isDurationKnown: true,
    observed: [{ startSecs: 0, endSecs: 60 }],
    excluded: [],
    tiers,
    ratings: [],
    baselines: [],
    probabilities: [],
    variables: {},
    subjectVariables: {},
    ...other,
  }
}

export function study(clips: readonly StudyClip[], other: Partial<StudyData> = {}): StudyData {
  return {
    clips,
    problems: [],
    observers: ['Anna'],
    subjects: [''],
    labels: [],
    dimensions: [],
    variables: [],
    ...other,
  }
}
