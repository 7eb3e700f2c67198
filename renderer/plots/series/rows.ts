import { ROW_QUALITIES } from '../../../preload/contract/viewer-port'
import type { PlotModality, PlotRows } from '../types'
import type { SeriesClock, TimedValues } from './clock'

export const EMOTION_COUNT = 7

const NOT_ANALYSED = ROW_QUALITIES.indexOf('not_analysed')

/** Entries of a series and the row of the frames table behind each. */
export interface RowClock extends SeriesClock {
  readonly row: Int32Array
}

export interface RowChoice {
  /** Null: of each frame the largest face, or its only row where it has none. */
  readonly faceId: number | null
  /**
   * Frames left out by the rate setting are no gaps: an analysed frame holds until the next analysed one, but no longer than
   * this. 0 where all frames were to be analysed.
   */
  readonly holdSecs: number
}

/** One entry a frame, at its first row: for what belongs to the frame and not to a face, such as speech. */
export function frameClock(rows: PlotRows): RowClock {
  return clockOfRows(rows, firstRows(rows), 0)
}

/** One entry for each analysed frame in which the chosen face is. */
export function faceClock(rows: PlotRows, choice: RowChoice): RowClock {
  const chosen = new Int32Array(rows.count)
  let count = 0
  for (let first = 0, next: number; first < rows.count; first = next) {
    let row = choice.faceId === null ? first : -1
    for (next = first; next < rows.count && isSameFrame(rows, first, next); next++) {
      if (choice.faceId === null) row = faceArea(rows, next) > faceArea(rows, row) ? next : row
      else if (rows.faceId[next] === choice.faceId) row = next
    }
    if (row >= 0 && (choice.holdSecs === 0 || rows.quality[row] !== NOT_ANALYSED)) chosen[count++] = row
  }
  return clockOfRows(rows, chosen.subarray(0, count), choice.holdSecs)
}

/** Rows of clips without pictures carry no frame number; each is one of its own. */
function isSameFrame(rows: PlotRows, a: number, b: number): boolean {
  return rows.frame[a] === rows.frame[b] && rows.timeSecs[a] === rows.timeSecs[b]
}

function faceArea({ faceBox }: PlotRows, row: number): number {
  return (faceBox[row * 4 + 2] || 0) * (faceBox[row * 4 + 3] || 0)
}

function firstRows(rows: PlotRows): Int32Array {
  const first = new Int32Array(rows.count)
  let count = 0
  for (let row = 0; row < rows.count; row++)
    if (row === 0 || !isSameFrame(rows, row - 1, row)) first[count++] = row
  return first.subarray(0, count)
}

function clockOfRows(rows: PlotRows, row: Int32Array, holdSecs: number): RowClock {
  const startSecs = new Float64Array(row.length)
  const endSecs = new Float64Array(row.length)
  for (let entry = 0; entry < row.length; entry++) {
    const at = row[entry]!
    const fromSecs = rows.timeSecs[at]!
    startSecs[entry] = fromSecs
    endSecs[entry] = fromSecs + (rows.durSecs[at] || 0)
    if (holdSecs > 0) endSecs[entry] = Math.max(endSecs[entry]!, heldUntil(rows, at, fromSecs + holdSecs))
    if (entry > 0 && endSecs[entry - 1]! > fromSecs) endSecs[entry - 1] = fromSecs
  }
  return { count: row.length, startSecs, endSecs, row }
}

/** Start of the next analysed frame, or the end of the frames that were left out, no later than `limitSecs`. */
function heldUntil(rows: PlotRows, row: number, limitSecs: number): number {
  let endSecs = rows.timeSecs[row]! + (rows.durSecs[row] || 0)
  for (let next = row + 1; next < rows.count && endSecs < limitSecs; next++) {
    if (isSameFrame(rows, row, next)) continue
    if (rows.quality[next] !== NOT_ANALYSED) break
    endSecs = rows.timeSecs[next]! + (rows.durSecs[next] || 0)
  }
  return Math.min(endSecs, limitSecs)
}

/** The probabilities of one modality over a clock made for it. Speech has no smoothed values: windows are already wide. */
export function emotionSeries(
  rows: PlotRows,
  clock: RowClock,
  modality: PlotModality,
  isSmoothed: boolean,
): TimedValues {
  return { ...clock, channels: EMOTION_COUNT, values: probsOf(rows, modality, isSmoothed) }
}

export function gateSeries(rows: PlotRows, clock: RowClock, modality: 'face' | 'speech'): TimedValues {
  return { ...clock, channels: 1, values: modality === 'face' ? rows.faceGate : rows.speechGate }
}

export function probsOf(rows: PlotRows, modality: PlotModality, isSmoothed: boolean): Float32Array {
  if (modality === 'speech') return rows.speechProbs
  if (modality === 'face') return isSmoothed ? rows.faceProbsSmoothed : rows.faceProbs
  return isSmoothed ? rows.fusionProbsSmoothed : rows.fusionProbs
}
