import { join } from 'node:path'
import { writeAtomic } from '../../../export/atomic-file'
import type { ModelCard } from '../../../inference/card'
import { percent, sentence, share } from '../html/wording'
import type { EvaluationReport } from '../report-schema'
import { CARD_PROSE, type CardTask } from './prose'

/** The parts of a card that its readable form needs; the cards of face, speech and fusion all have them. */
export type CardSubject = Pick<
  ModelCard,
  'id' | 'title' | 'description' | 'licence' | 'attribution' | 'training' | 'metrics' | 'provenance' | 'files'
> & {
  readonly task: CardTask
  readonly labels: readonly string[]
  readonly calibration?: ModelCard['calibration']
}

/** What is known beyond card and reports. */
export interface CardExtra {
  readonly parameterCount?: number
  /** Multiplications and additions of one input, in millions. */
  readonly megaFlops?: number
  readonly speed?: readonly {
    readonly backend: string
    readonly msPerInput: number
    readonly machine: string
  }[]
  readonly trainingWallSecs?: number
  /** Paragraphs about the data in place of those on FER2013 or RAVDESS: for a model trained on a lab's own. */
  readonly data?: readonly string[]
  /** Further limits, such as what a degraded picture costs. */
  readonly limits?: readonly string[]
  /** What was tried and did not help. */
  readonly tried?: readonly string[]
  /** Commands that make model and figures again; the card's own command stands first anyway. */
  readonly commands?: readonly string[]
  /** Where the whole report lies, seen from the model's folder. */
  readonly reportLink?: string
}

export const CARD_MARKDOWN = 'CARD.md'

/** Writes CARD.md beside card.json. */
export async function writeCardMarkdown(
  folder: string,
  card: CardSubject,
  { reports, extra = {} }: { readonly reports: readonly EvaluationReport[]; readonly extra?: CardExtra },
): Promise<void> {
  await writeAtomic(join(folder, CARD_MARKDOWN), [cardMarkdown(card, reports, extra)])
}

/** A model card that people read (after Mitchell et al., FAT* 2019), as Markdown. */
export function cardMarkdown(
  card: CardSubject,
  reports: readonly EvaluationReport[],
  extra: CardExtra = {},
): string {
  const prose = CARD_PROSE[card.task]
  const sections: (readonly [string, readonly string[]])[] = [
    ['What it is', [card.description, ...prose.whatItDoes, ...buildPart(card, extra)]],
    [
      'Data',
      [
        ...(extra.data ?? prose.data),
        `Trained on: ${sentence(card.training.data)} ${sentence(card.training.split)}`,
      ],
    ],
    ['Figures', figuresPart(card, reports, extra)],
    ['Confidence', confidencePart(card)],
    ['Limits', list([...prose.limits, ...(extra.limits ?? [])])],
    ['Who is missing', prose.missing],
    ['Made for', list(prose.intended)],
    ['Not made for', list(prose.unintended)],
    ['Licence', [sentence(card.licence), card.attribution]],
    ['Made again', againPart(card, extra)],
    ...(extra.tried?.length ? [['Tried without gain', list(extra.tried)] as const] : []),
  ]
  const body = sections
    .filter(([, paragraphs]) => paragraphs.length > 0)
    .map(([title, paragraphs]) => `## ${title}\n\n${paragraphs.join('\n\n')}\n`)
  return [`# ${card.title} (${card.id})\n`, ...body].join('\n')
}

/** One paragraph: a list without empty lines between its items. */
const list = (items: readonly string[]): string[] =>
  items.length > 0 ? [items.map((item) => `- ${item}`).join('\n')] : []

function buildPart(
  { labels }: CardSubject,
  { parameterCount, megaFlops, trainingWallSecs }: CardExtra,
): string[] {
  const facts = [
    `Answers, in order: ${labels.join(', ')}.`,
    ...(parameterCount === undefined ? [] : [`${parameterCount.toLocaleString('en-US')} parameters.`]),
    ...(megaFlops === undefined
      ? []
      : [`${megaFlops.toFixed(0)} million multiplications and additions for one input.`]),
    ...(trainingWallSecs === undefined ? [] : [`Trained in ${(trainingWallSecs / 60).toFixed(0)} minutes.`]),
  ]
  return [facts.join(' ')]
}

function figuresPart(card: CardSubject, reports: readonly EvaluationReport[], extra: CardExtra): string[] {
  if (reports.length === 0) return card.metrics.length > 0 ? [metricsTable(card.metrics)] : []
  const product = reports.filter(({ isProductFigure }) => isProductFigure)
  const detailed = product.filter(({ isHeadline }) => isHeadline)
  return [
    'Intervals are 95%, by bootstrap over the groups of the protocol. Accuracy is the share of items right; UAR is the mean of the recalls of the emotions, each counting the same; ECE is how far confidence and share right lie apart (15 bins of equal width).',
    markdownTable(
      ['Evaluation', 'Items', 'Accuracy', 'UAR', 'Macro-F1', 'ECE', 'NLL'],
      product.flatMap((report) => [
        figureRow(report.name, report),
        ...(report.seven ? [figureRow(`${report.name}, as seven emotions`, report.seven)] : []),
      ]),
    ),
    list(
      product.map(({ name, protocol, notes }) =>
        [`*${name}*: ${sentence(protocol)}`, ...notes.map(sentence)].join(' '),
      ),
    ).join(''),
    ...detailed.flatMap((report) => [
      `By emotion, ${report.name}:`,
      markdownTable(
        ['Emotion', 'Items', 'Recall', 'Precision', 'F1'],
        report.classes.map(({ label, support, recall, precision, f1 }) => [
          label,
          String(support),
          percent(recall),
          percent(precision),
          percent(f1),
        ]),
      ),
    ]),
    ...otherFigures(card),
    ...(extra.speed?.length
      ? [
          markdownTable(
            ['Backend', 'Time for one input', 'Machine'],
            extra.speed.map(({ backend, msPerInput, machine }) => [
              backend,
              `${msPerInput.toFixed(2)} ms`,
              machine,
            ]),
          ),
        ]
      : []),
    ...(extra.reportLink
      ? [
          `The whole report, with confusion matrices and reliability plots: [${extra.reportLink}](${extra.reportLink})`,
        ]
      : []),
  ]
}

/** Names of figures that every report has; a card may hold more, such as those on spoiled input. */
const REPORTED = ['accuracy', 'uar', 'macro-f1', 'ece', 'nll']

function otherFigures({ metrics }: CardSubject): string[] {
  const others = metrics.filter(({ name }) => !REPORTED.includes(name.toLowerCase()))
  if (others.length === 0) return []
  return ['Other figures:', metricsTable(others)]
}

function metricsTable(metrics: CardSubject['metrics']): string {
  return markdownTable(
    ['Figure', 'Value', 'Protocol'],
    metrics.map(({ name, value, interval, protocol }) => [
      name,
      `${value}${interval ? ` [${interval[0]}, ${interval[1]}]` : ''}`,
      protocol,
    ]),
  )
}

function figureRow(name: string, figures: NonNullable<EvaluationReport['seven']>): string[] {
  return [
    name,
    String(figures.count),
    share(figures.accuracy),
    share(figures.uar),
    percent(figures.macroF1.value),
    figures.eceEqualWidth.toFixed(3),
    figures.nll.value.toFixed(3),
  ]
}

function confidencePart({ calibration }: CardSubject): string[] {
  if (!calibration) return []
  return [
    `Its logits are divided by a temperature of ${calibration.temperature.toFixed(3)} before they become probabilities, so that "80%" is right about 80 times in 100 on data like the test's.`,
    `How it was fitted: ${sentence(calibration.protocol)}`,
  ]
}

function againPart({ provenance, files }: CardSubject, { commands = [] }: CardExtra): string[] {
  return [
    `Commit ${provenance.commit}:`,
    ['```', ...new Set([provenance.command, ...commands]), '```'].join('\n'),
    markdownTable(
      ['File', 'sha256'],
      files.map(({ name, sha256 }) => [name, `\`${sha256}\``]),
    ),
  ]
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'))
  return [line(head), line(rule), ...rows.map(line)].join('\n')
}
