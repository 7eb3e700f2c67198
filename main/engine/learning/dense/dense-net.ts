import { tf } from '../../inference/tf'
import { adamWState, adamWUpdate, cosineRate } from '../adamw'
import { Random } from '../random'
import { assignParameters, lossAndGradients, trainableParameters } from '../training/parameters'
import { throwIfAborted, UnmaskError } from '../../errors'

/** Vectors with what they stand for. */
export interface VectorSet {
  readonly count: number
  /** Numbers in one vector. */
  readonly width: number
  /** Shape [count, width]. */
  readonly inputs: Float32Array
}

export interface LabelledVectors extends VectorSet {
  readonly classes: number
  /** Distributions over the classes, shape [count, classes]; a row of zeros carries no loss. */
  readonly targets: Float32Array
}

export interface DenseNetOptions {
  readonly width: number
  /** Units of each hidden layer; none gives multinomial logistic regression. */
  readonly hidden: readonly number[]
  readonly classes: number
  readonly seed: number
}

/** Dense layers with ReLU between them, logits at the end. */
export function buildDenseNet({ width, hidden, classes, seed }: DenseNetOptions): tf.LayersModel {
  const network = tf.sequential({ name: 'dense_net' })
  const sizes = [...hidden, classes]
  sizes.forEach((units, index) => {
    const isLast = index === sizes.length - 1
    network.add(
      tf.layers.dense({
        units,
        name: isLast ? 'logits' : `hidden${index + 1}`,
        ...(isLast ? {} : { activation: 'relu' as const }),
        ...(index === 0 ? { inputShape: [width] } : {}),
        kernelInitializer: tf.initializers.heNormal({ seed: seed * 1000 + index }),
      }),
    )
  })
  return network
}

export interface TrainDenseOptions {
  readonly epochs: number
  readonly batchSize: number
  readonly peakRate: number
  /** Decoupled decay of kernels, times the rate. */
  readonly weightDecay: number
  /** Chance that a number of an input is set to zero, the others scaled up. */
  readonly inputDropout: number
  readonly seed: number
  readonly signal?: AbortSignal
  /** After each pass, epochs from 1; the loss is the mean over the pass with the weights as they were. */
  readonly onEpoch?: (pass: { epoch: number; meanLoss: number; rate: number }) => void
}

/**
 * Trains in place by cross-entropy. Order and dropout follow the seed, so a run repeats.
 * @throws UnmaskError 'data.invalid' when the loss is no longer a number
 */
export function trainDenseNet(
  network: tf.LayersModel,
  data: LabelledVectors,
  options: TrainDenseOptions,
): void {
  const { epochs, batchSize, seed } = options
  const parameters = trainableParameters(network)
  const state = adamWState(parameters.map(({ values }) => values.length))
  const stepsPerEpoch = Math.max(1, Math.ceil(data.count / batchSize))
  const order = Array.from({ length: data.count }, (_, index) => index)
  for (let epoch = 0; epoch < epochs; epoch++) {
    throwIfAborted(options.signal)
    const random = new Random(seed, epoch, 0xd15e)
    random.shuffle(order)
    let lossSum = 0
    let rate = 0
    for (let step = 0; step < stepsPerEpoch; step++) {
      const items = order.slice(step * batchSize, (step + 1) * batchSize)
      const { loss, gradients } = batchGradients(network, parameters, gather(data, items, options, random))
      if (!Number.isFinite(loss))
        throw new UnmaskError(
          'data.invalid',
          `the loss became ${loss} in pass ${epoch + 1}; an input may be no number, or the rate ${options.peakRate} too high`,
        )
      lossSum += loss
      rate = cosineRate(epoch * stepsPerEpoch + step, {
        peak: options.peakRate,
        last: options.peakRate / 100,
        warmUpSteps: stepsPerEpoch,
        totalSteps: epochs * stepsPerEpoch,
      })
      adamWUpdate(
        state,
        parameters.map(({ values, isKernel }, index) => ({
          values,
          gradient: gradients[index]!,
          decay: isKernel ? options.weightDecay : 0,
        })),
        rate,
      )
      assignParameters(parameters)
    }
    options.onEpoch?.({ epoch: epoch + 1, meanLoss: lossSum / stepsPerEpoch, rate })
  }
}

interface Batch {
  readonly size: number
  readonly width: number
  readonly classes: number
  readonly inputs: Float32Array
  readonly targets: Float32Array
}

function gather(
  { width, classes, inputs, targets }: LabelledVectors,
  items: readonly number[],
  { inputDropout }: TrainDenseOptions,
  random: Random,
): Batch {
  const batch = {
    size: items.length,
    width,
    classes,
    inputs: new Float32Array(items.length * width),
    targets: new Float32Array(items.length * classes),
  }
  items.forEach((item, row) => {
    batch.inputs.set(inputs.subarray(item * width, (item + 1) * width), row * width)
    batch.targets.set(targets.subarray(item * classes, (item + 1) * classes), row * classes)
  })
  if (inputDropout > 0)
    for (let index = 0; index < batch.inputs.length; index++)
      batch.inputs[index]! *= random.chance(inputDropout) ? 0 : 1 / (1 - inputDropout)
  return batch
}

function batchGradients(
  network: tf.LayersModel,
  parameters: Parameters<typeof lossAndGradients>[0],
  { size, width, classes, inputs, targets }: Batch,
) {
  const x = tf.tensor2d(inputs, [size, width])
  const wanted = tf.tensor2d(targets, [size, classes])
  try {
    return lossAndGradients(parameters, () => {
      const logits = network.apply(x, { training: true }) as tf.Tensor2D
      return tf.neg(tf.mean(tf.sum(tf.mul(wanted, tf.logSoftmax(logits)), 1))) as tf.Scalar
    })
  } finally {
    tf.dispose([x, wanted])
  }
}

/** Logits of every vector, shape [count, classes]. */
export function runDenseNet(network: tf.LayersModel, { count, width, inputs }: VectorSet): Float32Array {
  return tf.tidy(() => {
    const logits = network.predict(tf.tensor2d(inputs, [count, width])) as tf.Tensor2D
    return Float32Array.from(logits.dataSync())
  })
}
