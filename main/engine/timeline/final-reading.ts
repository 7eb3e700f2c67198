import { EMOTION_COUNT, topEmotion } from '../emotions'
import type { AnalysisSettings } from './settings'
import { type Modality, QUALITIES, type TimelineRows } from './types'

export interface FinalReading {
  /** Index into EMOTIONS, -1: none. */
  readonly emotion: number
  readonly source: Modality | 'none'
}

const NOT_ANALYSED = QUALITIES.indexOf('not_analysed')
const NO_READING: FinalReading = { emotion: -1, source: 'none' }

/**
 * The reading to use for a row. Where fusion was asked for it is the fused one or none: a face or voice that fusion
 * refused as not trustworthy does not come back through the side door. Otherwise the face, else the voice. Frames left
 * out by the rate setting have none: it would rest on the voice alone and flicker.
 */
export function finalReading(
  rows: TimelineRows,
  row: number,
  { modalities }: Pick<AnalysisSettings, 'modalities'>,
): FinalReading {
  if (rows.quality[row] === NOT_ANALYSED) return NO_READING
  const sources = modalities.includes('fusion') ? (['fusion'] as const) : (['face', 'speech'] as const)
  const columns = { fusion: rows.fusionProbs, face: rows.faceProbs, speech: rows.speechProbs }
  for (const source of sources) {
    const emotion = topEmotion(columns[source], row * EMOTION_COUNT)
    if (emotion >= 0) return { emotion, source }
  }
  return NO_READING
}
