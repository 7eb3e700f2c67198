import type { AnnotationItem, Study } from '../../preload/contract/annotation'
import {
  EMOTION_SET,
  type FinalLayer,
  type FinalStretch,
  finalTier,
  type LabelledStretch,
  manualStretches,
  subjectOfFace,
  WHOLE_CLIP,
} from '../../preload/contract/tier-rules'

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

const NO_FACE = -1

/**
 * What counts in the end, one tier a subject, by FINAL_RULE. What an observer says of a subject goes before what they say of the
 * clip as a whole, which holds for every subject. Sound that is tied to no face counts for every subject.
 * @param modalities what the clip was labelled with
 */
export function finalTiers(
  items: readonly AnnotationItem[],
  study: Study,
  segments: readonly ModelSegment[],
  modalities: readonly string[],
): FinalTierOfSubject[] {
  const tracks = items.filter((item) => item.kind === 'track')
  const models = segments.filter(({ source }) => source === 'model')
  const faces = [...new Set(models.map(({ faceId }) => faceId))]
    .filter((id) => id !== NO_FACE)
    .sort((a, b) => a - b)
  const subjectOf = (segment: ModelSegment) =>
    segment.faceId === NO_FACE ? '' : subjectOfFace(tracks, segment.faceId, segment.startSecs)

  const coded = new Set(items.flatMap((item) => (item.kind === 'segment' ? [item.subjectId] : [])))
  const named = new Set([...coded, ...models.map(subjectOf)])
  named.delete('')
  const nameless = faces.filter((id) => models.some((one) => one.faceId === id && subjectOf(one) === ''))
  const hasWholeClip = coded.has('') || nameless.length > 0 || models.some(({ faceId }) => faceId === NO_FACE)

  const layersOf = (subjectId: string, belongs: (segment: ModelSegment) => boolean): FinalLayer[] => {
    const own = models.filter((one) => one.faceId === NO_FACE || belongs(one))
    const used = modalities.includes('fusion') ? (['fusion'] as const) : (['face', 'speech'] as const)
    return [
      ...manualLayers(items, study, subjectId),
      ...used.map((source) => ({
        source,
        stretches: stretchesOf(own.filter(({ modality }) => modality === source)),
      })),
    ]
  }

  const bySubject = study.subjects
    .filter(({ id }) => named.has(id))
    .map(({ id, name }) => ({
      key: id,
      name: `${name}/final`,
      subjectId: id,
      faceId: null,
      stretches: finalTier(layersOf(id, (one) => subjectOf(one) === id)),
    }))
  const byFace =
    nameless.length > 1
      ? nameless.map((faceId) => ({
          key: `face:${faceId}`,
          name: `face-${faceId}/final`,
          subjectId: '',
          faceId,
          stretches: finalTier(layersOf('', (one) => one.faceId === faceId && subjectOf(one) === '')),
        }))
      : []
  const isWhole = hasWholeClip && byFace.length === 0 && bySubject.length === 0
  const whole =
    isWhole || (nameless.length === 1 && byFace.length === 0) ? [wholeClip(layersOf, nameless)] : []
  return [...whole, ...bySubject, ...byFace]

  function wholeClip(layers: typeof layersOf, unnamed: readonly number[]): FinalTierOfSubject {
    return {
      key: '',
      name: `${WHOLE_CLIP}/final`,
      subjectId: '',
      faceId: unnamed[0] ?? null,
      stretches: finalTier(layers('', (one) => subjectOf(one) === '')),
    }
  }
}

function manualLayers(items: readonly AnnotationItem[], study: Study, subjectId: string): FinalLayer[] {
  const sets = study.scheme.codes.filter(({ kind }) => kind === 'state').map(({ set }) => set)
  const set = sets.includes(EMOTION_SET) ? EMOTION_SET : (sets[0] ?? EMOTION_SET)
  const subjects = subjectId === '' ? [''] : [subjectId, '']
  return subjects.flatMap((subject) =>
    study.observers.map(({ id }): FinalLayer => ({
      source: 'manual',
      stretches: manualStretches(items, study, { observerId: id, subjectId: subject, set }),
    })),
  )
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
