import { CLIP_ID, type Column, column } from './columns'

const TIER = column(
  'tier',
  'text',
  '',
  '',
  'What was compared: the subject, or "clip" for the clip as a whole; the name of the rating for method rating.',
)
const RATER_1 = column(
  'rater_1',
  'text',
  '',
  '',
  'Face, speech, fusion, final, or the name of the observer; rows of the table.',
)
const RATER_2 = column(
  'rater_2',
  'text',
  '',
  '',
  'The other one; of more than two raters the rest, separated by " | ".',
)
const coefficient = (name: string, meaning: string): Column =>
  column(
    name,
    'number',
    '',
    '<= 1',
    `${meaning} Empty where it is undefined (note says why) or belongs to another method.`,
  )
const spread = (name: string, meaning: string): Column => column(name, 'number', '', '>= 0', meaning)
const bound = (name: string, of: string): Column =>
  column(name, 'number', '', '', `Bound of the 95 % interval of ${of}.`)
const difference = (name: string, meaning: string): Column => column(name, 'number', 's', '', meaning)

const OPTIMISTIC = 'Large-sample; neighbouring units are not independent, so it is too small.'

/** agreement.csv: one row a clip, subject and method, and one for all clips together. */
export const AGREEMENT_COLUMNS: readonly Column[] = [
  { ...CLIP_ID, meaning: 'Name of the clip; empty for all clips together (scope pooled).' },
  TIER,
  RATER_1,
  RATER_2,
  column(
    'method',
    'category',
    '',
    'time-unit|duration|event|alpha|rating',
    'time-unit: labels at the centres of units of step_s; duration: the same of exact stretches, weighted by their length; event: bouts or points paired one to one; alpha: of two or more raters over time units; rating: continuous values at unit centres.',
  ),
  column('step_s', 'number', 's', '> 0', 'Length of a time unit; units count from time 0.'),
  column('tolerance_s', 'number', 's', '>= 0', 'Most that onsets of paired events may differ.'),
  column(
    'n_units',
    'integer',
    '',
    '>= 0',
    'Units compared; of events the pairs and those left over; of alpha units with two or more values.',
  ),
  column(
    'percent_agreement',
    'number',
    '%',
    '[0, 100]',
    'Share of units, time or events with the same label. Empty where nothing was compared.',
  ),
  coefficient(
    'kappa',
    "Cohen's kappa (1960); of events with chance by quasi-independence (Bakeman, Quera & Gnisci 2009).",
  ),
  spread('kappa_se', `Standard error of kappa (Fleiss, Cohen & Everitt 1969). ${OPTIMISTIC}`),
  coefficient('ac1', "Gwet's AC1 (2008)."),
  coefficient('ccc', "Lin's concordance correlation coefficient (1989)."),
  coefficient('icc', 'ICC(2,1): two-way random, absolute agreement, single rating (Shrout & Fleiss 1979).'),
  column('note', 'text', '', '', 'Why a value is undefined, and how the figures were made.'),
  column('scope', 'category', '', 'clip|pooled', 'pooled: of the sum of the tables of all clips.'),
  column(
    'unlabelled',
    'category',
    '',
    'category|skip',
    'category: time without a label is a label of its own, "(none)"; skip: only time that all raters compared labelled counts.',
  ),
  column('compared_s', 'number', 's', '>= 0', 'Time compared, with method duration.'),
  bound('kappa_low', 'kappa'),
  bound('kappa_high', 'kappa'),
  coefficient('weighted_kappa', 'Weighted kappa (Cohen 1968), where weights were asked for.'),
  spread('weighted_kappa_se', `Its standard error. ${OPTIMISTIC}`),
  column('weights', 'category', '', 'linear|quadratic|given', 'Weights of weighted_kappa; empty: none.'),
  spread('ac1_se', `Standard error of ac1. ${OPTIMISTIC}`),
  coefficient('alpha', "Krippendorff's alpha (2011): nominal; of ratings interval."),
  coefficient('pearson', 'Product-moment correlation.'),
  bound('ccc_low', 'ccc'),
  bound('ccc_high', 'ccc'),
  bound('icc_low', 'icc'),
  bound('icc_high', 'icc'),
  coefficient('icc_k', 'ICC(2,k): of the mean of all raters.'),
  column('n_same', 'integer', '', '>= 0', 'Paired events with the same label.'),
  column('n_other', 'integer', '', '>= 0', 'Paired events with different labels.'),
  column('n_only_1', 'integer', '', '>= 0', 'Events of rater_1 without a counterpart.'),
  column('n_only_2', 'integer', '', '>= 0', 'Events of rater_2 without a counterpart.'),
  difference('onset_diff_s', 'Mean difference of paired onsets, rater_2 minus rater_1.'),
  difference('offset_diff_s', 'Mean difference of their ends.'),
  difference('onset_abs_diff_s', 'Mean absolute difference of paired onsets.'),
]

/** confusion.csv: one row a pair of labels that occurs, of each clip and of all together. */
export const CONFUSION_COLUMNS: readonly Column[] = [
  { ...CLIP_ID, meaning: 'Name of the clip; empty for all clips together.' },
  TIER,
  RATER_1,
  RATER_2,
  column('label_1', 'text', '', '', 'Label of rater_1; "(none)": no label.'),
  column('label_2', 'text', '', '', 'Label of rater_2 at the same time.'),
  column('n_units', 'integer', '', '>= 0', 'Time units with these labels.'),
  column('seconds', 'number', 's', '>= 0', 'Exact time with these labels.'),
]
