import { tf } from '../../inference/tf'

/**
 * TensorFlow operations called by name, without the tape that automatic differentiation needs: for networks whose layers
 * are so small that the bookkeeping costs more than the arithmetic. Results belong to the enclosing tf.tidy.
 */
interface NativeBackend {
  readonly binding: Readonly<
    Record<
      | 'TF_ATTR_TYPE'
      | 'TF_ATTR_FLOAT'
      | 'TF_ATTR_STRING'
      | 'TF_ATTR_BOOL'
      | 'TF_ATTR_INT'
      | 'TF_FLOAT'
      | 'TF_INT32',
      number
    >
  >
  executeMultipleOutputs(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly tf.Tensor[],
    outputs: number,
  ): tf.Tensor[]
}

interface Attribute {
  readonly name: string
  readonly type: number
  readonly value: number | string | boolean | readonly number[]
}

const backend = () => tf.backend() as unknown as NativeBackend

function attributesOf(
  values: Readonly<Record<string, number | string | boolean | readonly number[]>>,
  floats: readonly string[] = [],
): Attribute[] {
  const { binding } = backend()
  const typeOf = (name: string, value: Attribute['value']) => {
    if (typeof value === 'string') return binding.TF_ATTR_STRING
    if (typeof value === 'boolean') return binding.TF_ATTR_BOOL
    return floats.includes(name) ? binding.TF_ATTR_FLOAT : binding.TF_ATTR_INT
  }
  return [
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    ...Object.entries(values).map(([name, value]) => ({ name, type: typeOf(name, value), value })),
  ]
}

function run(name: string, inputs: readonly tf.Tensor[], values = {}): tf.Tensor {
  return backend().executeMultipleOutputs(name, attributesOf(values), inputs, 1)[0]!
}

const CONVOLUTION = {
  strides: [1, 1, 1, 1],
  padding: 'SAME',
  data_format: 'NHWC',
  use_cudnn_on_gpu: true,
  dilations: [1, 1, 1, 1],
}
const HALVING = { ksize: [1, 1, 2, 1], strides: [1, 1, 2, 1], padding: 'VALID', data_format: 'NHWC' }

export const native = {
  add: (a: tf.Tensor, b: tf.Tensor) => run('AddV2', [a, b]),
  mul: (a: tf.Tensor, b: tf.Tensor) => run('Mul', [a, b]),
  sub: (a: tf.Tensor, b: tf.Tensor) => run('Sub', [a, b]),
  relu: (x: tf.Tensor) => run('Relu', [x]),
  sigmoid: (x: tf.Tensor) => run('Sigmoid', [x]),
  tanh: (x: tf.Tensor) => run('Tanh', [x]),
  softmax: (x: tf.Tensor) => run('Softmax', [x]),
  reluGrad: (dy: tf.Tensor, y: tf.Tensor) => run('ReluGrad', [dy, y]),
  sigmoidGrad: (y: tf.Tensor, dy: tf.Tensor) => run('SigmoidGrad', [y, dy]),
  tanhGrad: (y: tf.Tensor, dy: tf.Tensor) => run('TanhGrad', [y, dy]),
  biasAdd: (x: tf.Tensor, bias: tf.Tensor) => run('BiasAdd', [x, bias], { data_format: 'NHWC' }),
  biasGrad: (dy: tf.Tensor) => run('BiasAddGrad', [dy], { data_format: 'NHWC' }),
  matMul: (a: tf.Tensor, b: tf.Tensor, isATransposed = false, isBTransposed = false) =>
    run('MatMul', [a, b], { transpose_a: isATransposed, transpose_b: isBTransposed }),
  batchMatMul: (a: tf.Tensor, b: tf.Tensor, isATransposed = false, isBTransposed = false) =>
    run('BatchMatMulV2', [a, b], { adj_x: isATransposed, adj_y: isBTransposed }),
  /** Same padding, stride 1. @param x shape [batch, 1, time, channels] @param filter shape [1, width, in, out] */
  conv: (x: tf.Tensor, filter: tf.Tensor) => run('Conv2D', [x, filter], CONVOLUTION),
  convFilterGrad: (x: tf.Tensor, filterShape: tf.Tensor, dy: tf.Tensor) =>
    run('Conv2DBackpropFilter', [x, filterShape, dy], CONVOLUTION),
  convInputGrad: (inputShape: tf.Tensor, filter: tf.Tensor, dy: tf.Tensor) =>
    run('Conv2DBackpropInput', [inputShape, filter, dy], CONVOLUTION),
  /** Maximum over pairs of time steps; an odd last one is left out. */
  halve: (x: tf.Tensor) => run('MaxPool', [x], HALVING),
  halveGrad: (x: tf.Tensor, y: tf.Tensor, dy: tf.Tensor) => run('MaxPoolGrad', [x, y, dy], HALVING),
  batchNorm(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor, none: tf.Tensor, epsilon: number) {
    const [y, mean, variance, ...reserved] = backend().executeMultipleOutputs(
      'FusedBatchNormV3',
      batchNormAttributes(epsilon),
      [x, scale, offset, none, none],
      6,
    ) as [tf.Tensor, tf.Tensor, tf.Tensor, ...tf.Tensor[]]
    return { y, mean, variance, reserved }
  },
  batchNormGrad(
    dy: tf.Tensor,
    x: tf.Tensor,
    scale: tf.Tensor,
    reserved: readonly tf.Tensor[],
    epsilon: number,
  ) {
    const [dx, dScale, dOffset] = backend().executeMultipleOutputs(
      'FusedBatchNormGradV3',
      batchNormAttributes(epsilon),
      [dy, x, scale, ...reserved],
      5,
    ) as [tf.Tensor, tf.Tensor, tf.Tensor]
    return { dx, dScale, dOffset }
  },
  reshape(x: tf.Tensor, shape: tf.Tensor): tf.Tensor {
    return backend().executeMultipleOutputs('Reshape', withIndex('Tshape'), [x, shape], 1)[0]!
  },
  sum(x: tf.Tensor, axes: tf.Tensor, isKept = false): tf.Tensor {
    const { binding } = backend()
    const keep = { name: 'keep_dims', type: binding.TF_ATTR_BOOL, value: isKept }
    return backend().executeMultipleOutputs('Sum', [...withIndex('Tidx'), keep], [x, axes], 1)[0]!
  },
  max(x: tf.Tensor, axes: tf.Tensor, isKept = false): tf.Tensor {
    const { binding } = backend()
    const keep = { name: 'keep_dims', type: binding.TF_ATTR_BOOL, value: isKept }
    return backend().executeMultipleOutputs('Max', [...withIndex('Tidx'), keep], [x, axes], 1)[0]!
  },
}

function batchNormAttributes(epsilon: number): Attribute[] {
  const { binding } = backend()
  return [
    ...attributesOf({ epsilon, data_format: 'NHWC', is_training: true }, ['epsilon']),
    { name: 'U', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
  ]
}

function withIndex(name: string): Attribute[] {
  const { binding } = backend()
  return [...attributesOf({}), { name, type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 }]
}
