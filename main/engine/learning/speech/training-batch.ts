import { allocateBatch, type NetworkInputSpec, writeWindow } from '../../speech/network-input'
import type { Random } from '../random'
import { augmentClip, type AugmentOptions, randomRange } from './augment'
import type { SpeechClip } from './clip-features'
import { rangeSteps } from './clip-input'

export interface BatchOptions {
  readonly spec: NetworkInputSpec
  readonly classes: number
  readonly windowFrames: number
  readonly minimumFrames: number
  readonly augment: AugmentOptions
  readonly labelSmoothing: number
  /** Loss weight of each class, shape [classes]. */
  readonly classWeights: readonly number[]
  /** Share of batches that are mixed, and the shape of the mixing Beta distribution. */
  readonly mixupChance: number
  readonly mixupShape: number
  /** Whole input coefficients dropped (spatial dropout). */
  readonly coefficientDropout: number
}

export interface TrainingBatch {
  readonly size: number
  /** Shape [size, steps, coefficients]. */
  readonly features: Float32Array
  /** Shape [size, steps]. */
  readonly mask: Float32Array
  /** Smoothed, mixed and weighted targets, shape [size, classes]; a row sums to its class weight. */
  readonly targets: Float32Array
}

/** Augmented network inputs of some clips. */
export function trainingBatch(
  clips: readonly SpeechClip[],
  options: BatchOptions,
  random: Random,
): TrainingBatch {
  const { spec, classes, labelSmoothing, classWeights } = options
  const batch = allocateBatch(clips.length, spec)
  const targets = new Float32Array(clips.length * classes)
  clips.forEach((clip, index) => {
    const frames = clip.logMelEnergy.length / (spec.mfcc.melBands + 1)
    const range = randomRange({ speech: clip.speech, frames }, { ...options, random })
    const changed = augmentClip(clip, range, {
      options: options.augment,
      random,
      melBands: spec.mfcc.melBands,
    })
    writeWindow(batch, index, rangeSteps(changed.clip, changed.range, spec), spec)
    dropCoefficients(batch.features, index, options, random)
    const weight = classWeights[clip.label]!
    for (let label = 0; label < classes; label++)
      targets[index * classes + label] =
        weight * (labelSmoothing / classes + (label === clip.label ? 1 - labelSmoothing : 0))
  })
  if (random.chance(options.mixupChance)) mix({ ...batch, targets, size: clips.length }, options, random)
  return { size: clips.length, ...batch, targets }
}

function dropCoefficients(
  features: Float32Array,
  index: number,
  { spec, coefficientDropout }: BatchOptions,
  random: Random,
): void {
  const at = index * spec.steps * spec.coefficients
  for (let column = 0; column < spec.coefficients; column++) {
    const factor = random.chance(coefficientDropout) ? 0 : 1 / (1 - coefficientDropout)
    for (let step = 0; step < spec.steps; step++) features[at + step * spec.coefficients + column]! *= factor
  }
}

/** Each input becomes a mixture with another of the batch (Zhang et al., ICLR 2018); the longer mask holds. */
function mix(batch: TrainingBatch, { mixupShape }: BatchOptions, random: Random): void {
  const order = random.shuffle(Array.from({ length: batch.size }, (_, index) => index))
  const share = random.symmetricBeta(mixupShape)
  blend(batch.features, order, share)
  blend(batch.targets, order, share)
  const masks = batch.mask.slice()
  const steps = masks.length / batch.size
  order.forEach((other, index) => {
    for (let step = 0; step < steps; step++)
      batch.mask[index * steps + step] = Math.max(masks[index * steps + step]!, masks[other * steps + step]!)
  })
}

function blend(values: Float32Array, order: readonly number[], share: number): void {
  const original = values.slice()
  const width = values.length / order.length
  order.forEach((other, index) => {
    for (let k = 0; k < width; k++)
      values[index * width + k] =
        share * original[index * width + k]! + (1 - share) * original[other * width + k]!
  })
}
