import type { EvaluationReport } from '../report-schema'

type Figure = EvaluationReport['accuracy']

export const percent = (share: number | null | undefined, decimals = 1) =>
  share === null || share === undefined || !Number.isFinite(share)
    ? ''
    : `${(100 * share).toFixed(decimals)}%`

/** "68.7% [67.1, 70.2]" */
export const share = ({ value, interval }: Figure) =>
  `${percent(value)}${interval ? ` [${(100 * interval[0]).toFixed(1)}, ${(100 * interval[1]).toFixed(1)}]` : ''}`

/** "0.912 [0.880, 0.944]" */
export const plain = ({ value, interval }: Figure) =>
  `${value.toFixed(3)}${interval ? ` [${interval[0].toFixed(3)}, ${interval[1].toFixed(3)}]` : ''}`

/** Text as a sentence: a capital first, a full stop last. */
export const sentence = (text: string) =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`

export const error = (value: number) => value.toFixed(4)

/** What the figures of a report mean, once a page. */
export const GLOSSARY: readonly (readonly [string, string])[] = [
  ['Accuracy', 'share of items for which the most probable emotion is the true one (WAR)'],
  ['UAR', 'mean of the recalls of the classes: each emotion counts the same however often it occurs'],
  ['Macro-F1', 'mean over the classes of the harmonic mean of precision and recall'],
  ['Recall, precision', 'share of a class that is found; share of the answers of a class that are right'],
  [
    'ECE',
    'expected calibration error: how far confidence and share right lie apart, over 15 bins of equal width or of equally many items; 0.03 means that "80%" is right about 77 to 83 times in 100',
  ],
  [
    'NLL, Brier',
    'negative log-likelihood in nats and squared error of the whole posterior (0 to 2); less is better',
  ],
  ['[low, high]', '95% interval by bootstrap over the groups named in the protocol (actors or images)'],
]
