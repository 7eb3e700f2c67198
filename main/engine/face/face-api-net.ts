import { tf } from '../inference/tf'
import { type FaceApiNetwork, type FaceApiWeights, readFaceApiWeights } from './face-api-weights'

/** Side of the input of face-api's landmark and expression nets in pixels. */
export const FACE_API_INPUT_PX = 112

/** face-api subtracts these from 0..255 RGB and divides by 255 (FaceFeatureExtractor.forwardInput). */
export const FACE_API_MEAN_RGB = [122.782, 117.001, 104.298] as const
export const FACE_API_SCALE = 255

const BLOCKS = ['dense0', 'dense1', 'dense2', 'dense3'] as const

/**
 * face-api's landmark or expression net (four dense blocks of depthwise-separable convolutions, global average, one
 * dense layer) as a model of standard layers: input [n, 112, 112, 3] already normalised, output [n, outputs] before any
 * activation. Expression: 7 logits in the order neutral, happy, sad, angry, fearful, disgusted, surprised. Landmarks:
 * 68 pairs x, y as fractions of the input's side.
 *
 * Each separable convolution is a depthwise layer and a 1x1 convolution, because TensorFlow.js fuses bias and ReLU into
 * the latter. Source: face-api (MIT), FaceFeatureExtractor and denseBlock4.
 */
export async function buildFaceApiNet(
  network: Extract<FaceApiNetwork, 'face_expression' | 'face_landmark_68'>,
): Promise<tf.LayersModel> {
  const weights = await readFaceApiWeights(network)
  try {
    const model = connectLayers(network, pick(weights, 'fc/bias')[0]?.size ?? 0)
    for (const layer of model.layers) {
      const values = weightsOfLayer(layer.name, weights)
      if (values.length > 0) layer.setWeights(values)
    }
    return model
  } finally {
    tf.dispose(Object.values(weights))
  }
}

function connectLayers(name: string, outputs: number): tf.LayersModel {
  const input = tf.input({ shape: [FACE_API_INPUT_PX, FACE_API_INPUT_PX, 3], name: 'face' })
  let features: tf.SymbolicTensor = input
  for (const block of BLOCKS) features = denseBlock(features, block)
  const pooled = tf.layers.globalAveragePooling2d({ name: 'pool' }).apply(features) as tf.SymbolicTensor
  const output = tf.layers.dense({ units: outputs, name: 'fc' }).apply(pooled) as tf.SymbolicTensor
  return tf.model({ inputs: input, outputs: output, name })
}

/** out = relu(a + b(a) + c(relu(a + b)) + d(relu(a + b + c))), a strided by 2 (face-api's denseBlock4). */
function denseBlock(input: tf.SymbolicTensor, block: (typeof BLOCKS)[number]): tf.SymbolicTensor {
  const channels = 32 * 2 ** BLOCKS.indexOf(block)
  const first =
    block === 'dense0'
      ? (tf.layers
          .conv2d({
            filters: channels,
            kernelSize: 3,
            strides: 2,
            padding: 'same',
            activation: 'relu',
            name: 'dense0_conv0',
          })
          .apply(input) as tf.SymbolicTensor)
      : separable(input, `${block}_conv0`, channels, 2, 'relu')
  let sum = first
  let state = first
  for (let conv = 1; conv <= 3; conv++) {
    const out = separable(state, `${block}_conv${conv}`, channels, 1, 'linear')
    sum = tf.layers.add({ name: `${block}_sum${conv}` }).apply([sum, out]) as tf.SymbolicTensor
    state = tf.layers.reLU({ name: `${block}_relu${conv}` }).apply(sum) as tf.SymbolicTensor
  }
  return state
}

function separable(
  input: tf.SymbolicTensor,
  name: string,
  filters: number,
  strides: number,
  activation: 'relu' | 'linear',
): tf.SymbolicTensor {
  const depthwise = tf.layers
    .depthwiseConv2d({ kernelSize: 3, strides, padding: 'same', useBias: false, name: `${name}_depthwise` })
    .apply(input) as tf.SymbolicTensor
  return tf.layers
    .conv2d({ filters, kernelSize: 1, activation, name: `${name}_pointwise` })
    .apply(depthwise) as tf.SymbolicTensor
}

/** A layer's tensors in the order setWeights wants them; none for layers without weights. */
function weightsOfLayer(layerName: string, weights: FaceApiWeights): tf.Tensor[] {
  const [block = '', conv = '', part] = layerName.split('_')
  if (layerName === 'fc') return pick(weights, 'fc/weights', 'fc/bias')
  if (layerName === 'dense0_conv0') return pick(weights, 'dense0/conv0/filters', 'dense0/conv0/bias')
  if (part === 'depthwise') return pick(weights, `${block}/${conv}/depthwise_filter`)
  if (part === 'pointwise') return pick(weights, `${block}/${conv}/pointwise_filter`, `${block}/${conv}/bias`)
  return []
}

function pick(weights: FaceApiWeights, ...names: string[]): tf.Tensor[] {
  return names.map((name) => {
    const tensor = weights[name]
    if (!tensor) throw new Error(`face-api's net has no weights ${name}: another package version?`)
    return tensor
  })
}
