import type { ClipProgress } from './batch/clip-job'
import type { ClipModels } from './clip-models'
import { throwIfAborted, UnmaskError } from './errors'
import { analyseFaces } from './face/analyse-faces'
import { FACE_PARAMETERS } from './face/parameters'
import { decodeAudio } from './media/decode-audio'
import { decodeVideo } from './media/decode-video'
import type { MediaInfo } from './media/types'
import { analyseSpeech } from './speech/analyse-speech'
import type { SpeechTimeline } from './speech/types'
import { createTimelineBuilder, type TimelineBuilder } from './timeline/row-builder'
import type { AnalysisSettings } from './timeline/settings'
import type { ClipTimeline } from './timeline/types'

/** Of the time that speech takes, what reading it takes; the rest is the network. */
const READING_SHARE = 0.7

export interface AnalyseClipOptions {
  readonly media: MediaInfo
  readonly models: ClipModels
  readonly settings: AnalysisSettings
  /** Whether the timeline keeps the landmarks of the faces. */
  readonly landmarks?: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: ClipProgress) => void
}

export interface ClipAnalysis {
  readonly timeline: ClipTimeline
  /** Why the media could not be read to its end; empty for a sound file. */
  readonly damage: readonly string[]
  /** Wall seconds by stage. */
  readonly timings: { readonly speech: number; readonly face: number }
}

/**
 * Reads face, voice and both from one clip. The voice goes first: it is quick, and each frame then finds its speech
 * window at once, so that nothing but the row table grows with the clip.
 * @throws UnmaskError 'media.*' when neither stream decodes; 'cancelled'
 */
export async function analyseClip(options: AnalyseClipOptions): Promise<ClipAnalysis> {
  const { media, models, settings } = options
  const wantsFusion = settings.modalities.includes('fusion')
  const face = wantsFusion || settings.modalities.includes('face') ? models.face : null
  const speechModel = wantsFusion || settings.modalities.includes('speech') ? models.speech : null
  const damage: string[] = []

  const speechStartMs = performance.now()
  const hasFaces = media.video !== null && face !== null
  let speech: SpeechTimeline | null = null
  if (media.audio && speechModel) {
    try {
      speech = await readSpeech(options, speechModel, damage)
    } catch (error) {
      if (!hasFaces) throw error
      damage.push(`audio: ${undecodable(error)}`)
    }
  }
  const faceStartMs = performance.now()
  const openBuilder = (withFaces: boolean) =>
    createTimelineBuilder({
      media,
      faceCard: withFaces && face ? face.model.card : null,
      speech,
      speechCard: speechModel?.card ?? null,
      settings,
    })
  let builder = openBuilder(true)
  if (hasFaces) {
    try {
      await readFaces(options, face, { builder, damage })
    } catch (error) {
      if (!speech) throw error
      damage.push(`video: ${undecodable(error)}`)
      builder = openBuilder(false)
    }
  }
  for (const reason of damage) builder.addWarning(reason)
  const timeline = builder.finish()
  const endMs = performance.now()
  return {
    timeline,
    damage,
    timings: { speech: (faceStartMs - speechStartMs) / 1000, face: (endMs - faceStartMs) / 1000 },
  }
}

/** Why nothing of a stream can be decoded, which costs the clip that stream alone. @throws every other error again */
function undecodable(error: unknown): string {
  if (error instanceof UnmaskError && error.code === 'media.decode-failed') return error.message
  throw error
}

async function readSpeech(
  { media, settings, signal, onProgress }: AnalyseClipOptions,
  model: NonNullable<ClipModels['speech']>,
  damage: string[],
): Promise<SpeechTimeline> {
  const { sampleRateHz } = model.card.input
  onProgress?.({ stage: 'speech', fraction: 0, frames: 0, audioSecs: 0 })
  const blocks = decodeAudio(media, {
    sampleRateHz,
    signal,
    onDamage: (reason) => damage.push(`audio: ${reason}`),
  })
  return analyseSpeech(blocks, {
    model,
    windowSecs: settings.speech.windowSecs,
    hopSecs: settings.speech.hopSecs,
    signal,
    onProgress: (readSecs, classifiedShare) => {
      const readShare = share(readSecs, media.durationSecs)
      const fraction =
        readShare === null ? null : READING_SHARE * readShare + (1 - READING_SHARE) * classifiedShare
      onProgress?.({ stage: 'speech', fraction, frames: 0, audioSecs: readSecs * (1 + classifiedShare) })
    },
  })
}

async function readFaces(
  { media, settings, landmarks, signal, onProgress }: AnalyseClipOptions,
  face: NonNullable<ClipModels['face']>,
  { builder, damage }: { builder: TimelineBuilder; damage: string[] },
): Promise<void> {
  const { video } = media
  if (!video) return
  const frames = decodeVideo(media, {
    longestSidePx: FACE_PARAMETERS.decodeLongestSidePx,
    signal,
    onDamage: (reason) => damage.push(`video: ${reason}`),
  })
  const results = analyseFaces(frames, {
    detector: face.detector,
    landmarker: face.landmarker,
    model: face.model,
    sourceWidthPx: video.widthPx,
    sourceHeightPx: video.heightPx,
    analysisFps: settings.framesPerSec,
    landmarks,
    signal,
  })
  for await (const frame of results) {
    throwIfAborted(signal)
    builder.add(frame)
    onProgress?.({
      stage: 'face',
      fraction: share(frame.timeSecs, video.durationSecs ?? media.durationSecs),
      frames: frame.frameIndex + 1,
    })
  }
}

function share(secs: number, durationSecs: number | null): number | null {
  return durationSecs && durationSecs > 0 ? Math.min(1, Math.max(0, secs / durationSecs)) : null
}
