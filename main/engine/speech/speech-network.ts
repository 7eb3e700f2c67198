import type { SpeechCard } from '../inference/card'
import { tf } from '../inference/tf'
import type { NetworkBatch, NetworkInputSpec } from './network-input'

/**
 * Runs a speech network on a batch.
 * @param count windows in the batch, at most as many as it was allocated for
 * @returns what the network puts out, row-major, shape [count, classes]
 */
export async function runSpeechNetwork(
  network: tf.LayersModel,
  batch: NetworkBatch,
  { spec, count, hasMask, outputIndex = 0 }: RunOptions,
): Promise<Float32Array> {
  const { steps, coefficients } = spec
  const output = tf.tidy(() => {
    const features = tf.tensor3d(batch.features.subarray(0, count * steps * coefficients), [
      count,
      steps,
      coefficients,
    ])
    const mask = tf.tensor2d(batch.mask.subarray(0, count * steps), [count, steps])
    const outputs = network.predict(hasMask ? [features, mask] : features, { batchSize: count })
    const chosen = Array.isArray(outputs) ? outputs[outputIndex] : outputs
    if (!chosen) throw new RangeError(`the network has no output ${outputIndex}`)
    return chosen
  })
  try {
    return (await output.data()) as Float32Array
  } finally {
    output.dispose()
  }
}

export interface RunOptions {
  readonly spec: NetworkInputSpec
  readonly count: number
  readonly hasMask: boolean
  readonly outputIndex?: number
}

/** What a network put out as logits: logarithms where it gives probabilities. */
export function asLogits(output: Float32Array, kind: SpeechCard['output']): Float32Array {
  if (kind === 'logits') return output
  return output.map((value) => Math.log(Math.max(value, MINIMUM_PROBABILITY)))
}

/** The least number of float32 that is not subnormal. */
const MINIMUM_PROBABILITY = 2 ** -126

/**
 * What several networks say together: the mean of their logits, which is the product of their posteriors.
 * @param logits of each member, all of one length
 * @param weights of each member, positive
 */
export function combineLogits(logits: readonly Float32Array[], weights: readonly number[]): Float32Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const combined = new Float32Array(logits[0]?.length ?? 0)
  logits.forEach((values, member) => {
    const share = (weights[member] ?? 0) / total
    for (let k = 0; k < combined.length; k++) combined[k]! += share * values[k]!
  })
  return combined
}

/**
 * Probabilities of one window: logits divided by the card's temperature, and normalised.
 * @returns shape [labels], sums to 1
 */
export function calibratedProbabilities(logits: Float32Array, temperature: number): Float32Array {
  const highest = logits.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY)
  const powers = Float64Array.from(logits, (value) => Math.exp((value - highest) / temperature))
  const sum = powers.reduce((total, value) => total + value, 0)
  return Float32Array.from(powers, (value) => value / sum)
}
