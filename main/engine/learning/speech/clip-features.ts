import { GrowableRows } from '../../speech/growable'
import { MfccExtractor } from '../../speech/mfcc'
import type { MfccParameters } from '../../speech/mfcc-parameters'
import { detectSpeech, type FrameRange } from '../../speech/vad'
import { VAD_COLUMNS, VadFeatures } from '../../speech/vad-features'

/**
 * What is kept of a training clip: log-mel and log energy, on which masks, warps and noise act, rather than MFCC; the
 * cosine transform is a tiny matrix product afterwards.
 */
export interface SpeechClip {
  readonly name: string
  readonly actor: number
  readonly label: number
  /** Row-major, shape [frames, melBands + 1]: log bands, then log energy. */
  readonly logMelEnergy: Float32Array
  /** Detected speech in frames. */
  readonly speech: readonly FrameRange[]
}

/** @param samples mono, within [-1, 1], at the parameters' rate */
export function clipFeatures(
  samples: Float32Array,
  parameters: MfccParameters,
): Pick<SpeechClip, 'logMelEnergy' | 'speech'> {
  const { melBands, cepstra, sampleRateHz, hopSamples } = parameters
  const extractor = new MfccExtractor(parameters)
  const vadFeatures = new VadFeatures(parameters)
  const vadRows = new GrowableRows(VAD_COLUMNS)
  const rows = new GrowableRows(melBands + 1)
  const row = new Float32Array(melBands + 1)
  extractor.push(samples, (frame) => {
    row.set(frame.logMel)
    row[melBands] = frame.base[cepstra]!
    rows.push(row)
    vadRows.push(vadFeatures.take(frame))
  })
  const { speech } = detectSpeech(vadRows.view(), sampleRateHz / hopSamples)
  return { logMelEnergy: rows.view().slice(), speech }
}
