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

/**
 * Probabilities of one window from the network's output: divided by the card's temperature, as logits or as logarithms
 * of probabilities, and normalised.
 * @returns shape [labels], sums to 1
 */
export function calibratedProbabilities(
  output: Float32Array,
  { output: kind, calibration }: Pick<SpeechCard, 'output' | 'calibration'>,
): Float32Array {
  const logits = Float64Array.from(output, (value) =>
    kind === 'logits' ? value : Math.log(Math.max(value, Number.MIN_VALUE)),
  )
  const highest = logits.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY)
  const powers = logits.map((value) => Math.exp((value - highest) / calibration.temperature))
  const sum = powers.reduce((total, value) => total + value, 0)
  return Float32Array.from(powers, (value) => value / sum)
}
