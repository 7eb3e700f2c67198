import { EMOTION_COUNT, EMOTIONS, topEmotion } from '../emotions'
import type { Interval } from '../speech/types'
import type { BinStatistics, ClipSummary, ModalityStatistics, SubjectSummary } from './clip-summary'
import type { Readings } from './episodes'
import { finalReading } from './final-reading'
import {
  type Bout,
  joinTouching,
  modalityStatistics,
  overlapSecs,
  type WeightedReadings,
} from './modality-statistics'
import { joinIntervals, partsOutside, readingsWithout } from './exclusions'
import { rowReadings, rowsByFace, speechCells } from './readings'
import { analysedSpans } from './sampling'
import type { AnalysisSettings } from './settings'
import type { ClipTimeline, TimelineRows } from './types'

export interface SummaryOptions {
  readonly settings: AnalysisSettings
  /** The researcher's name of each face: keys are face ids. */
  readonly subjects?: Readonly<Record<string, string>>
  /** Time that counts nowhere, by start, without overlaps. A frame is out when its time is; sound and bouts are cut. */
  readonly excluded?: readonly Interval[]
  /** The label to use by people's word: index into EMOTIONS, -1 for "none holds"; null where nobody said anything. */
  readonly manualEmotionOf?: (row: number) => number | null
  /** Segments that people made or judged. */
  readonly editedSegmentCount?: number
}

/** Everything the folder's tables say of one clip. */
export function summariseClip(timeline: ClipTimeline, options: SummaryOptions): ClipSummary {
  const whole: Interval = { startSecs: 0, endSecs: timeline.durationSecs }
  const { speech } = timeline
  return {
    durationSecs: timeline.durationSecs,
    frameCount: timeline.frameCount,
    analysedFrameCount: timeline.analysedFrameCount,
    speechSecs:
      speech && speech.activity.reduce((sum, a) => sum + overlapSecs(a.startSecs, a.endSecs, whole), 0),
    excludedSecs: (options.excluded ?? []).reduce(
      (sum, { startSecs, endSecs }) => sum + overlapSecs(startSecs, endSecs, whole),
      0,
    ),
    editedSegmentCount: options.editedSegmentCount ?? 0,
    subjects: findSubjects(timeline, options).map((subject) => summariseSubject(timeline, subject, options)),
  }
}

interface Subject {
  readonly subjectId: string
  /** Null: every face. */
  readonly faceId: number | null
  /** Ascending, at most one a frame. */
  readonly rows: readonly number[]
}

/**
 * One subject for all faces of a clip that never (or hardly ever) shows two at once, since a track that was lost and
 * found again has two ids. Otherwise one for each face that is seen long enough, or that the researcher named.
 */
function findSubjects(timeline: ClipTimeline, { settings, subjects = {} }: SummaryOptions): Subject[] {
  const { rows, analysedFrameCount } = timeline
  const byFace = rowsByFace(rows)
  let crowdedFrames = 0
  for (let row = 0; row < rows.count; row++)
    if ((rows.faceCount[row] ?? 0) > 1 && rows.frame[row] !== rows.frame[row - 1]) crowdedFrames++
  const faces = [...byFace.keys()].filter((faceId) => faceId >= 0).sort((a, b) => a - b)
  const names = new Set(faces.map((faceId) => subjects[faceId] ?? ''))
  const isOnePerson =
    names.size <= 1 && crowdedFrames <= settings.summary.severalFacesShare * Math.max(1, analysedFrameCount)
  if (isOnePerson) return [{ subjectId: [...names][0] ?? '', faceId: null, rows: largestFaceRows(rows) }]
  const seen = (faceId: number): number => byFace.get(faceId)?.length ?? 0
  const chosen = faces.filter(
    (faceId) =>
      subjects[faceId] !== undefined ||
      seen(faceId) >= settings.summary.minimumFaceShare * analysedFrameCount,
  )
  const longest = faces.reduce((best, faceId) => (seen(faceId) > seen(best) ? faceId : best), faces[0] ?? -1)
  return (chosen.length > 0 ? chosen : [longest]).map((faceId) => ({
    subjectId: subjects[faceId] ?? `face_${faceId}`,
    faceId,
    rows: byFace.get(faceId) ?? [],
  }))
}

/** One row a frame: that of the largest face. */
function largestFaceRows(rows: TimelineRows): number[] {
  const chosen: number[] = []
  const area = (row: number): number => (rows.faceBox[row * 4 + 2] ?? 0) * (rows.faceBox[row * 4 + 3] ?? 0)
  for (let row = 0; row < rows.count; row++) {
    const last = chosen.at(-1)
    if (last === undefined || rows.frame[last] !== rows.frame[row]) chosen.push(row)
    else if (area(row) > area(last)) chosen[chosen.length - 1] = row
  }
  return chosen
}

function summariseSubject(timeline: ClipTimeline, subject: Subject, options: SummaryOptions): SubjectSummary {
  const excluded = options.excluded ?? []
  const spans = countedSpans(timeline, excluded)
  const face = rowReadings(timeline, 'face', subject.rows, spans)
  const fused = rowReadings(timeline, 'fusion', subject.rows, spans)
  const { faceGate, speechGate } = timeline.rows
  const trust = fused.rows.map((row) => (faceGate[row] || 0) + (speechGate[row] || 0))
  const speech = readingsWithout(speechCells(timeline), excluded)
  // One person's face may be several tracks, by name or because the clip shows only one person.
  const bouts = joinTouching(
    subject.faceId === null
      ? timeline.segments
      : timeline.segments.filter(
          ({ modality, faceId }) => modality === 'speech' || subject.faceId === faceId,
        ),
  )
  const segments = bouts.flatMap((bout) => partsOutside(bout, excluded).map((part) => ({ ...bout, ...part })))
  const sources = { face, speech, fusion: { ...fused, trust } }
  const within: Interval = { startSecs: 0, endSecs: timeline.durationSecs }
  return {
    subjectId: subject.subjectId,
    faceId: subject.faceId,
    faceCoverage: faceCoverage(timeline, face, spans),
    longestGapSecs:
      timeline.rowSource === 'video'
        ? longestGapSecs(face, { startSecs: 0, endSecs: rowsEndSecs(timeline.rows) }, excluded)
        : longestGapSecs(speech, within, excluded),
    finalDominant: finalDominant(timeline, subject.rows, spans, options),
    faceSpeechAgreement: agreement(timeline.rows, subject.rows, spans),
    whole: allModalities(sources, segments, within),
    bins: bins(within, options.settings.summary.binSecs).map((bin): BinStatistics => ({
      ...bin,
      modalities: allModalities(sources, segments, bin),
    })),
  }
}

/** Time that each row stands for; that of excluded frames is 0. */
function countedSpans({ rows, rowSource }: ClipTimeline, excluded: readonly Interval[]): Float64Array {
  const spans = analysedSpans(rows, rowSource)
  for (const { startSecs, endSecs } of excluded)
    for (let row = 0; row < rows.count; row++) {
      const timeSecs = rows.timeSecs[row] ?? 0
      if (timeSecs >= startSecs && timeSecs < endSecs) spans[row] = 0
    }
  return spans
}

function allModalities(
  sources: Readonly<Record<'face' | 'speech' | 'fusion', WeightedReadings>>,
  segments: readonly Bout[],
  within: Interval,
): ModalityStatistics[] {
  return (['face', 'speech', 'fusion'] as const).map((modality) =>
    modalityStatistics(modality, sources[modality], segments, within),
  )
}

function bins(whole: Interval, binSecs: number | null): Interval[] {
  if (binSecs === null || whole.endSecs <= binSecs) return [whole]
  const count = Math.ceil(whole.endSecs / binSecs - 1e-9)
  return Array.from({ length: count }, (_, index) => ({
    startSecs: index * binSecs,
    endSecs: Math.min((index + 1) * binSecs, whole.endSecs),
  }))
}

/** Share of the analysed time in which the subject's face was read; null where no frame was analysed. */
function faceCoverage(timeline: ClipTimeline, face: Readings, spans: Float64Array): number | null {
  if (timeline.rowSource !== 'video') return null
  const { rows } = timeline
  let analysedSecs = 0
  for (let row = 0; row < rows.count; row++)
    if (rows.frame[row] !== rows.frame[row - 1]) analysedSecs += spans[row] ?? 0
  let seenSecs = 0
  for (let index = 0; index < face.startsSecs.length; index++)
    seenSecs += (face.endsSecs[index] ?? 0) - (face.startsSecs[index] ?? 0)
  return analysedSecs > 0 ? Math.min(1, seenSecs / analysedSecs) : null
}

/** Sound may run on after the last picture; there is no face to be missed. */
function rowsEndSecs(rows: TimelineRows): number {
  const last = rows.count - 1
  return last < 0 ? 0 : (rows.timeSecs[last] ?? 0) + (rows.durSecs[last] ?? 0)
}

/** Excluded time is no gap: nobody looked for a reading there. */
function longestGapSecs(readings: Readings, within: Interval, excluded: readonly Interval[]): number {
  const read = Array.from({ length: readings.startsSecs.length }, (_, index): Interval => ({
    startSecs: readings.startsSecs[index] ?? 0,
    endSecs: readings.endsSecs[index] ?? 0,
  }))
  const known = excluded.length === 0 ? read : joinIntervals([...read, ...excluded])
  let longest = 0
  let coveredSecs = within.startSecs
  for (const { startSecs, endSecs } of known) {
    longest = Math.max(longest, startSecs - coveredSecs)
    coveredSecs = Math.max(coveredSecs, endSecs)
  }
  const gapSecs = Math.max(longest, within.endSecs - coveredSecs)
  return gapSecs < 1e-6 ? 0 : gapSecs
}

function finalDominant(
  timeline: ClipTimeline,
  chosen: readonly number[],
  spans: Float64Array,
  { settings, manualEmotionOf }: SummaryOptions,
) {
  const { rows } = timeline
  const secs = new Float64Array(EMOTION_COUNT)
  for (const row of chosen) {
    const label = manualEmotionOf?.(row) ?? finalReading(rows, row, settings).emotion
    if (label >= 0) secs[label] = (secs[label] ?? 0) + (spans[row] ?? 0)
  }
  const top = topEmotion(secs)
  return (secs[top] ?? 0) > 0 ? (EMOTIONS[top] ?? null) : null
}

/** Share of the time with both readings in which face and speech name the same emotion; null without such time. */
function agreement(rows: TimelineRows, chosen: readonly number[], spans: Float64Array): number | null {
  let bothSecs = 0
  let equalSecs = 0
  for (const row of chosen) {
    const face = topEmotion(rows.faceProbs, row * EMOTION_COUNT)
    const speech = topEmotion(rows.speechProbs, row * EMOTION_COUNT)
    if (face < 0 || speech < 0) continue
    bothSecs += spans[row] ?? 0
    if (face === speech) equalSecs += spans[row] ?? 0
  }
  return bothSecs > 0 ? equalSecs / bothSecs : null
}
