import Meyda from 'meyda'
import { RealFft } from './fft'
import { symmetricHamming } from './mfcc'
import type { MfccParameters } from './mfcc-parameters'

/** Descriptors of one frame; NaN where one is not defined (digital silence). */
export interface Descriptors {
  /** Root mean square of the samples, 0..1. */
  rms: number
  /** Zero crossings in a second. */
  zeroCrossingsPerSec: number
  /** Centre of gravity of the amplitude spectrum. */
  centroidHz: number
  /** Below it lies 99% of the amplitude spectrum (Meyda's share). */
  rolloffHz: number
  /** Geometric over arithmetic mean of the amplitude spectrum, 0..1: towards 1 for noise. */
  flatness: number
  /** SD of the amplitude spectrum around its centroid. */
  spreadHz: number
  /** Sum over 24 Bark bands of (summed amplitude)^0.23, Zwicker's model without a unit: it depends on the gain. */
  loudness: number
}

/** Meyda's own functions; its types leave this table open. */
interface MeydaExtractors {
  rms(input: { signal: Float64Array }): number
  zcr(input: { signal: Float64Array }): number
  spectralCentroid(input: { ampSpectrum: Float64Array }): number
  spectralRolloff(input: { ampSpectrum: Float64Array; sampleRate: number }): number
  spectralFlatness(input: { ampSpectrum: Float64Array }): number
  spectralSpread(input: { ampSpectrum: Float64Array }): number
  loudness(input: { ampSpectrum: Float64Array; barkScale: Float32Array }): { total: number }
}

const extractors = Meyda.featureExtractors as unknown as MeydaExtractors

/**
 * Meyda's descriptors on the very frames of the MFCC (its own framing knows powers of two only), without pre-emphasis.
 * RMS and zero crossings are of the plain samples; the spectrum is of the Hamming-windowed, zero-padded frame, its first
 * fftSize / 2 bins as Meyda has it. Conversions: Meyda counts zero crossings per frame, and gives centroid and spread in
 * bins; bin k lies at k sampleRate / fftSize. Its rolloff takes bins to be sampleRate / (2 (bins - 1)) wide, which is
 * undone here.
 */
export class DescriptorExtractor {
  private readonly parameters: MfccParameters
  private readonly fft: RealFft
  private readonly window: Float64Array
  private readonly padded: Float64Array
  private readonly power: Float64Array
  private readonly amplitude: Float64Array
  private readonly barkScale: Float32Array

  constructor(parameters: MfccParameters) {
    const { fftSize, frameSamples, sampleRateHz } = parameters
    this.parameters = parameters
    this.fft = new RealFft(fftSize)
    this.window = symmetricHamming(frameSamples)
    this.padded = new Float64Array(fftSize)
    this.power = new Float64Array(this.fft.binCount)
    this.amplitude = new Float64Array(fftSize / 2)
    this.barkScale = Float32Array.from({ length: fftSize / 2 }, (_, bin) =>
      hzToBark((bin * sampleRateHz) / fftSize),
    )
  }

  /** @param samples one frame, shape [frameSamples], within [-1, 1] */
  extract(samples: Float64Array): Descriptors {
    const { window, padded, power, amplitude, barkScale } = this
    const { sampleRateHz, fftSize, frameSamples } = this.parameters
    for (let k = 0; k < frameSamples; k++) padded[k] = samples[k]! * window[k]!
    this.fft.powerSpectrum(padded, power)
    for (let bin = 0; bin < amplitude.length; bin++) amplitude[bin] = Math.sqrt(power[bin]!)
    const binHz = sampleRateHz / fftSize
    const spectrum = { ampSpectrum: amplitude }
    const rolloffHz = extractors.spectralRolloff({ ...spectrum, sampleRate: sampleRateHz })
    const centroidBins = extractors.spectralCentroid(spectrum)
    return {
      rms: extractors.rms({ signal: samples }),
      zeroCrossingsPerSec: (extractors.zcr({ signal: samples }) * sampleRateHz) / frameSamples,
      centroidHz: centroidBins * binHz,
      // Meyda reports 0 for an empty spectrum, whose rolloff does not exist.
      rolloffHz: Number.isNaN(centroidBins) ? Number.NaN : (rolloffHz * 2 * (amplitude.length - 1)) / fftSize,
      flatness: extractors.spectralFlatness(spectrum),
      spreadHz: extractors.spectralSpread(spectrum) * binHz,
      loudness: extractors.loudness({ ...spectrum, barkScale }).total,
    }
  }
}

/** Zwicker and Terhardt, JASA 68(5), 1980, 1523-1525. */
export function hzToBark(hz: number): number {
  return 13 * Math.atan(hz / 1315.8) + 3.5 * Math.atan((hz / 7518) ** 2)
}
