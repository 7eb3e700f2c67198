import { UnmaskError } from '../../errors'
import { type FrameGains, Stft } from './stft'

export interface NoiseReductionOptions {
  /** 0 leaves the samples as they are, 1 takes away as much as is estimated to be noise. */
  readonly strength: number
  /** Lowest gain of a frequency at strength 1; what is left hides the tones that subtraction makes. Default -18. */
  readonly floorDb?: number
}

/** 32 ms at 16 kHz: speech hardly changes within, and harmonics are apart. */
const FRAME_SECS = 0.032
/** Pauses between words are shorter than this, so that each stretch holds frames of noise alone. */
const MINIMUM_SPAN_SECS = 1.5
/**
 * Share of the frame before in the present estimate of signal over noise. Ephraim and Malah (1984) have 0.98, for frames
 * that overlap more; here 0.97 blurred onsets and cost 1 to 3 dB.
 */
const DECISION_SMOOTHING = 0.9
/** Of power over time before its minimum is looked for. */
const POWER_SMOOTHING = 0.8

/**
 * Noise reduction by a Wiener gain: noise is followed as the smoothed power's minimum over 1.5 s around each frame (after
 * Martin 2001, "Noise power spectral density estimation based on optimal smoothing and minimum statistics"), the share of
 * speech by the decision-directed estimate of Ephraim and Malah (1984). For steady noise; music and other voices stay.
 * @param samples mono; not changed
 * @returns the same number of samples, not delayed
 * @throws UnmaskError 'usage.invalid' for a strength outside 0..1
 */
export function reduceNoise(
  samples: Float32Array,
  sampleRateHz: number,
  { strength, floorDb = -18 }: NoiseReductionOptions,
): Float32Array {
  if (!(strength >= 0 && strength <= 1))
    throw new UnmaskError('usage.invalid', `noise reduction has a strength of 0 to 1, not ${strength}`)
  if (strength === 0 || samples.length === 0) return samples.slice()
  const stft = new Stft(2 ** Math.round(Math.log2(FRAME_SECS * sampleRateHz)))
  const bins = stft.binCount
  const powers = stft.powers(samples)
  const framesPerSec = sampleRateHz / stft.hopSamples
  const noise = estimateNoise(powers, bins, Math.round((MINIMUM_SPAN_SECS * framesPerSec) / 2))
  const gains: FrameGains = new Float64Array(bins)
  const floor = 10 ** (floorDb / 20)
  const cleaned = new Float64Array(bins)
  return stft.apply(samples, (frame) => {
    for (let bin = 0; bin < bins; bin++) {
      const at = frame * bins + bin
      const power = powers[at]!
      const level = noise[at]!
      // Digital silence: there is nothing to take away.
      if (level <= 0) {
        gains[bin] = 1
        cleaned[bin] = power
        continue
      }
      const now = Math.max(0, power / level - 1)
      const ratio = DECISION_SMOOTHING * (cleaned[bin]! / level) + (1 - DECISION_SMOOTHING) * now
      const gain = Math.max(floor, ratio / (1 + ratio))
      cleaned[bin] = gain * gain * power
      gains[bin] = 1 + strength * (gain - 1)
    }
    return gains
  })
}

/**
 * Noise power of every frame, shape [frames, bins].
 * @param reach frames to each side within which the minimum is taken
 */
function estimateNoise(powers: Float64Array, bins: number, reach: number): Float64Array {
  const frames = powers.length / bins
  const smooth = smoothed(powers, bins)
  const bias = minimumBias(2 * reach + 1)
  const noise = new Float64Array(powers.length)
  const column = new Float64Array(frames)
  for (let bin = 0; bin < bins; bin++) {
    for (let frame = 0; frame < frames; frame++) column[frame] = smooth[frame * bins + bin]!
    const minima = slidingMinimum(column, reach)
    for (let frame = 0; frame < frames; frame++) noise[frame * bins + bin] = bias * minima[frame]!
  }
  return noise
}

/** Averaged over three neighbours in frequency and, forwards and backwards, over time. */
function smoothed(powers: Float64Array, bins: number): Float64Array {
  const frames = powers.length / bins
  const across = new Float64Array(powers.length)
  for (let frame = 0; frame < frames; frame++)
    for (let bin = 0; bin < bins; bin++) {
      const at = frame * bins + bin
      const before = powers[bin > 0 ? at - 1 : at]!
      const after = powers[bin + 1 < bins ? at + 1 : at]!
      across[at] = (before + 2 * powers[at]! + after) / 4
    }
  const mix = (at: number, other: number): void => {
    across[at] = POWER_SMOOTHING * across[other]! + (1 - POWER_SMOOTHING) * across[at]!
  }
  for (let frame = 1; frame < frames; frame++)
    for (let bin = 0; bin < bins; bin++) mix(frame * bins + bin, (frame - 1) * bins + bin)
  for (let frame = frames - 2; frame >= 0; frame--)
    for (let bin = 0; bin < bins; bin++) mix(frame * bins + bin, (frame + 1) * bins + bin)
  return across
}

/** Minimum within `reach` places to each side, by a queue of candidates. */
function slidingMinimum(values: Float64Array, reach: number): Float64Array {
  const result = new Float64Array(values.length)
  const queue: number[] = []
  let head = 0
  for (let next = 0; next < values.length + reach; next++) {
    if (next < values.length) {
      while (queue.length > head && values[queue[queue.length - 1]!]! >= values[next]!) queue.pop()
      queue.push(next)
    }
    const centre = next - reach
    if (centre < 0) continue
    while (queue[head]! < centre - reach) head++
    result[centre] = values[queue[head]!]!
  }
  return result
}

/**
 * How far a smoothed noise power lies above its minimum among `count` frames, approximately: neighbours in the average are
 * not independent, and the least of n normal values lies about sqrt(2 ln n) SD below their mean.
 */
function minimumBias(count: number): number {
  const independent = Math.max(2, (count * (1 - POWER_SMOOTHING)) / (1 + POWER_SMOOTHING))
  const averaged = ((1 + POWER_SMOOTHING) / (1 - POWER_SMOOTHING)) * 2
  const sd = 1 / Math.sqrt(averaged)
  return 1 / Math.max(0.3, 1 - sd * Math.sqrt(2 * Math.log(independent)) * 0.8)
}
