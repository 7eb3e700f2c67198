import type { Study } from '../../../preload/contract/annotation'
import { intersect, joinIntervals, subtract } from '../agreement/observed-part'
import { finalRecords, humanRecords, namedModelRecords } from '../export/annotated/annotated-records'
import type { ClipAnnotation } from '../export/annotated/clip-annotation'
import type { ClipMeta } from '../export/meta-json'
import type { SegmentRecord } from '../export/segment-record'
import type { ClipResults } from '../results/clip-results'
import {
  baselinesOf,
  clipVariablesOf,
  emptyDoneTiers,
  exclusionsOf,
  ratingsOf,
  subjectVariablesOf,
} from './clip-annotation-parts'
import { silentModelTiers } from './silent-tiers'
import { probabilityTracks } from './probability-tracks'
import { tiersOfRecords } from './tiers-of-records'
import type { ProbabilityTrack, StudyClip, StudyTier } from './types'

/** What was read of a clip; what is not there is null. */
export interface ClipParts {
  readonly clipId: string
  readonly meta: ClipMeta | null
  /** Rows of its segments table; empty where it was not labelled. */
  readonly records: readonly SegmentRecord[]
  readonly annotation: ClipAnnotation | null
  /** Of the project; null: there is none. */
  readonly study: Study | null
  /** With frames and speech tables, where these were asked for. */
  readonly results: ClipResults | null
  /** As probed, where there is no meta.json. */
  readonly durationSecs: number | null
}

export interface MadeClip {
  readonly clip: StudyClip
  readonly notices: readonly string[]
}

/** Puts the parts of a clip together. */
export function studyClip(parts: ClipParts): MadeClip {
  const { clipId, meta, records, annotation, results, durationSecs } = parts
  const all = annotation ? annotatedRecords(parts, annotation) : [...records, ...finalOfModel(parts)]
  const knownSecs = meta?.summary.durationSecs ?? durationSecs
  const endSecs = knownSecs ?? lastSecs(all)
  const excluded = annotation ? joinIntervals(exclusionsOf(annotation)) : excludedOf(meta)
  const observed = subtract([{ startSecs: 0, endSecs }], excluded)
  const isOnePerson = takesAsOnePerson(meta, records)
  const { tiers, notices } = tiersOfRecords(all, { isOnePerson, observed })
  const probabilities = results ? probabilityTracks(results, annotation, isOnePerson, excluded) : []
  const silent = silentModelTiers({ tiers, probabilities, meta, observed })
  const withReadings = [...silent, ...tiers].map((tier) => ({
    ...tier,
    observed: readTime(tier, probabilities),
  }))
  return {
    clip: {
      clipId,
      durationSecs: endSecs,
      isDurationKnown: knownSecs !== null,
      observed,
      excluded,
      tiers: annotation ? [...withReadings, ...emptyDoneTiers(annotation, withReadings)] : withReadings,
      ratings: annotation ? ratingsOf(annotation) : [],
      baselines: annotation ? baselinesOf(annotation) : [],
      probabilities,
      variables: annotation ? clipVariablesOf(annotation, meta?.variables ?? {}) : { ...meta?.variables },
      subjectVariables: annotation ? subjectVariablesOf(annotation) : {},
    },
    notices,
  }
}

/** The model's rows with people's names, and what people marked; what they said before in the same table is theirs, too. */
function annotatedRecords(parts: ClipParts, annotation: ClipAnnotation): SegmentRecord[] {
  const context = contextOf(parts)
  const model = parts.records.filter(({ source }) => source === 'model')
  return [
    ...namedModelRecords(model, annotation),
    ...humanRecords(annotation, context),
    ...finalRecords(annotation, model, context),
  ]
}

/** Where people code a study, a clip that nobody has come to yet has a final label as well: the model's, by the same rule. */
function finalOfModel(parts: ClipParts): SegmentRecord[] {
  const { study, records } = parts
  if (!study || study.observers.length === 0 || records.some(({ modality }) => modality === 'final'))
    return []
  const model = records.filter(({ source }) => source === 'model')
  return finalRecords({ study, items: [] }, model, contextOf(parts))
}

function contextOf({ clipId, meta, records }: ClipParts) {
  return {
    clipId,
    frameTimesSecs: [],
    hasFusion:
      meta?.settings.modalities.includes('fusion') ?? records.some(({ modality }) => modality === 'fusion'),
  }
}

function excludedOf(meta: ClipMeta | null) {
  return joinIntervals(meta?.annotation?.excluded ?? [])
}

/** As the clip's summary decided; without one, a clip with a single face is one person. */
function takesAsOnePerson(meta: ClipMeta | null, records: readonly SegmentRecord[]): boolean {
  if (meta) return meta.summary.subjects.length === 1 && meta.summary.subjects[0]?.faceId === null
  return new Set(records.flatMap(({ faceId }) => (faceId === null ? [] : [faceId]))).size <= 1
}

function lastSecs(records: readonly SegmentRecord[]): number {
  return records.reduce((latest, { endSecs }) => Math.max(latest, endSecs), 0)
}

/** A model's tier could have said something only where there was a reading; people could everywhere. */
function readTime(tier: StudyTier, tracks: readonly ProbabilityTrack[]): StudyTier['observed'] {
  const track = tracks.find(({ kind, subject }) => kind === tier.kind && subject === tier.subject)
  if (!track) return tier.observed
  const read = Array.from({ length: track.startsSecs.length }, (_, index) => ({
    startSecs: track.startsSecs[index] ?? 0,
    endSecs: track.endsSecs[index] ?? 0,
  }))
  return intersect(joinIntervals(read), tier.observed)
}
