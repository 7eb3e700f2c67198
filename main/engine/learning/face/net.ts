import { tf } from '../../inference/tf'
import { batchNormalization, dropout, type DropoutStream, reLU } from '../training/fused-layers'
import type { FaceConfig } from './config'

/**
 * In `training` form a convolution is followed by batch normalisation. In `folded` form the normalisation has become the
 * convolution's kernel and bias, which is the same function in half the time: what ships, and what is tuned further.
 */
export type FaceNetForm = 'training' | 'folded'

export interface FaceNetOptions {
  readonly form: FaceNetForm
  readonly sidePx: number
  /** Outputs of the two heads: hard labels and vote shares. */
  readonly heads: readonly [number, number]
  readonly network: FaceConfig['network']
  readonly seed: number
  /** Null builds without dropout, for use. */
  readonly stream: DropoutStream | null
}

/**
 * A residual CNN with squeeze-and-excitation (He et al., CVPR 2016; Hu et al., CVPR 2018): a first convolution that
 * halves the picture, stages of two 3 x 3 convolutions a block, ReLU, maximum pooling between the stages, global average,
 * two linear heads.
 * Input [side, side, 1], normalised; outputs logits of FER2013's seven labels and of FER+'s eight.
 */
export function buildFaceNet(options: FaceNetOptions): tf.LayersModel {
  const { sidePx, heads, network, stream } = options
  const parts = new FaceNetParts(options)
  const input = tf.input({ shape: [sidePx, sidePx, 1], name: 'face' })
  let x = parts.conv(input, { channels: network.stemChannels, kernelSize: 5, strides: 2, name: 'stem' })
  network.stages.forEach(({ channels, blocks, hasGate }, stage) => {
    if (stage > 0) x = parts.halve(x, `pool${stage}`)
    for (let index = 1; index <= blocks; index++)
      x = parts.block(x, channels, hasGate, `stage${stage + 1}_block${index}`)
  })
  let embedding = chain(x, tf.layers.globalAveragePooling2d({ name: 'embedding' }))
  if (stream) embedding = chain(embedding, dropout({ name: 'dropout', rate: network.dropout, stream }))
  const outputs = [
    chain(embedding, parts.dense(heads[0], 'linear', 'fer2013_logits')),
    chain(embedding, parts.dense(heads[1], 'linear', 'ferplus_logits')),
  ]
  return tf.model({ inputs: input, outputs, name: 'face_net' })
}

interface ConvOptions {
  readonly channels: number
  readonly kernelSize: number
  readonly name: string
  readonly strides?: number
  /** Default true. */
  readonly isRectified?: boolean
}

function chain(input: tf.SymbolicTensor, ...layers: tf.layers.Layer[]): tf.SymbolicTensor {
  return layers.reduce((x, layer) => layer.apply(x) as tf.SymbolicTensor, input)
}

class FaceNetParts {
  private layerSeed: number

  constructor(private readonly options: FaceNetOptions) {
    this.layerSeed = options.seed * 1000
  }

  /** Convolution, normalisation and, unless told not to, ReLU. */
  conv(
    x: tf.SymbolicTensor,
    { channels, kernelSize, name, strides = 1, isRectified = true }: ConvOptions,
  ): tf.SymbolicTensor {
    const isFolded = this.options.form === 'folded'
    const convolved = chain(
      x,
      tf.layers.conv2d({
        filters: channels,
        kernelSize,
        strides,
        padding: 'same',
        useBias: isFolded,
        activation: isFolded && isRectified ? 'relu' : 'linear',
        kernelInitializer: tf.initializers.heNormal({ seed: ++this.layerSeed }),
        name: convName(name),
      }),
    )
    if (isFolded) return convolved
    const normalised = chain(convolved, batchNormalization({ name: normName(name) }))
    return isRectified ? chain(normalised, reLU({ name: `${name}_relu` })) : normalised
  }

  dense(units: number, activation: 'relu' | 'sigmoid' | 'linear', name: string): tf.layers.Layer {
    const kernelInitializer = tf.initializers.glorotUniform({ seed: ++this.layerSeed })
    return tf.layers.dense({ units, activation, kernelInitializer, name })
  }

  halve(x: tf.SymbolicTensor, name: string): tf.SymbolicTensor {
    return chain(x, tf.layers.maxPooling2d({ poolSize: 2, strides: 2, padding: 'same', name }))
  }

  block(x: tf.SymbolicTensor, channels: number, hasGate: boolean, name: string): tf.SymbolicTensor {
    const first = this.conv(x, { channels, kernelSize: 3, name: `${name}_first` })
    const second = this.conv(first, { channels, kernelSize: 3, name: `${name}_second`, isRectified: false })
    const scaled = hasGate ? this.squeezeAndExcite(second, channels, name) : second
    const skip =
      x.shape.at(-1) === channels
        ? x
        : this.conv(x, { channels, kernelSize: 1, name: `${name}_skip`, isRectified: false })
    const sum = tf.layers.add({ name: `${name}_sum` }).apply([scaled, skip]) as tf.SymbolicTensor
    return chain(sum, reLU({ name: `${name}_out` }))
  }

  private squeezeAndExcite(x: tf.SymbolicTensor, channels: number, name: string): tf.SymbolicTensor {
    const gate = chain(
      x,
      tf.layers.globalAveragePooling2d({ name: `${name}_squeeze` }),
      this.dense(Math.max(4, channels / this.options.network.squeezeRatio), 'relu', `${name}_squeeze_dense`),
      this.dense(channels, 'sigmoid', `${name}_excite`),
      tf.layers.reshape({ targetShape: [1, 1, channels], name: `${name}_gate` }),
    )
    return tf.layers.multiply({ name: `${name}_scaled` }).apply([x, gate]) as tf.SymbolicTensor
  }
}

function convName(name: string): string {
  return `${name}_conv`
}

function normName(name: string): string {
  return `${name}_norm`
}

/** Builds the folded form of a network in training form, without dropout. */
export function foldFaceNet(
  trained: tf.LayersModel,
  options: Omit<FaceNetOptions, 'form' | 'stream'>,
): tf.LayersModel {
  const folded = buildFaceNet({ ...options, form: 'folded', stream: null })
  for (const layer of folded.layers) {
    if (layer.weights.length === 0) continue
    const weights = tf.tidy(() => foldLayer(trained, layer.name).map((weight) => tf.keep(weight)))
    layer.setWeights(weights)
    tf.dispose(weights)
  }
  return folded
}

function foldLayer(trained: tf.LayersModel, name: string): tf.Tensor[] {
  const own = trained.getLayer(name).getWeights()
  const norm = trained.layers.find((layer) => convName(layer.name.replace(/_norm$/, '')) === name)
  if (!norm || !name.endsWith('_conv')) return own.map((weight) => weight.clone())
  const [gamma, beta, mean, variance] = norm.getWeights() as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]
  const { epsilon } = norm.getConfig() as unknown as { epsilon: number }
  const scale = tf.div(gamma, tf.sqrt(tf.add(variance, epsilon)))
  return [tf.mul(own[0]!, scale), tf.sub(beta, tf.mul(mean, scale))]
}
