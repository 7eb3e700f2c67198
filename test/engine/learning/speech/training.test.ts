import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openBackend } from '../../../../main/engine/inference/backend'
import { loadSpeechModel } from '../../../../main/engine/inference/registry'
import { tf } from '../../../../main/engine/inference/tf'
import { Random } from '../../../../main/engine/learning/random'
import { measureStandardisation } from '../../../../main/engine/learning/speech/clip-input'
import type { SpeechConfig } from '../../../../main/engine/learning/speech/config'
import { buildNetA } from '../../../../main/engine/learning/speech/net-a'
import { NetAStep } from '../../../../main/engine/learning/speech/net-a-step'
import { predictCopies } from '../../../../main/engine/learning/speech/predict-clips'
import {
  classWeightsOf,
  unstandardisedSpec,
  windowPlanOf,
} from '../../../../main/engine/learning/speech/recipe'
import { saveSpeechModel } from '../../../../main/engine/learning/speech/save-model'
import {
  type TrainedMember,
  trainMember,
  type TrainMemberOptions,
} from '../../../../main/engine/learning/speech/train-member'
import { trainNetwork } from '../../../../main/engine/learning/speech/train-network'
import { trainingBatch } from '../../../../main/engine/learning/speech/training-batch'
import {
  lossAndGradients,
  readWeights,
  trainableParameters,
} from '../../../../main/engine/learning/training/parameters'
import { analyseSpeech } from '../../../../main/engine/speech/analyse-speech'
import { calibratedProbabilities, combineLogits } from '../../../../main/engine/speech/speech-network'
import { addAt, inBlocks, syntheticSpeech, whiteNoise } from '../../speech/signals'
import { BY_HEART, TINY_CONFIG, TINY_LABELS, toyClips } from './tiny'

// Without native TensorFlow the plain JavaScript backend trains, which takes its time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

/** Native where it is there; else the plain JavaScript backend, since WebAssembly cannot train convolutions. */
const hasNative = await openBackend('tensorflow').then(
  () => true,
  () => false,
)
if (!hasNative) await tf.setBackend('cpu')

const clips = toyClips(32)
const specOf = (config: SpeechConfig, member = config.members[0]!) => {
  const plain = unstandardisedSpec(config, member)
  return {
    ...plain,
    ...measureStandardisation(
      clips.map(({ copies }) => copies[0]!),
      plain,
    ),
  }
}
const batchOptions = (config: SpeechConfig) => ({
  spec: specOf(config),
  plan: windowPlanOf(config),
  augment: config.augment,
  training: config.training,
  classWeights: classWeightsOf(config, TINY_LABELS),
})

describe('training', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'unmask-training-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const epochsOf = (config: SpeechConfig, epochs: number): SpeechConfig => ({
    ...config,
    training: { ...config.training, epochs },
  })
  const memberOptions = (name: string, config = TINY_CONFIG): TrainMemberOptions => ({
    config,
    member: config.members[0]!,
    labels: TINY_LABELS,
    seed: 1,
    runFolder: join(folder, name),
    name,
    provenance: { command: 'test', commit: 'test' },
    isResumed: true,
    onMessage: () => undefined,
  })

  let ready: Promise<TrainedMember> | null = null
  /** The plain recipe, trained once for all who only look at it. */
  const plain = (): Promise<TrainedMember> => (ready ??= trainMember(clips, memberOptions('plain')))
  afterAll(async () => (await ready)?.network.dispose())

  it('learns 32 clips by heart, writes its curves and leaves no tensor behind', async () => {
    const config = epochsOf(BY_HEART, hasNative ? 12 : 5)
    const before = tf.memory().numTensors
    const { network, spec, curves } = await trainMember(clips, memberOptions('heart', config))
    const predictions = await predictCopies(
      network,
      clips.map(({ copies }) => copies[0]!),
      { spec, plan: windowPlanOf(config), classes: TINY_LABELS.length },
    )
    const right = predictions.filter(
      ({ logits }, clip) => logits.indexOf(Math.max(...logits)) === clips[clip]!.label,
    )
    expect(right.length).toBeGreaterThanOrEqual(hasNative ? 32 : 28)
    expect(curves.at(-1)!.trainLoss).toBeLessThan(0.5 * curves[0]!.trainLoss)
    const csv = (await readFile(join(folder, 'heart', 'curves.csv'), 'utf8')).trim().split('\n')
    expect(csv).toHaveLength(1 + config.training.epochs)
    network.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  it('goes on after it was cut off and ends with the very weights of an unbroken run', async () => {
    const unbroken = await plain()
    const controller = new AbortController()
    const options = memberOptions('broken')
    const cut = trainMember(clips, {
      ...options,
      signal: controller.signal,
      onMessage: (message) => {
        if (message.includes('epoch 2 of')) controller.abort()
      },
    })
    await expect(cut).rejects.toMatchObject({ code: 'cancelled' })
    const resumed = await trainMember(clips, options)
    expect(readWeights(resumed.network)).toEqual(readWeights(unbroken.network))
    expect(resumed.curves.map(({ trainLoss }) => trainLoss)).toEqual(
      unbroken.curves.map(({ trainLoss }) => trainLoss),
    )
    const other = await trainMember(clips, { ...memberOptions('other'), seed: 2 })
    expect(readWeights(other.network)).not.toEqual(readWeights(unbroken.network))
    for (const { network } of [resumed, other]) network.dispose()
  })

  it('refuses the checkpoint of another configuration and leaves it alone', async () => {
    await plain()
    const options = memberOptions('plain')
    const file = join(options.runFolder, 'checkpoint.bin')
    const before = await readFile(file)
    const other = { ...TINY_CONFIG, training: { ...TINY_CONFIG.training, peakRate: 0.001 } }
    await expect(trainMember(clips, { ...options, config: other })).rejects.toMatchObject({
      code: 'data.invalid',
    })
    await expect(trainMember(clips.slice(1), options)).rejects.toThrow(/another configuration or other data/)
    expect(await readFile(file)).toEqual(before)
  })

  it('stops when the loss is no number and keeps the last good checkpoint', async () => {
    const file = join(folder, 'nan.bin')
    const config = epochsOf(BY_HEART, 4)
    const batch = batchOptions(config)
    const build = () => {
      const stream = { random: null }
      const { steps, coefficients } = batch.spec
      const network = buildNetA({
        steps,
        coefficients,
        classes: TINY_LABELS.length,
        seed: 1,
        dropoutRate: 0,
        stream,
      })
      return { network, stream }
    }
    const first = build()
    const poisoned = { ...batch, classWeights: [...batch.classWeights] }
    const training = trainNetwork(first.network, clips, {
      batch: poisoned,
      seed: 1,
      stream: first.stream,
      checkpointFile: file,
      configHash: 'x',
      onEpoch: async (rows) => {
        await copyFile(file, `${file}.kept`)
        if (rows.length === 2) poisoned.classWeights.fill(Number.NaN)
      },
    })
    await expect(training).rejects.toThrow(/loss is NaN in epoch 3.*epoch 2 stays/)
    expect(await readFile(file)).toEqual(await readFile(`${file}.kept`))
    first.network.dispose()
  })

  it('saves members that load, agree, and speak as the mean of their logits, whatever the gain', async () => {
    const second = TINY_CONFIG.members[1]!
    const trained = [await plain(), await trainMember(clips, { ...memberOptions('second'), member: second })]
    const outFolder = join(folder, 'model')
    await saveSpeechModel({
      outFolder,
      trained,
      config: TINY_CONFIG,
      labels: TINY_LABELS,
      prior: [0.2, 0.4, 0.4],
      calibration: { temperature: 1.3, protocol: 'test' },
      metrics: [],
      training: { data: 'toys', split: 'all', seeds: [1] },
      licence: 'none',
      attribution: '',
      provenance: { command: 'test', commit: 'test' },
    })
    const model = await loadSpeechModel(outFolder)
    expect(model.networks).toHaveLength(2)
    const signal = whiteNoise(2, 1e-3)
    addAt(signal, syntheticSpeech(0.8, 4), 0.5)
    const analyse = (one: typeof model, sound = signal) => analyseSpeech(inBlocks(sound), { model: one })
    const wholeOf = async (sound: Float32Array) =>
      (await analyse(model, sound)).windows.flatMap(({ modelProbs }) => (modelProbs ? [modelProbs] : []))
    const alone = await Promise.all(
      model.card.members.map((member, index) =>
        analyse({
          ...model,
          card: { ...model.card, members: [member], calibration: { temperature: 1, protocol: '' } },
          networks: [model.networks[index]!],
        }),
      ),
    )
    const whole = await wholeOf(signal)
    expect(whole.length).toBeGreaterThan(0)
    const logits = alone.map(({ windows }) =>
      windows.flatMap(({ modelProbs }) => (modelProbs ? [modelProbs.map(Math.log)] : [])),
    )
    whole.forEach((probs, window) => {
      const expected = calibratedProbabilities(
        combineLogits(
          logits.map((rows) => rows[window]!),
          [1, 1],
        ),
        1.3,
      )
      probs.forEach((value, k) => expect(value).toBeCloseTo(expected[k]!, 4))
    })
    const loud = await wholeOf(signal.map((value) => 8 * value))
    expect(loud).toHaveLength(whole.length)
    loud.forEach((probs, window) =>
      probs.forEach((value, k) => expect(value).toBeCloseTo(whole[window]![k]!, 1)),
    )
    // The very network that was trained.
    const copies = clips.map(({ copies: versions }) => versions[0]!)
    const options = { plan: windowPlanOf(TINY_CONFIG), classes: TINY_LABELS.length }
    for (const [index, { network, spec }] of trained.entries()) {
      const expected = await predictCopies(network, copies, { ...options, spec })
      const loaded = await predictCopies(model.networks[index]!, copies, { ...options, spec })
      loaded.forEach((row, clip) =>
        row.logits.forEach((value, k) => expect(value).toBeCloseTo(expected[clip]!.logits[k]!, 5)),
      )
    }
    trained[1]!.network.dispose()
    model.dispose()
  })

  it('starts from a model when fine-tuning: its normalisation stays, its weights move', async () => {
    const base = await plain()
    const gentle = epochsOf({ ...TINY_CONFIG, training: { ...TINY_CONFIG.training, peakRate: 1e-4 } }, 1)
    const tuned = await trainMember(clips.slice(0, 16), {
      ...memberOptions('tuned', gentle),
      start: { network: base.network, spec: base.spec },
    })
    const values = (network: tf.LayersModel, layer: string) =>
      network
        .getLayer(layer)
        .getWeights()
        .map((tensor) => Array.from(tensor.dataSync()))
    for (const block of ['block64', 'block96', 'block128'])
      expect(values(tuned.network, `${block}_norm`)).toEqual(values(base.network, `${block}_norm`))
    const before = values(base.network, 'logits')[0]!
    const after = values(tuned.network, 'logits')[0]!
    expect(after).not.toEqual(before)
    after.forEach((value, k) => expect(Math.abs(value - before[k]!)).toBeLessThan(0.01))
    expect(tuned.spec).toBe(base.spec)
    tuned.network.dispose()
  })
})

describe.runIf(hasNative)('NetAStep (needs native TensorFlow)', () => {
  it('gives the loss, gradients and moving statistics that automatic differentiation gives', () => {
    const options = batchOptions(TINY_CONFIG)
    const stream: { random: Random | null } = { random: null }
    const { steps, coefficients } = options.spec
    const build = () =>
      buildNetA({ steps, coefficients, classes: TINY_LABELS.length, seed: 1, dropoutRate: 0.4, stream })
    const [taped, byHand] = [build(), build()]
    const batch = trainingBatch(clips.slice(0, 16), options, new Random(5))
    const parameters = trainableParameters(taped)
    stream.random = new Random(9)
    const expected = lossAndGradients(parameters, () => {
      const inputs = [
        tf.tensor3d(batch.features, [batch.size, steps, coefficients]),
        tf.tensor2d(batch.mask, [batch.size, steps]),
      ]
      const logits = taped.apply(inputs, { training: true }) as tf.Tensor2D
      const targets = tf.tensor2d(batch.targets, [batch.size, TINY_LABELS.length])
      return tf.neg(tf.mean(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), 1)))
    })
    const tensors = tf.memory().numTensors
    const step = new NetAStep(byHand, trainableParameters(byHand), { dropoutRate: 0.4, stream })
    stream.random = new Random(9)
    const { loss, gradients } = step.run(batch)
    step.flush()
    expect(tf.memory().numTensors).toBe(tensors)
    expect(loss).toBeCloseTo(expected.loss, 5)
    gradients.forEach((gradient, index) => {
      const wanted = expected.gradients[index]!
      // A slope that is zero in theory is rounding on both sides.
      const scale = Math.max(1e-4, ...wanted.map(Math.abs))
      gradient.forEach((value, k) => expect(Math.abs(value - wanted[k]!) / scale).toBeLessThan(1e-3))
    })
    const statistics = readWeights(taped)
    readWeights(byHand).forEach((values, index) =>
      values.forEach((value, k) => expect(value).toBeCloseTo(statistics[index]![k]!, 5)),
    )
    taped.dispose()
    byHand.dispose()
  })
})

describe('the network', () => {
  it('does not see what lies under the mask', () => {
    const network = buildNetA({ steps: 125, coefficients: 39, classes: 8, seed: 1, dropoutRate: 0.4 })
    const random = new Random(1)
    const speech = Float32Array.from({ length: 125 * 39 }, () => random.gaussian())
    const mask = new Float32Array(125).fill(1, 0, 60)
    speech.fill(0, 60 * 39)
    const other = speech.slice()
    // Beyond the reach of the convolutions (2 steps, 2 of 2, 1 of 4) the padding's content cannot matter.
    for (let k = 80 * 39; k < other.length; k++) other[k] = 5 * random.gaussian()
    const run = (features: Float32Array) =>
      tf.tidy(() =>
        (
          network.predict([tf.tensor3d(features, [1, 125, 39]), tf.tensor2d(mask, [1, 125])]) as tf.Tensor
        ).dataSync(),
      )
    const expected = run(speech)
    run(other).forEach((value, k) => expect(value).toBeCloseTo(expected[k]!, 4))
    network.dispose()
  })
})

describe('trainingBatch', () => {
  const options = batchOptions(TINY_CONFIG)

  it('has finite inputs, a mask from the start on and targets that sum to the class weight', () => {
    const { steps } = options.spec
    for (let seed = 0; seed < 10; seed++) {
      const { features, mask, targets, size } = trainingBatch(clips, options, new Random(seed))
      expect(size).toBe(32)
      expect(features.every(Number.isFinite)).toBe(true)
      for (let row = 0; row < size; row++) {
        const own = mask.subarray(row * steps, (row + 1) * steps)
        const length = own.reduce((sum, value) => sum + value, 0)
        expect(length).toBeGreaterThanOrEqual(8)
        expect(own.subarray(0, length).every((value) => value === 1)).toBe(true)
        const target = targets.subarray(row * 3, (row + 1) * 3)
        expect(target.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5)
      }
    }
  })

  it('weighs neutral double', () => {
    const neutral = clips.map((clip) => ({ ...clip, label: 0 }))
    const training = { ...options.training, mixupChance: 0 }
    const { targets } = trainingBatch(neutral, { ...options, training }, new Random(1))
    expect(targets[0]).toBeCloseTo(2 * (0.9 + 0.1 / 3), 6)
    expect(targets[1]).toBeCloseTo((2 * 0.1) / 3, 6)
  })

  it('repeats with its seed', () => {
    expect(trainingBatch(clips, options, new Random(3))).toEqual(trainingBatch(clips, options, new Random(3)))
  })
})
