import type {
  LogMelColumns,
  MfccColumns,
  SignalAnswer,
  SignalKind,
  ViewerMoment,
  ViewerRows,
  ViewerSegment,
  ViewerWindows,
  WaveformColumns,
} from '../../preload/contract/viewer-port'

/** Columns of the frames table that plots read. */
export type PlotRows = Pick<
  ViewerRows,
  | 'count'
  | 'frame'
  | 'timeSecs'
  | 'durSecs'
  | 'faceId'
  | 'faceBox'
  | 'quality'
  | 'faceProbs'
  | 'speechProbs'
  | 'fusionProbs'
  | 'faceProbsSmoothed'
  | 'fusionProbsSmoothed'
  | 'faceGate'
  | 'speechGate'
  | 'fusionAbsent'
  | 'speechActive'
  | 'disagree'
>

export type PlotWindows = Pick<ViewerWindows, 'count' | 'startSecs' | 'endSecs' | 'state'>
export type PlotSegment = Pick<
  ViewerSegment,
  'id' | 'modality' | 'faceId' | 'label' | 'emotion' | 'startSecs' | 'endSecs' | 'source' | 'meanValue'
>
export type PlotMoment = ViewerMoment
export type { LogMelColumns, MfccColumns, SignalAnswer, SignalKind, WaveformColumns }

export type PlotModality = 'face' | 'speech' | 'fusion'

/** Pixels, origin top left. */
export interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}
