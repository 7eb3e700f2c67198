import type { Study, TrackItem } from '../../preload/contract/annotation'
import {
  EMOTION_SET,
  type FinalLayer,
  type FinalStretch,
  finalTier,
  type LabelledStretch,
  subjectOfFace,
  WHOLE_CLIP,
} from '../../preload/contract/tier-rules'
import type { AnnotationTier } from './tiers'

/** A model's segment, as far as the final tier needs it. */
export interface ModelSegment {
  readonly modality: string
  readonly source: 'model' | 'human'
  /** -1: not tied to a face. */
  readonly faceId: number
  readonly label: string
  readonly startSecs: number
  readonly endSecs: number
}

export interface FinalTierOfSubject {
  /** Subject's id, "face:<id>" where nobody said who a face is and there are several, '' for the clip as a whole. */
  readonly key: string
  readonly name: string
  /** '': the clip as a whole, or a face that nobody named. */
  readonly subjectId: string
  /** Null: not one face alone. */
  readonly faceId: number | null
  /** By start, without overlaps. */
  readonly stretches: readonly FinalStretch[]
}

export interface FinalSources {
  /** Of everybody. */
  readonly tiers: readonly AnnotationTier[]
  readonly tracks: readonly TrackItem[]
  readonly study: Study
  readonly segments: readonly ModelSegment[]
  /** What the clip was labelled with. */
  readonly modalities: readonly string[]
}

/** What one final tier is made of. */
interface Plan {
  readonly key: string
  readonly name: string
  readonly subjectId: string
  readonly faceId: number | null
  /** Subjects whose manual tiers count, the strongest first. */
  readonly coded: readonly string[]
  readonly belongs: (segment: ModelSegment) => boolean
}

const NO_FACE = -1

/**
 * Makes the final tiers, one a subject, by FINAL_RULE. What an observer says of a subject goes before what they say of the clip as a whole,
 * which holds for every subject. Sound that is tied to no face counts for every subject. A tier that no change since the last call touches is
 * the same object again.
 */
export function finalTierMaker(): (sources: FinalSources) => readonly FinalTierOfSubject[] {
  let kept = new Map<string, { readonly from: readonly unknown[]; readonly tier: FinalTierOfSubject }>()
  return (sources) => {
    const { tiers, tracks, study, segments, modalities } = sources
    const next: typeof kept = new Map()
    const made = plansOf(sources).map((plan) => {
      const manual = manualTiers(tiers, study, plan.coded)
      const from = [
        plan.name,
        plan.faceId,
        study,
        segments,
        tracks.length,
        ...tracks,
        ...modalities,
        ...manual,
      ]
      const known = kept.get(plan.key)
      const isSame = known?.from.length === from.length && known.from.every((one, at) => one === from[at])
      const tier = isSame ? known.tier : makeTier(plan, manual, sources)
      next.set(plan.key, { from, tier })
      return tier
    })
    kept = next
    return made
  }
}

function plansOf({ tiers, tracks, study, segments }: FinalSources): Plan[] {
  const models = segments.filter(({ source }) => source === 'model')
  const subjectOf = (one: ModelSegment) =>
    one.faceId === NO_FACE ? '' : subjectOfFace(tracks, one.faceId, one.startSecs)
  const coded = new Set(tiers.map(({ subjectId }) => subjectId))
  const named = new Set([...coded, ...models.map(subjectOf)])
  const isNameless = (one: ModelSegment) => one.faceId !== NO_FACE && subjectOf(one) === ''
  const nameless = [...new Set(models.filter(isNameless).map(({ faceId }) => faceId))].sort((a, b) => a - b)

  const bySubject = study.subjects
    .filter(({ id }) => named.has(id))
    .map(({ id, name }): Plan => ({
      key: id,
      name: `${name}/final`,
      subjectId: id,
      faceId: null,
      coded: [id, ''],
      belongs: (one) => subjectOf(one) === id,
    }))
  if (nameless.length > 1) {
    const byFace = nameless.map((faceId): Plan => ({
      key: `face:${faceId}`,
      name: `face_${faceId}/final`,
      subjectId: '',
      faceId,
      coded: [''],
      belongs: (one) => one.faceId === faceId && subjectOf(one) === '',
    }))
    return [...bySubject, ...byFace]
  }
  const hasWhole = coded.has('') || models.some(({ faceId }) => faceId === NO_FACE)
  const whole: Plan = {
    key: '',
    name: `${WHOLE_CLIP}/final`,
    subjectId: '',
    faceId: nameless[0] ?? null,
    coded: [''],
    belongs: isNameless,
  }
  // With subjects, what is about the whole clip stands in theirs.
  const isWhole = nameless.length === 1 || (hasWhole && bySubject.length === 0)
  return isWhole ? [whole, ...bySubject] : bySubject
}

/** Tiers of the main set: by subject as given, then by the study's observers. */
function manualTiers(
  tiers: readonly AnnotationTier[],
  study: Study,
  subjects: readonly string[],
): AnnotationTier[] {
  const sets = study.scheme.codes.filter(({ kind }) => kind === 'state').map(({ set }) => set)
  const main = sets.includes(EMOTION_SET) ? EMOTION_SET : (sets[0] ?? EMOTION_SET)
  const states = tiers.filter(({ kind, set }) => kind === 'state' && set === main)
  return subjects.flatMap((subjectId) =>
    study.observers.flatMap(({ id }) =>
      states.filter((tier) => tier.observerId === id && tier.subjectId === subjectId),
    ),
  )
}

function makeTier(
  { key, name, subjectId, faceId, belongs }: Plan,
  manual: readonly AnnotationTier[],
  { study, segments, modalities }: FinalSources,
): FinalTierOfSubject {
  const names = new Map(study.scheme.codes.map((code) => [code.id, code.name]))
  const own = segments.filter((one) => one.source === 'model' && (one.faceId === NO_FACE || belongs(one)))
  const used = modalities.includes('fusion') ? (['fusion'] as const) : (['face', 'speech'] as const)
  const layers: FinalLayer[] = [
    ...manual.map((tier) => ({
      source: 'manual' as const,
      stretches: tier.segments.map(({ startSecs, endSecs, status, codeId }) => ({
        startSecs,
        endSecs,
        label: status === 'rejected' ? null : (names.get(codeId) ?? ''),
      })),
    })),
    ...used.map((source) => ({
      source,
      stretches: stretchesOf(own.filter(({ modality }) => modality === source)),
    })),
  ]
  return { key, name, subjectId, faceId, stretches: finalTier(layers) }
}

/** Segments of one tier do not overlap; two faces that are one person may, and then the earlier one holds. */
function stretchesOf(segments: readonly ModelSegment[]): LabelledStretch[] {
  const result: LabelledStretch[] = []
  for (const { startSecs, endSecs, label } of [...segments].sort((a, b) => a.startSecs - b.startSecs)) {
    const from = Math.max(startSecs, result.at(-1)?.endSecs ?? -Infinity)
    if (endSecs > from) result.push({ startSecs: from, endSecs, label })
  }
  return result
}
