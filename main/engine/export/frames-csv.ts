import { EMOTION_COUNT, EMOTIONS, topEmotion } from '../emotions'
import { finalReading } from '../timeline/final-reading'
import { UNKNOWN_FLAG } from '../timeline/row-store'
import { type ClipTimeline, QUALITIES, type TimelineRows } from '../timeline/types'
import type { ClipContext } from './clip-context'
import { names } from './columns'
import { countCell, csvLine, flagCell, numberCell, probabilityCell, textCell, timeCell } from './csv'
import { FRAMES_COLUMNS } from './frames-columns'

const BOX_DECIMALS = 2
const NO_BOX = ['', '', '', '']

/** Lines of NAME.frames.csv (exports.md 4.1), header first. */
export function* framesCsv(timeline: ClipTimeline, context: ClipContext): Generator<string> {
  yield csvLine(names(FRAMES_COLUMNS))
  const clipId = textCell(context.clipId)
  for (let row = 0; row < timeline.rows.count; row++)
    yield csvLine(frameCells(timeline, context, clipId, row))
}

function frameCells(timeline: ClipTimeline, context: ClipContext, clipId: string, row: number): string[] {
  const { rows, speech } = timeline
  const faceId = rows.faceId[row] ?? -1
  const faceCount = rows.faceCount[row] ?? -1
  const window = speech?.windows[rows.speechWindow[row] ?? -1]
  const active = rows.speechActive[row] ?? UNKNOWN_FLAG
  const face = probabilityCells(rows.faceProbs, row)
  const speechCells = probabilityCells(rows.speechProbs, row)
  const fusion = probabilityCells(rows.fusionProbs, row)
  const final = finalReading(rows, row, context.settings)
  const displayed = EMOTIONS[rows.displayedLabel[row] ?? -1] ?? ''
  return [
    clipId,
    countCell(rows.frame[row]),
    timeCell(rows.timeSecs[row]),
    timeCell(rows.durSecs[row]),
    textCell(context.subjects?.[faceId] ?? ''),
    countCell(faceId),
    countCell(faceCount),
    flagCell(faceCount < 0 ? null : faceId >= 0),
    probabilityCell(rows.faceScore[row]),
    ...boxCells(rows, row),
    QUALITIES[rows.quality[row] ?? 0] ?? '',
    ...face,
    ...speechCells,
    timeCell(window?.startSecs),
    timeCell(window?.endSecs),
    active === UNKNOWN_FLAG ? '' : String(active),
    ...fusion,
    probabilityCell(rows.faceGate[row]),
    probabilityCell(rows.speechGate[row]),
    '',
    '',
    EMOTIONS[final.emotion] ?? '',
    final.source,
    '0',
    fusionSource(rows, row),
    ...plainProbabilities(rows.faceProbsSmoothed, row),
    ...plainProbabilities(rows.fusionProbsSmoothed, row),
    displayed,
    flagCell(rows.disagree[row] === UNKNOWN_FLAG ? null : rows.disagree[row] === 1),
    fusionAbsence(timeline, context, row),
  ]
}

function boxCells(rows: TimelineRows, row: number): string[] {
  if ((rows.faceId[row] ?? -1) < 0) return NO_BOX
  return [0, 1, 2, 3].map((side) => numberCell(rows.faceBox[row * 4 + side], BOX_DECIMALS))
}

function plainProbabilities(probs: Float32Array, row: number): string[] {
  const cells: string[] = []
  for (let e = 0; e < EMOTION_COUNT; e++) cells.push(probabilityCell(probs[row * EMOTION_COUNT + e]))
  return cells
}

/** Seven probabilities, the label and its probability. */
export function probabilityCells(probs: Float32Array, row: number): string[] {
  const cells = plainProbabilities(probs, row)
  const top = topEmotion(probs, row * EMOTION_COUNT)
  cells.push(EMOTIONS[top] ?? '', top < 0 ? '' : (cells[top] ?? ''))
  return cells
}

/** Why there is no fused value; empty where there is one. */
function fusionAbsence({ rows, rowSource }: ClipTimeline, { settings }: ClipContext, row: number): string {
  const isPresent = (probs: Float32Array): boolean => !Number.isNaN(probs[row * EMOTION_COUNT] ?? Number.NaN)
  if (isPresent(rows.fusionProbs)) return ''
  if (!settings.modalities.includes('fusion')) return 'not_asked'
  if (rowSource === 'video' && QUALITIES[rows.quality[row] ?? 0] === 'not_analysed') return 'not_analysed'
  return isPresent(rows.faceProbs) || isPresent(rows.speechProbs) ? 'low_gates' : 'no_reading'
}

function fusionSource(rows: TimelineRows, row: number): string {
  if (Number.isNaN(rows.fusionProbs[row * EMOTION_COUNT] ?? Number.NaN)) return ''
  const used: string[] = []
  if ((rows.faceGate[row] ?? 0) > 0) used.push('face')
  if ((rows.speechGate[row] ?? 0) > 0) used.push('speech')
  return used.join('+')
}
