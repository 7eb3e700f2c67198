import { EMOTION_COUNT } from '../emotions'
import { DIGITAL_SILENCE_DB } from '../speech/vad-features'
import type { ClipTimeline } from '../timeline/types'
import type { ClipContext } from './clip-context'
import { CLIP_ID, type Column, column, EMOTION_RANGE, emotionColumns, names } from './columns'
import { csvLine, numberCell, probabilityCell, textCell, timeCell } from './csv'
import { probabilityCells } from './frames-csv'

const LEVEL_DECIMALS = 3

/** NAME.speech.csv: one row a speech window, stretch of silence or stretch of speech too short to classify. */
export const SPEECH_COLUMNS: readonly Column[] = [
  CLIP_ID,
  column('win', 'integer', '', '>= 0', 'Number of the row in the clip, 0-based. Windows of speech overlap.'),
  column(
    'start_s',
    'number',
    's',
    '',
    'Start of the window on the clock of the frames table; negative where the sound begins before the first picture.',
  ),
  column('end_s', 'number', 's', '', 'End of the window (not inside).'),
  column('speech_active', 'boolean', '', '0|1', 'Whether the row is speech.'),
  column(
    'rms_db',
    'number',
    'dB re full scale',
    '<= 0',
    'Level (root mean square); empty for digital silence.',
  ),
  ...emotionColumns(
    (emotion) => `speech_p_${emotion}`,
    'number',
    'probability',
    '[0, 1]',
    (e) =>
      `Calibrated probability of ${e}${e === 'neutral' ? ' (calm counts as neutral)' : ''}; the seven sum to 1.`,
  ),
  column('speech_label', 'category', '', EMOTION_RANGE, 'Emotion with the highest probability.'),
  column('speech_conf', 'number', 'probability', '[0, 1]', 'The highest probability.'),
  column(
    'state',
    'category',
    '',
    'speech|silence|too_short',
    'Why a row has or has not probabilities; too_short: speech too short to classify.',
  ),
  column(
    'speech_share',
    'number',
    '',
    '[0, 1]',
    'Detected speech in the row as a share of a full window: shorter speech is padded, and believed less.',
  ),
  column(
    'snr_db',
    'number',
    'dB',
    '',
    'Speech level over the noise floor; empty where no floor could be measured.',
  ),
  column(
    'speech_p_calm',
    'number',
    'probability',
    '[0, 1]',
    'The part of speech_p_neutral that the model calls calm; empty where the model does not know calm.',
  ),
]

/** Lines of NAME.speech.csv, header first. */
export function* speechCsv(timeline: ClipTimeline, context: ClipContext): Generator<string> {
  yield csvLine(names(SPEECH_COLUMNS))
  const clipId = textCell(context.clipId)
  const calm = context.speechCard?.labels.indexOf('calm') ?? -1
  for (const [index, window] of timeline.speech?.windows.entries() ?? [])
    yield csvLine([
      clipId,
      String(index),
      timeCell(window.startSecs),
      timeCell(window.endSecs),
      window.state === 'silence' ? '0' : '1',
      numberCell(window.rmsDb > DIGITAL_SILENCE_DB ? window.rmsDb : null, LEVEL_DECIMALS),
      ...probabilityCells(timeline.speechWindowProbs, index),
      window.state,
      probabilityCell(window.speechShare),
      numberCell(window.snrDb, LEVEL_DECIMALS),
      probabilityCell(calm < 0 ? null : calmShare(timeline, index, window.modelProbs, calm)),
    ])
}

/** Calm as part of the seven, which sum to 1 whatever else the model knows. */
function calmShare(
  timeline: ClipTimeline,
  index: number,
  modelProbs: Float32Array | null,
  calm: number,
): number | null {
  if (!modelProbs) return null
  const total = timeline.speechWindowProbs
    .subarray(index * EMOTION_COUNT, (index + 1) * EMOTION_COUNT)
    .reduce((sum, p) => sum + p, 0)
  const whole = modelProbs.reduce((sum, p) => sum + p, 0)
  return ((modelProbs[calm] ?? Number.NaN) * total) / whole
}
