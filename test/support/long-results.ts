import type { FaceFrame, FaceObservation } from '../../main/engine/face/types'
import { EMOTION_COUNT } from '../../main/engine/emotions'
import type { ClipContext, ExportOptions } from '../../main/engine/export/clip-context'
import { writeClipResults } from '../../main/engine/export/write-clip'
import type { SpeechTimeline, SpeechWindow } from '../../main/engine/speech/types'
import { createTimelineBuilder } from '../../main/engine/timeline/row-builder'
import { type AnalysisSettingsInput, analysisSettings } from '../../main/engine/timeline/settings'
import type { ClipTimeline } from '../../main/engine/timeline/types'
import { faceCard, mediaInfo, seeded, speechCard } from '../engine/timeline/fixtures'

export interface LongResultsOptions {
  readonly clipId?: string
  readonly durationSecs?: number
  readonly fps?: number
  readonly seed?: number
  readonly mediaPath?: string
  readonly exports?: Partial<ExportOptions>
  readonly settings?: AnalysisSettingsInput
}

export interface LongResults {
  readonly clipId: string
  readonly timeline: ClipTimeline
  readonly context: ClipContext
  /** Names in the results folder. */
  readonly files: readonly string[]
}

/**
 * Writes the result files of a synthetic clip through the engine's own timeline and writers: an hour at 30 frames a second
 * unless told otherwise. A face most of the time, a second one in the second quarter of each minute, none for three
 * seconds of every forty, and speech in turns with pauses; emotions drift and now and then jump. The same seed gives the
 * same bytes.
 */
export async function writeLongResults(
  folder: string,
  options: LongResultsOptions = {},
): Promise<LongResults> {
  const { clipId = 'long', durationSecs = 3600, fps = 30, seed = 1 } = options
  const mediaPath = options.mediaPath ?? `/data/clips/${clipId}.mp4`
  const media = { ...mediaInfo({ durationSecs, fps }), path: mediaPath }
  const settings = analysisSettings(options.settings)
  const random = seeded(seed)
  const builder = createTimelineBuilder({
    media,
    faceCard,
    speech: turns(durationSecs, random),
    speechCard,
    settings,
  })
  const drifts = [new Drift(random, EMOTION_COUNT), new Drift(random, EMOTION_COUNT)] as const
  for (let frameIndex = 0; frameIndex < durationSecs * fps; frameIndex++)
    builder.add(longFrame(frameIndex, frameIndex / fps, drifts, random))
  const timeline = builder.finish()
  const context: ClipContext = {
    clipId,
    fileName: `${clipId}.mp4`,
    mediaPath,
    sha256: 'c'.repeat(64),
    media,
    settings,
    faceCard,
    speechCard,
    appVersion: '0.0.0',
    backend: { name: 'wasm' },
    versions: { node: '20' },
    timingsSecs: { face: 1 },
    analysedAt: '2026-03-01T12:00:00.000Z',
  }
  const files = await writeClipResults(timeline, context, folder, {
    long: false,
    eaf: false,
    textgrid: false,
    boris: false,
    bom: false,
    ...options.exports,
  })
  return { clipId, timeline, context, files }
}

function longFrame(
  frameIndex: number,
  timeSecs: number,
  drifts: readonly [Drift, Drift],
  random: () => number,
): FaceFrame {
  const faces: FaceObservation[] = []
  const probs = drifts.map((drift) => drift.next())
  if (timeSecs % 40 < 37) faces.push(longFace(1, timeSecs, probs[0]!, random))
  if (timeSecs % 60 >= 15 && timeSecs % 60 < 30) faces.push(longFace(2, timeSecs, probs[1]!, random))
  return { frameIndex, timeSecs, isAnalysed: true, faces }
}

function longFace(
  trackId: number,
  timeSecs: number,
  modelProbs: Float32Array,
  random: () => number,
): FaceObservation {
  const sway = Math.sin(timeSecs / 3 + trackId)
  return {
    trackId,
    box: { x: 120 + 200 * (trackId - 1) + 20 * sway, y: 90 + 8 * sway, w: 130 + random(), h: 140 + random() },
    score: 0.8 + 0.2 * random(),
    isDetected: frameIsDetected(timeSecs),
    quality: 'ok',
    yawDegrees: 35 * sway,
    rollDegrees: 4 * sway,
    sharpness: 0.6 + 0.4 * random(),
    modelProbs,
  }
}

const frameIsDetected = (timeSecs: number): boolean => Math.round(timeSecs * 30) % 6 === 0

/** Seven (or eight) probabilities that wander, and jump about every five seconds at 30 a second. */
class Drift {
  readonly #random: () => number
  readonly #scores: Float64Array

  constructor(random: () => number, classes: number) {
    this.#random = random
    this.#scores = Float64Array.from({ length: classes }, () => 2 * random())
  }

  next(): Float32Array {
    const scores = this.#scores
    const isJump = this.#random() < 1 / 150
    for (let e = 0; e < scores.length; e++)
      scores[e] = isJump ? 4 * this.#random() : 0.98 * scores[e]! + 0.3 * (this.#random() - 0.45)
    const weights = scores.map((score) => Math.exp(1.5 * score))
    const sum = weights.reduce((total, weight) => total + weight, 0)
    return Float32Array.from(weights, (weight) => weight / sum)
  }
}

/** Speech of 4 to 16 s with pauses of 1 to 4 s, in windows of 2.5 s every 0.25 s. */
function turns(durationSecs: number, random: () => number): SpeechTimeline {
  const drift = new Drift(random, speechCard.labels.length)
  const windows: SpeechWindow[] = []
  const activity: { startSecs: number; endSecs: number }[] = []
  const steps = (secs: number): number => Math.round(secs * 4) / 4
  for (let at = 0; at < durationSecs;) {
    const pauseEnd = Math.min(durationSecs, at + steps(1 + 3 * random()))
    windows.push({
      startSecs: at,
      endSecs: pauseEnd,
      state: 'silence',
      rmsDb: -70 + random(),
      speechShare: 0,
      snrDb: 30,
      modelProbs: null,
    })
    const end = Math.min(durationSecs, pauseEnd + steps(4 + 12 * random()))
    if (end - pauseEnd >= 0.5) activity.push({ startSecs: pauseEnd, endSecs: end })
    for (let start = pauseEnd; start < end && (start === pauseEnd || start + 2.5 <= end); start += 0.25)
      windows.push({
        startSecs: start,
        endSecs: Math.min(start + 2.5, end),
        state: end - start < 0.6 ? 'too_short' : 'speech',
        rmsDb: -25 + 6 * random(),
        speechShare: Math.min(1, (end - start) / 2.5),
        snrDb: 20 + 10 * random(),
        modelProbs: end - start < 0.6 ? null : drift.next(),
      })
    at = end
  }
  return { span: { startSecs: 0, endSecs: durationSecs }, activity, windows }
}
