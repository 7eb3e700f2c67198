import { allocateBatch, type NetworkInputSpec, writeWindow } from '../../speech/network-input'
import type { WindowPlan } from '../../speech/windows'
import type { Random } from '../random'
import { augmentedSteps, randomRange } from './augment'
import { copyColumns, type SpeechClip } from './clip-features'
import type { SpeechConfig } from './config'

export interface BatchOptions {
  readonly spec: NetworkInputSpec
  readonly plan: WindowPlan
  readonly augment: SpeechConfig['augment']
  readonly training: SpeechConfig['training']
  /** Loss weight of each class, shape [classes]. */
  readonly classWeights: readonly number[]
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
  const { spec, plan, augment, training, classWeights } = options
  const classes = classWeights.length
  const { labelSmoothing, plainChance } = training
  const batch = allocateBatch(clips.length, spec)
  const targets = new Float32Array(clips.length * classes)
  clips.forEach((clip, index) => {
    const others = clip.copies.length - 1
    const chosen = others === 0 || random.chance(plainChance) ? 0 : 1 + random.below(others)
    const copy = clip.copies[chosen]!
    const frames = copy.rows.length / copyColumns(spec.mfcc)
    const range = randomRange({ speech: copy.speech, frames }, { ...plan, random })
    writeWindow(batch, index, augmentedSteps(copy, range, { options: augment, random, spec }), spec)
    dropCoefficients(batch.features, index, options, random)
    const weight = classWeights[clip.label]!
    for (let label = 0; label < classes; label++)
      targets[index * classes + label] =
        weight * (labelSmoothing / classes + (label === clip.label ? 1 - labelSmoothing : 0))
  })
  const whole = { ...batch, targets, size: clips.length }
  if (random.chance(training.mixupChance)) mix(whole, training.mixupShape, random)
  return whole
}

function dropCoefficients(
  features: Float32Array,
  index: number,
  { spec, training }: BatchOptions,
  random: Random,
): void {
  const { coefficientDropout } = training
  if (coefficientDropout === 0) return
  const at = index * spec.steps * spec.coefficients
  for (let column = 0; column < spec.coefficients; column++) {
    const factor = random.chance(coefficientDropout) ? 0 : 1 / (1 - coefficientDropout)
    for (let step = 0; step < spec.steps; step++) features[at + step * spec.coefficients + column]! *= factor
  }
}

/** Each input becomes a mixture with another of the batch (Zhang et al., ICLR 2018); the longer mask holds. */
function mix(batch: TrainingBatch, mixupShape: number, random: Random): void {
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
    const a = index * width
    const b = other * width
    for (let k = 0; k < width; k++) values[a + k] = share * original[a + k]! + (1 - share) * original[b + k]!
  })
}
