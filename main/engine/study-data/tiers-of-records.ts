import { EMOTION_SET, WHOLE_CLIP } from '../../../preload/contract/tier-rules'
import type { SegmentRecord } from '../export/segment-record'
import type { Interval } from '../speech/types'
import { TOUCHING_SECS } from '../timeline/episodes'
import type { StudyTier, TierKind, TierStretch } from './types'

export interface TierContext {
  /** All unnamed faces are tracks of one person, as the clip's summary has it. */
  readonly isOnePerson: boolean
  /** Time that people could have coded. */
  readonly observed: readonly Interval[]
}

export interface TiersOfRecords {
  readonly tiers: readonly StudyTier[]
  /** What had to be put right, for people. */
  readonly notices: readonly string[]
}

interface Group extends Pick<StudyTier, 'kind' | 'subject' | 'rater' | 'set' | 'isPoints'> {
  readonly names: Set<string>
  readonly fallbackName: string
  readonly stretches: TierStretch[]
}

/**
 * Rows of segments tables as tiers. Face tracks of one person are one tier, in which bouts of one label that meet count as
 * one; rejected rows are left out; a tier of states that overlaps itself keeps the earlier label.
 */
export function tiersOfRecords(records: readonly SegmentRecord[], context: TierContext): TiersOfRecords {
  const groups = new Map<string, Group>()
  for (const record of records) {
    if (record.status === 'rejected') continue
    const group = groupOf(record, context)
    const key = JSON.stringify([group.kind, group.subject, group.rater, group.set, group.isPoints])
    const known = groups.get(key) ?? group
    groups.set(key, known)
    known.names.add(record.tier)
    known.stretches.push({ startSecs: record.startSecs, endSecs: record.endSecs, label: record.label })
  }
  const notices: string[] = []
  const tiers = [...groups.values()].map((group): StudyTier => {
    const name = group.names.size === 1 ? ([...group.names][0] ?? '') : group.fallbackName
    const sorted = group.stretches.sort((a, b) => a.startSecs - b.startSecs || a.endSecs - b.endSecs)
    const isModel = group.kind === 'face' || group.kind === 'speech' || group.kind === 'fusion'
    return {
      name,
      kind: group.kind,
      subject: group.subject,
      rater: group.rater,
      set: group.set,
      isPoints: group.isPoints,
      stretches: group.isPoints
        ? sorted
        : withoutOverlaps(isModel ? joinTouching(sorted) : sorted, (atSecs) => {
            if (!isModel)
              notices.push(
                `labels of ${name} overlap at ${atSecs.toFixed(3)} s: the earlier one counts there`,
              )
          }),
      observed: context.observed,
    }
  })
  return { tiers, notices }
}

const MODEL_KINDS: readonly TierKind[] = ['face', 'speech', 'fusion']

function groupOf(record: SegmentRecord, { isOnePerson }: TierContext): Group {
  const { modality, faceId, observer, tier } = record
  const isPoint = record.endSecs <= record.startSecs
  const modelKind = MODEL_KINDS.find((kind) => kind === modality)
  if (record.source === 'model' && modelKind !== undefined) {
    const face = faceId === null || isOnePerson ? '' : `face_${faceId}`
    const subject = record.subjectId || face
    return {
      ...emptyGroup,
      ...sets(isPoint, EMOTION_SET),
      kind: modelKind,
      subject,
      rater: observer,
      names: new Set(),
      fallbackName: `${subject || WHOLE_CLIP}/${modelKind}`,
      stretches: [],
    }
  }
  const isManual = modality === 'manual' || (record.source === 'human' && modality !== 'final')
  const kind: TierKind = modality === 'final' ? 'final' : isManual ? 'manual' : 'other'
  const rater = kind === 'final' ? '' : observer || tier
  return {
    ...emptyGroup,
    ...sets(isPoint, setOfTier(tier, observer)),
    kind,
    subject: record.subjectId,
    rater,
    names: new Set(),
    fallbackName: tier,
    stretches: [],
  }
}

const emptyGroup = { kind: 'other', subject: '', rater: '' } as const

function sets(isPoints: boolean, set: string): Pick<Group, 'set' | 'isPoints'> {
  return { isPoints, set: isPoints ? '' : set }
}

/** The part of a manual tier's name that tells its set: see manualTierName. */
function setOfTier(tier: string, observer: string): string {
  const lead = `/manual/${observer}/`
  const at = tier.indexOf(lead)
  return at < 0 ? EMOTION_SET : tier.slice(at + lead.length)
}

/** @param sorted by start */
function joinTouching(sorted: readonly TierStretch[]): TierStretch[] {
  const joined: TierStretch[] = []
  const open = new Map<string, number>()
  for (const stretch of sorted) {
    const place = open.get(stretch.label) ?? -1
    const last = joined[place]
    if (last && stretch.startSecs <= last.endSecs + TOUCHING_SECS)
      joined[place] = { ...last, endSecs: Math.max(last.endSecs, stretch.endSecs) }
    else open.set(stretch.label, joined.push(stretch) - 1)
  }
  return joined
}

function withoutOverlaps(sorted: readonly TierStretch[], onOverlap: (atSecs: number) => void): TierStretch[] {
  const kept: TierStretch[] = []
  let takenSecs = Number.NEGATIVE_INFINITY
  for (const stretch of sorted) {
    if (stretch.startSecs < takenSecs - TOUCHING_SECS) onOverlap(stretch.startSecs)
    const startSecs = Math.max(stretch.startSecs, takenSecs)
    if (stretch.endSecs - startSecs <= TOUCHING_SECS) continue
    kept.push(startSecs === stretch.startSecs ? stretch : { ...stretch, startSecs })
    takenSecs = stretch.endSecs
  }
  return kept
}
