import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBackend } from '../../../../main/engine/inference/backend'
import { loadSpeechModel } from '../../../../main/engine/inference/registry'
import { tf } from '../../../../main/engine/inference/tf'
import { adamWState } from '../../../../main/engine/learning/adamw'
import { Random } from '../../../../main/engine/learning/random'
import { readCheckpoint, writeCheckpoint } from '../../../../main/engine/learning/speech/checkpoint'
import { clipFeatures, type SpeechClip } from '../../../../main/engine/learning/speech/clip-features'
import { measureStandardisation } from '../../../../main/engine/learning/speech/clip-input'
import { buildNetA } from '../../../../main/engine/learning/speech/net-a'
import { predictClips } from '../../../../main/engine/learning/speech/predict-clips'
import {
  CLASS_WEIGHTS,
  SPEECH_PLAN,
  SPEECH_RECIPE,
  unstandardisedSpec,
} from '../../../../main/engine/learning/speech/recipe'
import { saveSpeechModel } from '../../../../main/engine/learning/speech/save-model'
import { trainNetwork } from '../../../../main/engine/learning/speech/train-network'
import { trainingBatch } from '../../../../main/engine/learning/speech/training-batch'
import { DEFAULT_MFCC_PARAMETERS } from '../../../../main/engine/speech/mfcc-parameters'
import { addAt, syntheticSpeech, whiteNoise } from '../../speech/signals'

/** Wasm cannot train convolutions: these tests need the native backend. */
const hasNative = await openBackend('tensorflow').then(
  () => true,
  () => false,
)

/** Two kinds of clip that a network can tell apart: all of one class whisper-bright, all of the other plain. */
function toyClips(count: number): SpeechClip[] {
  return Array.from({ length: count }, (_, index) => {
    const signal = whiteNoise(2, 1e-3, index)
    const speech = syntheticSpeech(1.2, index)
    const bright = speech.map((value, n) => value - 0.9 * (speech[n - 1] ?? 0))
    addAt(signal, index % 2 === 0 ? speech : bright, 0.4)
    return {
      name: `toy${index}`,
      actor: 1 + (index % 20),
      label: index % 2 === 0 ? 2 : 4,
      ...clipFeatures(signal, DEFAULT_MFCC_PARAMETERS),
    }
  })
}

describe.runIf(hasNative)('training (needs native TensorFlow)', () => {
  let folder = ''
  const clips = toyClips(24)
  const spec = { ...unstandardisedSpec(), ...measureStandardisation(clips, unstandardisedSpec()) }
  const batch = { ...SPEECH_RECIPE, ...SPEECH_PLAN, spec, classes: 8, classWeights: CLASS_WEIGHTS }
  const build = () => buildNetA({ steps: spec.steps, coefficients: spec.coefficients, classes: 8, seed: 1 })
  const options = (name: string, epochs: number) => ({
    ...SPEECH_RECIPE,
    batchSize: 8,
    epochs,
    seed: 1,
    batch,
    checkpointFile: join(folder, name),
  })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'unmask-training-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('learns to tell two kinds of sound apart, frees its tensors and saves a model that loads and agrees', async () => {
    const network = build()
    const losses: number[] = []
    const tensorsBefore = tf.memory().numTensors
    await trainNetwork(network, clips, {
      ...options('learn', 12),
      onEpoch: (_epoch, loss) => losses.push(loss),
    })
    expect(tf.memory().numTensors).toBe(tensorsBefore)
    expect(losses).toHaveLength(12)
    expect(losses.at(-1)!).toBeLessThan(0.75 * losses[0]!)
    const predictions = await predictClips(network, toyClips(40).slice(24), {
      spec,
      plan: SPEECH_PLAN,
      classes: 8,
    })
    const right = predictions.filter(({ logits, label }) => logits.indexOf(Math.max(...logits)) === label)
    expect(predictions).toHaveLength(16)
    expect(right.length).toBeGreaterThanOrEqual(14)

    const outFolder = join(folder, 'model')
    const outOfFold = await predictClips(network, clips, { spec, plan: SPEECH_PLAN, classes: 8 })
    const about = { seed: 1, epochs: 12, wallSecs: 1, commit: 'none', command: 'test' }
    await saveSpeechModel(network, { ...about, outFolder, spec, outOfFold, trainingClips: clips })
    const loaded = await loadSpeechModel(outFolder)
    expect(loaded.card.prior.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 4)
    const report = JSON.parse(await readFile(join(outFolder, 'report.json'), 'utf8')) as {
      clips: unknown[]
      actors: { actor: number; uar: number }[]
    }
    expect(report.clips).toHaveLength(clips.length)
    expect(report.actors.map(({ actor }) => actor)).toEqual(Array.from({ length: 20 }, (_, k) => k + 1))
    const again = await predictClips(loaded.network, clips, { spec, plan: SPEECH_PLAN, classes: 8 })
    expect(again).toEqual(outOfFold)
    loaded.dispose()
    network.dispose()
  })

  it('goes on from a checkpoint with the epochs that are missing, and not at all when done', async () => {
    const first = build()
    await trainNetwork(first, clips, options('resume', 1))
    const seen: number[] = []
    const second = build()
    await trainNetwork(second, clips, { ...options('resume', 3), onEpoch: (epoch) => seen.push(epoch) })
    expect(seen).toEqual([1, 2])
    const third = build()
    await trainNetwork(third, clips, { ...options('resume', 3), onEpoch: (epoch) => seen.push(epoch) })
    expect(seen).toEqual([1, 2])
    const [a] = second.getWeights()
    const [b] = third.getWeights()
    expect(await b!.data()).toEqual(await a!.data())
    for (const network of [first, second, third]) network.dispose()
  })

  it('stops when told and keeps the last checkpoint', async () => {
    const controller = new AbortController()
    const network = build()
    const training = trainNetwork(network, clips, {
      ...options('abort', 5),
      signal: controller.signal,
      onEpoch: () => controller.abort(),
    })
    await expect(training).rejects.toMatchObject({ code: 'cancelled' })
    const header = (await readFile(join(folder, 'abort'))).toString('latin1').split('\n')[0] ?? ''
    expect(JSON.parse(header)).toMatchObject({ epoch: 1, step: 3 })
    network.dispose()
  })

  it('refuses the checkpoint of another network', async () => {
    const network = build()
    const sizes = network.trainableWeights.map(({ shape }) => shape.reduce<number>((a, b) => a * (b ?? 1), 1))
    await writeCheckpoint(join(folder, 'other'), { network, state: adamWState(sizes), epoch: 2 })
    expect(await readCheckpoint(join(folder, 'other'), network, adamWState(sizes))).toBe(2)
    await expect(readCheckpoint(join(folder, 'other'), network, adamWState([3]))).rejects.toMatchObject({
      code: 'data.invalid',
    })
    expect(await readCheckpoint(join(folder, 'absent'), network, adamWState(sizes))).toBe(0)
    network.dispose()
  })

  it('does not see what lies under the mask', async () => {
    const network = build()
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
  const clips = toyClips(8)
  const spec = { ...unstandardisedSpec(), ...measureStandardisation(clips, unstandardisedSpec()) }
  const options = { ...SPEECH_RECIPE, ...SPEECH_PLAN, spec, classes: 8, classWeights: CLASS_WEIGHTS }

  it('has finite inputs, a mask from the start on and targets that sum to the class weight', () => {
    for (let seed = 0; seed < 10; seed++) {
      const { features, mask, targets, size } = trainingBatch(clips, options, new Random(seed))
      expect(size).toBe(8)
      expect(features.every(Number.isFinite)).toBe(true)
      for (let row = 0; row < size; row++) {
        const own = mask.subarray(row * 125, (row + 1) * 125)
        const length = own.reduce((sum, value) => sum + value, 0)
        expect(length).toBeGreaterThanOrEqual(25)
        expect(own.subarray(0, length).every((value) => value === 1)).toBe(true)
        const target = targets.subarray(row * 8, (row + 1) * 8)
        expect(target.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5)
      }
    }
  })

  it('weighs neutral double', () => {
    const neutral = clips.map((clip) => ({ ...clip, label: 0 }))
    const { targets } = trainingBatch(neutral, { ...options, mixupChance: 0 }, new Random(1))
    expect(targets[0]).toBeCloseTo(2 * (0.9 + 0.1 / 8), 6)
    expect(targets[1]).toBeCloseTo((2 * 0.1) / 8, 6)
  })

  it('repeats with its seed', () => {
    expect(trainingBatch(clips, options, new Random(3))).toEqual(trainingBatch(clips, options, new Random(3)))
  })
})
