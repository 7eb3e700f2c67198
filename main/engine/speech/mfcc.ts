import { RealFft } from './fft'
import { MelBank } from './mel-bank'
import { DEFAULT_MFCC_PARAMETERS, type MfccParameters } from './mfcc-parameters'

/** One frame as the extractor sees it. The arrays are reused for the next frame: copy what is to be kept. */
export interface MfccFrame {
  /** 0 for the frame that starts with the first sample pushed; frame k starts k hops later. */
  index: number
  /** MFCC 1 .. cepstra, then log energy; shape [cepstra + 1]. */
  readonly base: Float64Array
  /** Natural log of mel band power, shape [melBands]. */
  readonly logMel: Float64Array
  /** Of the pre-emphasised, windowed, zero-padded frame, shape [fftSize / 2 + 1]. */
  readonly power: Float64Array
  /** The samples as they came, shape [frameSamples]. */
  readonly raw: Float64Array
  /** Sum of squares of the samples as they came, neither pre-emphasised nor windowed. */
  rawEnergy: number
}

/**
 * The method's front end over a stream: pre-emphasis, frames, Hamming window, power spectrum, mel bank, log, cosine
 * transform, log energy. How the signal is cut into blocks does not change a bit of the result, and nothing is
 * allocated per frame. Samples behind the last whole frame give no frame.
 * Reference: Davis and Mermelstein, IEEE Trans. ASSP 28(4), 1980, 357-366.
 */
export class MfccExtractor {
  readonly parameters: MfccParameters
  /** Base features per frame: cepstra + 1. */
  readonly width: number
  private readonly fft: RealFft
  private readonly bank: MelBank
  private readonly window: Float64Array
  /** Shape [cepstra, melBands]. */
  private readonly dct: Float64Array
  private readonly padded: Float64Array
  private readonly raw: Float64Array
  private readonly emphasised: Float64Array
  private readonly frame: MfccFrame
  private filled = 0
  private previous = 0
  private toSkip = 0

  constructor(parameters: MfccParameters = DEFAULT_MFCC_PARAMETERS) {
    const { frameSamples, fftSize, melBands, cepstra, sampleRateHz, lowHz, highHz } = parameters
    this.parameters = parameters
    this.width = cepstra + 1
    this.fft = new RealFft(fftSize)
    this.bank = new MelBank({ bands: melBands, fftSize, sampleRateHz, lowHz, highHz })
    this.window = symmetricHamming(frameSamples)
    this.dct = cosineMatrix(cepstra, melBands)
    this.padded = new Float64Array(fftSize)
    this.raw = new Float64Array(frameSamples)
    this.emphasised = new Float64Array(frameSamples)
    this.frame = {
      index: -1,
      base: new Float64Array(this.width),
      logMel: new Float64Array(melBands),
      power: new Float64Array(this.fft.binCount),
      raw: this.raw,
      rawEnergy: 0,
    }
  }

  /**
   * @param samples mono, within [-1, 1], any number
   * @param onFrame called for each frame that became whole
   */
  push(samples: Float32Array, onFrame: (frame: MfccFrame) => void): void {
    const { frameSamples, hopSamples, preEmphasis } = this.parameters
    const { raw, emphasised } = this
    let position = 0
    while (position < samples.length) {
      if (this.toSkip > 0) {
        // Only where the hop is longer than the frame.
        this.toSkip--
        this.previous = samples[position++]!
        continue
      }
      const count = Math.min(frameSamples - this.filled, samples.length - position)
      let previous = this.previous
      for (let k = 0, at = this.filled; k < count; k++, at++) {
        const sample = samples[position + k]!
        raw[at] = sample
        emphasised[at] = sample - preEmphasis * previous
        previous = sample
      }
      this.previous = previous
      this.filled += count
      position += count
      if (this.filled < frameSamples) continue
      this.compute()
      onFrame(this.frame)
      if (hopSamples < frameSamples) {
        raw.copyWithin(0, hopSamples)
        emphasised.copyWithin(0, hopSamples)
      }
      this.filled = Math.max(0, frameSamples - hopSamples)
      this.toSkip = Math.max(0, hopSamples - frameSamples)
    }
  }

  /** Forgets the signal so far: the next sample is the first one of frame 0. */
  reset(): void {
    this.filled = 0
    this.previous = 0
    this.toSkip = 0
    this.frame.index = -1
  }

  private compute(): void {
    const { frameSamples, melBands, cepstra, powerFloor } = this.parameters
    const { raw, emphasised, window, padded, frame, dct } = this
    let energy = 0
    let rawEnergy = 0
    for (let k = 0; k < frameSamples; k++) {
      const value = emphasised[k]!
      energy += value * value
      rawEnergy += raw[k]! * raw[k]!
      padded[k] = value * window[k]!
    }
    this.fft.powerSpectrum(padded, frame.power)
    this.bank.logPower(frame.power, powerFloor, frame.logMel)
    cepstraFromLogMel(frame.logMel, { dct, cepstra, melBands, out: frame.base })
    frame.base[cepstra] = Math.log(energy > powerFloor ? energy : powerFloor)
    frame.rawEnergy = rawEnergy
    frame.index++
  }
}

interface CepstrumWork {
  /** Shape [cepstra, melBands]. */
  readonly dct: Float64Array
  readonly cepstra: number
  readonly melBands: number
  readonly out: Float64Array | Float32Array
  readonly outOffset?: number
  readonly inOffset?: number
}

/** Coefficients 1 .. cepstra of one frame's log bands. */
export function cepstraFromLogMel(logMel: Float64Array | Float32Array, work: CepstrumWork): void {
  const { dct, cepstra, melBands, out, outOffset = 0, inOffset = 0 } = work
  for (let coefficient = 0, at = 0; coefficient < cepstra; coefficient++) {
    let sum = 0
    for (let band = 0; band < melBands; band++, at++) sum += dct[at]! * logMel[inOffset + band]!
    out[outOffset + coefficient] = sum
  }
}

/** 0.54 - 0.46 cos(2 pi n / (N - 1)). */
export function symmetricHamming(samples: number): Float64Array {
  return Float64Array.from(
    { length: samples },
    (_, n) => 0.54 - 0.46 * Math.cos((2 * Math.PI * n) / (samples - 1)),
  )
}

/** Rows 1 .. cepstra of the orthonormal DCT-II, shape [cepstra, bands]. */
export function cosineMatrix(cepstra: number, bands: number): Float64Array {
  const matrix = new Float64Array(cepstra * bands)
  for (let k = 1; k <= cepstra; k++)
    for (let n = 0; n < bands; n++)
      matrix[(k - 1) * bands + n] = Math.sqrt(2 / bands) * Math.cos((Math.PI * k * (2 * n + 1)) / (2 * bands))
  return matrix
}

export function mfccFrameCount(samples: number, parameters: MfccParameters): number {
  if (samples < parameters.frameSamples) return 0
  return 1 + Math.floor((samples - parameters.frameSamples) / parameters.hopSamples)
}

export interface MfccResult {
  readonly frameCount: number
  /** Row-major, shape [frameCount, cepstra + 1]. */
  readonly base: Float32Array
  /** Row-major, shape [frameCount, melBands], natural log of power: the log-mel spectrogram for display. */
  readonly logMel: Float32Array
}

/** The features of a whole signal; mono, within [-1, 1]. */
export function mfcc(
  samples: Float32Array,
  parameters: MfccParameters = DEFAULT_MFCC_PARAMETERS,
): MfccResult {
  const extractor = new MfccExtractor(parameters)
  const frameCount = mfccFrameCount(samples.length, parameters)
  const base = new Float32Array(frameCount * extractor.width)
  const logMel = new Float32Array(frameCount * parameters.melBands)
  extractor.push(samples, (frame) => {
    base.set(frame.base, frame.index * extractor.width)
    logMel.set(frame.logMel, frame.index * parameters.melBands)
  })
  return { frameCount, base, logMel }
}
