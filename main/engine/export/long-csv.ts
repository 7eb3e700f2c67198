import { EMOTION_COUNT, EMOTIONS, topEmotion } from '../emotions'
import type { ClipTimeline, Modality, TimelineRows } from '../timeline/types'
import type { ExportContext } from './clip-context'
import { CLIP_ID, type Column, column, EMOTION_RANGE, names, SUBJECT_ID } from './columns'
import { countCell, csvLine, PROBABILITY_DECIMALS, probabilityCell, textCell, timeCell } from './csv'
import { observer } from './segment-record'

/** NAME.long.csv: one row a frame, modality, face and emotion. */
export const LONG_COLUMNS: readonly Column[] = [
  CLIP_ID,
  SUBJECT_ID,
  column('face_id', 'integer', '', '>= 1', 'Track number of the face; empty for speech and without a face.'),
  column('frame', 'integer', 'frames', '>= 0', 'As in the frames table.'),
  column('time_s', 'number', 's', '>= 0', 'As in the frames table. Sorted by time, modality, face, emotion.'),
  column('modality', 'category', '', 'face|speech|fusion|manual', 'Where the value comes from.'),
  column('model_id', 'text', '', '', 'The model, or the method of fusion.'),
  column('emotion', 'category', '', EMOTION_RANGE, 'Emotion that the value is of.'),
  column('value', 'number', 'probability', '[0, 1]', 'Raw probability; empty where there is no reading.'),
  column(
    'is_top',
    'boolean',
    '',
    '0|1',
    'Whether it is the highest of the seven; empty where there is no reading.',
  ),
  column(
    'valid',
    'boolean',
    '',
    '0|1',
    'Whether there is a reading and its gate is not below the minimum of the settings.',
  ),
]

/** Lines of NAME.long.csv (exports.md 4.2), header first. */
export function* longCsv(timeline: ClipTimeline, context: ExportContext): Generator<string> {
  yield csvLine(names(LONG_COLUMNS))
  const { rows } = timeline
  // What the clip cannot have (a face without pictures, a voice without sound) has no rows, as in the time budget.
  const modalities = context.settings.modalities.filter(
    (modality) =>
      (modality !== 'face' || (context.faceCard !== null && timeline.rowSource === 'video')) &&
      (modality !== 'speech' || (context.speechCard !== null && timeline.speech !== null)),
  )
  const order: readonly Modality[] = ['face', 'speech', 'fusion']
  const clipId = textCell(context.clipId)
  for (let first = 0, next = 0; first < rows.count; first = next) {
    while (next < rows.count && rows.frame[next] === rows.frame[first]) next++
    for (const modality of order.filter((name) => modalities.includes(name))) {
      // The voice belongs to the frame, not to a face: once, however many faces there are.
      const last = modality === 'speech' ? first + 1 : next
      for (let row = first; row < last; row++) yield emotionLines(rows, context, clipId, modality, row)
    }
  }
}

function emotionLines(
  rows: TimelineRows,
  context: ExportContext,
  clipId: string,
  modality: Modality,
  row: number,
): string {
  const probs = { face: rows.faceProbs, speech: rows.speechProbs, fusion: rows.fusionProbs }[modality]
  const faceId = modality === 'speech' ? -1 : (rows.faceId[row] ?? -1)
  const top = topEmotion(probs, row * EMOTION_COUNT)
  const gates = {
    face: [rows.faceGate],
    speech: [rows.speechGate],
    fusion: [rows.faceGate, rows.speechGate],
  }[modality]
  // With the decimals of the frames table, from which anybody can check it.
  const isTrusted = gates.some(
    (gate) => Number((gate[row] ?? 0).toFixed(PROBABILITY_DECIMALS)) >= context.settings.fusion.minimumGate,
  )
  const start = [
    clipId,
    textCell(context.subjects?.[faceId] ?? ''),
    countCell(faceId),
    countCell(rows.frame[row]),
    timeCell(rows.timeSecs[row]),
    modality,
    textCell(observer(context, modality)),
  ].join(',')
  const valid = top >= 0 && isTrusted ? '1' : '0'
  return EMOTIONS.map((emotion, e) =>
    csvLine([
      start,
      emotion,
      probabilityCell(probs[row * EMOTION_COUNT + e]),
      top < 0 ? '' : e === top ? '1' : '0',
      valid,
    ]),
  ).join('')
}
