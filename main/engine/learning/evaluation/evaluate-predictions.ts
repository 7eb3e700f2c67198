import { EMOTIONS, type ModelLabel } from '../../emotions'
import { UnmaskError } from '../../errors'
import { bootstrapIntervals, DEFAULT_RESAMPLES, type Interval } from './bootstrap'
import { type Confusion, classificationFigures, countConfusion } from './confusion'
import { alternateHalves, type FoldGroups, foldsOfGroups } from './folds'
import { checkPredictions, type Prediction, type Predictions } from './predictions'
import { answersOf, equalCountBins, equalWidthBins, expectedCalibrationError } from './reliability'
import type { EvaluationReport, Method } from './report-schema'
import { brierScores, logLosses, mean, standardDeviation } from './scores'
import { areCanonical, coverSeven, toSevenClasses } from './seven-classes'
import { softmax, topIndex } from './softmax'
import { crossFitTemperatures, fitTemperature } from './temperature'

export interface EvaluateOptions {
  /** Lower case, digits, hyphens; unique within a folder of reports. */
  readonly id: string
  readonly name: string
  readonly method: Method
  /** Default false. */
  readonly isHeadline?: boolean
  /** Default true; false for random splits and anything else that flatters. */
  readonly isProductFigure?: boolean
  readonly modelId?: string | null
  readonly notes?: readonly string[]
  /** What probabilities are made with. Default: cross-fitted over two halves. */
  readonly calibration?: CalibrationChoice
  /** The card's temperature, reported beside. */
  readonly shippedTemperature?: number
  /** Class prior that training left, in label order: figures without it are reported beside. */
  readonly prior?: readonly number[]
  /** What a group is, in words: "image", "actor". */
  readonly groupUnit: string
  /** Default 2,000 resamples with seed 1; null for no intervals. */
  readonly bootstrap?: { readonly resamples?: number; readonly seed?: number } | null
  /** Runs that differ in their seed only, over the same items. */
  readonly seedRuns?: readonly { readonly seed: number; readonly predictions: Predictions }[]
}

export type CalibrationChoice =
  /** Each fold with the temperature of the others; two halves of alternate groups unless folds are given. */
  | { readonly kind: 'cross-fitted'; readonly folds?: FoldGroups }
  | { readonly kind: 'given'; readonly temperature: number }
  /** The logits are logarithms of calibrated probabilities. */
  | { readonly kind: 'none' }

/** Above this many groups figures of each are a table nobody reads. */
const MOST_GROUPS_LISTED = 60

/**
 * Every figure of a classifier from what it said.
 * @throws UnmaskError 'data.invalid' for items tested twice, of wrong shape, or when none has a known truth
 */
export function evaluatePredictions(predictions: Predictions, options: EvaluateOptions): EvaluationReport {
  checkPredictions(predictions)
  const { labels } = predictions
  const items = predictions.items.filter(({ truth }) => truth >= 0)
  if (items.length === 0)
    throw new UnmaskError('data.invalid', `no item has a known label (${predictions.protocol})`)
  const truth = items.map((item) => item.truth)
  const groups = items.map(({ group }) => group)
  const calibrated = calibrate(items, options.calibration ?? { kind: 'cross-fitted' })
  const { probabilities } = calibrated
  const bootstrap = options.bootstrap === null ? null : bootstrapSettings(options.bootstrap)
  const answers = answersOf(probabilities, truth)
  const reliability = { equalWidth: equalWidthBins(answers), equalCount: equalCountBins(answers) }
  return {
    formatVersion: 1,
    id: options.id,
    name: options.name,
    method: options.method,
    isHeadline: options.isHeadline ?? false,
    isProductFigure: options.isProductFigure ?? true,
    modelId: options.modelId ?? null,
    protocol: predictions.protocol,
    notes: [...(options.notes ?? [])],
    leftOut: predictions.items.length - items.length,
    groups: { unit: options.groupUnit, count: new Set(groups).size },
    bootstrap,
    ...figuresOf({ labels, probabilities, truth, groups }, bootstrap),
    calibration: {
      kind: calibrated.kind,
      protocol: calibrated.protocol,
      folds: calibrated.folds,
      before: withTemperature(items, 1),
      shipped:
        options.shippedTemperature === undefined
          ? null
          : {
              temperature: options.shippedTemperature,
              ...withTemperature(items, options.shippedTemperature),
            },
    },
    reliability,
    seven: sevenFigures(labels, probabilities, { truth, groups, bootstrap }),
    withoutPrior: options.prior ? figuresWithoutPrior(probabilities, truth, options.prior) : null,
    seeds: options.seedRuns?.length ? seedFigures(options.seedRuns) : null,
    perGroup: groupFigures(labels, probabilities, truth, groups),
  }
}

type BootstrapSettings = NonNullable<EvaluationReport['bootstrap']>

function bootstrapSettings(wanted: EvaluateOptions['bootstrap']): BootstrapSettings {
  return { resamples: wanted?.resamples ?? DEFAULT_RESAMPLES, seed: wanted?.seed ?? 1 }
}

interface Calibrated {
  readonly kind: CalibrationChoice['kind']
  readonly protocol: string
  readonly probabilities: Float64Array[]
  readonly folds: EvaluationReport['calibration']['folds']
}

function calibrate(items: readonly Prediction[], choice: CalibrationChoice): Calibrated {
  if (choice.kind !== 'cross-fitted') {
    const temperature = choice.kind === 'given' ? choice.temperature : 1
    const probabilities = items.map(({ logits }) => softmax(logits, temperature))
    return {
      kind: choice.kind,
      protocol: choice.kind === 'given' ? 'one temperature, given' : 'probabilities as they come',
      probabilities,
      folds: [{ temperature, count: items.length, ...withTemperature(items, temperature) }],
    }
  }
  const groups = items.map(({ group }) => group)
  const folds = choice.folds ? foldsOfGroups(groups, choice.folds) : alternateHalves(groups)
  const temperatures = crossFitTemperatures(items, folds)
  return {
    kind: 'cross-fitted',
    protocol: choice.folds
      ? `each of ${temperatures.length} folds with the temperature of the others`
      : 'temperature fitted on one half (every other group) and used on the other, and swapped',
    probabilities: items.map(({ logits }, item) => softmax(logits, temperatures[folds[item]!])),
    folds: temperatures.flatMap((temperature, fold) => {
      const own = items.filter((_, item) => folds[item] === fold)
      return own.length === 0
        ? []
        : [{ temperature, count: own.length, ...withTemperature(own, temperature) }]
    }),
  }
}

function withTemperature(items: readonly Prediction[], temperature: number) {
  const probabilities = items.map(({ logits }) => softmax(logits, temperature))
  const truth = items.map((item) => item.truth)
  const answers = answersOf(probabilities, truth)
  return {
    nll: mean(logLosses(probabilities, truth)),
    eceEqualWidth: expectedCalibrationError(equalWidthBins(answers)),
    eceEqualCount: expectedCalibrationError(equalCountBins(answers)),
  }
}

interface ClassifiedItems {
  readonly labels: readonly ModelLabel[]
  readonly probabilities: readonly Float64Array[]
  readonly truth: readonly number[]
  readonly groups: readonly string[]
}

/** Calibration errors have no interval: a resample repeats items, which makes bins rougher and every error larger. */
function figuresOf(
  { labels, probabilities, truth, groups }: ClassifiedItems,
  bootstrap: BootstrapSettings | null,
) {
  const predicted = probabilities.map(topIndex)
  const losses = logLosses(probabilities, truth)
  const briers = brierScores(probabilities, truth)
  const statistics = (weights?: Float64Array): number[] => {
    const { accuracy, uar, macroF1 } = classificationFigures(
      countConfusion(truth, predicted, labels.length, weights),
    )
    return [accuracy, uar, macroF1, mean(losses, weights), mean(briers, weights)]
  }
  const intervals = bootstrap ? bootstrapIntervals(groups, statistics, bootstrap) : []
  const [accuracy, uar, macroF1, nll, brier] = statistics().map((value, index) =>
    figure(value, intervals[index]),
  )
  const confusion: Confusion = countConfusion(truth, predicted, labels.length)
  const answers = answersOf(probabilities, truth)
  return {
    labels: [...labels],
    count: truth.length,
    accuracy: accuracy!,
    uar: uar!,
    macroF1: macroF1!,
    classes: classificationFigures(confusion).classes.map((row, index) => ({
      label: labels[index]!,
      ...row,
    })),
    confusion: confusion.map((row) => [...row]),
    nll: nll!,
    brier: brier!,
    eceEqualWidth: expectedCalibrationError(equalWidthBins(answers)),
    eceEqualCount: expectedCalibrationError(equalCountBins(answers)),
  }
}

function figure(value: number, interval: Interval | null | undefined) {
  return { value, interval: interval ? ([interval[0], interval[1]] as [number, number]) : null }
}

function sevenFigures(
  labels: readonly ModelLabel[],
  probabilities: readonly Float64Array[],
  {
    truth,
    groups,
    bootstrap,
  }: Pick<ClassifiedItems, 'truth' | 'groups'> & { bootstrap: BootstrapSettings | null },
): EvaluationReport['seven'] {
  if (areCanonical(labels) || !coverSeven(labels)) return null
  const seven = toSevenClasses(labels, probabilities, truth)
  if (seven.kept.length === 0) return null
  const items = { ...seven, labels: EMOTIONS, groups: seven.kept.map((item) => groups[item]!) }
  return figuresOf(items, bootstrap)
}

/** p(c) / prior(c), renormalised: what the same evidence says when all classes are equally likely. */
export function withoutPrior(probabilities: ArrayLike<number>, prior: readonly number[]): Float64Array {
  const evidence = Float64Array.from(probabilities, (p, label) => p / prior[label]!)
  const sum = evidence.reduce((total, value) => total + value, 0)
  return evidence.map((value) => value / sum)
}

function figuresWithoutPrior(
  probabilities: readonly Float64Array[],
  truth: readonly number[],
  prior: readonly number[],
): EvaluationReport['withoutPrior'] {
  const classes = probabilities[0]!.length
  if (prior.length !== classes || !prior.every((share) => share > 0))
    throw new UnmaskError(
      'data.invalid',
      `prior must be ${classes} shares above 0; it is ${prior.join(', ')}`,
    )
  const evidence = probabilities.map((row) => withoutPrior(row, prior))
  const { accuracy, uar } = classificationFigures(countConfusion(truth, evidence.map(topIndex), classes))
  return {
    accuracy,
    uar,
    eceEqualWidth: expectedCalibrationError(equalWidthBins(answersOf(evidence, truth))),
  }
}

function seedFigures(runs: NonNullable<EvaluateOptions['seedRuns']>): EvaluationReport['seeds'] {
  const figures = runs.map(({ seed, predictions }) => {
    checkPredictions(predictions)
    const items = predictions.items.filter(({ truth }) => truth >= 0)
    const confusion = countConfusion(
      items.map(({ truth }) => truth),
      items.map(({ logits }) => topIndex(logits)),
      predictions.labels.length,
    )
    const { accuracy, uar, macroF1 } = classificationFigures(confusion)
    return { seed, accuracy, uar, macroF1 }
  })
  const spread = (pick: (run: (typeof figures)[number]) => number) => {
    const values = figures.map(pick)
    return { mean: mean(values), sd: standardDeviation(values) }
  }
  return {
    runs: figures,
    accuracy: spread(({ accuracy }) => accuracy),
    uar: spread(({ uar }) => uar),
    macroF1: spread(({ macroF1 }) => macroF1),
  }
}

function groupFigures(
  labels: readonly ModelLabel[],
  probabilities: readonly Float64Array[],
  truth: readonly number[],
  groups: readonly string[],
): EvaluationReport['perGroup'] {
  const names = [...new Set(groups)].sort()
  if (names.length > MOST_GROUPS_LISTED) return []
  return names.map((group) => {
    const own = groups.flatMap((name, item) => (name === group ? [item] : []))
    const confusion = countConfusion(
      own.map((item) => truth[item]!),
      own.map((item) => topIndex(probabilities[item]!)),
      labels.length,
    )
    const { accuracy, uar } = classificationFigures(confusion)
    return { group, count: own.length, accuracy, uar }
  })
}

/** The temperature of least NLL on all items with a known truth: what a card ships. */
export function fitOnAll(predictions: Predictions): number {
  return fitTemperature(predictions.items.filter(({ truth }) => truth >= 0))
}
