import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { throwIfAborted } from '../../errors'
import { cropLength, FaceCropper } from '../../face/crop'
import type { FaceCard } from '../../inference/card'
import { modelFingerprint } from '../../inference/model-choice'
import type { LoadedModel } from '../../inference/registry'
import { tf } from '../../inference/tf'
import type { FaceSet } from '../data/face-set'
import { keepValues, readKeptValues } from '../dense/kept-values'
import { withEmbedding } from './embedding'

const BATCH = 64

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
 * Runs a face model on pictures that are crops already, as its card says: one pass, or with its mirror image where the
 * card averages them. The backend must be open.
 */
export async function faceOutputs(
  model: LoadedModel<FaceCard>,
  faces: Pick<FaceSet, 'count' | 'sidePx' | 'pixels'>,
  { cacheFolder, signal }: FaceOutputsOptions,
): Promise<FaceOutputs> {
  const network = withEmbedding(model.network, model.card.outputIndex)
  const classes = model.card.labels.length
  const width = network.outputs[1]?.shape.at(-1) ?? 0
  const file = join(cacheFolder, `faces-${cacheKey(model.card, faces)}.f32`)
  const kept = await readKeptValues(file, faces.count * (classes + width))
  const values = kept ?? new Float32Array(faces.count * (classes + width))
  const result: FaceOutputs = {
    count: faces.count,
    classes,
    width,
    logits: values.subarray(0, faces.count * classes),
    embeddings: values.subarray(faces.count * classes),
  }
  if (kept) return result
  const input = wholeCrop(model.card)
  const cropper = new FaceCropper(input)
  const perFace = cropLength(input)
  const passes = input.mirrorAverage ? 2 : 1
  for (let first = 0; first < faces.count; first += BATCH) {
    throwIfAborted(signal)
    const count = Math.min(BATCH, faces.count - first)
    const batch = new Float32Array(count * passes * perFace)
    for (let index = 0; index < count; index++) {
      const { picture, box } = pictureOf(faces, first + index)
      cropper.cut(picture, box, 0, batch, index * perFace)
      if (passes === 2) cropper.mirror(batch, index * perFace, (count + index) * perFace)
    }
    const [logits, embeddings] = run(network, batch, [count * passes, ...shapeOf(input)])
    writeMean(logits, { passes, count, width: classes }, result.logits, first * classes)
    writeMean(embeddings, { passes, count, width }, result.embeddings, first * width)
  }
  await keepValues(file, values)
  return result
}

type CropInput = FaceCard['input']

/** The card's input with the whole picture for a crop. */
function wholeCrop({ input }: FaceCard): CropInput {
  return {
    ...input,
    crop: { reference: 'detector', boxCentreX: 0.5, boxCentreY: 0.5, boxSide: 1, levelEyes: false },
  }
}

function shapeOf({ heightPx, widthPx, colour }: CropInput): [number, number, number] {
  return [heightPx, widthPx, colour === 'grey' ? 1 : 3]
}

/** Embeddings are global averages or dense outputs: one vector a face. */
function run(
  network: tf.LayersModel,
  batch: Float32Array,
  shape: [number, number, number, number],
): [Float32Array, Float32Array] {
  return tf.tidy(() => {
    const outputs = network.predict(tf.tensor4d(batch, shape), { batchSize: shape[0] }) as tf.Tensor[]
    return [outputs[0]!.dataSync<'float32'>(), outputs[1]!.dataSync<'float32'>()]
  })
}

/** Mean over the passes; the rows of the second pass stand behind all of the first. */
function writeMean(
  values: Float32Array,
  { passes, count, width }: { passes: number; count: number; width: number },
  out: Float32Array,
  offset: number,
): void {
  for (let index = 0; index < count * width; index++) {
    let sum = 0
    for (let pass = 0; pass < passes; pass++) sum += values[pass * count * width + index]!
    out[offset + index] = sum / passes
  }
}

function pictureOf({ sidePx, pixels }: Pick<FaceSet, 'sidePx' | 'pixels'>, item: number) {
  const area = sidePx * sidePx
  const rgb = new Uint8Array(area * 3)
  for (let pixel = 0; pixel < area; pixel++) rgb.fill(pixels[item * area + pixel]!, pixel * 3, pixel * 3 + 3)
  return {
    picture: { widthPx: sidePx, heightPx: sidePx, rgb },
    box: { x: 0, y: 0, w: sidePx, h: sidePx },
  }
}

function cacheKey(card: FaceCard, faces: Pick<FaceSet, 'count' | 'pixels'>): string {
  const { input, outputIndex } = card
  return createHash('sha256')
    .update(JSON.stringify([modelFingerprint(card), input, outputIndex, faces.count]))
    .update(faces.pixels)
    .digest('hex')
    .slice(0, 16)
}
