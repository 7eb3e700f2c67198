import { openBackend } from '../../main/engine/inference/backend'
import { tf } from '../../main/engine/inference/tf'

/**
 * What tests train tiny networks on: native TensorFlow where it is set up, else tfjs' plain JavaScript backend, since
 * WebAssembly has no gradients of convolutions.
 */
export async function openTrainingBackend(): Promise<'tensorflow' | 'cpu'> {
  try {
    await openBackend('tensorflow')
    return 'tensorflow'
  } catch {
    await tf.setBackend('cpu')
    await tf.ready()
    return 'cpu'
  }
}
