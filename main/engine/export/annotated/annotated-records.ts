import type { Code, SegmentItem } from '../../../../preload/contract/annotation'
import {
  type FinalLayer,
  type FinalSource,
  finalTier,
  manualStretches,
  manualTierName,
  WHOLE_CLIP,
} from '../../../../preload/contract/tier-rules'
import type { SegmentRecord } from '../segment-record'
import { AnnotationIndex, type ClipAnnotation, mainSetOf } from './clip-annotation'

/** What segments of people must know of the clip. */
export interface RecordContext {
  readonly clipId: string
  /** Times of the decoded frames, ascending; empty for a clip without pictures. */
  readonly frameTimesSecs: ArrayLike<number>
  /** Whether fusion was asked for: then a single modality never becomes final. */
  readonly hasFusion: boolean
}

/** Modality of the rows that FINAL_RULE makes; they are derived, so the segments table itself does not hold them. */
export const FINAL_MODALITY = 'final'

/** The model's rows with the names that people gave to faces; everything else stays. */
export function namedModelRecords(
  records: readonly SegmentRecord[],
  annotation: ClipAnnotation,
): SegmentRecord[] {
  const index = new AnnotationIndex(annotation)
  return records.map((record) => {
    if (record.source !== 'model' || record.faceId === null) return record
    // The middle, since a name may begin or end where the segment does.
    const atSecs = (record.startSecs + record.endSecs) / 2
    const subjectId = index.subjectName(index.subjectAt(record.faceId, 1, atSecs))
    if (subjectId === '') return record
    return { ...record, subjectId, tier: `${subjectId}/${record.modality}` }
  })
}

/** Everything that people marked, as rows of the segments table: by observer, subject, set, start. */
export function humanRecords({ study, items }: ClipAnnotation, context: RecordContext): SegmentRecord[] {
  const codes = new Map(study.scheme.codes.map((code, place) => [code.id, { code, place }]))
  const observers = new Map(study.observers.map(({ id, name }, place) => [id, { name, place }]))
  const subjects = new Map(study.subjects.map(({ id, name }, place) => [id, { name, place }]))
  return items
    .filter((item): item is SegmentItem => item.kind === 'segment')
    .map((item) => ({
      item,
      code: codes.get(item.codeId)?.code ?? null,
      observer: observers.get(item.observerId) ?? { name: item.observerId, place: observers.size },
      subject: subjects.get(item.subjectId) ?? { name: item.subjectId, place: -1 },
    }))
    .sort(
      (a, b) =>
        a.observer.place - b.observer.place ||
        a.subject.place - b.subject.place ||
        compare(setOf(a.code), setOf(b.code)) ||
        a.item.startSecs - b.item.startSecs ||
        compare(a.item.id, b.item.id),
    )
    .map(({ item, code, observer, subject }) => ({
      ...blankRecord(context.clipId, item.id),
      tier: manualTierName(subject.name, observer.name, code ?? { kind: 'state', set: '' }),
      modality: 'manual',
      source: 'human',
      observer: observer.name,
      subjectId: subject.name,
      label: code?.name ?? item.codeId,
      startSecs: item.startSecs,
      endSecs: item.endSecs,
      ...framesInside(context.frameTimesSecs, item.startSecs, item.endSecs),
      status: item.status,
      origLabel: item.orig?.label ?? '',
      origStartSecs: item.orig?.startSecs ?? null,
      origEndSecs: item.orig?.endSecs ?? null,
      confidence: item.confidence,
      comment: item.comment,
      editedAt: item.editedAt,
    }))
}

/** The final tier of each subject that people coded or named, by FINAL_RULE; of the clip as a whole where nobody was. */
export function finalRecords(
  annotation: ClipAnnotation,
  modelRecords: readonly SegmentRecord[],
  context: RecordContext,
): SegmentRecord[] {
  const { study, items } = annotation
  const named = namedModelRecords(modelRecords, annotation).filter(({ source }) => source === 'model')
  const coded = new Set(items.flatMap((item) => (item.kind === 'segment' ? [item.subjectId] : [])))
  const names = new Map(study.subjects.map(({ id, name }) => [id, name]))
  const subjectIds = study.subjects
    .filter(({ id, name }) => coded.has(id) || named.some(({ subjectId }) => subjectId === name))
    .map(({ id }) => id)
  if (coded.has('') || subjectIds.length === 0) subjectIds.push('')
  return subjectIds.flatMap((subjectId) => {
    const name = names.get(subjectId) ?? ''
    const layers = [...manualLayers(annotation, subjectId), ...modelLayers(named, name, context.hasFusion)]
    return finalTier(layers.map(({ layer }) => layer)).map((stretch, index): SegmentRecord => ({
      ...blankRecord(context.clipId, `final-${subjectId || WHOLE_CLIP}-${index + 1}`),
      tier: `${name || WHOLE_CLIP}/${FINAL_MODALITY}`,
      modality: FINAL_MODALITY,
      source: stretch.source === 'manual' ? 'human' : 'model',
      observer: layers[stretch.layer]?.observer ?? '',
      subjectId: name,
      label: stretch.label,
      startSecs: stretch.startSecs,
      endSecs: stretch.endSecs,
      ...framesInside(context.frameTimesSecs, stretch.startSecs, stretch.endSecs),
      comment: stretch.source,
    }))
  })
}

interface NamedLayer {
  readonly observer: string
  readonly layer: FinalLayer
}

function manualLayers({ study, items }: ClipAnnotation, subjectId: string): NamedLayer[] {
  const set = mainSetOf(study)
  return study.observers.map(({ id, name }) => ({
    observer: name,
    layer: {
      source: 'manual',
      stretches: manualStretches(items, study, { observerId: id, subjectId, set }),
    },
  }))
}

/** Model rows of a subject; for the clip as a whole those of every face, the earlier track first where two overlap. */
function modelLayers(
  records: readonly SegmentRecord[],
  subjectName: string,
  hasFusion: boolean,
): NamedLayer[] {
  const order: readonly FinalSource[] = hasFusion ? ['fusion'] : ['face', 'speech']
  const layers: NamedLayer[] = []
  for (const source of order) {
    const own = records.filter(
      (record) =>
        record.modality === source &&
        (subjectName === '' || record.subjectId === subjectName || record.faceId === null),
    )
    const tracks = [...new Set(own.map(({ faceId }) => faceId ?? -1))].sort((a, b) => a - b)
    for (const track of tracks) {
      const stretches = own.filter(({ faceId }) => (faceId ?? -1) === track)
      layers.push({
        observer: stretches[0]?.observer ?? '',
        layer: { source, stretches: [...stretches].sort((a, b) => a.startSecs - b.startSecs) },
      })
    }
  }
  return layers
}

function blankRecord(clipId: string, segmentId: string): SegmentRecord {
  return {
    clipId,
    segmentId,
    tier: '',
    modality: '',
    source: 'human',
    observer: '',
    subjectId: '',
    faceId: null,
    label: '',
    startSecs: 0,
    endSecs: 0,
    startFrame: null,
    endFrame: null,
    peakValue: null,
    peakTimeSecs: null,
    meanValue: null,
    frameCount: null,
    validFrameCount: null,
    status: 'auto',
    origLabel: '',
    origStartSecs: null,
    origEndSecs: null,
    confidence: null,
    comment: '',
    editedAt: '',
  }
}

/** Frames whose time lies inside; a point stands for the frame it was put on. */
function framesInside(
  timesSecs: ArrayLike<number>,
  startSecs: number,
  endSecs: number,
): Pick<SegmentRecord, 'startFrame' | 'endFrame' | 'frameCount'> {
  if (timesSecs.length === 0) return { startFrame: null, endFrame: null, frameCount: null }
  const first = firstAtOrAfter(timesSecs, startSecs)
  const last = startSecs === endSecs ? first : firstAtOrAfter(timesSecs, endSecs) - 1
  if (last < first || first >= timesSecs.length) return { startFrame: null, endFrame: null, frameCount: 0 }
  return { startFrame: first, endFrame: last, frameCount: last - first + 1 }
}

const TOLERANCE_SECS = 1e-6

function firstAtOrAfter(timesSecs: ArrayLike<number>, secs: number): number {
  let low = 0
  let high = timesSecs.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((timesSecs[middle] ?? 0) < secs - TOLERANCE_SECS) low = middle + 1
    else high = middle
  }
  return low
}

function setOf(code: Code | null): string {
  return code === null ? '' : code.kind === 'point' ? '\uFFFF' : code.set
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
