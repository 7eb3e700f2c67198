import { beforeAll, describe, expect, it } from 'vitest'
import { tf } from '../../../../main/engine/inference/tf'
import { buildDenseNet, runDenseNet, trainDenseNet } from '../../../../main/engine/learning/dense/dense-net'
import { keepValues, readKeptValues } from '../../../../main/engine/learning/dense/kept-values'
import { measureColumns, standardise } from '../../../../main/engine/learning/dense/standardise'
import { topIndex } from '../../../../main/engine/learning/evaluation/softmax'
import { locateLandmarks } from '../../../../main/engine/learning/geometry/locate-landmarks'
import { Random } from '../../../../main/engine/learning/random'
import { tempFolder } from '../../../support/temp-folder'
import { openTrainingBackend } from '../../../support/training-backend'
import { truncate, readdir } from 'node:fs/promises'
import { join } from 'node:path'

describe('the dense network', () => {
  beforeAll(openTrainingBackend)

  it('without hidden layers is logistic regression: it finds the rule of separable points', () => {
    const random = new Random(1)
    const count = 200
    const inputs = Float32Array.from({ length: count * 2 }, () => random.uniform(-1, 1))
    const targets = new Float32Array(count * 3)
    const classOf = (item: number) => {
      const [x, y] = [inputs[item * 2]!, inputs[item * 2 + 1]!]
      return topIndex([x, y, -x - y])
    }
    for (let item = 0; item < count; item++) targets[item * 3 + classOf(item)] = 1
    const vectors = { count, width: 2, inputs }
    const before = tf.memory().numTensors
    const network = buildDenseNet({ width: 2, hidden: [], classes: 3, seed: 1 })
    const losses: number[] = []
    trainDenseNet(
      network,
      { ...vectors, classes: 3, targets },
      {
        epochs: 60,
        batchSize: 50,
        peakRate: 0.1,
        weightDecay: 0,
        inputDropout: 0,
        seed: 1,
        onEpoch: ({ meanLoss }) => losses.push(meanLoss),
      },
    )
    const logits = runDenseNet(network, vectors)
    network.dispose()
    const right = Array.from({ length: count }, (_, item) => item).filter(
      (item) => topIndex(logits.subarray(item * 3, item * 3 + 3)) === classOf(item),
    )
    expect(right.length).toBeGreaterThan(0.96 * count)
    expect(losses.length).toBe(60)
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 2)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('learns nothing from rows without a target', () => {
    const vectors = { count: 8, width: 3, inputs: new Float32Array(24).fill(1) }
    const network = buildDenseNet({ width: 3, hidden: [4], classes: 2, seed: 1 })
    const before = runDenseNet(network, vectors)
    const data = { ...vectors, classes: 2, targets: new Float32Array(16) }
    const options = { epochs: 3, batchSize: 4, peakRate: 0.1, weightDecay: 0, inputDropout: 0, seed: 1 }
    trainDenseNet(network, data, options)
    expect(runDenseNet(network, vectors)).toEqual(before)
    network.dispose()
  })
})

describe('standardisation', () => {
  it('gives columns mean 0 and SD 1, leaves constant ones at 0 and clips what is far off', () => {
    const set = { count: 4, width: 2, inputs: Float32Array.from([1, 7, 2, 7, 3, 7, 4, 7]) }
    const columns = measureColumns(set)
    expect([...columns.mean]).toEqual([2.5, 7])
    expect([...columns.sd]).toEqual([Math.sqrt(1.25), 1])
    const { inputs } = standardise(set, columns)
    expect(inputs[0]).toBeCloseTo(-1.5 / Math.sqrt(1.25), 6)
    expect([1, 3, 5, 7].map((at) => inputs[at])).toEqual([0, 0, 0, 0])
    const far = standardise({ ...set, inputs: new Float32Array(8).fill(1e6) }, columns)
    expect(Math.max(...far.inputs)).toBe(5)
  })
})

describe('what took long to compute', () => {
  it('comes back from its file, and not from one that was cut short', async () => {
    const file = join(await tempFolder(), 'a', 'values.f32')
    expect(await readKeptValues(file, 3)).toBeNull()
    await keepValues(file, Float32Array.from([1.5, -2, 3]))
    expect([...(await readKeptValues(file, 3))!]).toEqual([1.5, -2, 3])
    await truncate(file, 8)
    expect(await readKeptValues(file, 3)).toBeNull()
  })

  it('landmarks of the same pictures are found once', async () => {
    await openTrainingBackend()
    const cacheFolder = await tempFolder()
    const random = new Random(1)
    const faces = {
      count: 2,
      sidePx: 48,
      pixels: Uint8Array.from({ length: 2 * 48 * 48 }, () => random.below(256)),
    }
    let passes = 0
    const locate = () => locateLandmarks(faces, { cacheFolder, onProgress: () => passes++ })
    const found = await locate()
    expect(found.length).toBe(2 * 136)
    // Whatever the network sees in noise, it sees it in the picture or near it.
    expect(found.every((value) => value > -48 && value < 96)).toBe(true)
    expect(await locate()).toEqual(found)
    expect(passes).toBe(1)
    expect((await readdir(cacheFolder)).length).toBe(1)
    faces.pixels[0]! ^= 255
    await locate()
    expect(passes).toBe(2)
  })
})
