import { tf } from '../inference/tf'
import { buildFaceApiNet, FACE_API_INPUT_PX, FACE_API_MEAN_RGB, FACE_API_SCALE } from './face-api-net'
import { type Picture, Resampler } from './resample'
import type { Box } from './types'

export const LANDMARK_COUNT = 68

export interface LandmarkRequest {
  readonly picture: Picture
  readonly box: Box
}

/** Finds the 68 points of the iBUG 300-W scheme in detected faces, many faces in one pass. */
export class FaceLandmarker {
  readonly name = 'face-api landmarks 68'
  private readonly resampler = new Resampler()

  private constructor(private readonly network: tf.LayersModel) {}

  static async open(): Promise<FaceLandmarker> {
    return new FaceLandmarker(await buildFaceApiNet('face_landmark_68'))
  }

  /**
   * @returns for each face x, y pairs in pixels of its picture, shape [68, 2]. As face-api does it, the box is cut at
   * the picture's edge and centred on black in a square.
   */
  async locate(faces: readonly LandmarkRequest[]): Promise<Float32Array[]> {
    if (faces.length === 0) return []
    const side = FACE_API_INPUT_PX
    const perFace = side * side * 3
    const input = new Float32Array(faces.length * perFace)
    const squares = faces.map((face, index) => this.cut(face, input, index * perFace))
    normalise(input)
    const output = tf.tidy(
      () => this.network.predict(tf.tensor4d(input, [faces.length, side, side, 3])) as tf.Tensor2D,
    )
    const values = await output.data<'float32'>()
    output.dispose()
    return squares.map(({ left, top, size }, index) => {
      const points = new Float32Array(LANDMARK_COUNT * 2)
      for (let i = 0; i < points.length; i++) {
        const value = values[index * LANDMARK_COUNT * 2 + i] as number
        points[i] = (i % 2 === 0 ? left : top) + value * size
      }
      return points
    })
  }

  /** @returns the square in the picture that the network's input shows */
  private cut({ picture, box }: LandmarkRequest, input: Float32Array, offset: number) {
    const side = FACE_API_INPUT_PX
    const left = Math.min(Math.max(0, box.x), picture.widthPx - 1)
    const top = Math.min(Math.max(0, box.y), picture.heightPx - 1)
    const width = Math.max(1, Math.min(picture.widthPx, box.x + box.w) - left)
    const height = Math.max(1, Math.min(picture.heightPx, box.y + box.h) - top)
    const size = Math.max(width, height)
    const columns = Math.max(1, Math.round((side * width) / size))
    const rows = Math.max(1, Math.round((side * height) / size))
    const skipColumns = Math.floor((side - columns) / 2)
    const skipRows = Math.floor((side - rows) / 2)
    const start = offset + (skipRows * side + skipColumns) * 3
    this.resampler.resize(picture, { left, top, width, height }, columns, rows, input, start, side)
    return { left: left - (skipColumns / side) * size, top: top - (skipRows / side) * size, size }
  }

  dispose(): void {
    this.network.dispose()
  }
}

function normalise(values: Float32Array): void {
  for (let i = 0; i < values.length; i += 3)
    for (let channel = 0; channel < 3; channel++)
      values[i + channel] =
        ((values[i + channel] as number) - (FACE_API_MEAN_RGB[channel] as number)) / FACE_API_SCALE
}
