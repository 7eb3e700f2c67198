import { UnmaskError } from '../../errors'
import { tf } from '../../inference/tf'

/** Layers that change nothing, or only the form, of what the last dense layer takes in. */
const PASSED_OVER = new Set(['Activation', 'Softmax', 'Dropout', 'SeededDropout', 'Flatten', 'Reshape'])

/**
 * The same network with two outputs: its own (logits or probabilities) and the embedding that its last dense layer takes
 * in. Weights are shared; there is nothing to dispose beside the original.
 * @throws UnmaskError 'model.bad-card' when the network has no such output or does not end in a dense layer
 */
export function withEmbedding(network: tf.LayersModel, outputIndex = 0): tf.LayersModel {
  const output = network.outputs[outputIndex]
  if (!output)
    throw new UnmaskError('model.bad-card', `the network ${network.name} has no output ${outputIndex}`)
  let last = output
  while (last.sourceLayer.getClassName() !== 'Dense') {
    if (!PASSED_OVER.has(last.sourceLayer.getClassName()) || last.inputs.length !== 1)
      throw new UnmaskError(
        'model.bad-card',
        `output ${outputIndex} of the network ${network.name} comes from a ${last.sourceLayer.getClassName()} layer; an embedding needs a dense layer at the end`,
      )
    last = last.inputs[0]!
  }
  return tf.model({ inputs: network.inputs, outputs: [output, last.inputs[0]!] })
}
