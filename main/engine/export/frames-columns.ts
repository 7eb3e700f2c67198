import { QUALITIES } from '../timeline/types'
import { CLIP_ID, type Column, column, EMOTION_RANGE, emotionColumns, SUBJECT_ID } from './columns'

const probabilities = (prefix: string, suffix: string, meaning: (emotion: string) => string): Column[] =>
  emotionColumns((emotion) => `${prefix}_p_${emotion}${suffix}`, 'number', 'probability', '[0, 1]', meaning)

/** NAME.frames.csv: one row a decoded frame and face. */
export const FRAMES_COLUMNS: readonly Column[] = [
  CLIP_ID,
  column(
    'frame',
    'integer',
    'frames',
    '>= 0',
    'Decoded video frame, 0-based. Clips without video frames have one row a speech hop; this is then the number of the step.',
  ),
  column(
    'time_s',
    'number',
    's',
    '>= 0',
    'Presentation time of the frame from the container, minus that of the first video frame (of the first audio sample where there is no video stream). Rows are sorted by frame, then face_id.',
  ),
  column(
    'dur_s',
    'number',
    's',
    '>= 0',
    'Time to the next frame; frames of variable-rate video differ. Weight by it.',
  ),
  SUBJECT_ID,
  column(
    'face_id',
    'integer',
    '',
    '>= 1',
    'Track number of the face in this clip; empty where there is no face.',
  ),
  column(
    'n_faces',
    'integer',
    'faces',
    '>= 0',
    'Faces in the frame; empty where the frame was not analysed.',
  ),
  column(
    'face_detected',
    'boolean',
    '',
    '0|1',
    'Whether this row has a face; empty where the frame was not analysed.',
  ),
  column(
    'face_score',
    'number',
    '',
    '[0, 1]',
    'Score of the face detector; interpolated between detections.',
  ),
  column(
    'face_x',
    'number',
    'px',
    '',
    'Left edge of the face box in upright source pixels, origin top left.',
  ),
  column('face_y', 'number', 'px', '', 'Top edge of the face box.'),
  column('face_w', 'number', 'px', '> 0', 'Width of the face box.'),
  column('face_h', 'number', 'px', '> 0', 'Height of the face box.'),
  column(
    'quality',
    'category',
    '',
    QUALITIES.join('|'),
    'State of the row. With video it describes the face: ok, no_face, low_score, small_face, edge (cut by the picture), not_analysed (left out by the frame rate setting). Without video frames it describes the voice: ok, silence, no_audio (outside the audio), not_analysed (speech too short to classify). excluded: by the researcher.',
  ),
  ...probabilities(
    'face',
    '',
    (e) =>
      `Calibrated probability of ${e} from the face; raw, not smoothed, not thresholded. The seven sum to 1.`,
  ),
  column('face_label', 'category', '', EMOTION_RANGE, 'Emotion with the highest face probability.'),
  column('face_conf', 'number', 'probability', '[0, 1]', 'The highest face probability.'),
  ...probabilities(
    'speech',
    '',
    (e) =>
      `Calibrated probability of ${e} from the speech window that speaks for this frame${e === 'neutral' ? ' (calm counts as neutral)' : ''}. Windows repeat on many frames: these are not independent observations; count windows in the speech table.`,
  ),
  column('speech_label', 'category', '', EMOTION_RANGE, 'Emotion with the highest speech probability.'),
  column('speech_conf', 'number', 'probability', '[0, 1]', 'The highest speech probability.'),
  column(
    'speech_win_start_s',
    'number',
    's',
    '',
    'Start of the speech window whose values stand here: of those covering the frame the one with the nearest centre, the earlier on a tie. Negative where the sound begins before the first picture.',
  ),
  column('speech_win_end_s', 'number', 's', '', 'End of that window (not inside).'),
  column(
    'speech_active',
    'boolean',
    '',
    '0|1',
    'Whether speech is detected at this moment; empty where there is no audio or it was not analysed. 1 beside empty speech probabilities: speech too short to classify.',
  ),
  ...probabilities(
    'fusion',
    '',
    (e) =>
      `Probability of ${e} from face and speech together, raw. With several faces each row is fused with the same voice: the voice is not attributed to a face.`,
  ),
  column('fusion_label', 'category', '', EMOTION_RANGE, 'Emotion with the highest fused probability.'),
  column('fusion_conf', 'number', 'probability', '[0, 1]', 'The highest fused probability.'),
  column(
    'fusion_w_face',
    'number',
    '',
    '[0, 1]',
    'Gate of the face: how far it is believed here (score, size, pose, sharpness). Multiplies its evidence (in the weighted sum, its weight). Empty where there is no face reading.',
  ),
  column(
    'fusion_w_speech',
    'number',
    '',
    '[0, 1]',
    'Gate of the voice (speech in the window as a share of a full window, signal-to-noise ratio). Empty where there is no speech reading.',
  ),
  column('manual_label', 'category', '', EMOTION_RANGE, 'Label given by a person; empty until one is given.'),
  column('manual_observer', 'text', '', '', 'Who gave it.'),
  column(
    'final_label',
    'category',
    '',
    EMOTION_RANGE,
    'The label to use: manual, else fusion; where fusion was not asked for, manual, else face, else speech. Empty on frames left out by the frame rate setting.',
  ),
  column('final_source', 'category', '', 'manual|fusion|face|speech|none', 'Where final_label comes from.'),
  column('excluded', 'boolean', '', '0|1', 'Left out of all statistics by the researcher.'),
  column(
    'fusion_source',
    'category',
    '',
    'face+speech|face|speech',
    'Modalities with a gate above 0 that the fused values rest on; empty where there are none.',
  ),
  ...probabilities(
    'face',
    '_s',
    (e) => `Smoothed probability of ${e} from the face; method and constants in meta.json.`,
  ),
  ...probabilities(
    'fusion',
    '_s',
    (e) => `Smoothed fused probability of ${e}; method and constants in meta.json.`,
  ),
  column(
    'displayed_label',
    'category',
    '',
    EMOTION_RANGE,
    'Label shown on screen: that of final_source, but changes only when another one leads the smoothed values for a while.',
  ),
  column(
    'disagree',
    'boolean',
    '',
    '0|1',
    'Face and speech name different emotions, both sure and both trusted; thresholds in meta.json. Empty where not both have a reading, and where fusion was not asked for.',
  ),
  column(
    'fusion_absent',
    'category',
    '',
    'no_reading|low_gates|not_analysed|not_asked',
    'Why there are no fused values; empty where there are. no_reading: neither face nor speech; low_gates: the gates of what there is are below the minimum of the settings; not_analysed: left out by the frame rate setting; not_asked: fusion was not asked for.',
  ),
]
