import { throwIfAborted } from '../../errors'
import { cropLength, FaceCropper, type FaceInput } from '../../face/crop'
import type { FaceCard } from '../../inference/card'
import type { LoadedModel } from '../../inference/registry'
import { tf } from '../../inference/tf'
import type { FaceSet } from '../data/face-set'

export interface FaceLogitsOptions {
  /** Average the logits of each face and its mirror image. */
  readonly isMirrored: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

/** Rows of one batch, mirror images included. */
const BATCH_ROWS = 128
const LEAST_PROBABILITY = 1e-7

/**
 * Runs a face model on pictures that are crops already, through the engine's own cropper and the card's normalisation.
 * @returns by output of the network: logits (logarithms where the card says probabilities), shape [faces, labels]
 */
export async function readFaceLogits(
  { card, network }: LoadedModel<FaceCard>,
  set: FaceSet,
  { isMirrored, signal, onProgress }: FaceLogitsOptions,
): Promise<Float32Array[]> {
  const input = wholePicture(card.input)
  const cropper = new FaceCropper(input)
  const perCrop = cropLength(input)
  const channels = input.colour === 'grey' ? 1 : 3
  const widths = network.outputs.map(({ shape }) => shape.at(-1) ?? 0)
  const results = widths.map((width) => new Float32Array(set.count * width))
  const copies = isMirrored ? 2 : 1
  const facesPerBatch = BATCH_ROWS / copies
  const batch = new Float32Array(BATCH_ROWS * perCrop)
  const box = { x: 0, y: 0, w: set.sidePx, h: set.sidePx }
  for (let first = 0; first < set.count; first += facesPerBatch) {
    throwIfAborted(signal)
    const faces = Math.min(facesPerBatch, set.count - first)
    for (let face = 0; face < faces; face++) {
      cropper.cut(pictureOf(set, first + face), box, 0, batch, face * perCrop)
      if (isMirrored) cropper.mirror(batch, face * perCrop, (faces + face) * perCrop)
    }
    const rows = faces * copies
    const shape: [number, number, number, number] = [rows, input.heightPx, input.widthPx, channels]
    const outputs = tf.tidy(() =>
      [network.predict(tf.tensor4d(batch.subarray(0, rows * perCrop), shape), { batchSize: rows })]
        .flat()
        .map((output) => (card.output === 'logits' ? output : tf.log(tf.maximum(output, LEAST_PROBABILITY)))),
    )
    try {
      for (const [head, output] of outputs.entries()) {
        const values = await output.data<'float32'>()
        const length = faces * widths[head]!
        for (let at = 0; at < length; at++)
          results[head]![first * widths[head]! + at] = isMirrored
            ? (values[at]! + values[length + at]!) / 2
            : values[at]!
      }
    } finally {
      tf.dispose(outputs)
    }
    onProgress?.(first + faces, set.count)
  }
  return results
}

/** The picture is the crop: whatever part of a detector's box the card asks for, it has been cut. */
function wholePicture(input: FaceInput): FaceInput {
  return {
    ...input,
    crop: { ...input.crop, boxCentreX: 0.5, boxCentreY: 0.5, boxSide: 1, levelEyes: false },
  }
}

function pictureOf({ sidePx, pixels }: FaceSet, item: number) {
  const perFace = sidePx * sidePx
  const rgb = new Uint8Array(perFace * 3)
  for (let pixel = 0; pixel < perFace; pixel++)
    rgb.fill(pixels[item * perFace + pixel]!, pixel * 3, pixel * 3 + 3)
  return { widthPx: sidePx, heightPx: sidePx, rgb }
}
