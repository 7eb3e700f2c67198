import { tf } from '../../inference/tf'

/** A trainable weight as a plain array that the optimiser changes, and the variable it is put back into. */
export interface Parameter {
  readonly name: string
  readonly variable: tf.Variable
  readonly values: Float32Array
  /** Kernels decay, biases and normalisation do not. */
  readonly isKernel: boolean
}

/** The layers API keeps its variables behind LayerVariable, whose reader is private; its own optimisers reach in too. */
function variableOf(weight: tf.LayerVariable): tf.Variable {
  return (weight as unknown as { val: tf.Variable }).val
}

/** All trainable weights of a network, in the layers' order. */
export function trainableParameters(network: tf.LayersModel): Parameter[] {
  return network.trainableWeights.map((weight) => {
    const variable = variableOf(weight)
    return {
      name: weight.originalName,
      variable,
      values: Float32Array.from(variable.dataSync()),
      isKernel: weight.originalName.includes('kernel'),
    }
  })
}

/** Puts the arrays back into the network. */
export function assignParameters(parameters: readonly Parameter[]): void {
  for (const { variable, values } of parameters) {
    // A copy: the native backend may read the array after this returns, while the optimiser writes it again.
    const updated = tf.tensor(values.slice(), variable.shape)
    variable.assign(updated)
    updated.dispose()
  }
}

/** Values of all weights, moving statistics included, in the layers' order. */
export function readWeights(network: tf.LayersModel): Float32Array[] {
  return network.weights.map((weight) => Float32Array.from(variableOf(weight).dataSync()))
}

/** @param values as readWeights gives them */
export function writeWeights(network: tf.LayersModel, values: readonly Float32Array[]): void {
  network.weights.forEach((weight, index) => {
    const variable = variableOf(weight)
    const updated = tf.tensor(values[index]!.slice(), variable.shape)
    variable.assign(updated)
    updated.dispose()
  })
}

export interface StepResult {
  readonly loss: number
  /** In the order of the parameters. */
  readonly gradients: Float32Array[]
}

/** Loss and gradients of one batch; every tensor made on the way is released. */
export function lossAndGradients(parameters: readonly Parameter[], loss: () => tf.Scalar): StepResult {
  const { value, grads } = tf.variableGrads(
    loss,
    parameters.map(({ variable }) => variable),
  )
  try {
    const gradients = parameters.map(({ variable }) => grads[variable.name]!.dataSync<'float32'>())
    return { loss: value.dataSync()[0]!, gradients }
  } finally {
    tf.dispose([value, grads])
  }
}
