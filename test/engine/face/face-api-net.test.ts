import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FaceCropper } from '../../../main/engine/face/crop'
import {
  buildFaceApiNet,
  FACE_API_INPUT_PX,
  FACE_API_MEAN_RGB,
  FACE_API_SCALE,
} from '../../../main/engine/face/face-api-net'
import { faceApiModelFolder } from '../../../main/engine/face/face-api-weights'
import { intersectionOverUnion } from '../../../main/engine/face/geometry'
import { FaceLandmarker } from '../../../main/engine/face/landmarks'
import { SsdDetector } from '../../../main/engine/face/ssd-detector'
import { TinyDetector } from '../../../main/engine/face/tiny-detector'
import { openBackend } from '../../../main/engine/inference/backend'
import { tf } from '../../../main/engine/inference/tf'
import { decodeVideo } from '../../../main/engine/media/decode-video'
import { probe } from '../../../main/engine/media/probe'
import type { VideoFrame } from '../../../main/engine/media/types'
import { sharedData } from '../../support/shared-data'

interface OriginalNet {
  loadFromDisk(folder: string): Promise<void>
  forward(input: tf.Tensor3D | tf.Tensor4D): Promise<tf.Tensor>
  dispose(): void
}
interface OriginalFaceApi {
  readonly FaceExpressionNet: new () => OriginalNet
  readonly FaceLandmark68Net: new () => OriginalNet & {
    detectLandmarks(input: tf.Tensor3D): Promise<{ positions: { x: number; y: number }[] }>
  }
  readonly TinyFaceDetector: new () => OriginalNet & {
    locateFaces(
      input: tf.Tensor3D,
      options: object,
    ): Promise<{ score: number; box: { x: number; y: number; width: number; height: number } }[]>
  }
}

const requireFromHere = createRequire(import.meta.url)
const clip = sharedData('clips', 'webcam-expressions.mp4')
const side = FACE_API_INPUT_PX

async function firstFrames(path: string, count: number): Promise<VideoFrame[]> {
  const frames: VideoFrame[] = []
  const info = await probe(path)
  for await (const frame of decodeVideo(info, { longestSidePx: 640 })) {
    frames.push(frame)
    if (frames.length === count) break
  }
  return frames
}

let faceApi: OriginalFaceApi
let network: tf.LayersModel

beforeAll(async () => {
  await openBackend('auto')
  faceApi = requireFromHere('face-api.js/dist/face-api.node-wasm.js') as OriginalFaceApi
  network = await buildFaceApiNet('face_expression')
})
afterAll(() => network.dispose())

describe('the converted expression net', () => {
  async function compare(pictures: Float32Array, count: number): Promise<number> {
    const original = new faceApi.FaceExpressionNet()
    await original.loadFromDisk(faceApiModelFolder())
    const batch = tf.tensor4d(pictures, [count, side, side, 3])
    const normalised = tf.tidy(() =>
      tf.div(tf.sub(batch, tf.tensor1d([...FACE_API_MEAN_RGB])), FACE_API_SCALE),
    )
    const ours = tf.tidy(() => tf.softmax(network.predict(normalised) as tf.Tensor))
    const values = await ours.data()
    let worst = 0
    for (let face = 0; face < count; face++) {
      const picture = tf.tidy(() =>
        tf.slice(batch, [face, 0, 0, 0], [1, side, side, 3]).reshape([side, side, 3]),
      )
      const wanted = await original.forward(picture as tf.Tensor3D)
      const wantedValues = await wanted.data()
      wantedValues.forEach(
        (value, i) => (worst = Math.max(worst, Math.abs(value - (values[face * 7 + i] as number)))),
      )
      tf.dispose([picture, wanted])
    }
    tf.dispose([batch, normalised, ours])
    original.dispose()
    return worst
  }

  it('gives what the original gives on synthetic pictures', async () => {
    const pictures = Float32Array.from({ length: 4 * side * side * 3 }, (_, i) =>
      Math.round(127 + 100 * Math.sin(i / 37) * Math.cos(i / (911 + (i % 5)))),
    )
    expect(await compare(pictures, 4)).toBeLessThan(1e-4)
  })

  it.skipIf(!clip)('gives what the original gives on faces (needs ../shared/data)', async () => {
    const frames = await firstFrames(clip as string, 3)
    const cropper = new FaceCropper({
      widthPx: side,
      heightPx: side,
      colour: 'rgb',
      normalisation: { kind: 'fixed', mean: [0, 0, 0], scale: 1 },
      crop: { reference: 'landmarks', boxCentreX: 0.5, boxCentreY: 0.5, boxSide: 1 / 1.2, levelEyes: false },
      mirrorAverage: false,
    })
    const pictures = new Float32Array(3 * side * side * 3)
    frames.forEach((frame, i) =>
      cropper.cut(frame, { x: 130, y: 90, w: 140 + 10 * i, h: 150 }, 0, pictures, i * side * side * 3),
    )
    expect(await compare(pictures, 3)).toBeLessThan(1e-4)
  })
})

describe.skipIf(!clip)('detector and landmarks (needs ../shared/data)', () => {
  it('find what the original finds', async () => {
    const frame = (await firstFrames(clip as string, 1))[0] as VideoFrame
    const picture = tf.tensor3d(frame.rgb, [frame.heightPx, frame.widthPx, 3], 'int32')
    const originalDetector = new faceApi.TinyFaceDetector()
    const originalLandmarks = new faceApi.FaceLandmark68Net()
    await originalDetector.loadFromDisk(faceApiModelFolder())
    await originalLandmarks.loadFromDisk(faceApiModelFolder())
    const [wanted] = await originalDetector.locateFaces(picture, { inputSize: 224, scoreThreshold: 0.5 })
    const detector = await TinyDetector.open()
    const [found] = (await detector.detect([frame]))[0] ?? []
    if (!wanted || !found) throw new Error('no face was found')
    // Ours is area-averaged before the net, the original takes single pixels.
    expect(Math.abs(found.box.x - wanted.box.x)).toBeLessThan(0.05 * wanted.box.width)
    expect(Math.abs(found.box.y - wanted.box.y)).toBeLessThan(0.05 * wanted.box.width)
    expect(Math.abs(found.box.w - wanted.box.width)).toBeLessThan(0.1 * wanted.box.width)

    const box = { x: Math.round(found.box.x), y: Math.round(found.box.y), w: 140, h: 150 }
    const face = tf.slice3d(picture, [box.y, box.x, 0], [box.h, box.w, 3])
    const { positions } = await originalLandmarks.detectLandmarks(face)
    const landmarker = await FaceLandmarker.open()
    const points = (await landmarker.locate([{ picture: frame, box }]))[0] as Float32Array
    const distances = positions.map(({ x, y }, i) =>
      Math.hypot(box.x + x - (points[2 * i] as number), box.y + y - (points[2 * i + 1] as number)),
    )
    expect(Math.max(...distances)).toBeLessThan(0.04 * box.w)
    tf.dispose([picture, face])
    for (const part of [originalDetector, originalLandmarks, detector, landmarker]) part.dispose()
  })

  it('leave the slow detector a choice that finds the same face, without leaving tensors', async () => {
    const frames = await firstFrames(clip as string, 2)
    const slow = await SsdDetector.open()
    const fast = await TinyDetector.open()
    const before = tf.memory().numTensors
    const found = await slow.detect(frames)
    expect(tf.memory().numTensors).toBe(before)
    const wanted = await fast.detect(frames)
    found.forEach((faces, i) => {
      expect(faces.length).toBe(1)
      expect(faces[0]?.score).toBeGreaterThan(0.9)
      const box = faces[0]?.box
      const other = wanted[i]?.[0]?.box
      if (!box || !other) throw new Error('no face was found')
      // Its boxes are tighter: the middle of one lies in the other.
      expect(box.x + box.w / 2).toBeGreaterThan(other.x)
      expect(box.x + box.w / 2).toBeLessThan(other.x + other.w)
      expect(intersectionOverUnion(box, other)).toBeGreaterThan(0.3)
    })
    slow.dispose()
    fast.dispose()
  })
})
