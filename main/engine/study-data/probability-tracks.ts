import { AnnotationIndex, type ClipAnnotation } from '../export/annotated/clip-annotation'
import type { ClipResults } from '../results/clip-results'
import { rebuildTimeline } from '../results/rebuild-timeline'
import type { Interval } from '../speech/types'
import { readingsWithout } from '../timeline/exclusions'
import { rowReadings, speechCells } from '../timeline/readings'
import { analysedSpans } from '../timeline/sampling'
import type { TimelineRows } from '../timeline/types'
import type { ProbabilityTrack } from './types'

/**
 * The model's probabilities of each subject over time, excluded time cut out. A face belongs to the subject that people named
 * it, else to the name it was labelled with, else it is face_N, or the one person of the clip (''). Of several faces of one
 * subject in a frame the largest speaks.
 * @param excluded by start, without overlaps
 */
export function probabilityTracks(
  results: ClipResults,
  annotation: ClipAnnotation | null,
  isOnePerson: boolean,
  excluded: readonly Interval[],
): ProbabilityTrack[] {
  const timeline = rebuildTimeline(results)
  const spans = analysedSpans(timeline.rows, timeline.rowSource)
  const tracks: ProbabilityTrack[] = []
  const index = annotation && new AnnotationIndex(annotation)
  const nameOf = (row: number): string => {
    const { faceId, timeSecs } = timeline.rows
    const face = faceId[row] ?? -1
    if (face < 0) return index?.subjectName(index.subjectAt(face, 1, timeSecs[row] ?? 0)) ?? ''
    const named = index?.subjectName(index.subjectAt(face, 1, timeSecs[row] ?? 0)) ?? ''
    return named || (results.meta.subjects[String(face)] ?? (isOnePerson ? '' : `face_${face}`))
  }
  for (const [subject, rows] of rowsBySubject(timeline.rows, nameOf))
    for (const kind of ['face', 'fusion'] as const) {
      const readings = readingsWithout(rowReadings(timeline, kind, rows, spans), excluded)
      if (readings.startsSecs.length > 0) tracks.push({ kind, subject, ...readings })
    }
  const speech = readingsWithout(speechCells(timeline), excluded)
  if (speech.startsSecs.length > 0) tracks.push({ kind: 'speech', subject: '', ...speech })
  return tracks
}

function rowsBySubject(rows: TimelineRows, nameOf: (row: number) => string): Map<string, number[]> {
  const area = (row: number): number => (rows.faceBox[row * 4 + 2] ?? 0) * (rows.faceBox[row * 4 + 3] ?? 0)
  const bySubject = new Map<string, number[]>()
  for (let row = 0; row < rows.count; row++) {
    const name = nameOf(row)
    const list = bySubject.get(name) ?? []
    bySubject.set(name, list)
    const last = list.at(-1)
    if (last === undefined || rows.frame[last] !== rows.frame[row]) list.push(row)
    else if (area(row) > area(last)) list[list.length - 1] = row
  }
  return bySubject
}
