import { z } from 'zod'
import { MODEL_LABELS, type ModelLabel } from '../../emotions'

/**
 * One evaluation as JSON: a classifier, a test set, a protocol. The pages, the tables and CARD.md are all made from this,
 * whether face, speech or fusion.
 */

/** The rows that are shown side by side, in this order. */
export const METHODS = [
  'landmark-geometry',
  'face-cnn',
  'speech-cnn',
  'decision-fusion',
  'concatenation-fusion',
  'other',
] as const
export type Method = (typeof METHODS)[number]

export const METHOD_NAMES: Readonly<Record<Method, string>> = {
  'landmark-geometry': 'Face, landmark geometry (baseline)',
  'face-cnn': 'Face, CNN',
  'speech-cnn': 'Speech, CNN',
  'decision-fusion': 'Face and speech, fused decisions',
  'concatenation-fusion': 'Face and speech, fused by concatenation',
  other: 'Other',
}

const labels = z.array(z.enum(MODEL_LABELS as [ModelLabel, ...ModelLabel[]])).min(2)
const interval = z.tuple([z.number(), z.number()]).nullable()
const figure = z.object({
  value: z.number(),
  /** 95% interval by bootstrap; null where it was not asked for or cannot be had. */
  interval,
})

const classRow = z.object({
  label: z.string(),
  support: z.number(),
  predicted: z.number(),
  recall: z.number().nullable(),
  precision: z.number().nullable(),
  f1: z.number().nullable(),
})

const bin = z.object({
  low: z.number(),
  high: z.number(),
  count: z.number(),
  confidence: z.number().nullable(),
  accuracy: z.number().nullable(),
})

const classification = {
  labels,
  count: z.number().int(),
  accuracy: figure,
  uar: figure,
  macroF1: figure,
  classes: z.array(classRow),
  /** Rows true, columns predicted. */
  confusion: z.array(z.array(z.number())),
}

const probabilityScores = {
  /** Mean negative log-likelihood in nats, and mean Brier score 0..2. */
  nll: figure,
  brier: figure,
  eceEqualWidth: z.number(),
  eceEqualCount: z.number(),
}

const calibration = z.object({
  /** What the probabilities were made with. */
  kind: z.enum(['cross-fitted', 'given', 'none']),
  protocol: z.string(),
  folds: z.array(
    z.object({
      /** Applied to this fold; when cross-fitted it was fitted on the others. */
      temperature: z.number(),
      count: z.number().int(),
      eceEqualWidth: z.number(),
      eceEqualCount: z.number(),
      nll: z.number(),
    }),
  ),
  /** At temperature 1. */
  before: z.object({ nll: z.number(), eceEqualWidth: z.number(), eceEqualCount: z.number() }),
  /** With the temperature of the model's card, where one was given. */
  shipped: z
    .object({
      temperature: z.number(),
      nll: z.number(),
      eceEqualWidth: z.number(),
      eceEqualCount: z.number(),
    })
    .nullable(),
})

export const evaluationReportSchema = z.object({
  formatVersion: z.literal(1),
  /** Unique within a folder of reports: lower case, digits, hyphens. */
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  name: z.string().min(1),
  method: z.enum(METHODS),
  /** Stands in the table of all methods, beside those of the other methods. */
  isHeadline: z.boolean(),
  /** False where the protocol flatters (a random split, training data): never quoted as the product's. */
  isProductFigure: z.boolean(),
  modelId: z.string().nullable(),
  protocol: z.string().min(1),
  notes: z.array(z.string()),
  /** Items without a known truth, left out of everything. */
  leftOut: z.number().int(),
  groups: z.object({ unit: z.string(), count: z.number().int() }),
  bootstrap: z.object({ resamples: z.number().int(), seed: z.number().int() }).nullable(),
  ...classification,
  ...probabilityScores,
  calibration,
  reliability: z.object({ equalWidth: z.array(bin), equalCount: z.array(bin) }),
  /** Calm counted as neutral, contempt dropped: the seven of the application. Null where the labels are these already. */
  seven: z.object({ ...classification, ...probabilityScores }).nullable(),
  /** The same answers with the class prior that training left taken out, so that all classes are equally likely. */
  withoutPrior: z.object({ accuracy: z.number(), uar: z.number(), eceEqualWidth: z.number() }).nullable(),
  /** Runs that differ in their seed only; each figure with the mean and SD over them. */
  seeds: z
    .object({
      runs: z.array(
        z.object({ seed: z.number().int(), accuracy: z.number(), uar: z.number(), macroF1: z.number() }),
      ),
      accuracy: z.object({ mean: z.number(), sd: z.number() }),
      uar: z.object({ mean: z.number(), sd: z.number() }),
      macroF1: z.object({ mean: z.number(), sd: z.number() }),
    })
    .nullable(),
  /** Figures of each group, where there are few (speakers): the spread says how little a mean tells of the next one. */
  perGroup: z.array(
    z.object({ group: z.string(), count: z.number().int(), accuracy: z.number(), uar: z.number() }),
  ),
})

export type EvaluationReport = z.infer<typeof evaluationReportSchema>
