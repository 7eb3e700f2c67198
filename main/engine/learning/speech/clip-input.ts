import { cepstraFromLogMel, cosineMatrix } from '../../speech/mfcc'
import type { MfccParameters } from '../../speech/mfcc-parameters'
import {
  type ClipFeatures,
  clipReference,
  type NetworkInputSpec,
  stepFeatures,
} from '../../speech/network-input'
import type { FrameRange } from '../../speech/vad'

/** A clip's frames as training changes them, before the cosine transform. */
export interface LogMelClip {
  /** Row-major, shape [frames, melBands + 1]. */
  readonly logMelEnergy: Float32Array
  readonly speech: readonly FrameRange[]
}

const dctOf = new Map<string, Float64Array>()

/** The base features that the extractor gives, from the cached log bands. */
export function baseFromLogMel(
  { logMelEnergy, speech }: LogMelClip,
  parameters: MfccParameters,
): ClipFeatures {
  const { melBands, cepstra } = parameters
  const key = `${cepstra} ${melBands}`
  const dct = dctOf.get(key) ?? cosineMatrix(cepstra, melBands)
  dctOf.set(key, dct)
  const columns = melBands + 1
  const frames = logMelEnergy.length / columns
  const width = cepstra + 1
  const base = new Float32Array(frames * width)
  for (let frame = 0; frame < frames; frame++) {
    cepstraFromLogMel(logMelEnergy, {
      dct,
      cepstra,
      melBands,
      out: base,
      outOffset: frame * width,
      inOffset: frame * columns,
    })
    base[frame * width + cepstra] = logMelEnergy[frame * columns + melBands]!
  }
  const isSpeech = new Uint8Array(frames)
  for (const { start, end } of speech) isSpeech.fill(1, start, end)
  return { base, isSpeech }
}

/** Network steps of one range of a clip, not yet standardised: the same functions as at inference. */
export function rangeSteps(clip: LogMelClip, range: FrameRange, spec: NetworkInputSpec): Float32Array {
  const features = baseFromLogMel(clip, spec.mfcc)
  return stepFeatures(features, range, clipReference(features, spec), spec)
}

/** Mean and SD of each coefficient over the detected speech of clips, as the network would see it. */
export function measureStandardisation(
  clips: readonly LogMelClip[],
  spec: NetworkInputSpec,
): { mean: Float32Array; sd: Float32Array } {
  const { coefficients } = spec
  const sums = new Float64Array(coefficients)
  const squares = new Float64Array(coefficients)
  let count = 0
  for (const clip of clips) {
    const features = baseFromLogMel(clip, spec.mfcc)
    const reference = clipReference(features, spec)
    for (const range of clip.speech) {
      const steps = stepFeatures(features, range, reference, spec)
      count += steps.length / coefficients
      for (let k = 0; k < steps.length; k++) {
        sums[k % coefficients]! += steps[k]!
        squares[k % coefficients]! += steps[k]! * steps[k]!
      }
    }
  }
  const mean = Float32Array.from(sums, (sum) => sum / count)
  const sd = Float32Array.from(squares, (square, k) => Math.sqrt(square / count - (sums[k]! / count) ** 2))
  return { mean, sd }
}
