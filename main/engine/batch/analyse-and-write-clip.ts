import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { analyseClip } from '../analyse-clip'
import type { ClipModels } from '../clip-models'
import { throwIfAborted, UnmaskError } from '../errors'
import type { ClipContext } from '../export/clip-context'
import { writeClipResults } from '../export/write-clip'
import { FACE_PARAMETERS } from '../face/parameters'
import type { BackendReport } from '../inference/backend-choice'
import { ffmpegVersion } from '../media/node-av'
import { probe } from '../media/probe'
import type { MediaInfo } from '../media/types'
import { speechParameters } from '../speech/speech-parameters'
import type { ClipJob, ClipOutcome, ClipProgress } from './clip-job'

export interface ClipRunner {
  readonly backend: BackendReport
  readonly models: ClipModels
  readonly appVersion: string
}

export interface ClipRunOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: ClipProgress) => void
}

/**
 * The whole way of one clip: probe, hash, analyse, write.
 * @throws UnmaskError for this clip alone; nothing half-written stays behind
 */
export async function analyseAndWriteClip(
  job: ClipJob,
  { backend, models, appVersion }: ClipRunner,
  { signal, onProgress }: ClipRunOptions,
): Promise<ClipOutcome> {
  const { settings } = job.options
  const startMs = performance.now()
  onProgress?.({ stage: 'probe', fraction: null, frames: 0 })
  const media = await probe(job.path, { signal })
  requireWantedStream(media, models)
  const probedMs = performance.now()
  const sha256 = await hashFile(job.path, media.sizeBytes, { signal, onProgress })
  const hashedMs = performance.now()
  const { timeline, damage, timings } = await analyseClip({
    media,
    models,
    settings,
    landmarks: job.options.exports.landmarks,
    signal,
    onProgress,
  })
  throwIfAborted(signal)
  onProgress?.({ stage: 'write', fraction: 1, frames: timeline.frameCount })
  const context: ClipContext = {
    clipId: job.clipId,
    fileName: basename(job.path),
    mediaPath: job.path,
    sha256,
    media,
    settings,
    faceCard: models.face?.model.card ?? null,
    speechCard: models.speech?.card ?? null,
    appVersion,
    backend: {
      name: backend.name,
      details: {
        description: backend.description,
        ...(models.face && { detector: models.face.detector.name }),
      },
    },
    versions: { node: process.versions.node, ffmpeg: await ffmpegVersion(), tfjs: backend.tfjsVersion },
    parameters: usedParameters(media, models),
    timingsSecs: { probe: (probedMs - startMs) / 1000, hash: (hashedMs - probedMs) / 1000, ...timings },
    analysedAt: new Date().toISOString(),
    damage,
  }
  const files = await writeClipResults(timeline, context, job.outFolder, job.options.exports)
  return {
    files,
    frames: timeline.frameCount,
    warnings: [...timeline.warnings],
    wallSecs: (performance.now() - startMs) / 1000,
  }
}

/** Parameters of the parts that this clip went through. */
function usedParameters(media: MediaInfo, { face, speech }: ClipModels): ClipContext['parameters'] {
  return {
    ...(media.video &&
      face && {
        faceAnalysis: { detector: face.detector.name, ...FACE_PARAMETERS },
        faceInput: face.model.card.input,
      }),
    ...(media.audio && speech && speechParameters(speech.card)),
  }
}

/** A clip that holds nothing of what was asked for is an error, not a table of empty cells. */
function requireWantedStream(media: MediaInfo, models: ClipModels): void {
  if ((media.video && models.face) || (media.audio && models.speech)) return
  const [has, lacks] = media.video ? ['video', 'audio'] : ['audio', 'video']
  throw new UnmaskError(
    'media.no-streams',
    `there is ${has} but no ${lacks}, which --modality asks for: ${media.path}`,
    { stage: 'probe' },
  )
}

/** sha256 of a file, read in blocks. */
async function hashFile(
  path: string,
  sizeBytes: number,
  { signal, onProgress }: ClipRunOptions,
): Promise<string> {
  const hash = createHash('sha256')
  let read = 0
  for await (const block of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    throwIfAborted(signal)
    hash.update(block)
    read += block.length
    onProgress?.({ stage: 'hash', fraction: sizeBytes > 0 ? Math.min(1, read / sizeBytes) : null, frames: 0 })
  }
  return hash.digest('hex')
}
