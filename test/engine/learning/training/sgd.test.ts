import { beforeAll, describe, expect, it } from 'vitest'
import { tf } from '../../../../main/engine/inference/tf'
import { averageWeights, sgdState, sgdUpdate } from '../../../../main/engine/learning/training/sgd'
import type { Parameter } from '../../../../main/engine/learning/training/parameters'
import { openTrainingBackend } from '../../../support/training-backend'

beforeAll(openTrainingBackend)

function parameter(values: number[], isKernel: boolean): Parameter {
  return {
    name: 'p',
    variable: tf.variable(tf.tensor1d(values)),
    values: Float32Array.from(values),
    isKernel,
  }
}

describe('SGD with Nesterov momentum', () => {
  it('does what is computed by hand for two steps', () => {
    const one = parameter([1], false)
    const velocities = sgdState([one])
    const options = { momentum: 0.5, weightDecay: 0 }
    // v = 2, step 0.1 x (2 + 0.5 x 2) = 0.3; then v = 0.5 x 2 + 4 = 5, step 0.1 x (4 + 2.5) = 0.65.
    sgdUpdate(velocities, [one], [Float32Array.of(2)], 0.1, options)
    expect(one.values[0]).toBeCloseTo(0.7, 6)
    sgdUpdate(velocities, [one], [Float32Array.of(4)], 0.1, options)
    expect(one.values[0]).toBeCloseTo(0.05, 6)
  })

  it('decays kernels and nothing else', () => {
    const kernel = parameter([2], true)
    const bias = parameter([2], false)
    const none = Float32Array.of(0)
    sgdUpdate(sgdState([kernel, bias]), [kernel, bias], [none, none], 0.1, { momentum: 0, weightDecay: 0.5 })
    expect(kernel.values[0]).toBeCloseTo(1.9, 6)
    expect(bias.values[0]).toBe(2)
  })

  it('averages towards the weights', () => {
    const average = Float32Array.of(0)
    for (let step = 0; step < 3; step++) averageWeights([average], [Float32Array.of(8)], 0.5)
    expect(average[0]).toBeCloseTo(7, 6)
  })
})
