import { EMOTION_COUNT } from '../../emotions'
import { throwIfAborted, UnmaskError } from '../../errors'
import { tf } from '../../inference/tf'
import { cosineRate } from '../adamw'
import { FACE_VOTE_COUNT, type FaceSet } from '../data/face-set'
import { votesToShares } from '../data/votes'
import type { EpochRow } from '../evaluation/curves'
import { Random } from '../random'
import { nameArrays, readCheckpointFile, takeArrays, writeCheckpointFile } from '../training/checkpoint'
import type { DropoutStream } from '../training/fused-layers'
import {
  assignParameters,
  lossAndGradients,
  type Parameter,
  readWeights,
  trainableParameters,
  writeWeights,
} from '../training/parameters'
import { averageWeights, sgdState, sgdUpdate } from '../training/sgd'
import type { FaceConfig } from './config'
import { predictFaces } from './predict-faces'
import { type FaceBatch, FaceBatcher } from './training-batch'

export interface TrainFaceNetworkOptions {
  readonly config: FaceConfig
  readonly set: FaceSet
  readonly items: Int32Array
  /** Measured after each epoch, only to be drawn; nothing is chosen by it. */
  readonly validationItems: Int32Array
  /** Shares of the labels among the items, shape [7]. */
  readonly shares: readonly number[]
  readonly stream: DropoutStream
  readonly checkpointFile: string
  readonly configHash: string
  readonly signal?: AbortSignal
  readonly onStep?: (progress: StepProgress) => void
  readonly onEpoch?: (rows: readonly EpochRow[]) => void | Promise<void>
}

export interface StepProgress {
  readonly epoch: number
  readonly step: number
  readonly stepsPerEpoch: number
  readonly meanLoss: number
  readonly accuracy: number
  /** Epochs done in this process, as a fraction, and the time it took: for the remaining time. */
  readonly epochsDone: number
  readonly elapsedSecs: number
}

/**
 * Trains a face network in place and leaves the averaged weights in it. Order, augmentation, mixing and dropout follow
 * seed, epoch and step, so that a run that was killed and goes on from its checkpoint is the same run.
 * @throws UnmaskError 'data.invalid' when the loss is not a number; the last checkpoint stays
 */
export async function trainFaceNetwork(
  network: tf.LayersModel,
  options: TrainFaceNetworkOptions,
): Promise<EpochRow[]> {
  const { config, set, items, stream, checkpointFile, configHash } = options
  const parameters = trainableParameters(network)
  const velocities = sgdState(parameters)
  const averages = readWeights(network)
  const rows: EpochRow[] = []
  let epoch = 0
  const checkpoint = await readCheckpointFile(checkpointFile, configHash)
  if (checkpoint) {
    const weights = averages.map((values) => new Float32Array(values.length))
    takeArrays(checkpoint, 'weights', weights, checkpointFile)
    takeArrays(checkpoint, 'averages', averages, checkpointFile)
    takeArrays(checkpoint, 'velocities', velocities, checkpointFile)
    writeWeights(network, weights)
    trainableParameters(network).forEach(({ values }, index) => parameters[index]!.values.set(values))
    rows.push(...(checkpoint.extra['curves'] as EpochRow[]))
    epoch = checkpoint.epoch
  }
  const batcher = new FaceBatcher(set, set.votes && votesToShares(set.votes), config)
  const lossOf = lossFunction(network, config, options.shares)
  const stepsPerEpoch = Math.floor(items.length / config.batchSize)
  if (stepsPerEpoch === 0)
    throw new UnmaskError(
      'data.invalid',
      `batchSize is ${config.batchSize}, but there are only ${items.length} pictures to train on; take a smaller one`,
    )
  const startedMs = performance.now()
  const firstEpoch = epoch
  for (; epoch < config.epochs; epoch++) {
    const epochStartedMs = performance.now()
    const order = new Random(config.seed, epoch).shuffle(Array.from(items))
    let lossSum = 0
    let hits = 0
    let rate = 0
    for (let step = 0; step < stepsPerEpoch; step++) {
      throwIfAborted(options.signal)
      const random = new Random(config.seed, epoch, step)
      stream.random = new Random(config.seed, epoch, step, 1)
      const chosen = order.slice(step * config.batchSize, (step + 1) * config.batchSize)
      const done = epoch * stepsPerEpoch + step
      rate = cosineRate(done, {
        peak: config.peakRate,
        last: config.lastRate,
        warmUpSteps: Math.round(config.warmUpEpochs * stepsPerEpoch),
        totalSteps: config.epochs * stepsPerEpoch,
      })
      const batch = batcher.make(chosen, random)
      const result = runStep(parameters, batch, lossOf)
      if (!Number.isFinite(result.loss))
        throw new UnmaskError(
          'data.invalid',
          `the loss is ${result.loss} in epoch ${epoch + 1}, step ${step + 1}; the checkpoint of epoch ${epoch} stays; peakRate is ${config.peakRate}, try a smaller one: ${checkpointFile}`,
        )
      sgdUpdate(velocities, parameters, result.gradients, rate, config)
      assignParameters(parameters)
      averageWeights(averages, readWeights(network), Math.min(config.averageKeep, (1 + done) / (10 + done)))
      lossSum += result.loss
      hits += result.hits
      options.onStep?.({
        epoch,
        step,
        stepsPerEpoch,
        meanLoss: lossSum / (step + 1),
        accuracy: hits / ((step + 1) * config.batchSize),
        epochsDone: epoch - firstEpoch + (step + 1) / stepsPerEpoch,
        elapsedSecs: (performance.now() - startedMs) / 1000,
      })
      if (step % 16 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    const weights = readWeights(network)
    writeWeights(network, averages)
    const validation = validate(network, options)
    writeWeights(network, weights)
    rows.push({
      epoch: epoch + 1,
      trainLoss: lossSum / stepsPerEpoch,
      trainAccuracy: hits / (stepsPerEpoch * config.batchSize),
      ...validation,
      learningRate: rate,
      secs: (performance.now() - epochStartedMs) / 1000,
    })
    await writeCheckpointFile(checkpointFile, {
      configHash,
      epoch: epoch + 1,
      step: (epoch + 1) * stepsPerEpoch,
      arrays: new Map([
        ...nameArrays('weights', weights),
        ...nameArrays('averages', averages),
        ...nameArrays('velocities', velocities),
      ]),
      extra: { curves: rows },
    })
    await options.onEpoch?.(rows)
  }
  writeWeights(network, averages)
  return rows
}

interface BatchLoss {
  readonly loss: tf.Scalar
  /** FER2013 logits, shape [size, 7]. */
  readonly logits: tf.Tensor2D
}

type LossFunction = (batch: FaceBatch) => BatchLoss

function runStep(parameters: readonly Parameter[], batch: FaceBatch, lossOf: LossFunction) {
  let logits: Float32Array = new Float32Array(0)
  const { loss, gradients } = lossAndGradients(parameters, () => {
    const result = lossOf(batch)
    logits = result.logits.dataSync<'float32'>()
    return result.loss
  })
  return { loss, gradients, hits: countHits(logits, batch.labels) }
}

/**
 * Cross-entropy to FER2013's labels, whose logits carry a part of the log class shares inside the loss only (Menon et
 * al., ICLR 2021), plus cross-entropy to the shares of FER+ votes.
 */
function lossFunction(network: tf.LayersModel, config: FaceConfig, shares: readonly number[]): LossFunction {
  const adjustment = shares.map((share) => config.priorAdjustment * Math.log(Math.max(share, 1e-6)))
  const side = network.inputs[0]!.shape[1]!
  return (batch) => {
    const images = tf.tensor4d(batch.images, [batch.size, side, side, 1])
    const [labelLogits, voteLogits] = network.apply(images, { training: true }) as [tf.Tensor2D, tf.Tensor2D]
    const crossEntropy = (targets: Float32Array, classes: number, logits: tf.Tensor) =>
      tf.div(tf.sum(tf.mul(tf.tensor2d(targets, [batch.size, classes]), tf.logSoftmax(logits))), -batch.size)
    const onLabels = crossEntropy(batch.labels, EMOTION_COUNT, tf.add(labelLogits, tf.tensor1d(adjustment)))
    const onVotes = crossEntropy(batch.shares, FACE_VOTE_COUNT, voteLogits)
    return { loss: tf.add(onLabels, tf.mul(onVotes, config.voteWeight)), logits: labelLogits }
  }
}

/** Rows whose highest logit is their highest target. */
function countHits(logits: Float32Array, targets: Float32Array): number {
  let hits = 0
  for (let row = 0; row < logits.length; row += EMOTION_COUNT)
    if (topOf(logits, row) === topOf(targets, row)) hits++
  return hits
}

function topOf(values: Float32Array, start: number): number {
  let top = 0
  for (let k = 1; k < EMOTION_COUNT; k++) if (values[start + k]! > values[start + top]!) top = k
  return top
}

/** Loss and accuracy of FER2013's labels on pictures as they are, one pass. */
function validate(network: tf.LayersModel, { set, validationItems }: TrainFaceNetworkOptions) {
  if (validationItems.length === 0) return { validationLoss: null, validationAccuracy: null }
  const logits = predictFaces(network, set, validationItems)[0]!
  let loss = 0
  let hits = 0
  validationItems.forEach((item, index) => {
    const start = index * EMOTION_COUNT
    const top = logits[start + topOf(logits, start)]!
    let sum = 0
    for (let k = 0; k < EMOTION_COUNT; k++) sum += Math.exp(logits[start + k]! - top)
    const label = set.labels[item]!
    loss -= logits[start + label]! - top - Math.log(sum)
    if (topOf(logits, start) === label) hits++
  })
  return { validationLoss: loss / validationItems.length, validationAccuracy: hits / validationItems.length }
}
