import { throwIfAborted } from '../errors'
import type { AudioBlock } from '../media/types'
import { GrowableRows } from './growable'
import { MfccExtractor, type MfccFrame } from './mfcc'
import type { MfccParameters } from './mfcc-parameters'
import { pitchColumns } from './pitch-columns'
import { PitchTrack } from './pitch-track'
import { VAD_COLUMNS, VadFeatures } from './vad-features'

/** What the speech analysis keeps of a recording: 22 numbers every 10 ms (25 with pitch), no samples. */
export interface CollectedFeatures {
  /** The first sample's position on the clip's clock. */
  readonly startSample: number
  /** One past the last sample's. */
  readonly endSample: number
  readonly frameCount: number
  /** Row-major, shape [frameCount, cepstra + 1]. */
  readonly base: Float32Array
  /** Log pitch and voicing, row-major, shape [frameCount, PITCH_COLUMNS]; null where they were not asked for. */
  readonly pitch: Float32Array | null
  /** Row-major, shape [frameCount, VAD_COLUMNS], dB. */
  readonly vadRows: Float32Array
  /** Sum of squares of a sound too short for a frame; of a longer one the frames tell. */
  readonly framelessEnergy: number
}

export interface CollectOptions {
  readonly parameters: MfccParameters
  readonly pitch: boolean
  readonly signal?: AbortSignal
  /** Called after each block with the seconds read so far. */
  readonly onProgress?: (secs: number) => void
}

const ZERO_BLOCK_SAMPLES = 4096

/**
 * Passes audio blocks on as one unbroken signal: a jump forward in time is filled with zeros, samples that come twice
 * are left out the second time.
 * @param onSamples receives the consecutive samples
 * @returns the signal's bounds; start = end = 0 where there was none
 */
export async function readContinuous(
  blocks: AsyncIterable<AudioBlock>,
  onSamples: (samples: Float32Array) => void,
  {
    signal,
    onBlock,
  }: { signal?: AbortSignal; onBlock?: (endSample: number, startSample: number) => void } = {},
): Promise<{ startSample: number; endSample: number }> {
  let start: number | null = null
  let end = 0
  const zeros = new Float32Array(ZERO_BLOCK_SAMPLES)
  for await (const block of blocks) {
    throwIfAborted(signal)
    if (start === null) {
      start = block.startSample
      end = start
    }
    while (end < block.startSample) {
      const count = Math.min(zeros.length, block.startSample - end)
      onSamples(zeros.subarray(0, count))
      end += count
    }
    const fresh = block.samples.subarray(Math.min(block.samples.length, end - block.startSample))
    onSamples(fresh)
    end += fresh.length
    onBlock?.(end, start)
  }
  return { startSample: start ?? 0, endSample: end }
}

/** Runs the front end over a stream of audio at the parameters' sampling rate. */
export async function collectFeatures(
  blocks: AsyncIterable<AudioBlock>,
  { parameters, pitch, signal, onProgress }: CollectOptions,
): Promise<CollectedFeatures> {
  const extractor = new MfccExtractor(parameters)
  const vadFeatures = new VadFeatures(parameters)
  const base = new GrowableRows(extractor.width)
  const vadRows = new GrowableRows(VAD_COLUMNS)
  const track = pitch ? new PitchTrack(parameters) : null
  const keep = (frame: MfccFrame) => {
    base.push(frame.base)
    vadRows.push(vadFeatures.take(frame))
  }
  let framelessEnergy = 0
  const take = (samples: Float32Array) => {
    extractor.push(samples, keep)
    track?.push(samples)
    if (base.rowCount === 0) for (const sample of samples) framelessEnergy += sample * sample
  }
  const bounds = await readContinuous(blocks, take, {
    signal,
    onBlock: (end, start) => onProgress?.((end - start) / parameters.sampleRateHz),
  })
  const frameCount = base.rowCount
  return {
    ...bounds,
    frameCount,
    base: base.view(),
    pitch: track && pitchColumns(track.finish(frameCount)),
    vadRows: vadRows.view(),
    framelessEnergy,
  }
}
