import { tf } from '../../inference/tf'
import type { FaceSet } from '../data/face-set'
import { plainImages } from './training-batch'

const BATCH_FACES = 128

/**
 * Logits of every head of a face network.
 * @returns one array a head, shape [items, outputs of the head]
 */
export function predictFaces(
  network: tf.LayersModel,
  set: FaceSet,
  items: ArrayLike<number>,
  { isMirrored = false }: { isMirrored?: boolean } = {},
): Float32Array[] {
  const widths = network.outputs.map(({ shape }) => shape.at(-1) ?? 0)
  const results = widths.map((width) => new Float32Array(items.length * width))
  const all = Array.from(items)
  for (let first = 0; first < all.length; first += BATCH_FACES) {
    const chosen = all.slice(first, first + BATCH_FACES)
    tf.tidy(() => {
      const shape: [number, number, number, number] = [chosen.length, set.sidePx, set.sidePx, 1]
      const input = tf.tensor4d(plainImages(set, chosen, isMirrored), shape)
      const outputs = [network.apply(input, { training: false }) as tf.Tensor | tf.Tensor[]].flat()
      outputs.forEach((output, head) => results[head]!.set(output.dataSync(), first * widths[head]!))
    })
  }
  return results
}
