import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { analyseAndWriteClip } from '../../main/engine/batch/analyse-and-write-clip'
import { openClipModels } from '../../main/engine/clip-models'
import type { BackendChoice } from '../../main/engine/inference/backend-choice'
import { openBackend } from '../../main/engine/inference/backend'
import { chooseModel } from '../../main/engine/inference/model-choice'
import { analysisSettings } from '../../main/engine/timeline/settings'
import { HostClient } from '../../main/host/host-client'
import { findAppPaths } from '../../main/host/app-paths'
import { benchFaces } from './face-bench'
import { benchFrames } from './frames-bench'
import { benchMfcc } from './mfcc-bench'
import { benchNetworks } from './network-bench'
import { benchResults, benchSound } from './results-bench'

export type BenchCase =
  | { readonly kind: 'mfcc' }
  | {
      readonly kind: 'faces'
      readonly clip: string
      readonly backend: BackendChoice
      readonly minimumFrames: number
      readonly withPlain: boolean
    }
  | { readonly kind: 'clip'; readonly clip: string; readonly backend: BackendChoice }
  | { readonly kind: 'network'; readonly backend: BackendChoice }
  | { readonly kind: 'start'; readonly backend: BackendChoice }
  | { readonly kind: 'results'; readonly durationSecs: number }
  | { readonly kind: 'sound'; readonly clip: string }
  | { readonly kind: 'frames'; readonly clip: string }

export type BenchFigures = Readonly<Record<string, number | string>>

const noExports = { long: false, eaf: false, textgrid: false, boris: false, landmarks: false, bom: false }

export async function runCase(benchCase: BenchCase): Promise<BenchFigures> {
  switch (benchCase.kind) {
    case 'mfcc': {
      const { ours, meyda, ratio } = await benchMfcc()
      return { 'x real time': ours, 'Meyda, x real time': meyda, ratio }
    }
    case 'faces':
      return faces(benchCase)
    case 'clip':
      return wholeClip(benchCase.clip, benchCase.backend)
    case 'network': {
      const { faceMs, referenceMs } = await benchNetworks(benchCase.backend)
      return { 'ms a face': faceMs, 'matrix product, ms': referenceMs, ratio: faceMs / referenceMs }
    }
    case 'start':
      return start(benchCase.backend)
    case 'results':
      return results(benchCase.durationSecs)
    case 'sound':
      return sound(benchCase.clip)
    case 'frames':
      return frames(benchCase.clip)
  }
}

/** Stepping through a clip, a frame at a time. */
async function frames(clip: string): Promise<BenchFigures> {
  const { openMs, forwards, backwards, backwardsRushed, jumps, decodeMs } = await benchFrames(clip)
  return {
    'opened, ms': openMs,
    'step forwards, ms': forwards.medianMs,
    'step forwards, 95%, ms': forwards.p95Ms,
    'step backwards, ms': backwards.medianMs,
    'step backwards, 95%, ms': backwards.p95Ms,
    'step backwards, slowest, ms': backwards.maxMs,
    'backwards without pause, 95%, ms': backwardsRushed.p95Ms,
    'jump, ms': jumps.medianMs,
    'plain decoding, ms a frame': decodeMs,
  }
}

async function faces(benchCase: Extract<BenchCase, { kind: 'faces' }>): Promise<BenchFigures> {
  const { clip, ...options } = benchCase
  const found = await benchFaces(clip, options)
  const ours = { frames: found.frames, 'frames/s': found.ours, 'CPU ms a frame': found.oursCpuMs }
  if (found.plain === null || found.ratio === null) return ours
  return {
    ...ours,
    'plain pipeline, frames/s': found.plain,
    'plain CPU ms a frame': found.plainCpuMs ?? 0,
    ratio: found.ratio,
  }
}

/** Opening the results of a long clip, without the window. */
async function results(durationSecs: number): Promise<BenchFigures> {
  const { rows, megabytes, firstSecs, againSecs, bytesSecs } = await benchResults(durationSecs)
  return {
    rows,
    MB: megabytes,
    'first time, s': firstSecs,
    'again, s': againSecs,
    'reading the bytes, s': bytesSecs,
    ratio: againSecs / bytesSecs,
  }
}

async function sound(clip: string): Promise<BenchFigures> {
  const { timesRealTime, decodingTimesRealTime, slowestReadMs } = await benchSound(clip)
  return {
    'x real time': timesRealTime,
    'decoding alone, x real time': decodingTimesRealTime,
    ratio: timesRealTime / decodingTimesRealTime,
    'slowest view, ms': slowestReadMs,
    'peak memory, MiB': process.resourceUsage().maxRSS / 1024,
  }
}

/** Probe, hash, voice, face, fusion and files: what the command does with a clip. */
async function wholeClip(clip: string, backend: BackendChoice): Promise<BenchFigures> {
  const outFolder = await mkdtemp(join(tmpdir(), 'unmask-bench-out-'))
  try {
    const report = await openBackend(backend)
    const { modelsFolder } = findAppPaths(__dirname)
    const face = await chooseModel(modelsFolder, 'face-emotion')
    const speech = await chooseModel(modelsFolder, 'speech-emotion')
    const models = await openClipModels({
      faceModelFolder: face.folder,
      speechModelFolder: speech.folder,
      detector: 'tiny',
    })
    const options = { settings: analysisSettings(), exports: noExports }
    const job = { clipId: 'clip', path: clip, outFolder, options }
    const outcome = await analyseAndWriteClip(job, { backend: report, models, appVersion: 'bench' }, {})
    return {
      frames: outcome.frames,
      'frames/s': outcome.frames / outcome.wallSecs,
      'peak memory, MiB': process.resourceUsage().maxRSS / 1024,
    }
  } finally {
    await rm(outFolder, { recursive: true, force: true })
  }
}

/** From starting a host to its first analysed frame. */
async function start(backend: BackendChoice): Promise<BenchFigures> {
  const { modelsFolder, sampleFolder, hostScript } = findAppPaths(__dirname)
  const outFolder = await mkdtemp(join(tmpdir(), 'unmask-bench-out-'))
  const startMs = performance.now()
  const host = new HostClient({
    script: hostScript,
    config: {
      backend,
      faceModelFolder: (await chooseModel(modelsFolder, 'face-emotion')).folder,
      speechModelFolder: (await chooseModel(modelsFolder, 'speech-emotion')).folder,
      detector: 'tiny',
      appVersion: 'bench',
    },
    stallSecs: 60,
  })
  try {
    await host.whenReady()
    const readySecs = (performance.now() - startMs) / 1000
    let firstSecs = Number.NaN
    const path = join(sampleFolder, 'ravdess-01-01-01-01-01-01-01.mp4')
    const options = { settings: analysisSettings(), exports: noExports }
    await host.label(
      { clipId: 'sample', path, outFolder, options },
      {
        onProgress: ({ stage, frames }) => {
          if (stage === 'face' && frames > 0 && Number.isNaN(firstSecs))
            firstSecs = (performance.now() - startMs) / 1000
        },
      },
    )
    return { 'host ready, s': readySecs, 'first analysed frame, s': firstSecs }
  } finally {
    await host.close()
    await rm(outFolder, { recursive: true, force: true })
  }
}
