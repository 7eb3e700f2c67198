import { expect, it } from 'vitest'
import { tf } from '../../../../main/engine/inference/tf'
import { meanCurves, megaFlopsOf } from '../../../../main/engine/learning/speech/network-facts'

it('counts two for each product of a convolution at each step, and of a dense layer once', () => {
  const network = tf.sequential({
    layers: [
      tf.layers.conv1d({ inputShape: [10, 3], filters: 5, kernelSize: 2, padding: 'same' }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 4 }),
    ],
  })
  expect(megaFlopsOf(network)).toBeCloseTo((2 * (10 * 2 * 3 * 5 + 50 * 4)) / 1e6, 9)
  network.dispose()
})

it('means curves epoch by epoch and adds up their time', () => {
  const row = (epoch: number, trainLoss: number) => ({
    epoch,
    trainLoss,
    trainAccuracy: trainLoss / 4,
    validationLoss: null,
    validationAccuracy: null,
    learningRate: 0.1,
    secs: 2,
  })
  expect(
    meanCurves([
      [row(1, 2), row(2, 1)],
      [row(1, 4), row(2, 2)],
    ]),
  ).toEqual([
    { ...row(1, 3), secs: 4 },
    { ...row(2, 1.5), secs: 4 },
  ])
  expect(meanCurves([])).toEqual([])
})
