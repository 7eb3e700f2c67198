import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { FaceCard } from '../../inference/card'
import { modelFingerprint } from '../../inference/model-choice'
import type { LoadedModel } from '../../inference/registry'
import type { FaceSet } from '../data/face-set'
import { keepValues, readKeptValues } from '../dense/kept-values'
import { readFaceLogits } from '../evaluation/face-logits'
import { withEmbedding } from './embedding'

/** What a face network makes of cropped faces. */
export interface FaceOutputs {
  readonly count: number
  readonly classes: number
  /** Numbers in one embedding. */
  readonly width: number
  /** In the order of the card's labels, shape [count, classes]. */
  readonly logits: Float32Array
  /** What the last layer takes in, shape [count, width]. */
  readonly embeddings: Float32Array
}

export interface FaceOutputsOptions {
  /** Outputs are kept here and read again for the same network and pictures. */
  readonly cacheFolder: string
  readonly signal?: AbortSignal
}

/**
 * Runs a face model on pictures that are crops already, as its card says: one pass, or averaged with the mirror image.
 * The backend must be open.
 */
export async function faceOutputs(
  model: LoadedModel<FaceCard>,
  faces: FaceSet,
  { cacheFolder, signal }: FaceOutputsOptions,
): Promise<FaceOutputs> {
  const { card } = model
  const network = withEmbedding(model.network, card.outputIndex)
  const classes = card.labels.length
  const width = network.outputs[1]?.shape.at(-1) ?? 0
  const split = (values: Float32Array): FaceOutputs => ({
    count: faces.count,
    classes,
    width,
    logits: values.subarray(0, faces.count * classes),
    embeddings: values.subarray(faces.count * classes),
  })
  const file = join(cacheFolder, `faces-${cacheKey(card, faces)}.f32`)
  const kept = await readKeptValues(file, faces.count * (classes + width))
  if (kept) return split(kept)
  const options = { isMirrored: card.input.mirrorAverage, signal }
  // An embedding is no probability, whatever the card says of the output.
  const cut = { ...model, card: { ...card, output: 'logits' as const }, network }
  const [own, embeddings] = (await readFaceLogits(cut, faces, options)) as [Float32Array, Float32Array]
  const logits =
    card.output === 'logits'
      ? own
      : ((await readFaceLogits(model, faces, options))[card.outputIndex] as Float32Array)
  const values = new Float32Array(faces.count * (classes + width))
  values.set(logits)
  values.set(embeddings, logits.length)
  await keepValues(file, values)
  return split(values)
}

function cacheKey(card: FaceCard, faces: FaceSet): string {
  const { input, outputIndex } = card
  return createHash('sha256')
    .update(JSON.stringify([modelFingerprint(card), input, outputIndex, faces.count]))
    .update(faces.pixels)
    .digest('hex')
    .slice(0, 16)
}
