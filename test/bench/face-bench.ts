import { createRequire } from 'node:module'
import { join } from 'node:path'
import { analyseFaces } from '../../main/engine/face/analyse-faces'
import { faceApiModelFolder } from '../../main/engine/face/face-api-weights'
import { type FaceEngine, openFaceEngine } from '../../main/engine/face/open-face-engine'
import { FACE_PARAMETERS } from '../../main/engine/face/parameters'
import type { BackendChoice } from '../../main/engine/inference/backend-choice'
import { openBackend } from '../../main/engine/inference/backend'
import { tf } from '../../main/engine/inference/tf'
import { decodeVideo } from '../../main/engine/media/decode-video'
import { probe } from '../../main/engine/media/probe'
import type { MediaInfo, VideoFrame } from '../../main/engine/media/types'

export interface FaceBenchResult {
  readonly clip: string
  readonly backend: string
  /** Frames analysed by each pipeline. */
  readonly frames: number
  /** Frames a second of decoding and analysis, this program. */
  readonly ours: number
  /** The same for face-api as its examples use it: every frame, one at a time. */
  readonly plain: number | null
  readonly ratio: number | null
  /** Processor milliseconds a frame, all threads: what counts where other programs share the machine. */
  readonly oursCpuMs: number
  readonly plainCpuMs: number | null
}

export interface FaceBenchOptions {
  readonly backend: BackendChoice
  /** The clip is decoded again and again until it has given this many frames. */
  readonly minimumFrames?: number
  readonly modelFolder?: string
  /** False leaves the plain pipeline out. */
  readonly withPlain?: boolean
}

/** The part of face-api the plain pipeline needs. */
interface PlainFaceApi {
  readonly nets: Readonly<
    Record<
      'tinyFaceDetector' | 'faceLandmark68Net' | 'faceExpressionNet',
      { loadFromDisk(folder: string): Promise<void> }
    >
  >
  readonly TinyFaceDetectorOptions: new (options: { inputSize: number; scoreThreshold: number }) => object
  detectAllFaces(
    input: tf.Tensor3D,
    options: object,
  ): { withFaceLandmarks(): { withFaceExpressions(): Promise<readonly object[]> } }
}

const requireFromHere = createRequire(typeof __filename === 'string' ? __filename : new URL(import.meta.url))
/** The first frames pay for kernels and buffers that later ones reuse. */
const WARM_UP_FRAMES = 40
const PLAIN_INPUT_PX = 224

/** Frames a second of this program and of the plain face-api pipeline, one after the other, in this process. */
export async function benchFaces(clipPath: string, options: FaceBenchOptions): Promise<FaceBenchResult> {
  const backend = await openBackend(options.backend)
  const info = await probe(clipPath)
  const minimumFrames = options.minimumFrames ?? 900
  const engine = await openFaceEngine({
    modelFolder: options.modelFolder ?? join('models', 'face'),
    detector: { kind: 'tiny' },
  })
  try {
    await runOurs(engine, info, WARM_UP_FRAMES)
    const ours = await runOurs(engine, info, minimumFrames)
    const plain = options.withPlain === false ? null : await runPlain(info, minimumFrames)
    return {
      clip: clipPath,
      backend: backend.name,
      frames: ours.frames,
      ours: ours.fps,
      plain: plain && plain.fps,
      ratio: plain && ours.fps / plain.fps,
      oursCpuMs: ours.cpuMs,
      plainCpuMs: plain && plain.cpuMs,
    }
  } finally {
    engine.dispose()
  }
}

interface Timed {
  readonly frames: number
  readonly fps: number
  readonly cpuMs: number
}

async function timeFrames(frames: AsyncIterable<unknown>): Promise<Timed> {
  const started = performance.now()
  const cpuBefore = process.cpuUsage()
  let count = 0
  for await (const _ of frames) count++
  const { user, system } = process.cpuUsage(cpuBefore)
  const wallMs = performance.now() - started
  return { frames: count, fps: (1000 * count) / wallMs, cpuMs: (user + system) / 1000 / count }
}

function runOurs(engine: FaceEngine, info: MediaInfo, minimumFrames: number): Promise<Timed> {
  const { widthPx = 0, heightPx = 0 } = info.video ?? {}
  return timeFrames(
    analyseFaces(loop(info, minimumFrames), {
      ...engine,
      sourceWidthPx: widthPx,
      sourceHeightPx: heightPx,
      analysisFps: 'all',
    }),
  )
}

async function runPlain(info: MediaInfo, minimumFrames: number): Promise<Timed> {
  const faceApi = await openPlain()
  await timeFrames(analysePlainly(faceApi, loop(info, WARM_UP_FRAMES)))
  return timeFrames(analysePlainly(faceApi, loop(info, minimumFrames)))
}

async function openPlain(): Promise<PlainFaceApi> {
  const faceApi = requireFromHere('face-api.js/dist/face-api.node-wasm.js') as PlainFaceApi
  for (const net of PLAIN_NETS) await faceApi.nets[net].loadFromDisk(faceApiModelFolder())
  return faceApi
}

const PLAIN_NETS = ['tinyFaceDetector', 'faceLandmark68Net', 'faceExpressionNet'] as const

async function* analysePlainly(
  faceApi: PlainFaceApi,
  frames: AsyncIterable<VideoFrame>,
): AsyncGenerator<readonly object[]> {
  const options = new faceApi.TinyFaceDetectorOptions({ inputSize: PLAIN_INPUT_PX, scoreThreshold: 0.5 })
  for await (const { rgb, widthPx, heightPx } of frames) {
    const picture = tf.tensor3d(rgb, [heightPx, widthPx, 3], 'int32')
    yield await faceApi.detectAllFaces(picture, options).withFaceLandmarks().withFaceExpressions()
    picture.dispose()
  }
}

/** The clip over and over, its frames numbered and timed on. */
async function* loop(info: MediaInfo, minimumFrames: number): AsyncGenerator<VideoFrame> {
  let index = 0
  let startSecs = 0
  while (index < minimumFrames) {
    let lastSecs = 0
    for await (const frame of decodeVideo(info, { longestSidePx: FACE_PARAMETERS.decodeLongestSidePx })) {
      yield { ...frame, index: index++, timeSecs: startSecs + frame.timeSecs }
      lastSecs = frame.timeSecs
      if (index >= minimumFrames) return
    }
    startSecs += lastSecs + 1 / (info.video?.measuredFps ?? 25)
  }
}
