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
  column('model_id', 'text', '', '', 'The model, the method of fusion, or the observer.'),
  column('emotion', 'category', '', EMOTION_RANGE, 'Emotion that the value is of.'),
  column(
    'value',
    'number',
    'probability',
    '[0, 1]',
    'Raw probability; empty where there is no reading. 1 for a manual label, which has a row of its own.',
  ),
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

/** What people said of a row: whose face it is, what they call the moment, whether it counts. */
export interface LongPeople {
  /** @returns id of the subject, '' for nobody */
  subjectAt(faceId: number, faceCount: number, atSecs: number): string
  subjectName(subjectId: string): string
  manualAt(
    subjectId: string,
    atSecs: number,
  ): { readonly label: string | null; readonly observer: string } | null
  isExcluded(atSecs: number): boolean
}

/**
 * Lines of NAME.long.csv (exports.md 4.2), header first. A manual label is a row of its own with the value 1; whoever wants
 * the other labels as 0 fills them in.
 */
export function* longCsv(
  timeline: ClipTimeline,
  context: ExportContext,
  people?: LongPeople,
): Generator<string> {
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
      for (let row = first; row < last; row++)
        yield emotionLines(rows, context, clipId, modality, row, people)
    }
    if (people) yield* manualLines(rows, clipId, first, next, people)
  }
}

function emotionLines(
  rows: TimelineRows,
  context: ExportContext,
  clipId: string,
  modality: Modality,
  row: number,
  people: LongPeople | undefined,
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
  const timeSecs = rows.timeSecs[row] ?? 0
  const named = people?.subjectName(people.subjectAt(faceId, rows.faceCount[row] ?? -1, timeSecs))
  const start = [
    clipId,
    textCell(named || (context.subjects?.[faceId] ?? '')),
    countCell(faceId),
    countCell(rows.frame[row]),
    timeCell(rows.timeSecs[row]),
    modality,
    textCell(observer(context, modality)),
  ].join(',')
  const valid = top >= 0 && isTrusted && !people?.isExcluded(timeSecs) ? '1' : '0'
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

/** One line a row of the frame that people labelled; a frame where they said the same of everybody has one. */
function* manualLines(
  rows: TimelineRows,
  clipId: string,
  first: number,
  end: number,
  people: LongPeople,
): Generator<string> {
  const said = new Set<string>()
  for (let row = first; row < end; row++) {
    const faceId = rows.faceId[row] ?? -1
    const timeSecs = rows.timeSecs[row] ?? 0
    const subjectId = people.subjectAt(faceId, rows.faceCount[row] ?? -1, timeSecs)
    const manual = people.manualAt(subjectId, timeSecs)
    if (!manual || manual.label === null || said.has(subjectId)) continue
    said.add(subjectId)
    yield csvLine([
      clipId,
      textCell(people.subjectName(subjectId)),
      subjectId === '' ? '' : countCell(faceId),
      countCell(rows.frame[row]),
      timeCell(timeSecs),
      'manual',
      textCell(manual.observer),
      textCell(manual.label),
      probabilityCell(1),
      '1',
      people.isExcluded(timeSecs) ? '0' : '1',
    ])
  }
}
