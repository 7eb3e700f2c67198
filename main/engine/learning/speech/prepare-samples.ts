import { reduceNoise } from '../data/noise-reduction'
import type { SpeechConfig } from './config'

/**
 * A training recording as its features are taken: with steady noise reduced where the configuration asks for it. The
 * shipped models are trained without: their level is removed as a feature and noise is added, not taken away, so that
 * recordings in use need no cleaning.
 * @param samples mono, within [-1, 1]
 */
export function prepareSamples(
  samples: Float32Array,
  sampleRateHz: number,
  { noiseReduction = 0 }: Pick<SpeechConfig['copies'], 'noiseReduction'>,
): Float32Array {
  return noiseReduction === 0 ? samples : reduceNoise(samples, sampleRateHz, { strength: noiseReduction })
}
