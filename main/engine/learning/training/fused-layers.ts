import { tf } from '../../inference/tf'
import type { Random } from '../random'
import { fusedBatchNorm, fusedRelu, hasNativeKernels } from './native-ops'

/**
 * Layers that train quicker and repeatably, and are saved under the names of the standard layers they stand for, so that
 * any TensorFlow.js loads what was trained. Where there is no native TensorFlow they do what the standard ones do.
 */

type LayerClass = new (config: object) => tf.layers.Layer

/** The layers' classes are not exported, their instances are. */
const classOf = (layer: tf.layers.Layer) => layer.constructor as LayerClass
const BatchNormalization = classOf(tf.layers.batchNormalization())
const ReLU = classOf(tf.layers.reLU())
const Dropout = classOf(tf.layers.dropout({ rate: 0.5 }))

interface LayerVariable {
  read(): tf.Tensor
  write(value: tf.Tensor): unknown
}

interface BatchNormalizationParts {
  readonly gamma: LayerVariable
  readonly beta: LayerVariable
  readonly movingMean: LayerVariable
  readonly movingVariance: LayerVariable
  readonly momentum: number
  readonly epsilon: number
}

type CallArguments = Parameters<tf.layers.Layer['call']>

function only(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
  return Array.isArray(inputs) ? inputs[0]! : inputs
}

class FusedBatchNormalization extends BatchNormalization {
  override call(inputs: CallArguments[0], kwargs: CallArguments[1]): tf.Tensor | tf.Tensor[] {
    if (kwargs['training'] !== true || !hasNativeKernels() || !this.trainable) {
      return super.call(inputs, this.trainable ? kwargs : { ...kwargs, training: false })
    }
    const parts = this as unknown as BatchNormalizationParts
    const x = only(inputs)
    const channels = x.shape.at(-1) ?? 1
    const flat = x.rank === 4 ? x : tf.reshape(x, [-1, 1, 1, channels])
    const y = fusedBatchNorm(
      flat as tf.Tensor4D,
      parts.gamma.read() as tf.Tensor1D,
      parts.beta.read() as tf.Tensor1D,
      parts.epsilon,
      (mean, variance) => {
        moveTowards(parts.movingMean, mean, 1 - parts.momentum)
        moveTowards(parts.movingVariance, variance, 1 - parts.momentum)
      },
    )
    return x.rank === 4 ? y : tf.reshape(y, x.shape)
  }
}

function moveTowards(variable: LayerVariable, value: tf.Tensor, share: number): void {
  const moved = tf.tidy(() => {
    const old = variable.read()
    return tf.add(old, tf.mul(tf.sub(value, old), share))
  })
  variable.write(moved)
  moved.dispose()
}

class FusedReLU extends ReLU {
  override call(inputs: CallArguments[0], kwargs: CallArguments[1]): tf.Tensor | tf.Tensor[] {
    if (kwargs['training'] !== true || !hasNativeKernels()) return super.call(inputs, kwargs)
    return fusedRelu(only(inputs))
  }
}

/** Where dropout draws from; the trainer sets it anew before each step, so that a resumed run draws the same. */
export interface DropoutStream {
  random: Random | null
}

class SeededDropout extends Dropout {
  private readonly stream: DropoutStream
  private readonly dropRate: number

  constructor(config: { rate: number; name?: string; stream: DropoutStream }) {
    super({ rate: config.rate, name: config.name })
    this.stream = config.stream
    this.dropRate = config.rate
  }

  override call(inputs: CallArguments[0], kwargs: CallArguments[1]): tf.Tensor | tf.Tensor[] {
    const x = only(inputs)
    if (kwargs['training'] !== true || this.dropRate === 0) return x
    const { random } = this.stream
    if (!random) throw new Error('dropout has no random stream; the trainer must set it before each step')
    const keep = 1 - this.dropRate
    const mask = new Float32Array(x.size)
    for (let index = 0; index < mask.length; index++) mask[index] = random.next() < keep ? 1 / keep : 0
    return tf.mul(x, tf.tensor(mask, x.shape))
  }
}

/** Saved as BatchNormalization. With `trainable: false` its statistics stay as they are. */
export function batchNormalization(config: {
  readonly name: string
  readonly momentum?: number
  readonly epsilon?: number
}): tf.layers.Layer {
  return new FusedBatchNormalization({ momentum: 0.95, epsilon: 1e-3, ...config })
}

/** Saved as ReLU. */
export function reLU(config: { readonly name: string }): tf.layers.Layer {
  return new FusedReLU(config)
}

/** Saved as Dropout. */
export function dropout(config: {
  readonly name: string
  readonly rate: number
  readonly stream: DropoutStream
}): tf.layers.Layer {
  return new SeededDropout(config)
}
