import { EMOTIONS } from '../emotions'
import { CLIP_ID, type Column, column, EMOTION_RANGE } from './columns'

export const MODALITIES = ['face', 'speech', 'fusion'] as const

const SUBJECT = column(
  'subject_id',
  'text',
  '',
  '',
  'Name of the subject; face_N (face_id N) where a clip shows several unnamed faces at once; empty where the clip is taken as one person.',
)

/** summary.csv up to the independent variables. */
const SUMMARY_START: readonly Column[] = [
  CLIP_ID,
  column('file_name', 'text', '', '', 'Name of the media file.'),
  column('sha256', 'text', '', '64 hexadecimal digits', 'Checksum of the media file.'),
  SUBJECT,
]

const SUMMARY_FACTS: readonly Column[] = [
  column(
    'duration_s',
    'number',
    's',
    '>= 0',
    'Time that was decoded, from the first video frame or audio sample.',
  ),
  column('fps_nominal', 'number', '1/s', '> 0', 'Frame rate the container states; empty without video.'),
  column('is_vfr', 'boolean', '', '0|1', 'Whether the frame spacing varies; empty without video.'),
  column('n_frames', 'integer', 'frames', '>= 0', 'Decoded video frames.'),
  column('n_frames_analysed', 'integer', 'frames', '>= 0', 'Those of them in which faces were looked for.'),
  column(
    'face_coverage',
    'number',
    '',
    '[0, 1]',
    'Share of the analysed time with a reading of this face; empty where frames were not analysed.',
  ),
  column(
    'speech_s',
    'number',
    's',
    '>= 0',
    'Detected speech from time 0 on; empty where there is no audio or it was not analysed.',
  ),
  column(
    'longest_gap_s',
    'number',
    's',
    '>= 0',
    'Longest stretch without a face reading (without video frames: without a speech reading).',
  ),
  column('excluded_s', 'number', 's', '>= 0', 'Time excluded by the researcher.'),
  column('face_dominant', 'category', '', EMOTION_RANGE, 'Emotion with the highest mean face probability.'),
  column(
    'speech_dominant',
    'category',
    '',
    EMOTION_RANGE,
    'Emotion with the highest mean speech probability.',
  ),
  column(
    'fusion_dominant',
    'category',
    '',
    EMOTION_RANGE,
    'Top of the mean fused evidence, weighted by time and by the sum of both gates.',
  ),
  column('final_dominant', 'category', '', EMOTION_RANGE, 'The final_label that lasts longest.'),
]

const STATISTICS: readonly [
  suffix: (e: string) => string,
  Column['type'],
  unit: string,
  range: string,
  meaning: string,
][] = [
  [(e) => `mean_${e}`, 'number', 'probability', '[0, 1]', 'mean raw probability, weighted by time'],
  [
    (e) => `prop_${e}`,
    'number',
    '',
    '[0, 1]',
    'share of the observed time in which it is the label; the seven sum to 1',
  ],
  [
    (e) => `bouts_${e}`,
    'integer',
    '',
    '>= 0',
    'number of episodes; in a clip taken as one person, episodes that meet or overlap where one track ends and another begins (or no face is seen) count as one',
  ],
  [(e) => `total_s_${e}`, 'number', 's', '>= 0', 'summed duration of the episodes'],
  [
    (e) => `latency_s_${e}`,
    'number',
    's',
    '>= 0',
    'start of the first episode from time 0 on; empty where there is none',
  ],
]

const SUMMARY_STATISTICS: readonly Column[] = MODALITIES.flatMap((modality) =>
  STATISTICS.flatMap(([suffix, type, unit, range, meaning]) =>
    EMOTIONS.map((emotion) =>
      column(
        `${modality}_${suffix(emotion)}`,
        type,
        unit,
        range,
        `${emotion} in ${modality}: ${meaning}. Observed time is the analysed, not excluded time in which ${modality} has a reading; empty where there is none.`,
      ),
    ),
  ),
)

const SUMMARY_END: readonly Column[] = [
  column(
    'face_speech_agreement',
    'number',
    '',
    '[0, 1]',
    'Share of the time with both readings in which face and speech have the same label; not corrected for chance; empty without such time.',
  ),
  column('n_edited_segments', 'integer', '', '>= 0', 'Segments changed by a person.'),
  column(
    'status',
    'category',
    '',
    'ok|partial|error',
    'partial: the media is damaged and was read as far as it goes; error: no results, see errors.csv.',
  ),
  column('error', 'text', '', '', 'Why the status is not ok.'),
  column('app_version', 'text', '', '', 'Version of Unmask.'),
  column('face_model', 'text', '', '', 'Id of the face model; hashes in meta.json.'),
  column('speech_model', 'text', '', '', 'Id of the speech model.'),
  column('fusion_method', 'category', '', 'product|weighted-sum', 'How face and speech were combined.'),
  column(
    'analysed_at',
    'datetime',
    'UTC',
    'ISO 8601',
    'When; the only column that differs between two runs on the same input.',
  ),
]

/** Columns of summary.csv with the independent variables of the study in their place. */
export function summaryColumns(variables: readonly string[]): Column[] {
  return [
    ...SUMMARY_START,
    ...variables.map((name) =>
      column(variableHeader(name), 'text', '', '', 'Independent variable of the study.'),
    ),
    ...SUMMARY_FACTS,
    ...SUMMARY_STATISTICS,
    ...SUMMARY_END,
  ]
}

const OWN_NAMES = new Set(
  [...SUMMARY_START, ...SUMMARY_FACTS, ...SUMMARY_STATISTICS, ...SUMMARY_END].map(({ name }) => name),
)

/** No two columns of one name: a variable that is called like one of ours gets a prefix. */
function variableHeader(name: string): string {
  return OWN_NAMES.has(name) ? `var_${name}` : name
}

/** summary_long.csv: the time budget, one row a clip, subject, modality, emotion and bin. */
export const SUMMARY_LONG_COLUMNS: readonly Column[] = [
  CLIP_ID,
  SUBJECT,
  column(
    'modality',
    'category',
    '',
    'face|speech|fusion',
    'Where the reading comes from. Speech is not attributed to a subject.',
  ),
  column('emotion', 'category', '', EMOTION_RANGE, 'Emotion of the row.'),
  column(
    'bin_start_s',
    'number',
    's',
    '>= 0',
    'Start of the bin; one bin, the whole clip, unless the settings give a width.',
  ),
  column('bin_end_s', 'number', 's', '> bin_start_s', 'End of the bin (not inside).'),
  column(
    'n_bouts',
    'integer',
    '',
    '>= 0',
    'Episodes in the bin, those cut by its bounds included; counted as in summary.csv.',
  ),
  column('total_s', 'number', 's', '>= 0', 'Their summed duration, cut to the bin.'),
  column('mean_s', 'number', 's', '>= 0', 'Their mean duration; empty without episodes.'),
  column(
    'sd_s',
    'number',
    's',
    '>= 0',
    'Standard deviation (n - 1) of their duration; empty with fewer than two.',
  ),
  column('min_s', 'number', 's', '>= 0', 'The shortest.'),
  column('max_s', 'number', 's', '>= 0', 'The longest.'),
  column(
    'prop_time',
    'number',
    '',
    '[0, 1]',
    'Share of the observed time in the bin in which the emotion is the label of the raw reading (short flickers count, unlike in total_s).',
  ),
  column('rate_per_min', 'number', '1/min', '>= 0', 'Episodes per minute of observed time.'),
  column('latency_s', 'number', 's', '>= 0', 'From the start of the bin to the first episode in it.'),
  column('mean_p', 'number', 'probability', '[0, 1]', 'Mean raw probability, weighted by time.'),
  column('max_p', 'number', 'probability', '[0, 1]', 'Highest raw probability.'),
]
