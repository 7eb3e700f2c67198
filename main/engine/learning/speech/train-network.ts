import { throwIfAborted, UnmaskError } from '../../errors'
import { tf } from '../../inference/tf'
import { adamWState, adamWUpdate, cosineRate } from '../adamw'
import type { EpochRow } from '../evaluation/curves'
import { Random } from '../random'
import { nameArrays, readCheckpointFile, takeArrays, writeCheckpointFile } from '../training/checkpoint'
import type { DropoutStream } from '../training/fused-layers'
import {
  assignParameters,
  lossAndGradients,
  trainableParameters,
  type Parameter,
  readWeights,
  writeWeights,
} from '../training/parameters'
import type { SpeechClip } from './clip-features'
import { NetAStep, type NetStep } from './net-a-step'
import { type BatchOptions, type TrainingBatch, trainingBatch } from './training-batch'

export interface TrainNetworkOptions {
  readonly batch: BatchOptions
  readonly seed: number
  /** The network's own; set anew before each step, so that a resumed run draws the same. */
  readonly stream: DropoutStream
  /** Rewritten after each epoch; an interrupted run goes on from it. */
  readonly checkpointFile: string
  /** Of everything that makes this run this run; a checkpoint of another is refused. */
  readonly configHash: string
  readonly signal?: AbortSignal
  /** All rows so far, after each epoch. */
  readonly onEpoch?: (rows: readonly EpochRow[]) => void | Promise<void>
}

const DROPOUT_SEED = 7

/**
 * Trains a network in place. Order, augmentation and dropout follow the seed, so a run repeats bit by bit, and one that
 * was killed and goes on from its checkpoint ends with the same weights.
 * @returns one row an epoch
 * @throws UnmaskError 'data.invalid' for another run's checkpoint or when the loss is no number; 'cancelled'
 */
export async function trainNetwork(
  network: tf.LayersModel,
  clips: readonly SpeechClip[],
  options: TrainNetworkOptions,
): Promise<EpochRow[]> {
  const { seed, checkpointFile, configHash, batch, stream } = options
  const { batchSize, epochs, peakRate, lastRate, warmUpEpochs, weightDecay } = batch.training
  let parameters = trainableParameters(network)
  const state = adamWState(parameters.map(({ values }) => values.length))
  const rows: EpochRow[] = []
  const resumed = await readCheckpointFile(checkpointFile, configHash)
  if (resumed) {
    const weights = readWeights(network)
    takeArrays(resumed, 'weight', weights, checkpointFile)
    takeArrays(resumed, 'first', state.first, checkpointFile)
    takeArrays(resumed, 'second', state.second, checkpointFile)
    writeWeights(network, weights)
    parameters = trainableParameters(network)
    state.step = resumed.step
    rows.push(...(resumed.extra['curves'] as EpochRow[]))
  }
  const byHand = NetAStep.fits(parameters)
    ? new NetAStep(network, parameters, { dropoutRate: batch.training.dropout, stream })
    : null
  const stepsPerEpoch = Math.max(1, Math.floor(clips.length / batchSize))
  for (let epoch = resumed?.epoch ?? 0; epoch < epochs; epoch++) {
    const startedMs = performance.now()
    const random = new Random(seed, epoch)
    const order = random.shuffle([...clips])
    const totals = { loss: 0, right: 0, seen: 0 }
    let rate = 0
    for (let step = 0; step < stepsPerEpoch; step++) {
      throwIfAborted(options.signal)
      rate = cosineRate(epoch * stepsPerEpoch + step, {
        peak: peakRate,
        last: lastRate,
        warmUpSteps: warmUpEpochs * stepsPerEpoch,
        totalSteps: epochs * stepsPerEpoch,
      })
      stream.random = new Random(seed, epoch, step, DROPOUT_SEED)
      const chosen = order.slice(step * batchSize, (step + 1) * batchSize)
      const examples = trainingBatch(chosen, batch, random)
      const { loss, logits, gradients } =
        byHand?.run(examples) ?? differentiatedStep(network, parameters, examples)
      if (!Number.isFinite(loss))
        throw new UnmaskError(
          'data.invalid',
          `the loss is ${loss} in epoch ${epoch + 1}; lower training.peakRate (${peakRate}). The checkpoint of epoch ${epoch} stays: ${checkpointFile}`,
        )
      totals.loss += loss
      totals.right += countRight(logits, examples.targets, batch.classWeights.length)
      totals.seen += chosen.length
      adamWUpdate(
        state,
        parameters.map(({ values, isKernel }, index) => ({
          values,
          gradient: gradients[index]!,
          decay: isKernel ? weightDecay : 0,
        })),
        rate,
      )
      assignParameters(parameters)
    }
    byHand?.flush()
    rows.push({
      epoch: epoch + 1,
      trainLoss: totals.loss / stepsPerEpoch,
      trainAccuracy: totals.right / totals.seen,
      validationLoss: null,
      validationAccuracy: null,
      learningRate: rate,
      secs: (performance.now() - startedMs) / 1000,
    })
    await writeCheckpointFile(checkpointFile, {
      configHash,
      epoch: epoch + 1,
      step: state.step,
      arrays: new Map([
        ...nameArrays('weight', readWeights(network)),
        ...nameArrays('first', state.first),
        ...nameArrays('second', state.second),
      ]),
      extra: { curves: rows },
    })
    await options.onEpoch?.(rows)
    // Signals and timers have their turn between epochs.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return rows
}

/** By the tape: without native TensorFlow, and where some layers are frozen. */
function differentiatedStep(
  network: tf.LayersModel,
  parameters: readonly Parameter[],
  { size, features, mask, targets }: TrainingBatch,
): NetStep {
  const classes = targets.length / size
  let logits = new Float32Array(0)
  const { loss, gradients } = lossAndGradients(parameters, () => {
    const inputs = [
      tf.tensor3d(features, [size, mask.length / size, features.length / mask.length]),
      tf.tensor2d(mask, [size, mask.length / size]),
    ]
    const output = network.apply(inputs, { training: true }) as tf.Tensor2D
    logits = output.dataSync<'float32'>() as Float32Array<ArrayBuffer>
    const wanted = tf.tensor2d(targets, [size, classes])
    return tf.neg(tf.mean(tf.sum(tf.mul(wanted, tf.logSoftmax(output)), 1)))
  })
  return { loss, logits, gradients }
}

/** Items whose highest logit is their heaviest target. */
function countRight(logits: Float32Array, targets: Float32Array, classes: number): number {
  let right = 0
  for (let at = 0; at < logits.length; at += classes) {
    let best = 0
    let wanted = 0
    for (let label = 1; label < classes; label++) {
      if (logits[at + label]! > logits[at + best]!) best = label
      if (targets[at + label]! > targets[at + wanted]!) wanted = label
    }
    if (best === wanted) right++
  }
  return right
}
