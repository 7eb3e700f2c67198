import { tf } from '../../inference/tf'

/** What the native backend offers beyond the tfjs interface: any TensorFlow operation by name. */
interface NativeBackend {
  readonly binding: Readonly<
    Record<'TF_ATTR_TYPE' | 'TF_ATTR_FLOAT' | 'TF_ATTR_STRING' | 'TF_ATTR_BOOL' | 'TF_FLOAT', number>
  >
  executeMultipleOutputs(
    name: string,
    attributes: readonly { name: string; type: number; value: number | string | boolean }[],
    inputs: readonly tf.Tensor[],
    outputs: number,
  ): tf.Tensor[]
}

/** True where TensorFlow itself computes, so that its fused kernels can be called. */
export function hasNativeKernels(): boolean {
  return tf.getBackend() === 'tensorflow'
}

function run(
  name: string,
  inputs: readonly tf.Tensor[],
  outputs: number,
  attributes: (
    binding: NativeBackend['binding'],
  ) => { name: string; type: number; value: number | string | boolean }[],
): tf.Tensor[] {
  const backend = tf.backend() as unknown as NativeBackend
  return backend.executeMultipleOutputs(name, attributes(backend.binding), inputs, outputs)
}

/**
 * Batch normalisation over all axes but the last, with TensorFlow's fused kernels in both directions; tfjs' own gradient
 * is made of some thirty operations over the whole activation.
 * @param x shape [..., channels], rank 4
 * @param onStatistics receives the batch's mean and (Bessel corrected) variance, shape [channels]; they are disposed after
 */
export function fusedBatchNorm(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  offset: tf.Tensor1D,
  epsilon: number,
  onStatistics: (mean: tf.Tensor, variance: tf.Tensor) => void,
): tf.Tensor4D {
  const attributes = (binding: NativeBackend['binding']) => [
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'U', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: epsilon },
    { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' },
    { name: 'is_training', type: binding.TF_ATTR_BOOL, value: true },
  ]
  const normalise = tf.customGrad((...args: unknown[]) => {
    const [input, gamma, beta] = args as [tf.Tensor, tf.Tensor, tf.Tensor]
    const save = args[3] as (tensors: tf.Tensor[]) => void
    const none = tf.tensor1d([])
    const [y, mean, variance, reserve1, reserve2, reserve3] = run(
      'FusedBatchNormV3',
      [input, gamma, beta, none, none],
      6,
      attributes,
    ) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]
    onStatistics(mean, variance)
    save([input, gamma, reserve1, reserve2, reserve3])
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) =>
      run('FusedBatchNormGradV3', [dy, ...saved], 5, attributes).slice(0, 3)
    return { value: y, gradFunc }
  })
  return normalise(x, scale, offset) as tf.Tensor4D
}

/** max(x, 0) whose gradient is one pass instead of three. */
export function fusedRelu<T extends tf.Tensor>(x: T): T {
  const relu = tf.customGrad((...args: unknown[]) => {
    const [input, save] = args as [tf.Tensor, (tensors: tf.Tensor[]) => void]
    const y = tf.relu(input)
    save([y])
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) =>
      run('ReluGrad', [dy, saved[0]!], 1, (binding) => [
        { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
      ])[0]!
    return { value: y, gradFunc }
  })
  return relu(x) as T
}
