import { EMOTION_COUNT, EMOTIONS, topEmotion } from '../emotions'
import { type Column, column, EMOTION_RANGE, emotionColumns, names } from '../export/columns'
import { countCell, csvLine, flagCell, numberCell, probabilityCell, timeCell } from '../export/csv'
import { dictionaryCsv } from '../export/data-dictionary'
import type { FusedFace } from './live-fusion'
import type { LiveMoment } from './live-session'

const probabilities = (prefix: string, meaning: (emotion: string) => string): Column[] =>
  emotionColumns((emotion) => `${prefix}_p_${emotion}`, 'number', 'probability', '[0, 1]', meaning)

/** NAME.live.csv: what was seen and shown while it happened; one row an analysed camera frame and face. */
export const LIVE_COLUMNS: readonly Column[] = [
  column(
    'frame',
    'integer',
    'frames',
    '>= 0',
    'Camera frame, counted from the start of the session, dropped ones included.',
  ),
  column(
    'time_s',
    'number',
    's',
    '>= 0',
    'When the camera delivered the frame, from the start of the recording.',
  ),
  column(
    'dropped_frames',
    'integer',
    'frames',
    '>= 0',
    'Camera frames of the session left out so far, because one was still being analysed.',
  ),
  column('analysis_ms', 'number', 'ms', '>= 0', 'What analysing the frame took.'),
  column('n_faces', 'integer', 'faces', '>= 0', 'Faces in the frame.'),
  column('face_id', 'integer', '', '>= 1', 'Number of the face in this session; empty where there is none.'),
  column('face_score', 'number', '', '[0, 1]', 'Score of the face detector.'),
  column('face_x', 'number', 'px', '', 'Left edge of the face box in the analysed picture.'),
  column('face_y', 'number', 'px', '', 'Top edge of the face box.'),
  column('face_w', 'number', 'px', '> 0', 'Width of the face box.'),
  column('face_h', 'number', 'px', '> 0', 'Height of the face box.'),
  column('quality', 'category', '', 'ok|no_face|low_score|small_face|edge', 'State of the face.'),
  ...probabilities('face', (e) => `Calibrated probability of ${e} from the face, raw.`),
  column(
    'speech_state',
    'category',
    '',
    'speech|too_short|silence|no_audio',
    'State of the voice at this moment.',
  ),
  ...probabilities('speech', (e) => `Calibrated probability of ${e} from the newest window of speech.`),
  column('speech_win_start_s', 'number', 's', '', 'Start of that window, from the start of the recording.'),
  column('speech_win_end_s', 'number', 's', '', 'End of that window.'),
  ...probabilities('fusion', (e) => `Probability of ${e} from face and voice together, raw.`),
  column('fusion_w_face', 'number', '', '[0, 1]', 'Gate of the face.'),
  column('fusion_w_speech', 'number', '', '[0, 1]', 'Gate of the voice.'),
  column(
    'shown_label',
    'category',
    '',
    EMOTION_RANGE,
    'Emotion on the screen at that moment: causal smoothing and hysteresis.',
  ),
  column(
    'disagree',
    'boolean',
    '',
    '0|1',
    'Whether face and voice were both sure and differed; empty where there were not two readings.',
  ),
]

/** Lines of live_dictionary.csv: what each column of NAME.live.csv says. */
export const liveDictionary = (): Iterable<string> => dictionaryCsv(new Map([['*.live.csv', LIVE_COLUMNS]]))

export const liveHeader = (): string => csvLine(names(LIVE_COLUMNS))

const NONE = Array.from({ length: EMOTION_COUNT }, () => '')
const cells = (probs: ArrayLike<number> | null | undefined): string[] =>
  probs ? Array.from({ length: EMOTION_COUNT }, (_, e) => probabilityCell(probs[e])) : NONE

export interface LiveRowFacts {
  readonly frameNumber: number
  readonly droppedSoFar: number
  readonly analysisMs: number
  /** Session time at which the recording began, seconds. */
  readonly recordingStartSecs: number
}

/** The rows of one analysed frame. */
export function liveRows(moment: LiveMoment, facts: LiveRowFacts): string {
  const faces: readonly (FusedFace | null)[] = moment.faces.length > 0 ? moment.faces : [null]
  return faces.map((face) => csvLine(rowCells(moment, face, facts))).join('')
}

function rowCells(
  { timeSecs, faces, voice }: LiveMoment,
  fused: FusedFace | null,
  facts: LiveRowFacts,
): string[] {
  const from = facts.recordingStartSecs
  const box = fused?.face.box
  const isSpoken = voice?.state === 'speech'
  const fusionProbs = fused ? fused.fusionProbs : voice?.fusionProbs
  return [
    countCell(facts.frameNumber),
    timeCell(timeSecs - from),
    countCell(facts.droppedSoFar),
    numberCell(facts.analysisMs, 1),
    countCell(faces.length),
    countCell(fused?.face.trackId ?? -1),
    probabilityCell(fused?.face.score),
    ...[box?.x, box?.y, box?.w, box?.h].map((value) => numberCell(value, 2)),
    fused?.face.quality ?? 'no_face',
    ...cells(fused?.probs),
    voice?.state ?? 'no_audio',
    ...cells(voice?.probs),
    timeCell(isSpoken ? voice.startSecs - from : null),
    timeCell(isSpoken ? voice.endSecs - from : null),
    ...cells(fusionProbs),
    probabilityCell(fused?.gate),
    probabilityCell(isSpoken ? voice.gate : null),
    EMOTIONS[fused ? fused.shownLabel : fusionProbs ? topEmotion(fusionProbs) : -1] ?? '',
    flagCell(fused?.isDisagreeing ?? null),
  ]
}
