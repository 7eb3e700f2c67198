import { EMOTION_COUNT } from '../emotions'
import type { SpeechTimeline } from '../speech/types'
import type { Readings } from './episodes'
import { analysedSpans } from './sampling'
import { speechWindowsByCentre } from './speech-lookup'
import type { ClipTimeline, TimelineRows } from './types'

export interface ReadingContext {
  readonly rows: TimelineRows
  readonly rowSource: ClipTimeline['rowSource']
  readonly speech: SpeechTimeline | null
  /** Shape [windows, 7]. */
  readonly speechWindowProbs: Float32Array
}

export interface RowReadings extends Readings {
  /** The row behind each reading. */
  readonly rows: readonly number[]
}

export interface FaceReadings extends RowReadings {
  readonly faceId: number
}

/**
 * The readings of one modality among the given rows: rows without one, and rows of frames that were not analysed, are
 * left out.
 * @param rows ascending, at most one a frame
 */
export function rowReadings(
  context: ReadingContext,
  modality: 'face' | 'fusion',
  rows: Iterable<number>,
  spans = analysedSpans(context.rows, context.rowSource),
): RowReadings {
  const { timeSecs } = context.rows
  const probs = modality === 'face' ? context.rows.faceProbs : context.rows.fusionProbs
  const list: number[] = []
  for (const row of rows)
    if (!Number.isNaN(probs[row * EMOTION_COUNT] ?? Number.NaN) && (spans[row] ?? 0) > 0) list.push(row)
  const gathered = new Float32Array(list.length * EMOTION_COUNT)
  list.forEach((row, index) => {
    gathered.set(probs.subarray(row * EMOTION_COUNT, (row + 1) * EMOTION_COUNT), index * EMOTION_COUNT)
  })
  return {
    rows: list,
    startsSecs: Float64Array.from(list, (row) => timeSecs[row] ?? 0),
    endsSecs: Float64Array.from(list, (row) => (timeSecs[row] ?? 0) + (spans[row] ?? 0)),
    probs: gathered,
  }
}

/** Readings of each face, faces ascending; -1 holds the rows without a face. */
export function faceTracks(context: ReadingContext, modality: 'face' | 'fusion'): FaceReadings[] {
  const spans = analysedSpans(context.rows, context.rowSource)
  return [...rowsByFace(context.rows)]
    .sort(([a], [b]) => a - b)
    .map(([faceId, rows]) => ({ faceId, ...rowReadings(context, modality, rows, spans) }))
}

/** Row indices of each face, ascending. */
export function rowsByFace(rows: TimelineRows): Map<number, number[]> {
  const byFace = new Map<number, number[]>()
  for (let row = 0; row < rows.count; row++) {
    const faceId = rows.faceId[row] ?? -1
    const list = byFace.get(faceId)
    if (list) list.push(row)
    else byFace.set(faceId, [row])
  }
  return byFace
}

/**
 * Overlapping windows as readings that do not overlap: each speaks for the times to which its centre is the nearest,
 * as in the frames table; the first and the last of a stretch reach to its ends.
 */
export function speechCells(context: Pick<ReadingContext, 'speech' | 'speechWindowProbs'>): Readings {
  const { speech, speechWindowProbs } = context
  const order = speech ? speechWindowsByCentre(speech) : []
  const windows = order.flatMap((index) => speech?.windows[index] ?? [])
  const startsSecs = windows.map((window) => window.startSecs)
  const endsSecs = windows.map((window) => window.endSecs)
  for (let index = 1; index < windows.length; index++) {
    const before = windows[index - 1]
    const after = windows[index]
    if (!before || !after || after.startSecs >= before.endSecs) continue
    const halfway = (before.startSecs + before.endSecs + after.startSecs + after.endSecs) / 4
    const bound = Math.min(before.endSecs, Math.max(after.startSecs, halfway))
    endsSecs[index - 1] = bound
    startsSecs[index] = bound
  }
  const probs = new Float32Array(order.length * EMOTION_COUNT)
  order.forEach((from, index) => {
    probs.set(
      speechWindowProbs.subarray(from * EMOTION_COUNT, (from + 1) * EMOTION_COUNT),
      index * EMOTION_COUNT,
    )
  })
  return { startsSecs, endsSecs, probs }
}
