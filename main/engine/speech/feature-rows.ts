import { throwIfAborted } from '../errors'
import type { AudioBlock } from '../media/types'
import { readContinuous } from './collect-features'
import { type Descriptors, DescriptorExtractor } from './descriptors'
import { withDifferences } from './differences'
import { FEATURE_COLUMNS } from './feature-columns'
import { frameCentreSecs } from './frame-clock'
import { GrowableRows } from './growable'
import { MfccExtractor, type MfccFrame } from './mfcc'
import { DEFAULT_MFCC_PARAMETERS as PARAMETERS } from './mfcc-parameters'
import { PitchTrack } from './pitch-track'
import { detectSpeech } from './vad'
import { VAD_COLUMNS, VadFeatures } from './vad-features'

/** The rate at which `featureRows` wants its audio. */
export const FEATURE_SAMPLE_RATE_HZ = PARAMETERS.sampleRateHz

export interface FeatureRowsOptions {
  readonly signal?: AbortSignal
  /** Called with the seconds of audio read so far. */
  readonly onProgress?: (secs: number) => void
}

const DESCRIPTOR_KEYS = [
  'rms',
  'zeroCrossingsPerSec',
  'centroidHz',
  'rolloffHz',
  'flatness',
  'spreadHz',
  'loudness',
] as const satisfies readonly (keyof Descriptors)[]

/**
 * One row of features per frame, in the order of FEATURE_COLUMNS; null is absent. Speech can only be told from noise
 * with what comes later in view, so rows come when the audio has ended; until then some 45 numbers per 10 ms are kept,
 * no samples.
 * @param blocks mono audio at FEATURE_SAMPLE_RATE_HZ; gaps between blocks are silence
 */
export async function* featureRows(
  blocks: AsyncIterable<AudioBlock>,
  { signal, onProgress }: FeatureRowsOptions = {},
): AsyncGenerator<readonly (number | null)[]> {
  const extractor = new MfccExtractor(PARAMETERS)
  const vadFeatures = new VadFeatures(PARAMETERS)
  const descriptorExtractor = new DescriptorExtractor(PARAMETERS)
  const pitch = new PitchTrack(PARAMETERS)
  const base = new GrowableRows(extractor.width)
  const vadRows = new GrowableRows(VAD_COLUMNS)
  const descriptors = new GrowableRows(DESCRIPTOR_KEYS.length)
  const keep = (frame: MfccFrame) => {
    base.push(frame.base)
    vadRows.push(vadFeatures.take(frame))
    const found = descriptorExtractor.extract(frame.raw)
    descriptors.push(DESCRIPTOR_KEYS.map((key) => found[key]))
  }
  const { startSample } = await readContinuous(
    blocks,
    (samples) => {
      extractor.push(samples, keep)
      pitch.push(samples)
    },
    { signal, onBlock: (end, start) => onProgress?.((end - start) / PARAMETERS.sampleRateHz) },
  )
  const f0Hz = pitch.finish(base.rowCount)
  const { isSpeech } = detectSpeech(vadRows.view(), PARAMETERS.sampleRateHz / PARAMETERS.hopSamples)
  const full = withDifferences(base.view(), extractor.width, PARAMETERS.differenceWidth)
  const width = 3 * extractor.width
  const described = descriptors.view()
  for (let frame = 0; frame < base.rowCount; frame++) {
    throwIfAborted(signal)
    const row = new Array<number | null>(FEATURE_COLUMNS.length)
    let at = 0
    row[at++] = frameCentreSecs(frame, { startSample, mfcc: PARAMETERS })
    for (let k = 0; k < width; k++) row[at++] = full[frame * width + k]!
    for (let k = 0; k < DESCRIPTOR_KEYS.length; k++)
      row[at++] = orNull(described[frame * DESCRIPTOR_KEYS.length + k]!)
    row[at++] = orNull(f0Hz[frame]!)
    row[at] = isSpeech[frame]!
    yield row
  }
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
