import { WHOLE_CLIP } from '../../../preload/contract/tier-rules'
import type { Figure } from '../agreement/figure'
import type {
  AgreementOptions,
  AgreementResult,
  AlphaFigures,
  AlphaResult,
  ConfusionTable,
  EventAgreement,
  PairAgreement,
  RatingAgreement,
  RatingFigures,
  TableAgreement,
} from '../agreement/types'
import { AGREEMENT_COLUMNS, CONFUSION_COLUMNS } from './agreement-columns'
import { names } from './columns'
import { countCell, csvLine, numberCell, textCell, timeCell } from './csv'

/** What agreement.csv is made of; lists may be empty. */
export interface AgreementTables {
  readonly pairs: readonly PairAgreement[]
  readonly alphas: readonly AlphaResult[]
  readonly ratings: readonly RatingAgreement[]
}

const COEFFICIENT_DECIMALS = 6

/** Cells of a row by column; those left out are empty. */
type Cells = Readonly<Record<string, string>>

/** Lines of agreement.csv (exports.md 4.5), header first: the pooled rows of a comparison, then its clips. */
export function* agreementCsv({ pairs, alphas, ratings }: AgreementTables): Generator<string> {
  const header = names(AGREEMENT_COLUMNS)
  yield csvLine(header)
  const line = (cells: Cells): string => csvLine(header.map((name) => cells[name] ?? ''))
  for (const { raters, options, pooled, clips } of pairs) {
    const about = raterCells(raters)
    for (const cells of pairRows(pooled, options)) yield line({ ...about, ...POOLED, ...cells })
    for (const clip of clips)
      for (const cells of pairRows(clip, options)) yield line({ ...about, ...clipCells(clip), ...cells })
  }
  for (const result of alphas) {
    const about = { ...raterCells(result.raters), ...alphaCells(result) }
    yield line({ ...about, ...POOLED, ...alphaFigureCells(result.pooled, result.notes) })
    for (const clip of result.clips)
      yield line({ ...about, ...clipCells(clip), ...alphaFigureCells(clip, result.notes) })
  }
  for (const result of ratings) {
    const about = {
      ...raterCells(result.raters),
      method: 'rating',
      step_s: timeCell(result.stepSecs),
    }
    yield line({
      ...about,
      ...POOLED,
      tier: textCell(result.dimension),
      ...ratingCells(result.pooled, result.notes),
    })
    for (const clip of result.clips)
      yield line({
        ...about,
        ...clipCells(clip),
        tier: textCell([clip.subject, result.dimension].filter((part) => part !== '').join('/')),
        ...ratingCells(clip, result.notes),
      })
  }
}

/** Lines of confusion.csv, header first. Pairs of labels that never meet have no row. */
export function* confusionCsv(pairs: readonly PairAgreement[]): Generator<string> {
  yield csvLine(names(CONFUSION_COLUMNS))
  for (const { raters, pooled, clips } of pairs) {
    yield* confusionLines(pooled.confusion, ['', ''], raters)
    for (const { clipId, subject, confusion } of clips)
      yield* confusionLines(confusion, [clipId, subject || WHOLE_CLIP], raters)
  }
}

function* confusionLines(
  { labels, units, seconds }: ConfusionTable,
  about: readonly [clipId: string, tier: string],
  raters: readonly [string, string],
): Generator<string> {
  for (const [i, first] of labels.entries())
    for (const [j, second] of labels.entries()) {
      const secs = seconds[i]?.[j] ?? 0
      if (secs <= 0) continue
      yield csvLine([
        ...[...about, ...raters, first, second].map(textCell),
        countCell(units[i]?.[j]),
        timeCell(secs),
      ])
    }
}

const POOLED: Cells = { scope: 'pooled' }

function clipCells({ clipId, subject }: { readonly clipId: string; readonly subject: string }): Cells {
  return { clip_id: textCell(clipId), tier: textCell(subject || WHOLE_CLIP), scope: 'clip' }
}

function raterCells(raters: readonly string[]): Cells {
  return { rater_1: textCell(raters[0] ?? ''), rater_2: textCell(raters.slice(1).join(' | ')) }
}

function pairRows({ units, durations, events, notes }: AgreementResult, options: AgreementOptions): Cells[] {
  const shared = { unlabelled: options.unlabelled }
  return [
    {
      method: 'time-unit',
      step_s: timeCell(options.stepSecs),
      n_units: countCell(units.total),
      ...shared,
      ...tableCells(units, options),
      note: noteCell([units.kappa.figure, units.ac1.figure, units.weightedKappa?.figure], notes),
    },
    {
      method: 'duration',
      compared_s: timeCell(durations.total),
      ...shared,
      ...tableCells(durations, options),
      note: noteCell([durations.kappa.figure, durations.ac1.figure, durations.weightedKappa?.figure], []),
    },
    { method: 'event', tolerance_s: timeCell(options.toleranceSecs), ...eventCells(events) },
  ]
}

function tableCells(
  { observedAgreement, kappa, ac1, weightedKappa, alpha }: TableAgreement,
  { weights }: AgreementOptions,
): Cells {
  return {
    percent_agreement: percentCell(observedAgreement),
    kappa: figureCell(kappa.figure),
    kappa_se: figureCell(kappa.se),
    kappa_low: numberCell(kappa.interval?.low, COEFFICIENT_DECIMALS),
    kappa_high: numberCell(kappa.interval?.high, COEFFICIENT_DECIMALS),
    weighted_kappa: figureCell(weightedKappa?.figure),
    weighted_kappa_se: figureCell(weightedKappa?.se),
    weights: weights === null ? '' : typeof weights === 'string' ? weights : 'given',
    ac1: figureCell(ac1.figure),
    ac1_se: figureCell(ac1.se),
    alpha: figureCell(alpha),
  }
}

function eventCells(events: EventAgreement): Cells {
  const { sameLabel, otherLabel, firstOnly, secondOnly } = events
  return {
    n_units: countCell(sameLabel + otherLabel + firstOnly + secondOnly),
    percent_agreement: percentCell(events.agreement),
    kappa: figureCell(events.kappa),
    n_same: countCell(sameLabel),
    n_other: countCell(otherLabel),
    n_only_1: countCell(firstOnly),
    n_only_2: countCell(secondOnly),
    onset_diff_s: secsCell(events.onsetDifference.mean),
    offset_diff_s: secsCell(events.offsetDifference.mean),
    onset_abs_diff_s: secsCell(events.onsetDifference.meanAbsolute),
    note: noteCell(
      [events.kappa],
      [
        'Events are paired one to one in their order: most of the same label, then most pairs, then least onset differences.',
      ],
    ),
  }
}

function alphaCells({ stepSecs, unlabelled }: AlphaResult): Cells {
  return { method: 'alpha', step_s: timeCell(stepSecs), unlabelled }
}

function alphaFigureCells({ unitCount, alpha }: AlphaFigures, notes: readonly string[]): Cells {
  return { n_units: countCell(unitCount), alpha: figureCell(alpha), note: noteCell([alpha], notes) }
}

function ratingCells(figures: RatingFigures, notes: readonly string[]): Cells {
  const { unitCount, pearson, ccc, icc21, icc2k, alpha } = figures
  return {
    n_units: countCell(unitCount),
    pearson: figureCell(pearson.figure),
    ccc: figureCell(ccc.figure),
    ccc_low: numberCell(ccc.interval?.low, COEFFICIENT_DECIMALS),
    ccc_high: numberCell(ccc.interval?.high, COEFFICIENT_DECIMALS),
    icc: figureCell(icc21.figure),
    icc_low: numberCell(icc21.interval?.low, COEFFICIENT_DECIMALS),
    icc_high: numberCell(icc21.interval?.high, COEFFICIENT_DECIMALS),
    icc_k: figureCell(icc2k.figure),
    alpha: figureCell(alpha),
    note: noteCell([pearson.figure, ccc.figure, icc21.figure, alpha], notes),
  }
}

function figureCell(figure: Figure | undefined): string {
  return numberCell(figure?.value, COEFFICIENT_DECIMALS)
}

function secsCell(figure: Figure): string {
  return timeCell(figure.value)
}

function percentCell({ value }: Figure): string {
  return numberCell(value === null ? null : value * 100, 4)
}

/** Why values are empty, each reason once, then what holds of all. */
function noteCell(figures: readonly (Figure | undefined)[], notes: readonly string[]): string {
  const reasons = new Set(figures.flatMap((figure) => (figure?.reason == null ? [] : [`${figure.reason}.`])))
  return textCell([...reasons, ...notes].map(sentence).join(' '))
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
