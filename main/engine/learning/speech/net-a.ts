import { tf } from '../../inference/tf'
import { batchNormalization, dropout, type DropoutStream, reLU } from '../training/fused-layers'

export interface NetAOptions {
  readonly steps: number
  readonly coefficients: number
  readonly classes: number
  readonly seed: number
  /** Share of the summary that is dropped in training. */
  readonly dropoutRate: number
  /** Batch normalisation stays as it is: for fine-tuning on few clips. */
  readonly isNormFrozen?: boolean
  /** Where dropout draws from; only training needs it. */
  readonly stream?: DropoutStream
}

/** Far enough below any attention score that padding gets no weight in float32. */
const PADDING_PENALTY = 1e4

/**
 * A one-dimensional CNN over time with attention pooling. Built from standard layers, so any TensorFlow.js loads it.
 * Inputs: features [steps, coefficients] and mask [steps], 1 on speech and 0 on padding. Output: logits [classes].
 * Padding is multiplied out after each block, and averages run over the mask only.
 */
export function buildNetA({
  steps,
  coefficients,
  classes,
  seed,
  dropoutRate,
  isNormFrozen = false,
  stream = { random: null },
}: NetAOptions): tf.LayersModel {
  let layerSeed = seed * 1000
  const glorot = () => tf.initializers.glorotUniform({ seed: ++layerSeed })
  const he = () => tf.initializers.heNormal({ seed: ++layerSeed })
  const features = tf.input({ shape: [steps, coefficients], name: 'features' })
  const mask = tf.input({ shape: [steps], name: 'mask' })

  /** 0 on speech, -penalty on padding: (mask - 1) x penalty as a fixed dense layer. */
  const penaltyOf = (stepMask: tf.SymbolicTensor, name: string) => {
    const length = stepMask.shape[1] ?? 0
    const scaled = tf.layers
      .dense({
        units: 1,
        trainable: false,
        kernelInitializer: tf.initializers.constant({ value: PADDING_PENALTY }),
        biasInitializer: tf.initializers.constant({ value: -PADDING_PENALTY }),
        name: `${name}_penalty`,
      })
      .apply(stepMask)
    return tf.layers
      .reshape({ targetShape: [length], name: `${name}_penalty_flat` })
      .apply(scaled) as tf.SymbolicTensor
  }

  const halve = (input: tf.SymbolicTensor, name: string) =>
    tf.layers.maxPooling1d({ poolSize: 2, strides: 2, name }).apply(input) as tf.SymbolicTensor
  const block = (
    input: tf.SymbolicTensor,
    stepMask: tf.SymbolicTensor,
    filters: number,
    kernelSize: number,
    pool: boolean,
  ) => {
    const name = `block${filters}`
    let x = tf.layers
      .conv1d({
        filters,
        kernelSize,
        padding: 'same',
        useBias: false,
        kernelInitializer: he(),
        name: `${name}_conv`,
      })
      .apply(input)
    const norm = batchNormalization({ name: `${name}_norm` })
    norm.trainable = !isNormFrozen
    x = norm.apply(x)
    x = reLU({ name: `${name}_relu` }).apply(x)
    x = tf.layers.multiply({ name: `${name}_masked` }).apply([x as tf.SymbolicTensor, stepMask])
    const share = tf.layers
      .softmax({ axis: -1, name: `${name}_share` })
      .apply(penaltyOf(stepMask, name)) as tf.SymbolicTensor
    const mean = tf.layers.dot({ axes: 1, name: `${name}_mean` }).apply([share, x as tf.SymbolicTensor])
    const squeezed = tf.layers
      .dense({ units: filters / 8, activation: 'relu', kernelInitializer: he(), name: `${name}_squeeze` })
      .apply(mean)
    const excited = tf.layers
      .dense({ units: filters, activation: 'sigmoid', kernelInitializer: glorot(), name: `${name}_excite` })
      .apply(squeezed)
    const gate = tf.layers.reshape({ targetShape: [1, filters], name: `${name}_gate` }).apply(excited)
    if (pool) x = halve(x as tf.SymbolicTensor, `${name}_pool`)
    return tf.layers
      .multiply({ name: `${name}_out` })
      .apply([x as tf.SymbolicTensor, gate as tf.SymbolicTensor]) as tf.SymbolicTensor
  }

  const mask1 = tf.layers.reshape({ targetShape: [steps, 1], name: 'mask1' }).apply(mask) as tf.SymbolicTensor
  const mask2 = halve(mask1, 'mask2')
  const mask4 = halve(mask2, 'mask4')
  let x = block(features, mask1, 64, 5, true)
  x = block(x, mask2, 96, 5, true)
  x = block(x, mask4, 128, 3, false)

  const hidden = tf.layers
    .dense({ units: 32, activation: 'tanh', kernelInitializer: glorot(), name: 'attention_hidden' })
    .apply(x)
  const scores = tf.layers
    .dense({ units: 1, kernelInitializer: glorot(), name: 'attention_score' })
    .apply(hidden)
  const flat = tf.layers
    .reshape({ targetShape: [mask4.shape[1] ?? 0], name: 'attention_flat' })
    .apply(scores) as tf.SymbolicTensor
  const masked = tf.layers
    .add({ name: 'attention_masked' })
    .apply([flat, penaltyOf(mask4, 'attention')]) as tf.SymbolicTensor
  const weights = tf.layers
    .softmax({ axis: -1, name: 'attention_weights' })
    .apply(masked) as tf.SymbolicTensor
  const attended = tf.layers.dot({ axes: 1, name: 'attended' }).apply([weights, x]) as tf.SymbolicTensor
  // The blocks' outputs are never negative and zero on padding, so the maximum needs no mask.
  const loudest = tf.layers.globalMaxPooling1d({ name: 'maximum' }).apply(x) as tf.SymbolicTensor
  let head = tf.layers.concatenate({ name: 'summary' }).apply([attended, loudest])
  head = dropout({ rate: dropoutRate, name: 'dropout', stream }).apply(head)
  const logits = tf.layers.dense({ units: classes, kernelInitializer: glorot(), name: 'logits' }).apply(head)
  return tf.model({ inputs: [features, mask], outputs: logits as tf.SymbolicTensor, name: 'net_a' })
}
