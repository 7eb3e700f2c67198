import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { MODEL_LABELS, type ModelLabel } from '../../emotions'
import { UnmaskError } from '../../errors'
import { writeAtomic } from '../../export/atomic-file'

/** One item a classifier was tested on. */
export interface Prediction {
  /** Unique among the predictions: a clip or an image is tested once. */
  readonly id: string
  /** Items of one group are not independent, so the bootstrap draws groups: the actor of a clip, an image's own id. */
  readonly group: string
  /** Index into the labels, or -1 where the truth is not known (such items are left out of every figure). */
  readonly truth: number
  /** Logits or log-probabilities in the order of the labels, shape [labels], before any temperature. */
  readonly logits: readonly number[]
}

/** What a classifier said about items whose truth is known: every figure is computed from this. */
export interface Predictions {
  readonly labels: readonly ModelLabel[]
  readonly items: readonly Prediction[]
  /** Data, split, items and seeds in words: no figure stands alone. */
  readonly protocol: string
}

const predictionSchema = z.object({
  id: z.string().min(1),
  group: z.string().min(1),
  truth: z.number().int().min(-1),
  logits: z.array(z.number()),
})

export const predictionsSchema = z
  .object({
    labels: z.array(z.enum(MODEL_LABELS as [ModelLabel, ...ModelLabel[]])).min(2),
    protocol: z.string().min(1),
    items: z.array(predictionSchema),
  })
  .superRefine(({ labels, items }, context) => {
    const problem = findProblem(labels, items)
    if (problem)
      context.addIssue({ code: 'custom', message: problem.message, path: ['items', problem.index] })
  })

interface Problem {
  readonly index: number
  readonly message: string
}

function findProblem(labels: readonly ModelLabel[], items: readonly Prediction[]): Problem | null {
  if (new Set(labels).size !== labels.length) return { index: 0, message: 'labels must differ' }
  const seen = new Set<string>()
  for (const [index, { id, truth, logits }] of items.entries()) {
    if (seen.has(id)) return { index, message: `item ${id} stands twice; each is tested once` }
    seen.add(id)
    if (logits.length !== labels.length)
      return { index, message: `item ${id} has ${logits.length} logits for ${labels.length} labels` }
    if (truth >= labels.length)
      return { index, message: `truth ${truth} of item ${id} is no index of ${labels.length} labels` }
    if (!logits.every(Number.isFinite)) return { index, message: `a logit of item ${id} is not a number` }
  }
  return null
}

/**
 * Checks predictions that were made in this process, as those read from a file are.
 * @throws UnmaskError 'data.invalid' naming the item
 */
export function checkPredictions(predictions: Predictions): void {
  const problem = findProblem(predictions.labels, predictions.items)
  if (problem) throw new UnmaskError('data.invalid', `${problem.message} (${predictions.protocol})`)
}

/** @throws UnmaskError 'data.invalid' naming what does not fit and the file */
export async function readPredictions(path: string): Promise<Predictions> {
  const text = await readFile(path, 'utf8')
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch (error) {
    throw new UnmaskError('data.invalid', `predictions are not JSON; write them again: ${path}`, {
      cause: error,
    })
  }
  const parsed = predictionsSchema.safeParse(raw)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new UnmaskError(
      'data.invalid',
      `${issue?.path.join('.') || 'predictions'}: ${issue?.message ?? 'invalid'} in ${path}`,
    )
  }
  return parsed.data
}

const LOGIT_DECIMALS = 5

/** Writes predictions as JSON, one item a line, logits to five decimals. */
export async function writePredictions(path: string, predictions: Predictions): Promise<void> {
  checkPredictions(predictions)
  await writeAtomic(path, predictionLines(predictions))
}

function* predictionLines({ labels, protocol, items }: Predictions): Iterable<string> {
  yield `{"labels":${JSON.stringify(labels)},\n"protocol":${JSON.stringify(protocol)},\n"items":[`
  for (const [index, { id, group, truth, logits }] of items.entries()) {
    const rounded = logits.map((logit) => Number(logit.toFixed(LOGIT_DECIMALS)))
    yield `${index === 0 ? '' : ','}\n${JSON.stringify({ id, group, truth, logits: rounded })}`
  }
  yield '\n]}\n'
}
