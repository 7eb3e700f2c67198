import { createRequire } from 'node:module'
import { tf } from '../inference/tf'
import type { Detection, DetectorSettings, FaceDetector } from './detector'
import { faceApiModelFolder } from './face-api-weights'
import { FACE_PARAMETERS } from './parameters'
import type { Picture } from './resample'

/** The part of face-api that is used; its node-wasm build runs on this program's own TensorFlow.js. */
interface SsdNet {
  loadFromDisk(folder: string): Promise<void>
  locateFaces(
    input: tf.Tensor3D,
    options: object,
  ): Promise<{ score: number; box: { x: number; y: number; width: number; height: number } }[]>
  dispose(): void
}
interface FaceApi {
  readonly SsdMobilenetv1: new () => SsdNet
  readonly SsdMobilenetv1Options: new (options: { minConfidence: number; maxResults: number }) => object
}

const requireFromHere = createRequire(typeof __filename === 'string' ? __filename : new URL(import.meta.url))
const MAX_FACES = 50

/** face-api's SSD MobileNet detector: several times slower than the tiny one, better on small and turned faces. */
export class SsdDetector implements FaceDetector {
  readonly name = 'face-api ssd'

  private constructor(
    private readonly net: SsdNet,
    private readonly options: object,
  ) {}

  static async open(settings: Omit<DetectorSettings, 'kind'> = {}): Promise<SsdDetector> {
    const faceApi = requireFromHere('face-api.js/dist/face-api.node-wasm.js') as FaceApi
    const net = new faceApi.SsdMobilenetv1()
    await net.loadFromDisk(faceApiModelFolder())
    const minConfidence = settings.minimumScore ?? FACE_PARAMETERS.keepScore
    return new SsdDetector(net, new faceApi.SsdMobilenetv1Options({ minConfidence, maxResults: MAX_FACES }))
  }

  async detect(pictures: readonly Picture[]): Promise<Detection[][]> {
    const result: Detection[][] = []
    for (const { rgb, widthPx, heightPx } of pictures) {
      const input = tf.tensor3d(rgb, [heightPx, widthPx, 3], 'int32')
      try {
        const found = await this.net.locateFaces(input, this.options)
        result.push(
          found.map(({ score, box: { x, y, width, height } }) => ({
            score,
            box: { x, y, w: width, h: height },
          })),
        )
      } finally {
        input.dispose()
      }
    }
    return result
  }

  dispose(): void {
    this.net.dispose()
  }
}
