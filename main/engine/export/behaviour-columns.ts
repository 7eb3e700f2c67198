import { CLIP_ID, type Column, column } from './columns'

const SUBJECT = column(
  'subject_id',
  'text',
  '',
  '',
  'Name of the subject; face_N for an unnamed face of several; empty for the clip as a whole.',
)
const RATER = column(
  'rater',
  'text',
  '',
  '',
  'face, speech, fusion, final, or the observer, with "/set" or "/points" behind it where it is not the emotions.',
)
const LABEL = column('label', 'text', '', '', 'Code or emotion.')
const BIN_START = column(
  'bin_start_s',
  'number',
  's',
  '>= 0',
  'Start of the bin; one bin, the whole clip, unless a width was asked for.',
)
const BIN_END = column('bin_end_s', 'number', 's', '> bin_start_s', 'End of the bin (not inside).')
const OBSERVED = column(
  'observed_s',
  'number',
  's',
  '>= 0',
  'Analysed and not excluded time; of models that with a reading, of people all of it.',
)
const secs = (name: string, meaning: string): Column => column(name, 'number', 's', '>= 0', meaning)
const share = (name: string, meaning: string): Column => column(name, 'number', '', '[0, 1]', meaning)

/**
 * summary_long.csv of the statistics: the columns of the exported one (exports.md 4.4) for tiers of people, too, with more
 * behind them. Here prop_time is of bouts, so that people and models are measured alike.
 */
export const BUDGET_COLUMNS: readonly Column[] = [
  CLIP_ID,
  SUBJECT,
  column('modality', 'category', '', 'face|speech|fusion|final|manual|other', 'Where the labels come from.'),
  column('emotion', 'text', '', '', 'Emotion or other code of the row.'),
  BIN_START,
  BIN_END,
  column(
    'n_bouts',
    'integer',
    '',
    '>= 0',
    'Bouts, or points. Excluded time and edges of bins end a bout; what goes on behind them is another one. Empty without observed time.',
  ),
  secs('total_s', 'Their summed duration; empty for points.'),
  secs('mean_s', 'Their mean duration; empty without bouts.'),
  secs('sd_s', 'Standard deviation (n - 1) of their duration; empty with fewer than two.'),
  secs('min_s', 'The shortest.'),
  secs('max_s', 'The longest.'),
  share('prop_time', 'Share of the observed time that lies in these bouts.'),
  column('rate_per_min', 'number', '1/min', '>= 0', 'Bouts or points per minute of observed time.'),
  secs('latency_s', 'From the start of the bin to the first one in it; empty where there is none.'),
  column('mean_p', 'number', 'probability', '[0, 1]', 'Mean raw probability of the model, weighted by time.'),
  column('max_p', 'number', 'probability', '[0, 1]', 'Highest raw probability of the model.'),
  OBSERVED,
  RATER,
  column('tier', 'text', '', '', 'Name of the tier.'),
  column('observer', 'text', '', '', 'Model, fusion method, or the name of the observer.'),
  column('kind', 'category', '', 'state|point', 'point: an instant, without duration.'),
]

/** transitions.csv: one row a pair of states that follow each other. */
export const TRANSITIONS_COLUMNS: readonly Column[] = [
  { ...CLIP_ID, meaning: 'Name of the clip; empty for all clips of the rater together.' },
  SUBJECT,
  RATER,
  column(
    'gaps',
    'category',
    '',
    'state|joined',
    'state: time without a label is a state of its own, "(none)"; joined: it is passed over.',
  ),
  column('from_label', 'text', '', '', 'State that ends.'),
  column('to_label', 'text', '', '', 'The next different state. Not counted across excluded time.'),
  column('n', 'integer', '', '>= 0', 'How often.'),
  share('probability', 'n divided by all transitions from this state.'),
]

/** continuous.csv: probabilities and ratings in bins. */
export const CONTINUOUS_COLUMNS: readonly Column[] = [
  CLIP_ID,
  SUBJECT,
  column('source', 'category', '', 'face|speech|fusion|rating', 'Model, or a rating by a person.'),
  column('observer', 'text', '', '', 'Who rated; empty for models.'),
  column('measure', 'text', '', '', 'Emotion (raw probability) or name of the rating.'),
  BIN_START,
  BIN_END,
  secs('observed_s', 'Time with a value.'),
  column('mean', 'number', '', '', 'Mean, weighted by time.'),
  column('sd', 'number', '', '>= 0', 'Standard deviation of the moments, weighted by time.'),
  column('max', 'number', '', '', 'Highest value.'),
  column(
    'baseline_mean',
    'number',
    '',
    '',
    "Mean over the person's baseline stretches: those of the clip, else those of the named person in other clips.",
  ),
  column(
    'corrected',
    'number',
    '',
    '',
    'mean - baseline_mean; empty where there is no baseline or none was asked for.',
  ),
  column('note', 'text', '', '', 'Why a value is empty.'),
]

/** groups.csv: tiers brought together by an independent variable. */
export const GROUPS_COLUMNS: readonly Column[] = [
  column('variable', 'text', '', '', 'Independent variable; empty where nothing is grouped.'),
  column('group', 'text', '', '', 'Its value, empty where none was given; "all" where nothing is grouped.'),
  RATER,
  column('modality', 'category', '', 'face|speech|fusion|final|manual|other', 'Where the labels come from.'),
  LABEL,
  column('n_tiers', 'integer', '', '>= 1', 'Tiers that went in: a clip and subject each.'),
  secs('observed_s', 'Their observed time.'),
  column('n_bouts', 'integer', '', '>= 0', 'Bouts or points in all of them.'),
  secs('total_s', 'Time in these bouts.'),
  share('prop_pooled', 'Share of all observed time.'),
  share('prop_mean', 'Mean of the tiers, each counted once.'),
  column('prop_sd', 'number', '', '>= 0', 'Standard deviation (n - 1) between tiers; empty with one.'),
  column('rate_mean_per_min', 'number', '1/min', '>= 0', 'Mean of the tiers.'),
  column('rate_sd_per_min', 'number', '1/min', '>= 0', 'Standard deviation (n - 1) between tiers.'),
  secs('mean_s', 'Mean duration of all bouts.'),
  secs('latency_mean_s', 'Mean latency of the tiers in which it occurs.'),
]
