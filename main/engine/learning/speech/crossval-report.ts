import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { UnmaskError } from '../../errors'
import { writeAtomic } from '../../export/atomic-file'
import { evaluatePredictions } from '../evaluation/evaluate-predictions'
import { type Prediction, type Predictions, writePredictions } from '../evaluation/predictions'
import { type EvaluationReport, evaluationReportSchema } from '../evaluation/report-schema'
import { mean, standardDeviation } from '../evaluation/scores'
import { fitTemperature } from '../evaluation/temperature'
import { configHashOf } from '../training/checkpoint'
import type { Provenance } from '../training/run-folder'
import {
  type Condition,
  type CrossvalResult,
  type CrossvalRun,
  ensembleLogits,
  type LogitRows,
} from './crossval'
import type { SpeechConfig } from './config'
import type { SpeechData } from './load-data'
import { effectivePrior } from './prior'

const spread = z.object({ mean: z.number(), sd: z.number(), runs: z.array(z.number()) })

/** What cross-validation found, beside the report that every evaluation has. */
const crossvalSummarySchema = z.object({
  formatVersion: z.literal(1),
  configId: z.string(),
  configHash: z.string(),
  isRandomSplit: z.boolean(),
  protocol: z.string(),
  seeds: z.array(z.number()),
  command: z.string(),
  commit: z.string(),
  /** Of all trainings together, as they ran one after another. */
  trainSecs: z.number(),
  /** Fitted on the out-of-fold logits of all seeds; the larger is shipped, since use is degraded. */
  temperature: z.object({ clean: z.number(), degraded: z.number(), shipped: z.number() }),
  uar: z.object({
    ensemble: spread,
    members: z.record(z.string(), spread),
    /** The ensemble on the same test clips with noise of 10 dB, and in a room of 0.5 s. */
    noise: spread,
    room: spread,
  }),
  report: evaluationReportSchema,
})
export type CrossvalSummary = z.infer<typeof crossvalSummarySchema>

/** A configuration's identity for figures: everything but its names. */
export function figuresHash(config: SpeechConfig): string {
  return configHashOf({ ...config, id: '', title: '' })
}

interface ReportOptions {
  readonly config: SpeechConfig
  readonly data: SpeechData
  readonly result: CrossvalResult
  readonly isRandomSplit: boolean
  readonly provenance: Provenance
}

const names = (isRandomSplit: boolean) => ({
  summary: isRandomSplit ? 'random-split.json' : 'crossval.json',
  predictions: (index: number, seed: number) =>
    isRandomSplit
      ? `random-split-out-of-fold-seed${seed}.json`
      : index === 0
        ? 'out-of-fold.json'
        : `out-of-fold-seed${seed}.json`,
})

/** Computes all figures of a cross-validation. */
export function summariseCrossval(options: ReportOptions): {
  summary: CrossvalSummary
  perSeed: Predictions[]
} {
  const { config, data, result, isRandomSplit, provenance } = options
  const { runs, clips } = result
  const protocol = (seeds: readonly number[]) => describeProtocol(options, seeds)
  const predictionsOf = (rows: LogitRows, seeds: readonly number[]): Predictions => ({
    labels: data.labels,
    protocol: protocol(seeds),
    items: clips.map(({ id, speaker, label }, index): Prediction => ({
      id,
      group: speaker || id,
      truth: label,
      logits: rows[index]!,
    })),
  })
  const ensemble = (run: CrossvalRun, condition: Condition) =>
    predictionsOf(ensembleLogits(run, condition, config), [run.seed])
  const perSeed = runs.map((run) => ensemble(run, 'clean'))
  const first = perSeed[0]!
  const scored = (condition: Condition) => runs.flatMap((run) => ensemble(run, condition).items)
  const clean = fitTemperature(scored('clean'))
  const degraded = fitTemperature([...scored('noise'), ...scored('room')])
  const shipped = Math.max(clean, degraded)
  const uarOf = (predictions: Predictions) =>
    evaluatePredictions(predictions, {
      id: 'seed',
      name: 'seed',
      method: 'speech-cnn',
      groupUnit: 'speaker',
      bootstrap: null,
      calibration: { kind: 'none' },
    }).uar.value
  const spreadOf = (values: readonly number[]) => ({
    mean: mean(values),
    sd: standardDeviation(values),
    runs: [...values],
  })
  const report: EvaluationReport = evaluatePredictions(first, {
    id: isRandomSplit ? 'speech-random-split' : 'speech-crossval',
    name: isRandomSplit
      ? "Speech, random split of the literature: not the product's figure"
      : `Speech, ${data.isRavdess ? 'RAVDESS, ' : ''}four folds by ${data.isRavdess ? 'actor' : 'speaker'}`,
    method: 'speech-cnn',
    isHeadline: !isRandomSplit,
    isProductFigure: !isRandomSplit,
    modelId: config.id,
    notes: [
      `Accuracy, confusion, calibration and intervals are of seed ${runs[0]!.seed}; mean and SD are over seeds ${runs.map(({ seed }) => seed).join(', ')}.`,
      ...(isRandomSplit
        ? [
            'Clips were dealt at random: every test speaker was also trained on, often with the same sentence. New users are not in the training data, so this figure says nothing about them; it stands here to show the difference.',
          ]
        : []),
      ...(result.withoutWindow > 0
        ? [`${result.withoutWindow} clips have no window of speech and count with equal logits.`]
        : []),
    ],
    calibration: { kind: 'cross-fitted', ...(result.folds && { folds: result.folds }) },
    shippedTemperature: shipped,
    prior: effectivePrior(config, data.labels, clips),
    groupUnit: data.isRavdess ? 'actor' : 'speaker',
    seedRuns: runs.map(({ seed }, index) => ({ seed, predictions: perSeed[index]! })),
  })
  const summary: CrossvalSummary = {
    formatVersion: 1,
    configId: config.id,
    configHash: figuresHash(config),
    isRandomSplit,
    protocol: protocol(runs.map(({ seed }) => seed)),
    seeds: runs.map(({ seed }) => seed),
    ...provenance,
    trainSecs: Math.round(
      runs.flatMap(({ members }) => members).reduce((sum, run) => sum + run.trainSecs, 0),
    ),
    temperature: { clean, degraded, shipped },
    uar: {
      ensemble: spreadOf(perSeed.map(uarOf)),
      members: Object.fromEntries(
        config.members.map(({ name }, index) => [
          name,
          spreadOf(runs.map((run) => uarOf(predictionsOf(run.members[index]!.logits.clean, [run.seed])))),
        ]),
      ),
      noise: spreadOf(runs.map((run) => uarOf(ensemble(run, 'noise')))),
      room: spreadOf(runs.map((run) => uarOf(ensemble(run, 'room')))),
    },
    report,
  }
  return { summary, perSeed }
}

/** Writes the summary, the report and the out-of-fold predictions of each seed's ensemble into a folder. */
export async function writeCrossval(folder: string, options: ReportOptions): Promise<CrossvalSummary> {
  const { summary, perSeed } = summariseCrossval(options)
  const file = names(options.isRandomSplit)
  for (const [index, predictions] of perSeed.entries())
    await writePredictions(join(folder, file.predictions(index, summary.seeds[index]!)), predictions)
  await writeAtomic(join(folder, file.summary), [`${JSON.stringify(summary, null, 1)}\n`])
  return summary
}

/**
 * The summary of an earlier cross-validation by actor.
 * @returns null where there is none
 * @throws UnmaskError 'data.invalid' for a file of another kind
 */
export async function readCrossval(folder: string): Promise<CrossvalSummary | null> {
  const file = join(folder, names(false).summary)
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  try {
    return crossvalSummarySchema.parse(JSON.parse(text))
  } catch (error) {
    throw new UnmaskError('data.invalid', `not a summary of unmask crossval speech; make it again: ${file}`, {
      cause: error,
    })
  }
}

function describeProtocol(
  { config, data, result, isRandomSplit }: ReportOptions,
  seeds: readonly number[],
): string {
  const speakers = new Set(result.clips.map(({ speaker }) => speaker)).size
  const split = isRandomSplit
    ? "four parts of clips dealt at random, all speakers on both sides (leaky, not the product's figure)"
    : `out of fold, four folds by ${data.isRavdess ? 'actor' : 'speaker'} (${result.folds?.map((fold) => fold.join(' ')).join(' | ') ?? ''}), no speaker on both sides`
  return (
    `${data.name}, ${result.clips.length} clips of ${speakers} speakers; ${split}; ${config.training.epochs} epochs fixed beforehand, ` +
    `${config.members.length} network${config.members.length > 1 ? 's, the mean of their logits' : ''}; ` +
    `a clip's windows of detected speech, logits averaged; ${seeds.length === 1 ? 'seed' : 'seeds'} ${seeds.join(', ')}`
  )
}
