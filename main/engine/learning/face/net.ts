import { tf } from '../../inference/tf'
import { batchNormalization, dropout, type DropoutStream, reLU } from '../training/fused-layers'
import type { FaceConfig } from './config'

export interface FaceNetOptions {
  readonly sidePx: number
  /** Outputs of the two heads: hard labels and vote shares. */
  readonly heads: readonly [number, number]
  readonly network: FaceConfig['network']
  readonly seed: number
  readonly stream: DropoutStream
}

/**
 * A residual CNN with squeeze-and-excitation (He et al., CVPR 2016; Hu et al., CVPR 2018): a first convolution that
 * halves the picture, stages of two 3 x 3 convolutions a block, batch normalisation, ReLU, maximum pooling between the
 * stages, global average, two linear heads.
 * Input [side, side, 1], normalised; outputs logits of FER2013's seven labels and of FER+'s eight.
 */
export function buildFaceNet({ sidePx, heads, network, seed, stream }: FaceNetOptions): tf.LayersModel {
  let layerSeed = seed * 1000
  const conv = (filters: number, kernelSize: number, name: string, strides = 1) =>
    tf.layers.conv2d({
      filters,
      kernelSize,
      strides,
      padding: 'same',
      useBias: false,
      kernelInitializer: tf.initializers.heNormal({ seed: ++layerSeed }),
      name,
    })
  const dense = (units: number, activation: 'relu' | 'sigmoid' | 'linear', name: string) =>
    tf.layers.dense({
      units,
      activation,
      kernelInitializer: tf.initializers.glorotUniform({ seed: ++layerSeed }),
      name,
    })
  const chain = (input: tf.SymbolicTensor, ...layers: tf.layers.Layer[]) =>
    layers.reduce((x, layer) => layer.apply(x) as tf.SymbolicTensor, input)
  const halve = (x: tf.SymbolicTensor, name: string) =>
    chain(x, tf.layers.maxPooling2d({ poolSize: 2, strides: 2, padding: 'same', name }))
  const batchNorm = (name: string) => batchNormalization({ name })

  const squeezeAndExcite = (x: tf.SymbolicTensor, channels: number, name: string) => {
    const gate = chain(
      x,
      tf.layers.globalAveragePooling2d({ name: `${name}_squeeze` }),
      dense(Math.max(4, channels / network.squeezeRatio), 'relu', `${name}_squeeze_dense`),
      dense(channels, 'sigmoid', `${name}_excite`),
      tf.layers.reshape({ targetShape: [1, 1, channels], name: `${name}_gate` }),
    )
    return tf.layers.multiply({ name: `${name}_scaled` }).apply([x, gate]) as tf.SymbolicTensor
  }
  const block = (x: tf.SymbolicTensor, channels: number, hasGate: boolean, name: string) => {
    const inner = chain(
      x,
      conv(channels, 3, `${name}_conv1`),
      batchNorm(`${name}_norm1`),
      reLU({ name: `${name}_relu1` }),
      conv(channels, 3, `${name}_conv2`),
      batchNorm(`${name}_norm2`),
    )
    const scaled = hasGate ? squeezeAndExcite(inner, channels, name) : inner
    const skip =
      x.shape.at(-1) === channels
        ? x
        : chain(x, conv(channels, 1, `${name}_skip`), batchNorm(`${name}_skip_norm`))
    const sum = tf.layers.add({ name: `${name}_sum` }).apply([scaled, skip]) as tf.SymbolicTensor
    return chain(sum, reLU({ name: `${name}_out` }))
  }

  const input = tf.input({ shape: [sidePx, sidePx, 1], name: 'face' })
  let x = chain(
    input,
    conv(network.stemChannels, 5, 'stem_conv', 2),
    batchNorm('stem_norm'),
    reLU({ name: 'stem_relu' }),
  )
  network.stages.forEach(({ channels, blocks, hasGate }, stage) => {
    if (stage > 0) x = halve(x, `pool${stage}`)
    for (let index = 1; index <= blocks; index++)
      x = block(x, channels, hasGate, `stage${stage + 1}_block${index}`)
  })
  const embedding = chain(
    x,
    tf.layers.globalAveragePooling2d({ name: 'embedding' }),
    dropout({ name: 'dropout', rate: network.dropout, stream }),
  )
  const outputs = [
    chain(embedding, dense(heads[0], 'linear', 'fer2013_logits')),
    chain(embedding, dense(heads[1], 'linear', 'ferplus_logits')),
  ]
  return tf.model({ inputs: input, outputs, name: 'face_net' })
}
