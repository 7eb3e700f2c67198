import { EMOTION_SET, WHOLE_CLIP } from '../../../preload/contract/tier-rules'
import { fusionId } from '../export/clip-context'
import type { ClipMeta } from '../export/meta-json'
import type { Interval } from '../speech/types'
import type { ProbabilityTrack, StudyTier } from './types'

interface ModelFacts {
  /** Tiers with labels. */
  readonly tiers: readonly StudyTier[]
  /** Empty where frames were not read. */
  readonly probabilities: readonly ProbabilityTrack[]
  readonly meta: ClipMeta | null
  readonly observed: readonly Interval[]
}

/**
 * Tiers of models that had readings and made no episode of them: nothing was found there, which is not the same as not having
 * looked, so the clip counts with 0. Without readings the clip's summary tells which modality had any; it is taken for one
 * person's only where the clip has one.
 */
export function silentModelTiers({ tiers, probabilities, meta, observed }: ModelFacts): StudyTier[] {
  const lines = probabilities.length > 0 ? probabilities : readLines(meta)
  return lines.flatMap(({ kind, subject }): StudyTier[] => {
    const same = tiers.filter((tier) => tier.kind === kind)
    // A face that was there for a moment and that nobody named is no person whose silence says anything.
    const isNamed = subject !== '' && !/^face_\d+$/.test(subject)
    if (same.some((tier) => tier.subject === subject) || (same.length > 0 && !isNamed)) return []
    return [
      {
        name: `${subject || WHOLE_CLIP}/${kind}`,
        kind,
        subject,
        rater: same[0]?.rater ?? raterOf(meta, kind),
        set: EMOTION_SET,
        isPoints: false,
        stretches: [],
        observed,
      },
    ]
  })
}

function readLines(meta: ClipMeta | null): Pick<ProbabilityTrack, 'kind' | 'subject'>[] {
  const subjects = meta?.summary.subjects ?? []
  const [only] = subjects
  if (!only || subjects.length > 1) return []
  return only.whole.flatMap(({ modality, observedSecs }) =>
    observedSecs > 0 ? [{ kind: modality, subject: modality === 'speech' ? '' : only.subjectId }] : [],
  )
}

function raterOf(meta: ClipMeta | null, kind: ProbabilityTrack['kind']): string {
  if (meta === null) return ''
  if (kind === 'fusion') return fusionId(meta.settings)
  return meta.models[kind]?.id ?? ''
}
