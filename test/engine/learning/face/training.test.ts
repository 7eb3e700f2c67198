import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { tf } from '../../../../main/engine/inference/tf'
import type { FaceSet } from '../../../../main/engine/learning/data/face-set'
import { type FaceConfig, faceConfigSchema } from '../../../../main/engine/learning/face/config'
import { buildFaceNet, foldFaceNet } from '../../../../main/engine/learning/face/net'
import { predictFaces } from '../../../../main/engine/learning/face/predict-faces'
import { trainFaceNetwork } from '../../../../main/engine/learning/face/train-network'
import { labelShares, trainingRows } from '../../../../main/engine/learning/face/training-rows'
import { Random } from '../../../../main/engine/learning/random'
import { readWeights } from '../../../../main/engine/learning/training/parameters'
import { saveNetwork } from '../../../../main/engine/learning/training/save-network'
import { openTrainingBackend } from '../../../support/training-backend'
import { tempFolder } from '../../../support/temp-folder'
import { joinFaces, toyFaces } from '../../../support/toy-faces'

beforeAll(openTrainingBackend)

const SIDE = 16
const still = { flipChance: 0, rotationDegrees: 0, scaleRange: 0, shiftShare: 0, gammaRange: 1 }
const none = { shrinkChance: 0, noiseChance: 0, noiseSd: 0, eraseChance: 0, eraseShare: 0 }

function tinyConfig(changes: object = {}): FaceConfig {
  return faceConfigSchema.parse({
    network: { stemChannels: 8, stages: [{ channels: 8, hasGate: false }, { channels: 16 }], dropout: 0.1 },
    epochs: 2,
    batchSize: 8,
    averageKeep: 0.5,
    augment: { ...still, ...none },
    mixupChance: 0,
    ...changes,
  })
}

async function train(set: FaceSet, config: FaceConfig, { epochsNow = config.epochs, file = '' } = {}) {
  const stream = { random: new Random(0) }
  const network = buildFaceNet({
    form: 'training',
    sidePx: set.sidePx,
    heads: [7, 8],
    network: config.network,
    seed: config.seed,
    stream,
  })
  const { items } = trainingRows(set)
  const stop = new AbortController()
  const run = trainFaceNetwork(network, {
    config,
    set,
    items,
    validationItems: items,
    shares: labelShares(set, items),
    stream,
    checkpointFile: file === '' ? join(await tempFolder(), 'checkpoint.bin') : file,
    configHash: 'test',
    signal: stop.signal,
    onStep: ({ epoch, step }) => void (epoch === epochsNow && step === 1 && stop.abort()),
  })
  const curves = await run.catch((error: unknown) => {
    if (epochsNow === config.epochs) throw error
    return null
  })
  return { network, curves }
}

describe('training a face network', () => {
  it('learns 32 pictures by heart', async () => {
    const set = toyFaces(32, { sidePx: SIDE })
    const { network, curves } = await train(set, tinyConfig({ epochs: 20, peakRate: 0.1 }))
    expect(curves?.at(-1)?.validationAccuracy).toBe(1)
    expect(curves!.at(-1)!.trainLoss).toBeLessThan(0.6 * curves![0]!.trainLoss)
    network.dispose()
  }, 120_000)

  it('that was stopped in the middle of an epoch and goes on is the same run', async () => {
    const set = toyFaces(32, { sidePx: SIDE })
    const config = tinyConfig({ epochs: 3, augment: {}, mixupChance: 0.5 })
    const whole = await train(set, config)
    const file = join(await tempFolder(), 'checkpoint.bin')
    const cut = await train(set, config, { epochsNow: 2, file })
    expect(cut.curves).toBeNull()
    const rest = await train(set, config, { file })
    expect(readWeights(rest.network)).toEqual(readWeights(whole.network))
    const figures = (rows: typeof whole.curves) => rows?.map(({ secs: _, ...row }) => row)
    expect(figures(rest.curves)).toEqual(figures(whole.curves))
  }, 120_000)

  it('stops when the loss is no number, and keeps the checkpoint before', async () => {
    const set = toyFaces(32, { sidePx: SIDE })
    const file = join(await tempFolder(), 'checkpoint.bin')
    await train(set, tinyConfig({ epochs: 3 }), { epochsNow: 1, file })
    const before = await readFile(file)
    await expect(train(set, tinyConfig({ epochs: 3, peakRate: 1e30 }), { file })).rejects.toThrow(
      /the loss is .*peakRate/,
    )
    expect(await readFile(file)).toEqual(before)
  }, 120_000)

  it('releases what it makes', async () => {
    const set = toyFaces(16, { sidePx: SIDE })
    const once = async (epochs: number) => {
      const { network } = await train(set, tinyConfig({ epochs }))
      network.dispose()
      return tf.memory().numTensors
    }
    const after = await once(1)
    expect(await once(3)).toBe(after)
  }, 120_000)

  it('says so when there are fewer pictures than one batch', async () => {
    await expect(train(toyFaces(3, { sidePx: SIDE }), tinyConfig())).rejects.toThrow(/only 3 pictures/)
  })
})

describe('the folded network', () => {
  it('gives what the trained one gives, before and after being saved', async () => {
    const set = toyFaces(32, { sidePx: SIDE })
    const config = tinyConfig()
    const { network } = await train(set, config)
    const folded = foldFaceNet(network, { sidePx: SIDE, heads: [7, 8], network: config.network, seed: 1 })
    const items = [0, 5, 9, 30]
    const expected = predictFaces(network, set, items)
    const folder = await tempFolder()
    const files = await saveNetwork(folded, folder)
    expect(files.map(({ name }) => name)).toEqual(['model.json', 'weights.bin'])
    const manifest = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')) as {
      modelTopology: object
      weightsManifest: { weights: tf.io.WeightsManifestEntry[] }[]
    }
    const weights = await readFile(join(folder, 'weights.bin'))
    const loaded = await tf.loadLayersModel(
      tf.io.fromMemory({
        modelTopology: manifest.modelTopology,
        weightSpecs: manifest.weightsManifest[0]!.weights,
        weightData: new Uint8Array(weights).buffer,
      }),
    )
    for (const other of [folded, loaded])
      predictFaces(other, set, items).forEach((values, head) =>
        values.forEach((value, index) => expect(value).toBeCloseTo(expected[head]![index]!, 3)),
      )
    expect(loaded.layers.some((layer) => layer.getClassName() === 'BatchNormalization')).toBe(false)
  }, 120_000)
})

describe('the rows that are trained on', () => {
  it('are those of the training part, without pictures that another part has too', () => {
    const training = toyFaces(10, { sidePx: SIDE, seed: 1 })
    const test = toyFaces(4, { sidePx: SIDE, seed: 2, split: 'PublicTest' })
    test.pixels.set(training.pixels.subarray(3 * SIDE * SIDE, 4 * SIDE * SIDE), 0)
    const { items, leaked } = trainingRows(joinFaces(training, test))
    expect([...leaked]).toEqual([3])
    expect([...items]).toEqual([0, 1, 2, 4, 5, 6, 7, 8, 9])
  })

  it('must exist', () => {
    expect(() => trainingRows(toyFaces(3, { sidePx: SIDE, split: 'PublicTest' }))).toThrow(/PublicTest/)
  })
})
