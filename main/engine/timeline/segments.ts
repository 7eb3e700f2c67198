import { EMOTION_COUNT } from '../emotions'
import { type Episode, findEpisodes, type Readings } from './episodes'
import { type FaceReadings, faceTracks, type ReadingContext, speechCells } from './readings'
import type { AnalysisSettings } from './settings'
import { firstAtOrAfter } from './speech-lookup'
import type { Modality, Segment } from './types'

export interface SegmentContext extends ReadingContext {
  readonly settings: AnalysisSettings
}

const MODALITY_ORDER: readonly Modality[] = ['face', 'speech', 'fusion']

/** Episodes of all modalities and faces, sorted by modality, face, start. */
export function findSegments(context: SegmentContext): Segment[] {
  const segments: Segment[] = []
  for (const modality of MODALITY_ORDER) {
    if (modality === 'speech') segments.push(...speechSegments(context))
    else
      for (const track of faceTracks(context, modality))
        segments.push(...rowSegments(context, modality, track))
  }
  return segments
}

function rowSegments(context: SegmentContext, modality: Modality, track: FaceReadings): Segment[] {
  return findEpisodes(track, context.settings.segments).map((episode) => ({
    ...describe(context, track, episode),
    modality,
    faceId: track.faceId,
    validFrameCount: episode.last - episode.first + 1,
  }))
}

function speechSegments(context: SegmentContext): Segment[] {
  const { rows, settings } = context
  const cells = speechCells(context)
  return findEpisodes(cells, settings.segments).map((episode) => {
    const described = describe(context, cells, episode)
    let valid = 0
    const end = firstAtOrAfter(rows.timeSecs, described.endSecs - 1e-9, rows.count)
    for (let row = firstAtOrAfter(rows.timeSecs, described.startSecs - 1e-9, rows.count); row < end; row++)
      if ((rows.speechWindow[row] ?? -1) >= 0 && rows.frame[row] !== rows.frame[row - 1]) valid++
    return { ...described, modality: 'speech' as const, faceId: -1, validFrameCount: valid }
  })
}

type Described = Omit<Segment, 'modality' | 'faceId' | 'validFrameCount'>

function describe(context: SegmentContext, readings: Readings, { emotion, first, last }: Episode): Described {
  const startSecs = readings.startsSecs[first] ?? 0
  const endSecs = readings.endsSecs[last] ?? 0
  let peakValue = Number.NEGATIVE_INFINITY
  let peakTimeSecs = startSecs
  let weighted = 0
  let totalSecs = 0
  for (let index = first; index <= last; index++) {
    const value = readings.probs[index * EMOTION_COUNT + emotion] ?? Number.NaN
    const secs = (readings.endsSecs[index] ?? 0) - (readings.startsSecs[index] ?? 0)
    weighted += secs * value
    totalSecs += secs
    if (value > peakValue) {
      peakValue = value
      peakTimeSecs = readings.startsSecs[index] ?? 0
    }
  }
  const meanValue = weighted / totalSecs
  return {
    emotion,
    startSecs,
    endSecs,
    ...framesInside(context, startSecs, endSecs),
    peakValue,
    peakTimeSecs,
    meanValue,
  }
}

/** Rows may repeat a frame, once for each face: frames are told by their numbers, which have no holes. */
function framesInside(
  { rows, rowSource }: SegmentContext,
  startSecs: number,
  endSecs: number,
): Pick<Segment, 'startFrame' | 'endFrame' | 'frameCount'> {
  const firstRow = firstAtOrAfter(rows.timeSecs, startSecs - 1e-9, rows.count)
  const lastRow = firstAtOrAfter(rows.timeSecs, endSecs - 1e-9, rows.count) - 1
  if (lastRow < firstRow) return { startFrame: -1, endFrame: -1, frameCount: 0 }
  const startFrame = rows.frame[firstRow] ?? -1
  const endFrame = rows.frame[lastRow] ?? -1
  const frameCount = endFrame - startFrame + 1
  return rowSource === 'video'
    ? { startFrame, endFrame, frameCount }
    : { startFrame: -1, endFrame: -1, frameCount }
}
