import type { Parameter } from './parameters'

export interface SgdOptions {
  readonly momentum: number
  /** Added to the gradient of kernels as weightDecay x weight, before momentum. */
  readonly weightDecay: number
}

/** One velocity array a parameter. */
export function sgdState(parameters: readonly Parameter[]): Float32Array[] {
  return parameters.map(({ values }) => new Float32Array(values.length))
}

/** Stochastic gradient descent with Nesterov momentum (Sutskever et al., ICML 2013), in place. */
export function sgdUpdate(
  velocities: readonly Float32Array[],
  parameters: readonly Parameter[],
  gradients: readonly Float32Array[],
  rate: number,
  { momentum, weightDecay }: SgdOptions,
): void {
  parameters.forEach(({ values, isKernel }, index) => {
    const velocity = velocities[index]!
    const gradient = gradients[index]!
    const decay = isKernel ? weightDecay : 0
    for (let k = 0; k < values.length; k++) {
      const slope = gradient[k]! + decay * values[k]!
      const moved = momentum * velocity[k]! + slope
      velocity[k] = moved
      values[k] = values[k]! - rate * (slope + momentum * moved)
    }
  })
}

/** Exponential moving average of all weights: averages += (1 - keep) x (weights - averages). */
export function averageWeights(
  averages: readonly Float32Array[],
  weights: readonly Float32Array[],
  keep: number,
): void {
  averages.forEach((average, index) => {
    const weight = weights[index]!
    for (let k = 0; k < average.length; k++)
      average[k] = average[k]! + (1 - keep) * (weight[k]! - average[k]!)
  })
}
