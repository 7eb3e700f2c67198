import type { SpeechCard, SpeechMember } from '../inference/card'
import { withDifferences } from './differences'
import { type MfccParameters, parseMfccParameters } from './mfcc-parameters'
import { PITCH_COLUMNS } from './pitch-columns'
import type { FrameRange } from './vad'

/** How features become the network's input; everything comes from the model's card. */
export interface NetworkInputSpec {
  readonly mfcc: MfccParameters
  readonly framesPerStep: number
  /** Length of the input in steps. */
  readonly steps: number
  /** Whether log pitch and voicing stand behind the energy. */
  readonly pitch: boolean
  /** 3 baseColumns. */
  readonly coefficients: number
  readonly energyReference: 'none' | 'speech-mean'
  readonly removeClipMean: boolean
  /** Each of length `coefficients`. */
  readonly mean: Float32Array
  readonly sd: Float32Array
}

/** One member's input. @throws UnmaskError 'model.bad-card' */
export function networkInputSpec(
  features: SpeechCard['input']['features'],
  member: SpeechMember,
): NetworkInputSpec {
  const { framesPerStep, steps, coefficients, pitch, energyReference, removeClipMean } = member
  return {
    mfcc: parseMfccParameters(features),
    framesPerStep,
    steps,
    pitch,
    coefficients,
    energyReference,
    removeClipMean,
    mean: Float32Array.from(member.standardisation.mean),
    sd: Float32Array.from(member.standardisation.sd),
  }
}

/** Base features of a frame: MFCC, log energy, and log pitch and voicing where they are used. */
export function baseColumns({ mfcc, pitch }: Pick<NetworkInputSpec, 'mfcc' | 'pitch'>): number {
  return mfcc.cepstra + 1 + (pitch ? PITCH_COLUMNS : 0)
}

/** A clip's base features and where it speaks. */
export interface ClipFeatures {
  /** Row-major, shape [frames, baseColumns]; not yet level-referenced. */
  readonly base: Float32Array
  /** 1 inside detected speech, shape [frames]. */
  readonly isSpeech: Uint8Array
}

/**
 * What is subtracted from each base feature of a clip: of log energy its mean over the speech frames (the level of the
 * recording says nothing about emotion), and of MFCC and log pitch theirs where the card says so.
 * @returns shape [baseColumns]
 */
export function clipReference({ base, isSpeech }: ClipFeatures, spec: NetworkInputSpec): Float64Array {
  const columns = baseColumns(spec)
  const reference = new Float64Array(columns)
  let count = 0
  for (let frame = 0; frame < isSpeech.length; frame++) {
    if (isSpeech[frame] !== 1) continue
    count++
    for (let column = 0; column < columns; column++) reference[column]! += base[frame * columns + column]!
  }
  return usedReference(
    reference.map((sum) => (count > 0 ? sum / count : 0)),
    spec,
  )
}

/** Of the means over a clip's speech those that are subtracted; 0 for the others. */
export function usedReference(means: Float64Array, spec: NetworkInputSpec): Float64Array {
  const energy = spec.mfcc.cepstra
  const voicing = energy + 2
  return means.map((mean, column) => {
    if (column === voicing) return 0
    return (column === energy ? spec.energyReference === 'speech-mean' : spec.removeClipMean) ? mean : 0
  })
}

/**
 * Features of a range of frames with differences, level-referenced and averaged to the network's steps, before
 * standardisation. Differences look beyond the range as far as the clip goes.
 * @returns row-major, shape [ceil(range / framesPerStep), coefficients]
 */
export function stepFeatures(
  clip: Pick<ClipFeatures, 'base'>,
  range: FrameRange,
  reference: Float64Array,
  spec: NetworkInputSpec,
): Float32Array {
  const columns = baseColumns(spec)
  const frames = clip.base.length / columns
  const margin = 2 * spec.mfcc.differenceWidth
  const from = Math.max(0, range.start - margin)
  const to = Math.min(frames, range.end + margin)
  const referenced = clip.base.slice(from * columns, to * columns)
  for (let at = 0; at < referenced.length; at++) referenced[at]! -= reference[at % columns]!
  const full = withDifferences(referenced, columns, spec.mfcc.differenceWidth)
  const width = 3 * columns
  const rangeFrames = range.end - range.start
  const steps = Math.ceil(rangeFrames / spec.framesPerStep)
  const out = new Float32Array(steps * width)
  for (let step = 0; step < steps; step++) {
    const first = step * spec.framesPerStep
    const last = Math.min(rangeFrames, first + spec.framesPerStep)
    for (let column = 0; column < width; column++) {
      let sum = 0
      for (let frame = first; frame < last; frame++)
        sum += full[(range.start - from + frame) * width + column]!
      out[step * width + column] = sum / (last - first)
    }
  }
  return out
}

/** Network inputs of several windows: the features, and 1 where a step is speech and 0 where it is padding. */
export interface NetworkBatch {
  /** Row-major, shape [windows, steps, coefficients]. */
  readonly features: Float32Array
  /** Row-major, shape [windows, steps]. */
  readonly mask: Float32Array
}

export function allocateBatch(windows: number, { steps, coefficients }: NetworkInputSpec): NetworkBatch {
  return {
    features: new Float32Array(windows * steps * coefficients),
    mask: new Float32Array(windows * steps),
  }
}

/** Standardises steps and writes them as window `index` of a batch, zeros behind them; steps too many are cut off. */
export function writeWindow(
  batch: NetworkBatch,
  index: number,
  steps: Float32Array,
  spec: NetworkInputSpec,
): void {
  const { coefficients, mean, sd } = spec
  const capacity = spec.steps * coefficients
  const used = Math.min(steps.length, capacity)
  const at = index * capacity
  for (let k = 0; k < used; k++) {
    const column = k % coefficients
    batch.features[at + k] = (steps[k]! - mean[column]!) / sd[column]!
  }
  batch.features.fill(0, at + used, at + capacity)
  const usedSteps = used / coefficients
  batch.mask.fill(1, index * spec.steps, index * spec.steps + usedSteps)
  batch.mask.fill(0, index * spec.steps + usedSteps, (index + 1) * spec.steps)
}
