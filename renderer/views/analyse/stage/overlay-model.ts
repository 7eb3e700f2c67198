import {
  ROW_FINAL_SOURCES,
  ROW_QUALITIES,
  type RowQuality,
  type ViewerRows,
} from '../../../../preload/contract/viewer-port'
import { EMOTIONS } from '../../../design/emotion-colours'
import type { Rect } from '../../../plots/types'

const COUNT = EMOTIONS.length
type Source = (typeof ROW_FINAL_SOURCES)[number]

/** What a row of the frames table says, as the stage shows it. */
export interface RowReading {
  readonly row: number
  /** -1: no face. */
  readonly faceId: number
  /** In upright source pixels; null without a face. */
  readonly box: Rect | null
  readonly quality: RowQuality
  /**
   * Index of the emotion of this very frame, -1: none. Not the smoothed label of the live view, which lags: a paused picture must
   * say what is read from it.
   */
  readonly emotion: number
  /** Probability of that emotion in the values it was chosen from; NaN: none. */
  readonly confidence: number
  /** The modality that it comes from. */
  readonly source: Source
}

/** Everything the frames table says about one step of the playhead. */
export interface FrameReading {
  /** Rows with a box. */
  readonly faces: readonly RowReading[]
  readonly rows: readonly RowReading[]
  /** Why there is no face to draw; null where there is one, or no row at all. */
  readonly reason: RowQuality | null
}

export type OverlayRows = Pick<
  ViewerRows,
  | 'faceId'
  | 'faceBox'
  | 'quality'
  | 'finalLabel'
  | 'finalSource'
  | 'faceProbs'
  | 'fusionProbs'
  | 'speechProbs'
>

export function readRow(rows: OverlayRows, row: number): RowReading {
  const source = ROW_FINAL_SOURCES[rows.finalSource[row] ?? 0] ?? 'none'
  const emotion = rows.finalLabel[row] ?? -1
  return {
    row,
    faceId: rows.faceId[row] ?? -1,
    box: boxOf(rows, row),
    quality: ROW_QUALITIES[rows.quality[row] ?? 0] ?? 'not_analysed',
    emotion,
    confidence: emotion < 0 ? Number.NaN : confidenceOf(rows, row, source, emotion),
    source,
  }
}

/** What the stage shows at a step; rows from `from` to before `to`. */
export function readFrame(rows: OverlayRows, from: number, to: number): FrameReading {
  const readings: RowReading[] = []
  for (let row = from; row < to; row++) readings.push(readRow(rows, row))
  const faces = readings.filter(({ box }) => box !== null)
  const first = readings[0]
  return { faces, rows: readings, reason: faces.length > 0 || !first ? null : first.quality }
}

function boxOf({ faceId, faceBox }: OverlayRows, row: number): Rect | null {
  const [x, y, width, height] = faceBox.subarray(row * 4, row * 4 + 4)
  if ((faceId[row] ?? -1) < 0 || !Number.isFinite(x) || !Number.isFinite(width)) return null
  return { x: x!, y: y!, width: width!, height: height! }
}

function confidenceOf(rows: OverlayRows, row: number, source: Source, emotion: number): number {
  const columns = { fusion: rows.fusionProbs, face: rows.faceProbs, speech: rows.speechProbs }
  if (source === 'none' || source === 'manual') return Number.NaN
  return columns[source][row * COUNT + emotion] ?? Number.NaN
}
