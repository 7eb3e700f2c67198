import type { tf } from '../../inference/tf'
import { buildDenseNet, runDenseNet, trainDenseNet, type VectorSet } from '../dense/dense-net'
import type { EpochRow } from '../evaluation/curves'
import { softmax, topIndex } from '../evaluation/softmax'
import { measureColumns, standardise, type Standardisation } from '../dense/standardise'

/**
 * Model concatenation: what the two networks hand to their last layers, side by side, into one small network that is
 * trained on pairs.
 */

/** Which face and which voice make a pair, and its class. */
export interface JoinedPair {
  readonly face: number
  readonly voice: number
  readonly truth: number
}

/** Vectors of the pairs, the face's numbers first. */
export function joinVectors(faces: VectorSet, voices: VectorSet, pairs: readonly JoinedPair[]): VectorSet {
  const width = faces.width + voices.width
  const inputs = new Float32Array(pairs.length * width)
  pairs.forEach(({ face, voice }, row) => {
    inputs.set(faces.inputs.subarray(face * faces.width, (face + 1) * faces.width), row * width)
    inputs.set(
      voices.inputs.subarray(voice * voices.width, (voice + 1) * voices.width),
      row * width + faces.width,
    )
  })
  return { count: pairs.length, width, inputs }
}

export interface ConcatOptions {
  readonly classes: number
  readonly hidden: readonly number[]
  readonly epochs: number
  readonly batchSize: number
  readonly peakRate: number
  readonly weightDecay: number
  readonly inputDropout: number
  readonly seed: number
  readonly signal?: AbortSignal
  /** Held-out vectors that are measured after each pass; nothing is chosen by them. */
  readonly watch?: {
    readonly vectors: VectorSet
    readonly truth: readonly number[]
    readonly onRow: (row: EpochRow) => void
  }
}

export const CONCAT_RECIPE = {
  hidden: [64],
  epochs: 12,
  batchSize: 128,
  peakRate: 2e-3,
  weightDecay: 0.05,
  inputDropout: 0.2,
} as const satisfies Partial<ConcatOptions>

export interface ConcatNet {
  /** @returns logits, shape [count, classes] */
  predict(vectors: VectorSet): Float32Array
  dispose(): void
}

/** @param truth class of each vector */
export function trainConcatNet(
  vectors: VectorSet,
  truth: readonly number[],
  options: ConcatOptions,
): ConcatNet {
  const { classes, hidden, seed } = options
  const columns: Standardisation = measureColumns(vectors)
  const targets = new Float32Array(vectors.count * classes)
  truth.forEach((label, row) => (targets[row * classes + label] = 1))
  const network: tf.LayersModel = buildDenseNet({ width: vectors.width, hidden, classes, seed })
  const predict = (other: VectorSet) => runDenseNet(network, standardise(other, columns))
  const { watch } = options
  let startedMs = performance.now()
  try {
    trainDenseNet(
      network,
      { ...standardise(vectors, columns), classes, targets },
      {
        ...options,
        onEpoch: ({ epoch, meanLoss, rate }) => {
          const secs = (performance.now() - startedMs) / 1000
          if (watch) {
            const seen = scores(predict(vectors), truth, classes)
            const held = scores(predict(watch.vectors), watch.truth, classes)
            watch.onRow({
              epoch,
              trainLoss: meanLoss,
              trainAccuracy: seen.accuracy,
              validationLoss: held.loss,
              validationAccuracy: held.accuracy,
              learningRate: rate,
              secs,
            })
          }
          startedMs = performance.now()
        },
      },
    )
  } catch (error) {
    network.dispose()
    throw error
  }
  return {
    predict,
    dispose: () => network.dispose(),
  }
}

function scores(logits: Float32Array, truth: readonly number[], classes: number) {
  let loss = 0
  let right = 0
  truth.forEach((label, row) => {
    const probs = softmax(logits.subarray(row * classes, (row + 1) * classes))
    loss -= Math.log(Math.max(1e-12, probs[label] ?? 0)) / truth.length
    if (topIndex(probs) === label) right++
  })
  return { loss, accuracy: right / truth.length }
}
