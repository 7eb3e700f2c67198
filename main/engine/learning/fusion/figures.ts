import { evaluatePredictions } from '../evaluation/evaluate-predictions'
import type { Predictions } from '../evaluation/predictions'
import type { EvaluationReport, Method } from '../evaluation/report-schema'
import { type FusionRule, type PairSet, predictPairs } from './pair-set'

/** One way of fusing, measured on one set of pairs. */
export interface FusionFigure {
  /** "real pairs" or "simulated pairs". */
  readonly pairs: string
  /** What the voice and the face side are, in few words. */
  readonly sides: string
  readonly way: string
  /** Name of the gate source; "" where the way has none. */
  readonly gates: string
  /** Share of faces exchanged for one of another class. */
  readonly wrongShare: number
  /** What differs between the runs of the report's `seeds`, in words; "" where there is one run. */
  readonly seedsOf: string
  readonly report: EvaluationReport
}

export interface FigureOptions {
  readonly id: string
  readonly pairs: string
  readonly sides: string
  readonly way: string
  readonly gates?: string
  readonly wrongShare?: number
  readonly method?: Method
  readonly isHeadline?: boolean
  readonly modelId?: string | null
  readonly notes?: readonly string[]
  /** Runs of other seeds over the same pairs, this one included, and what the seed decides in them. */
  readonly seedRuns?: readonly { readonly seed: number; readonly predictions: Predictions }[]
  readonly seedsOf?: string
}

/** Intervals are by actor; rows that stand for themselves get more resamples. */
const RESAMPLES = { headline: 2000, row: 500 } as const

/** Figures of fused posteriors as they come: both sides were calibrated before, nothing is fitted on the result. */
export function measureFused(predictions: Predictions, options: FigureOptions): FusionFigure {
  const { id, pairs, sides, way, gates = '', wrongShare = 0, isHeadline = false } = options
  const seedRuns = (options.seedRuns?.length ?? 0) > 1 ? options.seedRuns : undefined
  return {
    pairs,
    sides,
    way,
    gates,
    wrongShare,
    seedsOf: seedRuns ? (options.seedsOf ?? '') : '',
    report: evaluatePredictions(predictions, {
      id,
      name: nameOf(options),
      method: options.method ?? 'decision-fusion',
      isHeadline,
      modelId: options.modelId ?? null,
      notes: options.notes,
      calibration: { kind: 'none' },
      groupUnit: 'actor',
      bootstrap: { resamples: isHeadline ? RESAMPLES.headline : RESAMPLES.row, seed: 1 },
      seedRuns,
    }),
  }
}

/** Pairs whose voices come from one run of training. */
export interface SeededSet {
  readonly seed: number
  readonly set: PairSet
}

/** The same for a rule over sets of pairs that differ in the seed of the voices' training; the first is the row's own. */
export function measureRule(
  runs: readonly SeededSet[],
  rule: FusionRule,
  { note, ...options }: FigureOptions & { readonly note: string },
): FusionFigure {
  const seedRuns = runs.map(({ seed, set }) => ({
    seed,
    predictions: predictPairs(set, rule, `${set.protocol}; ${note}`),
  }))
  return measureRuns(seedRuns, { ...options, seedsOf: 'training of the voice' })
}

/** Figures of the first of several runs, with mean and SD over all of them. */
export function measureRuns(
  seedRuns: NonNullable<FigureOptions['seedRuns']>,
  options: Omit<FigureOptions, 'seedRuns'>,
): FusionFigure {
  const [first] = seedRuns
  if (!first) throw new RangeError(`no run to measure for ${options.id}`)
  return measureFused(first.predictions, { ...options, seedRuns })
}

function nameOf({ pairs, sides, way, gates, wrongShare = 0 }: FigureOptions): string {
  const wrong = wrongShare > 0 ? `, ${Math.round(100 * wrongShare)}% wrong faces` : ''
  return `${capital(pairs)}, ${sides}: ${way}${gates ? `, gates ${gates}` : ''}${wrong}`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
