import { EMOTIONS } from '../../emotions'
import type { ClipMeta } from '../meta-json'
import type { ClipSummary } from '../../timeline/clip-summary'
import { joinIntervals } from '../../timeline/exclusions'
import { summariseClip } from '../../timeline/statistics'
import type { ClipTimeline, Segment, TimelineRows } from '../../timeline/types'
import type { SegmentRecord } from '../segment-record'
import { AnnotationIndex, type ClipAnnotation } from './clip-annotation'

/**
 * The clip's figures with what people said: excluded time counts nowhere, faces of one subject are one person, and the final
 * label is theirs where they gave one. The figures of face, speech and fusion stay the model's.
 * @param records the model's segments, as the table has them
 */
export function annotatedSummary(
  timeline: ClipTimeline,
  meta: Pick<ClipMeta, 'settings' | 'subjects'>,
  records: readonly SegmentRecord[],
  annotation: ClipAnnotation,
): ClipSummary {
  const index = new AnnotationIndex(annotation)
  const { rows, faces, subjects } = bySubject(timeline.rows, index, meta.subjects)
  const emotions: readonly string[] = EMOTIONS
  return summariseClip(
    { ...timeline, rows, segments: modelSegments(records, faces) },
    {
      settings: meta.settings,
      subjects,
      excluded: joinIntervals(annotation.items.filter((item) => item.kind === 'exclusion')),
      editedSegmentCount: annotation.items.filter(({ kind }) => kind === 'segment').length,
      manualEmotionOf: (row) => {
        const atSecs = rows.timeSecs[row] ?? 0
        const subjectId = subjectIn(timeline.rows, row, index)
        const manual = index.manualAt(subjectId, atSecs)
        return manual && emotions.indexOf(manual.label ?? '')
      },
    },
  )
}

function subjectIn(rows: TimelineRows, row: number, index: AnnotationIndex): string {
  return index.subjectAt(rows.faceId[row] ?? -1, rows.faceCount[row] ?? -1, rows.timeSecs[row] ?? 0)
}

interface SubjectRows {
  readonly rows: TimelineRows
  /** Number of a face at an instant by its track. */
  readonly faces: (trackId: number, atSecs: number) => number
  readonly subjects: Readonly<Record<string, string>>
}

/**
 * Faces numbered by who they are: tracks of one subject have one number, parts of a split track several. Unnamed tracks keep
 * theirs; a second face of the same subject in one frame stays a track of its own, since nobody is there twice.
 */
function bySubject(
  rows: TimelineRows,
  index: AnnotationIndex,
  known: Readonly<Record<string, string>>,
): SubjectRows {
  const numbers = new Map<string, number>()
  const subjects: Record<string, string> = { ...known }
  let next = rows.faceId.reduce((highest, id) => Math.max(highest, id), 0) + 1
  const numberOf = (subjectId: string): number => {
    const found = numbers.get(subjectId)
    if (found !== undefined) return found
    numbers.set(subjectId, next)
    subjects[String(next)] = index.subjectName(subjectId)
    return next++
  }
  const faceId = rows.faceId.slice()
  for (let row = 0; row < rows.count; row++) {
    if ((faceId[row] ?? -1) < 0) continue
    const subjectId = subjectIn(rows, row, index)
    if (subjectId === '') continue
    const number = numberOf(subjectId)
    let isTaken = false
    for (let other = row - 1; other >= 0 && rows.frame[other] === rows.frame[row]; other--)
      if (faceId[other] === number) isTaken = true
    if (!isTaken) faceId[row] = number
  }
  const faces = (trackId: number, atSecs: number): number => {
    const subjectId = index.subjectAt(trackId, 1, atSecs)
    return subjectId === '' ? trackId : (numbers.get(subjectId) ?? trackId)
  }
  return { rows: { ...rows, faceId }, faces, subjects }
}

function modelSegments(records: readonly SegmentRecord[], faces: SubjectRows['faces']): Segment[] {
  const emotions: readonly string[] = EMOTIONS
  return records.flatMap((record): Segment[] => {
    const { modality, faceId, startSecs, endSecs } = record
    if (record.source !== 'model') return []
    if (modality !== 'face' && modality !== 'speech' && modality !== 'fusion') return []
    return [
      {
        modality,
        faceId: faceId === null ? -1 : faces(faceId, (startSecs + endSecs) / 2),
        emotion: emotions.indexOf(record.label),
        startSecs,
        endSecs,
        startFrame: record.startFrame ?? -1,
        endFrame: record.endFrame ?? -1,
        peakValue: record.peakValue ?? Number.NaN,
        peakTimeSecs: record.peakTimeSecs ?? startSecs,
        meanValue: record.meanValue ?? Number.NaN,
        frameCount: record.frameCount ?? 0,
        validFrameCount: record.validFrameCount ?? 0,
      },
    ]
  })
}
