import {
  FLAG_UNKNOWN,
  ROW_FINAL_SOURCES,
  ROW_FUSION_ABSENCES,
  ROW_QUALITIES,
  SPEECH_STATES,
  type OpenedClip,
  type RowQuality,
} from '../../../../preload/contract/viewer-port'
import { EMOTIONS } from '../../../design/emotion-colours'

const COUNT = EMOTIONS.length

/** Everything that the tables say about one row, as numbers; NaN and -1: absent. */
export interface RowValues {
  readonly row: number
  readonly frame: number
  readonly timeSecs: number
  readonly durSecs: number
  readonly faceId: number
  readonly faceScore: number
  readonly box: readonly number[]
  readonly quality: RowQuality
  readonly face: ModalityValues
  readonly speech: ModalityValues
  readonly fusion: ModalityValues
  readonly fusionAbsent: (typeof ROW_FUSION_ABSENCES)[number]
  readonly finalLabel: number
  readonly finalSource: (typeof ROW_FINAL_SOURCES)[number]
  readonly displayedLabel: number
  /** Null: not both have a reading. */
  readonly disagree: boolean | null
  readonly excluded: boolean
  readonly window: WindowValues | null
}

export interface ModalityValues {
  /** Shape [7] each, canonical order; null: absent. */
  readonly raw: readonly number[] | null
  readonly smoothed: readonly number[] | null
  readonly label: number
  /** Weight in the fusion, 0..1. */
  readonly gate: number
}

export interface WindowValues {
  readonly startSecs: number
  readonly endSecs: number
  readonly state: (typeof SPEECH_STATES)[number]
  readonly rmsDb: number
  readonly speechShare: number
  readonly snrDb: number
}

export function valuesOfRow({ rows, windows }: OpenedClip, row: number): RowValues {
  const probs = (values: Float32Array): readonly number[] | null => {
    const part = values.subarray(row * COUNT, (row + 1) * COUNT)
    return part.length < COUNT || part.some(Number.isNaN) ? null : [...part]
  }
  const disagree = rows.disagree[row] ?? FLAG_UNKNOWN
  return {
    row,
    frame: rows.frame[row] ?? -1,
    timeSecs: rows.timeSecs[row] ?? Number.NaN,
    durSecs: rows.durSecs[row] ?? Number.NaN,
    faceId: rows.faceId[row] ?? -1,
    faceScore: rows.faceScore[row] ?? Number.NaN,
    box: [...rows.faceBox.subarray(row * 4, row * 4 + 4)],
    quality: ROW_QUALITIES[rows.quality[row] ?? 0] ?? 'not_analysed',
    face: {
      raw: probs(rows.faceProbs),
      smoothed: probs(rows.faceProbsSmoothed),
      label: rows.faceLabel[row] ?? -1,
      gate: rows.faceGate[row] ?? Number.NaN,
    },
    speech: {
      raw: probs(rows.speechProbs),
      smoothed: null,
      label: rows.speechLabel[row] ?? -1,
      gate: rows.speechGate[row] ?? Number.NaN,
    },
    fusion: {
      raw: probs(rows.fusionProbs),
      smoothed: probs(rows.fusionProbsSmoothed),
      label: rows.fusionLabel[row] ?? -1,
      gate: Number.NaN,
    },
    fusionAbsent: ROW_FUSION_ABSENCES[rows.fusionAbsent[row] ?? 0] ?? '',
    finalLabel: rows.finalLabel[row] ?? -1,
    finalSource: ROW_FINAL_SOURCES[rows.finalSource[row] ?? 0] ?? 'none',
    displayedLabel: rows.displayedLabel[row] ?? -1,
    disagree: disagree === FLAG_UNKNOWN ? null : disagree === 1,
    excluded: rows.excluded[row] === 1,
    window: windowOf(windows, rows.speechWindow[row] ?? -1, rows.timeSecs[row] ?? Number.NaN),
  }
}

/** The window that the row's speech values come from, or else the stretch that the instant lies in. */
function windowOf(windows: OpenedClip['windows'], known: number, secs: number): WindowValues | null {
  let at = known
  for (let index = 0; at < 0 && index < windows.count; index++)
    if (secs >= windows.startSecs[index]! && secs < windows.endSecs[index]!) at = index
  if (at < 0) return null
  return {
    startSecs: windows.startSecs[at]!,
    endSecs: windows.endSecs[at]!,
    state: SPEECH_STATES[windows.state[at]!] ?? 'silence',
    rmsDb: windows.rmsDb[at]!,
    speechShare: windows.speechShare[at]!,
    snrDb: windows.snrDb[at]!,
  }
}
