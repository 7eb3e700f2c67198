import { EMOTIONS } from '../emotions'
import type { ClipTimeline, Modality } from '../timeline/types'
import { type ClipContext, type ExportContext, fusionId } from './clip-context'
import { PROBABILITY_DECIMALS, TIME_DECIMALS } from './csv'

/** A row of the segments table: what a model found or a person marked. Null and '' are empty cells. */
export interface SegmentRecord {
  readonly clipId: string
  readonly segmentId: string
  readonly tier: string
  readonly modality: string
  readonly source: 'model' | 'human'
  readonly observer: string
  readonly subjectId: string
  readonly faceId: number | null
  readonly label: string
  /** Half-open [startSecs, endSecs). */
  readonly startSecs: number
  readonly endSecs: number
  readonly startFrame: number | null
  /** Last frame inside. */
  readonly endFrame: number | null
  readonly peakValue: number | null
  readonly peakTimeSecs: number | null
  readonly meanValue: number | null
  readonly frameCount: number | null
  readonly validFrameCount: number | null
  readonly status: 'auto' | 'confirmed' | 'edited' | 'added' | 'rejected'
  readonly origLabel: string
  readonly origStartSecs: number | null
  readonly origEndSecs: number | null
  readonly confidence: number | null
  readonly comment: string
  /** ISO 8601 UTC, or ''. */
  readonly editedAt: string
}

/** The clip's episodes as table rows, numbered from 1. */
export function segmentRecords(timeline: ClipTimeline, context: ClipContext): SegmentRecord[] {
  return timeline.segments.map((segment, index) => {
    const subjectId = context.subjects?.[segment.faceId] ?? ''
    return {
      clipId: context.clipId,
      segmentId: String(index + 1),
      tier: `${participant(context, segment.faceId)}/${segment.modality}`,
      modality: segment.modality,
      source: 'model',
      observer: observer(context, segment.modality),
      subjectId,
      faceId: segment.faceId < 0 ? null : segment.faceId,
      label: EMOTIONS[segment.emotion] ?? '',
      startSecs: segment.startSecs,
      endSecs: segment.endSecs,
      startFrame: segment.startFrame < 0 ? null : segment.startFrame,
      endFrame: segment.endFrame < 0 ? null : segment.endFrame,
      peakValue: segment.peakValue,
      peakTimeSecs: segment.peakTimeSecs,
      meanValue: segment.meanValue,
      frameCount: segment.frameCount,
      validFrameCount: segment.validFrameCount,
      status: 'auto',
      origLabel: '',
      origStartSecs: null,
      origEndSecs: null,
      confidence: null,
      comment: '',
      editedAt: '',
    }
  })
}

/**
 * A record as the segments table gives it back, in its decimals. Other formats are made of this, so that the same files come
 * out of a clip's table later.
 */
export function asStored(record: SegmentRecord): SegmentRecord {
  const secs = (value: number): number => Number(value.toFixed(TIME_DECIMALS))
  const secsOrNull = (value: number | null): number | null => (value === null ? null : secs(value))
  const probability = (value: number | null): number | null =>
    value === null ? null : Number(value.toFixed(PROBABILITY_DECIMALS))
  return {
    ...record,
    startSecs: secs(record.startSecs),
    endSecs: secs(record.endSecs),
    peakValue: probability(record.peakValue),
    peakTimeSecs: secsOrNull(record.peakTimeSecs),
    meanValue: probability(record.meanValue),
    origStartSecs: secsOrNull(record.origStartSecs),
    origEndSecs: secsOrNull(record.origEndSecs),
    confidence: probability(record.confidence),
  }
}

/** Whose tier it is: the named subject, the face, or the clip where nothing ties a reading to a face. */
export function participant(context: Pick<ClipContext, 'subjects'>, faceId: number): string {
  return faceId < 0 ? 'clip' : (context.subjects?.[faceId] ?? `face_${faceId}`)
}

export function observer(context: ExportContext, modality: Modality): string {
  if (modality === 'fusion') return fusionId(context.settings)
  return (modality === 'face' ? context.faceCard?.id : context.speechCard?.id) ?? ''
}
