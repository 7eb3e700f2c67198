import { throwIfAborted } from '../../errors'
import { tf } from '../../inference/tf'
import { adamWState, adamWUpdate, cosineRate } from '../adamw'
import { Random } from '../random'
import { readCheckpoint, writeCheckpoint } from './checkpoint'
import type { SpeechClip } from './clip-features'
import { type BatchOptions, trainingBatch } from './training-batch'

export interface TrainNetworkOptions {
  readonly batch: BatchOptions
  readonly batchSize: number
  /** Fixed beforehand, never chosen on the test fold. */
  readonly epochs: number
  readonly peakRate: number
  readonly lastRate: number
  readonly warmUpEpochs: number
  /** Decoupled decay of kernels. */
  readonly weightDecay: number
  readonly seed: number
  /** Rewritten after each epoch; an interrupted run goes on from it. */
  readonly checkpointFile: string
  readonly signal?: AbortSignal
  readonly onEpoch?: (epoch: number, meanLoss: number, secs: number) => void
}

/**
 * Trains a network in place. Sample order and augmentation follow the seed; dropout does not (TensorFlow.js cannot seed
 * it without repeating itself), so two runs agree only in distribution.
 */
export async function trainNetwork(
  network: tf.LayersModel,
  clips: readonly SpeechClip[],
  options: TrainNetworkOptions,
): Promise<void> {
  const { batchSize, epochs, seed } = options
  const variables = trainableVariables(network)
  const state = adamWState(variables.map(({ variable }) => variable.size))
  let epoch = await readCheckpoint(options.checkpointFile, network, state)
  const stepsPerEpoch = Math.floor(clips.length / batchSize)
  const totalSteps = epochs * stepsPerEpoch
  for (; epoch < epochs; epoch++) {
    const startedMs = performance.now()
    const random = new Random(seed, epoch)
    const order = random.shuffle([...clips])
    let lossSum = 0
    for (let step = 0; step < stepsPerEpoch; step++) {
      throwIfAborted(options.signal)
      const chosen = order.slice(step * batchSize, (step + 1) * batchSize)
      const rate = cosineRate(epoch * stepsPerEpoch + step, {
        peak: options.peakRate,
        last: options.lastRate,
        warmUpSteps: options.warmUpEpochs * stepsPerEpoch,
        totalSteps,
      })
      const batch = trainingBatch(chosen, options.batch, random)
      const { loss, gradients } = await lossAndGradients(network, variables, batch, options.batch)
      lossSum += loss
      const values = await Promise.all(variables.map(({ variable }) => variable.data()))
      adamWUpdate(
        state,
        variables.map(({ isKernel }, index) => ({
          values: values[index] as Float32Array,
          gradient: gradients[index]!,
          decay: isKernel ? options.weightDecay : 0,
        })),
        rate,
      )
      variables.forEach(({ variable }, index) => {
        const updated = tf.tensor(values[index] as Float32Array, variable.shape)
        variable.assign(updated)
        updated.dispose()
      })
    }
    await writeCheckpoint(options.checkpointFile, { network, state, epoch: epoch + 1 })
    options.onEpoch?.(epoch, lossSum / Math.max(1, stepsPerEpoch), (performance.now() - startedMs) / 1000)
  }
}

interface TrainableVariable {
  readonly variable: tf.Variable
  readonly isKernel: boolean
}

/** The layers API keeps its variables behind LayerVariable, whose reader is private; its own optimisers reach in too. */
function trainableVariables(network: tf.LayersModel): TrainableVariable[] {
  return network.trainableWeights.map((weight) => ({
    variable: (weight as unknown as { val: tf.Variable }).val,
    isKernel: weight.originalName.includes('kernel'),
  }))
}

async function lossAndGradients(
  network: tf.LayersModel,
  variables: readonly TrainableVariable[],
  batch: { size: number; features: Float32Array; mask: Float32Array; targets: Float32Array },
  { spec, classes }: BatchOptions,
): Promise<{ loss: number; gradients: Float32Array[] }> {
  const inputs = [
    tf.tensor3d(batch.features, [batch.size, spec.steps, spec.coefficients]),
    tf.tensor2d(batch.mask, [batch.size, spec.steps]),
  ]
  const targets = tf.tensor2d(batch.targets, [batch.size, classes])
  const { value, grads } = tf.variableGrads(
    () => {
      const logits = network.apply(inputs, { training: true }) as tf.Tensor2D
      return tf.neg(tf.mean(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), 1))) as tf.Scalar
    },
    variables.map(({ variable }) => variable),
  )
  try {
    const gradients = await Promise.all(variables.map(({ variable }) => grads[variable.name]!.data()))
    return { loss: (await value.data())[0]!, gradients: gradients as Float32Array[] }
  } finally {
    tf.dispose([value, grads, inputs, targets])
  }
}
