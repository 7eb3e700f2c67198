import { EMOTION_COUNT, EMOTIONS } from '../../../main/engine/emotions'
import type { FaceFrame, FaceObservation } from '../../../main/engine/face/types'
import type { MediaInfo } from '../../../main/engine/media/types'
import type { SpeechTimeline, SpeechWindow } from '../../../main/engine/speech/types'
import { createTimelineBuilder, type TimelineBuilderOptions } from '../../../main/engine/timeline/row-builder'
import { type AnalysisSettingsInput, analysisSettings } from '../../../main/engine/timeline/settings'
import type { ClipTimeline } from '../../../main/engine/timeline/types'

/** Seeded uniform numbers in [0, 1) (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A random distribution over n classes; sharper with a higher exponent. */
export function randomProbs(
  random: () => number,
  count: number = EMOTION_COUNT,
  sharpness = 3,
): Float64Array {
  const values = Float64Array.from({ length: count }, () => (random() + 1e-3) ** sharpness)
  const sum = values.reduce((a, b) => a + b, 0)
  return values.map((value) => value / sum)
}

/** Posterior with `top` on one emotion and the rest shared equally. */
export function peaked(emotion: number, top = 0.82, count: number = EMOTION_COUNT): Float32Array {
  return new Float32Array(count).fill((1 - top) / (count - 1)).fill(top, emotion, emotion + 1)
}

const UNIFORM = Array.from({ length: EMOTION_COUNT }, () => 1 / EMOTION_COUNT)

const quoted = {
  licence: 'MIT',
  attribution: 'Test, A. (2020). A model for tests.',
  calibration: { temperature: 1.25, protocol: 'none' },
  training: { data: 'synthetic', split: 'none', seeds: [] },
}

export const faceCard = {
  ...quoted,
  id: 'face-test',
  title: 'Face model for tests',
  labels: [...EMOTIONS] as string[],
  prior: UNIFORM,
  input: { crop: { levelEyes: true } },
  files: [{ name: 'model.json', sha256: 'a'.repeat(64) }],
}

/** Eight classes as RAVDESS has them. */
export const speechCard = {
  ...quoted,
  id: 'speech-test',
  title: 'Speech model for tests',
  labels: ['neutral', 'calm', 'happiness', 'sadness', 'anger', 'fear', 'disgust', 'surprise'],
  prior: Array.from({ length: 8 }, () => 1 / 8),
  files: [{ name: 'model.json', sha256: 'b'.repeat(64) }],
}

/** Speech posterior (eight classes) with `top` on a canonical emotion. */
export function spokenProbs(emotion: number, top = 0.72): Float32Array {
  return peaked(emotion === 0 ? 0 : emotion + 1, top, 8)
}

export interface MediaOptions {
  readonly hasVideo?: boolean
  readonly hasAudio?: boolean
  readonly durationSecs?: number | null
  readonly fps?: number | null
}

export function mediaInfo(options: MediaOptions = {}): MediaInfo {
  const { hasVideo = true, hasAudio = true, durationSecs = 10, fps = 25 } = options
  return {
    path: '/data/clips/a clip.mp4',
    sizeBytes: 1000,
    container: 'mov,mp4,m4a,3gp,3g2,mj2',
    durationSecs,
    video: hasVideo
      ? {
          streamIndex: 0,
          codec: 'h264',
          profile: 'High',
          pixelFormat: 'yuv420p',
          bitDepth: 8,
          codedWidthPx: 640,
          codedHeightPx: 480,
          widthPx: 640,
          heightPx: 480,
          rotationDegrees: 0,
          timeBase: { num: 1, den: 12800 },
          startTicks: 0,
          nominalFps: fps,
          measuredFps: fps,
          isVariableRate: false,
          durationSecs,
        }
      : null,
    audio: hasAudio
      ? {
          streamIndex: 1,
          codec: 'aac',
          sampleRateHz: 48000,
          channels: 2,
          timeBase: { num: 1, den: 48000 },
          startTicks: 0,
          durationSecs,
        }
      : null,
    zeroSecs: 0,
  }
}

export function observation(
  emotion: number,
  changes: Partial<FaceObservation> & { readonly top?: number } = {},
): FaceObservation {
  const { top = 0.82, ...rest } = changes
  return {
    trackId: 1,
    box: { x: 100, y: 80, w: 120, h: 130 },
    score: 0.97,
    isDetected: true,
    quality: 'ok',
    yawDegrees: 3,
    rollDegrees: 1,
    sharpness: 1,
    modelProbs: peaked(emotion, top),
    ...rest,
  }
}

/** Frames at a fixed rate; `emotionAt` gives the emotion of the one face, null for no face. */
export function faceFrames(
  count: number,
  fps: number,
  emotionAt: (timeSecs: number, index: number) => number | null,
): FaceFrame[] {
  return Array.from({ length: count }, (_, frameIndex) => {
    const timeSecs = frameIndex / fps
    const emotion = emotionAt(timeSecs, frameIndex)
    return { frameIndex, timeSecs, isAnalysed: true, faces: emotion === null ? [] : [observation(emotion)] }
  })
}

export function speechWindow(
  startSecs: number,
  endSecs: number,
  emotion: number | null,
  changes: Partial<SpeechWindow> = {},
): SpeechWindow {
  return {
    startSecs,
    endSecs,
    state: emotion === null ? 'silence' : 'speech',
    rmsDb: emotion === null ? -70 : -25,
    speechShare: emotion === null ? 0 : 1,
    snrDb: 30,
    modelProbs: emotion === null ? null : spokenProbs(emotion),
    ...changes,
  }
}

/** Speech from startSecs to endSecs in windows of 2.5 s every 0.25 s, silence around it. */
export function spoken(
  spanEndSecs: number,
  startSecs: number,
  endSecs: number,
  emotionAt: (centreSecs: number) => number,
): SpeechTimeline {
  const windows: SpeechWindow[] = []
  if (startSecs > 0) windows.push(speechWindow(0, startSecs, null))
  for (let at = startSecs; at + 2.5 <= endSecs + 1e-9; at += 0.25)
    windows.push(speechWindow(at, at + 2.5, emotionAt(at + 1.25)))
  if (endSecs < spanEndSecs) windows.push(speechWindow(endSecs, spanEndSecs, null))
  return { span: { startSecs: 0, endSecs: spanEndSecs }, activity: [{ startSecs, endSecs }], windows }
}

export function buildTimeline(
  frames: Iterable<FaceFrame>,
  options: Partial<Omit<TimelineBuilderOptions, 'settings'>> & {
    readonly settings?: AnalysisSettingsInput
  } = {},
): ClipTimeline {
  const builder = createTimelineBuilder({
    media: mediaInfo(),
    faceCard,
    speech: null,
    speechCard: null,
    ...options,
    settings: analysisSettings(options.settings),
  })
  for (const frame of frames) builder.add(frame)
  return builder.finish()
}

export function probsAt(probs: Float32Array, row: number): number[] {
  return [...probs.subarray(row * EMOTION_COUNT, (row + 1) * EMOTION_COUNT)]
}
