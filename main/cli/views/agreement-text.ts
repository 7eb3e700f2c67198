import type { Bounds, Estimate, Figure } from '../../engine/agreement/figure'
import type {
  AgreementResult,
  AlphaResult,
  ClipAgreement,
  ConfusionTable,
  EventAgreement,
  PairAgreement,
  RatingAgreement,
  RatingFigures,
  TableAgreement,
} from '../../engine/agreement/types'
import { textTable } from './text-table'

/** A comparison of two raters, for people. */
export function pairText({ raters, options, pooled, clips }: PairAgreement): string {
  const [first, second] = raters
  const parts = [
    `${first} and ${second}: ${clips.length} ${clips.length === 1 ? 'clip' : 'clips'}`,
    indent(coefficientText(pooled, options.stepSecs)),
    indent(`Events, onsets within ${options.toleranceSecs} s`),
    indent(eventText(pooled.events, raters), 4),
    indent(`Confusion in seconds (units): rows ${first}, columns ${second}`),
    indent(confusionText(pooled.confusion), 4),
  ]
  if (clips.length > 1) parts.push(indent('Clips'), indent(clipText(clips), 4))
  const reasons = reasonsOf(pooled)
  if (reasons.length > 0) parts.push(indent(reasons.map((reason) => `Undefined: ${reason}.`).join('\n')))
  return `${parts.join('\n')}\n`
}

function coefficientText({ units, durations }: AgreementResult, stepSecs: number): string {
  const header = ['', `${stepSecs} s units`, 'SE', '95 % interval', 'exact durations']
  const hasUnits = units.total > 0
  const both = (name: string, of: (table: TableAgreement) => Estimate | null): string[] => {
    const unit = of(units)
    const duration = of(durations)
    if (!unit || !duration) return []
    return [name, number(unit.figure), number(unit.se), interval(unit.interval), number(duration.figure)]
  }
  const rows = [
    header,
    ['compared', hasUnits ? String(units.total) : '-', '', '', `${durations.total.toFixed(3)} s`],
    ['percent agreement', percent(units.observedAgreement), '', '', percent(durations.observedAgreement)],
    ['expected by chance', percent(units.expectedAgreement), '', '', percent(durations.expectedAgreement)],
    both("Cohen's kappa", ({ kappa }) => kappa),
    both('weighted kappa', ({ weightedKappa }) => weightedKappa),
    both("Gwet's AC1", ({ ac1 }) => ac1),
    ["Krippendorff's alpha", number(units.alpha), '', '', number(durations.alpha)],
  ]
  return textTable(rows.filter((row) => row.length > 0))
}

function eventText(events: EventAgreement, [first, second]: readonly [string, string]): string {
  const { onsetDifference: onset, offsetDifference: offset } = events
  return textTable(
    [
      ['same label', String(events.sameLabel)],
      ['other label', String(events.otherLabel)],
      [`only ${first}`, String(events.firstOnly)],
      [`only ${second}`, String(events.secondOnly)],
      ['agreement', percent(events.agreement)],
      ['event kappa', number(events.kappa)],
      [`onsets of ${second} later by`, `${number(onset.mean)} s`, `(SD ${number(onset.sd)})`],
      [`ends of ${second} later by`, `${number(offset.mean)} s`, `(SD ${number(offset.sd)})`],
    ],
    ['left', 'right', 'left'],
  )
}

function confusionText({ labels, units, seconds }: ConfusionTable): string {
  if (labels.length === 0) return 'nothing to compare'
  const cell = (i: number, j: number): string => {
    const secs = seconds[i]?.[j] ?? 0
    return secs > 0 ? `${secs.toFixed(2)} (${units[i]?.[j] ?? 0})` : '.'
  }
  return textTable([
    ['', ...labels],
    ...labels.map((label, i) => [label, ...labels.map((_, j) => cell(i, j))]),
  ])
}

function clipText(clips: readonly ClipAgreement[]): string {
  return textTable(
    [
      ['clip', 'subject', 'units', 'percent', 'kappa', 'SE', 'AC1', 'event kappa'],
      ...clips.map(({ clipId, subject, units, events }) => [
        clipId,
        subject || '-',
        String(units.total),
        percent(units.observedAgreement),
        number(units.kappa.figure),
        number(units.kappa.se),
        number(units.ac1.figure),
        number(events.kappa),
      ]),
    ],
    ['left', 'left'],
  )
}

function reasonsOf({ units, events }: AgreementResult): string[] {
  const figures: (Figure | undefined)[] = [
    units.kappa.figure,
    units.weightedKappa?.figure,
    units.ac1.figure,
    units.alpha,
    events.kappa,
  ]
  return [...new Set(figures.flatMap((figure) => figure?.reason ?? []))]
}

/** Krippendorff's alpha of more than two raters. */
export function alphaText({ raters, stepSecs, pooled, clips }: AlphaResult): string {
  const lines = [
    `${raters.join(', ')}: Krippendorff's alpha (nominal)`,
    `  ${stepSecs} s units  ${number(pooled.alpha)} (${pooled.unitCount} units, ${pooled.valueCount} values)`,
    `  exact durations  ${number(pooled.durationAlpha)}`,
  ]
  if (pooled.alpha.reason !== null) lines.push(`  Undefined: ${pooled.alpha.reason}.`)
  if (clips.length > 1)
    lines.push(
      indent(
        textTable(
          [
            ['clip', 'subject', 'units', 'alpha'],
            ...clips.map((clip) => [
              clip.clipId,
              clip.subject || '-',
              String(clip.unitCount),
              number(clip.alpha),
            ]),
          ],
          ['left', 'left'],
        ),
        4,
      ),
    )
  return `${lines.join('\n')}\n`
}

/** A continuous rating by two raters or more. */
export function ratingText({ raters, dimension, stepSecs, pooled, clips }: RatingAgreement): string {
  const names = ['units', 'Pearson', 'CCC', 'ICC(2,1)', `ICC(2,${raters.length})`, 'alpha']
  const cells = ({ unitCount, pearson, ccc, icc21, icc2k, alpha }: RatingFigures): string[] => [
    String(unitCount),
    ...[pearson, ccc, icc21, icc2k].map(({ figure }) => number(figure)),
    number(alpha),
  ]
  const { pearson, ccc, icc21, icc2k } = pooled
  const bounds = ['95 %', '', '', ...[pearson, ccc, icc21, icc2k].map((one) => interval(one.interval))]
  const rows = [
    ['clip', 'subject', ...names],
    ...(clips.length > 1 ? clips.map((clip) => [clip.clipId, clip.subject || '-', ...cells(clip)]) : []),
    ['all', '', ...cells(pooled)],
    [...bounds, ''],
  ]
  const reasons = [...new Set([pearson, ccc, icc21].flatMap(({ figure }) => figure.reason ?? []))]
  return [
    `${dimension} by ${raters.join(', ')}: ${stepSecs} s units`,
    indent(textTable(rows, ['left', 'left'])),
    ...reasons.map((reason) => `  Undefined: ${reason}.`),
    '',
  ].join('\n')
}

export function number({ value }: Figure, decimals = 3): string {
  return value === null ? '-' : value.toFixed(decimals)
}

export function percent({ value }: Figure): string {
  return value === null ? '-' : `${(100 * value).toFixed(1)} %`
}

function interval(bounds: Bounds | null): string {
  return bounds === null ? '' : `${bounds.low.toFixed(3)} to ${bounds.high.toFixed(3)}`
}

function indent(text: string, by = 2): string {
  return text
    .split('\n')
    .map((line) => ' '.repeat(by) + line)
    .join('\n')
}
