import { beforeAll, describe, expect, it } from 'vitest'
import { tf } from '../../../../main/engine/inference/tf'
import { Random } from '../../../../main/engine/learning/random'
import {
  batchNormalization,
  dropout,
  type DropoutStream,
  reLU,
} from '../../../../main/engine/learning/training/fused-layers'
import { openTrainingBackend } from '../../../support/training-backend'

beforeAll(openTrainingBackend)

const apply = (layer: tf.layers.Layer, x: tf.Tensor, training: boolean) =>
  layer.apply(x, { training }) as tf.Tensor

function largestDifference(a: tf.Tensor, b: tf.Tensor): number {
  return tf.tidy(() => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!)
}

describe('batch normalisation', () => {
  const pairOf = (name: string) => ({
    own: batchNormalization({ name: `${name}-own`, momentum: 0.9, epsilon: 1e-3 }),
    standard: tf.layers.batchNormalization({ name: `${name}-standard`, momentum: 0.9, epsilon: 1e-3 }),
  })

  it.each([[[6, 5, 4, 3]], [[7, 9, 3]]])(
    'equals the standard layer forwards and backwards, shape %j',
    (shape) => {
      const { own, standard } = pairOf(`bn-${shape.length}`)
      const x = tf.randomNormal(shape, 1.5, 2, 'float32', 3)
      const weights = tf.randomNormal(shape, 0, 1, 'float32', 4)
      const gradientOf = (layer: tf.layers.Layer) =>
        tf.grad((input: tf.Tensor) => tf.sum(tf.mul(apply(layer, input, true), weights)) as tf.Scalar)(x)
      expect(largestDifference(apply(own, x, true), apply(standard, x, true))).toBeLessThan(1e-4)
      expect(largestDifference(gradientOf(own), gradientOf(standard))).toBeLessThan(1e-4)
    },
  )

  it('keeps moving statistics that make it the standard layer in use', () => {
    const { own, standard } = pairOf('moving')
    for (let step = 0; step < 60; step++) {
      const x = tf.randomNormal([64, 4, 4, 2], 3, 0.5, 'float32', step)
      apply(own, x, true)
      apply(standard, x, true)
    }
    const x = tf.randomNormal([8, 4, 4, 2], 3, 0.5, 'float32', 99)
    // The two differ in Bessel's correction of the variance, a part in a thousand here.
    expect(largestDifference(apply(own, x, false), apply(standard, x, false))).toBeLessThan(5e-3)
    expect(own.getClassName()).toBe('BatchNormalization')
  })

  it('leaves its statistics alone when it is not trainable', () => {
    const layer = batchNormalization({ name: 'frozen' })
    const x = tf.randomNormal([16, 3, 3, 2], 5, 1, 'float32', 1)
    apply(layer, x, false)
    layer.trainable = false
    apply(layer, x, true)
    const [, , mean] = layer.getWeights()
    expect([...mean!.dataSync()]).toEqual([0, 0])
  })
})

describe('ReLU', () => {
  it('has the gradient 1 above zero and 0 below', () => {
    const x = tf.tensor1d([-2, -0.5, 0.5, 3])
    const layer = reLU({ name: 'relu' })
    const gradient = tf.grad((input: tf.Tensor) => tf.sum(apply(layer, input, true)) as tf.Scalar)(x)
    expect([...apply(layer, x, true).dataSync()]).toEqual([0, 0, 0.5, 3])
    expect([...gradient.dataSync()]).toEqual([0, 0, 1, 1])
    expect(layer.getClassName()).toBe('ReLU')
  })
})

describe('dropout', () => {
  it('draws from its stream, so that the same seed gives the same mask', () => {
    const stream: DropoutStream = { random: null }
    const layer = dropout({ name: 'drop', rate: 0.25, stream })
    const x = tf.ones([40, 50])
    const draw = (seed: number) => {
      stream.random = new Random(seed)
      return [...apply(layer, x, true).dataSync()]
    }
    const first = draw(1)
    expect(draw(1)).toEqual(first)
    expect(draw(2)).not.toEqual(first)
    const kept = first.filter((value) => value > 0)
    expect(kept.length / first.length).toBeCloseTo(0.75, 1)
    expect(kept[0]).toBeCloseTo(1 / 0.75, 5)
    expect([...apply(layer, x, false).dataSync()]).toEqual([...x.dataSync()])
    expect(layer.getClassName()).toBe('Dropout')
  })
})
