import { tf } from '../inference/tf'
import { type FaceApiWeights, readFaceApiWeights } from './face-api-weights'

/** face-api's tiny face detector (MIT): anchors in grid cells and the mean colour it subtracts. */
const ANCHORS: readonly (readonly [number, number])[] = [
  [1.603231, 2.094468],
  [6.041143, 7.080126],
  [2.882459, 3.518061],
  [4.266906, 5.178857],
  [9.041765, 10.66308],
]
const MEAN_RGB = [117.001, 114.697, 97.404]
const LEAK = 0.10000000149011612
/** x, y, width, height and score of each anchor. */
const BOX_VALUES = 5

/** A box as fractions of the square input, with its score. */
export interface RawDetection {
  readonly centreX: number
  readonly centreY: number
  readonly width: number
  readonly height: number
  readonly score: number
}

/**
 * The network of face-api's TinyFaceDetector on its own weights, for several pictures at once (face-api takes one at a
 * time). Six stages of convolution and pooling, then five anchors for each of the (side/32)^2 cells.
 */
export class TinyFaceNet {
  private constructor(private readonly weights: FaceApiWeights) {}

  static async load(): Promise<TinyFaceNet> {
    return new TinyFaceNet(await readFaceApiWeights('tiny_face_detector'))
  }

  /**
   * @param pictures shape [count, sidePx, sidePx, 3], RGB 0..255; padding is black
   * @param threshold boxes with a lower score are left out
   * @returns for each picture its boxes, not yet free of overlaps
   */
  async detect(
    pictures: Float32Array,
    count: number,
    sidePx: number,
    threshold: number,
  ): Promise<RawDetection[][]> {
    const output = tf.tidy(() => this.forward(tf.tensor4d(pictures, [count, sidePx, sidePx, 3])))
    const cells = output.shape[1]
    const values = await output.data<'float32'>()
    output.dispose()
    const perPicture = values.length / count
    return Array.from({ length: count }, (_, picture) =>
      decodeBoxes(values.subarray(picture * perPicture, (picture + 1) * perPicture), cells, threshold),
    )
  }

  private forward(pictures: tf.Tensor4D): tf.Tensor4D {
    let x = tf.div(tf.sub(pictures, tf.tensor1d(MEAN_RGB)), 255) as tf.Tensor4D
    // The first convolution has no padding, the pools keep the size: 224 px make 7 x 7 cells.
    x = this.convolve(x, 'conv0/filters', 'conv0', 'valid', true)
    x = tf.maxPool(x, 2, 2, 'same')
    for (let stage = 1; stage <= 5; stage++) {
      const name = `conv${stage}`
      const depthwise = tf.depthwiseConv2d(
        x,
        this.weight(`${name}/depthwise_filter`) as tf.Tensor4D,
        1,
        'same',
      )
      x = this.convolve(depthwise, `${name}/pointwise_filter`, name, 'same', true)
      x = tf.maxPool(x, 2, stage === 5 ? 1 : 2, 'same')
    }
    return this.convolve(x, 'conv8/filters', 'conv8', 'same', false)
  }

  private convolve(
    x: tf.Tensor4D,
    filter: string,
    name: string,
    pad: 'same' | 'valid',
    isLeaky: boolean,
  ): tf.Tensor4D {
    return tf.fused.conv2d({
      x,
      filter: this.weight(filter) as tf.Tensor4D,
      strides: 1,
      pad,
      bias: this.weight(`${name}/bias`),
      activation: isLeaky ? 'leakyrelu' : 'linear',
      leakyreluAlpha: LEAK,
    })
  }

  private weight(name: string): tf.Tensor {
    const tensor = this.weights[name]
    if (!tensor) throw new Error(`the tiny face detector has no weights ${name}: another package version?`)
    return tensor
  }

  dispose(): void {
    tf.dispose(Object.values(this.weights))
  }
}

function decodeBoxes(values: Float32Array, cells: number, threshold: number): RawDetection[] {
  const found: RawDetection[] = []
  const logitThreshold = Math.log(threshold / (1 - threshold))
  let at = 0
  for (let row = 0; row < cells; row++)
    for (let column = 0; column < cells; column++)
      for (const [anchorWidth, anchorHeight] of ANCHORS) {
        const logit = values[at + 4] as number
        if (logit > logitThreshold)
          found.push({
            centreX: (column + sigmoid(values[at] as number)) / cells,
            centreY: (row + sigmoid(values[at + 1] as number)) / cells,
            width: (Math.exp(values[at + 2] as number) * anchorWidth) / cells,
            height: (Math.exp(values[at + 3] as number) * anchorHeight) / cells,
            score: sigmoid(logit),
          })
        at += BOX_VALUES
      }
  return found
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}
