import { join } from 'node:path'
import type { BackendChoice } from '../../main/engine/inference/backend-choice'
import { openBackend } from '../../main/engine/inference/backend'
import { loadFaceModel } from '../../main/engine/inference/registry'
import { tf } from '../../main/engine/inference/tf'

const FACES = 16
const ROUNDS = 40
const REFERENCE_SIDE = 512

export interface NetworkBench {
  /** Milliseconds a crop, batch 16, one pass: the median. */
  readonly faceMs: number
  /** Milliseconds of one product of two 512 x 512 matrices in the same run: what the machine can do just now. */
  readonly referenceMs: number
}

/** The face network alone, without cutting crops. */
export async function benchNetworks(backend: BackendChoice): Promise<NetworkBench> {
  await openBackend(backend)
  const { network, card, dispose } = await loadFaceModel(join('models', 'face'))
  const { heightPx, widthPx, colour } = card.input
  const crops = tf.randomNormal([FACES, heightPx, widthPx, colour === 'grey' ? 1 : 3])
  const matrix = tf.randomNormal([REFERENCE_SIDE, REFERENCE_SIDE])
  const faces: number[] = []
  const reference: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    faces.push(await time(() => network.predict(crops, { batchSize: FACES })))
    reference.push(await time(() => tf.matMul(matrix, matrix)))
  }
  tf.dispose([crops, matrix])
  dispose()
  return { faceMs: median(faces) / FACES, referenceMs: median(reference) }
}

async function time(run: () => tf.Tensor | tf.Tensor[]): Promise<number> {
  const startedMs = performance.now()
  const outputs = [run()].flat()
  await Promise.all(outputs.map((output) => output.data()))
  tf.dispose(outputs)
  return performance.now() - startedMs
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
