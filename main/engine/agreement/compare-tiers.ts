import { UnmaskError } from '../errors'
import { type ClipPieces, confusionOf, countedLabels } from './confusion'
import { eventAgreement, pairClipEvents } from './event-agreement'
import { piecesOf } from './pieces'
import { tableAgreement } from './table-agreement'
import {
  type AgreementOptions,
  type AgreementResult,
  type EventPair,
  NO_LABEL,
  type PairAgreement,
  type PairedClip,
} from './types'

export const DEFAULT_AGREEMENT: AgreementOptions = {
  stepSecs: 0.04,
  toleranceSecs: 0.5,
  unlabelled: 'category',
  weights: null,
  labelOrder: [],
}

/** Events further apart are no pair by anyone's definition, and every event within reach of every other is much to search. */
const TOLERANCE_MAX_SECS = 60

export const NOT_INDEPENDENT =
  'Neighbouring time units are not independent: standard errors of unit coefficients are too small and their intervals too narrow.'

/**
 * Agreement of two raters by time units, by exact durations and by events: of each clip, and pooled over the sum of the
 * clips' tables. Sources stand at each method: kappa.ts, gwet.ts, krippendorff.ts, event-kappa.ts.
 * @throws UnmaskError 'usage.invalid' where an option is out of its range
 */
export function compareTiers(
  clips: readonly PairedClip[],
  raters: readonly [string, string],
  options: Partial<AgreementOptions> = {},
): PairAgreement {
  const all: AgreementOptions = { ...DEFAULT_AGREEMENT, ...options }
  checkOptions(all)
  const parts = clips.map((clip): Part => {
    const { clipId, subject, observed, first, second } = clip
    const arePoints = hasOnlyPoints(clip)
    return {
      clipId,
      subject,
      arePoints,
      pieces: arePoints ? [] : piecesOf(observed, [first, second], all.stepSecs),
      pairs: pairClipEvents(clip, all.toleranceSecs),
    }
  })
  return {
    raters,
    options: all,
    pooled: resultOf(parts, all),
    clips: parts.map((part) => ({
      clipId: part.clipId,
      subject: part.subject,
      ...resultOf([part], all),
    })),
  }
}

interface Part extends ClipPieces {
  readonly arePoints: boolean
  readonly pairs: readonly EventPair[]
}

function hasOnlyPoints({ first, second }: PairedClip): boolean {
  const both = [...first, ...second]
  return both.length > 0 && both.every(({ startSecs, endSecs }) => endSecs <= startSecs)
}

function resultOf(parts: readonly Part[], options: AgreementOptions): AgreementResult {
  const confusion = confusionOf(parts, options.unlabelled, options.labelOrder)
  const arePoints = parts.length > 0 && parts.every((part) => part.arePoints)
  const whyEmpty = arePoints ? 'points have no duration: they are compared as events only' : null
  let skippedSecs = 0
  for (const { pieces } of parts)
    for (const piece of pieces)
      if (!countedLabels(piece, options.unlabelled)) skippedSecs += piece.endSecs - piece.startSecs
  return {
    units: tableAgreement(confusion, 'units', options, whyEmpty),
    durations: tableAgreement(confusion, 'seconds', options, whyEmpty),
    confusion,
    events: eventAgreement(
      parts.flatMap(({ pairs }) => pairs),
      options.toleranceSecs,
      options.labelOrder,
    ),
    skippedSecs,
    notes: notesOf(options),
  }
}

/** What every result says of how it was made. */
export function notesOf({
  stepSecs,
  unlabelled,
}: Pick<AgreementOptions, 'stepSecs' | 'unlabelled'>): string[] {
  return [
    `Time units of ${stepSecs} s from the clip's zero; the label at the centre of a unit counts.`,
    unlabelledNote(unlabelled),
    NOT_INDEPENDENT,
  ]
}

export function unlabelledNote(rule: AgreementOptions['unlabelled']): string {
  return rule === 'category'
    ? `Time without a label counts as a label of its own, "${NO_LABEL}".`
    : 'Only time that all raters compared gave a label counts; the rest is left out.'
}

export function checkOptions({ stepSecs, toleranceSecs, weights }: AgreementOptions): void {
  checkStep(stepSecs)
  if (!(toleranceSecs >= 0 && toleranceSecs <= TOLERANCE_MAX_SECS))
    throw new UnmaskError(
      'usage.invalid',
      `the tolerance must be a number of seconds from 0 to ${TOLERANCE_MAX_SECS}, not ${toleranceSecs}`,
    )
  if (weights === null || typeof weights !== 'object') return
  const { labels, credit } = weights
  const isSquare = credit.length === labels.length && credit.every((row) => row.length === labels.length)
  if (!isSquare)
    throw new UnmaskError('usage.invalid', `the weights must be a square table of ${labels.length} labels`)
  for (const [i, row] of credit.entries())
    for (const [j, value] of row.entries())
      if (!(value >= 0 && value <= 1) || (i === j && value !== 1))
        throw new UnmaskError(
          'usage.invalid',
          `the weight of ${labels[i]} and ${labels[j]} is ${value}; weights are credits from 0 to 1, and 1 for equal labels`,
        )
}

/** @throws UnmaskError 'usage.invalid' */
export function checkStep(stepSecs: number): void {
  if (Number.isFinite(stepSecs) && stepSecs >= 0.001 && stepSecs <= 3600) return
  throw new UnmaskError(
    'usage.invalid',
    `the step must be a number of seconds from 0.001 to 3600, not ${stepSecs}`,
  )
}
