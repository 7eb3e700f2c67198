import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { EMOTIONS } from '../../../../main/engine/emotions'
import { openBackend } from '../../../../main/engine/inference/backend'
import { type FaceCard, faceCardSchema } from '../../../../main/engine/inference/card'
import { chooseModel } from '../../../../main/engine/inference/model-choice'
import { loadFaceModel, type LoadedModel } from '../../../../main/engine/inference/registry'
import { tf } from '../../../../main/engine/inference/tf'
import { FACE_VOTE_LABELS, selectFaces } from '../../../../main/engine/learning/data/face-set'
import { openFaceData } from '../../../../main/engine/learning/data/open-data'
import { calibrateFace } from '../../../../main/engine/learning/evaluation/calibrate-face'
import { evaluateFace } from '../../../../main/engine/learning/evaluation/evaluate-face'
import { readFaceLogits } from '../../../../main/engine/learning/evaluation/face-logits'
import {
  facePredictions,
  faceTruth,
  headsOf,
} from '../../../../main/engine/learning/evaluation/face-predictions'
import { softmax } from '../../../../main/engine/learning/evaluation/softmax'
import { Random } from '../../../../main/engine/learning/random'
import { sharedData } from '../../../support/shared-data'
import { faceSet } from './face-fixtures'

const SIDE = 8

const CARD: FaceCard = faceCardSchema.parse({
  formatVersion: 1,
  id: 'tiny',
  title: 'Tiny net',
  description: '',
  licence: 'MIT',
  attribution: '',
  task: 'face-emotion',
  labels: [...FACE_VOTE_LABELS],
  output: 'logits',
  outputIndex: 1,
  prior: FACE_VOTE_LABELS.map(() => 1 / 8),
  otherHeads: [{ outputIndex: 0, labels: [...EMOTIONS], target: 'FER2013 labels' }],
  calibration: { temperature: 2, protocol: 'by hand' },
  training: { data: 'd', split: 's', rows: [{ dataSet: 'fer2013', splits: ['Training'] }] },
  metrics: [],
  provenance: { command: 'c', commit: 'c' },
  files: [{ name: 'model.json', sha256: '0'.repeat(64) }],
  input: {
    widthPx: SIDE,
    heightPx: SIDE,
    colour: 'grey',
    normalisation: { kind: 'fixed', mean: [128], scale: 64 },
    crop: { boxCentreX: 0.4, boxCentreY: 0.6, boxSide: 0.7, levelEyes: false },
  },
})

/** Weights of a head by its formula, so that a test can compute logits itself. */
const weight = (head: number, pixel: number, label: number) =>
  Math.sin(1 + pixel * 0.7 + label * 1.3 + head) / 8

function tinyModel(scale = 1): LoadedModel<FaceCard> {
  const input = tf.input({ shape: [SIDE, SIDE, 1] })
  const flat = tf.layers.flatten().apply(input) as tf.SymbolicTensor
  const heads = [7, 8].map((units, head) => {
    const kernel = Array.from({ length: SIDE * SIDE }, (_, pixel) =>
      Array.from({ length: units }, (__, label) => scale * weight(head, pixel, label)),
    )
    const layer = tf.layers.dense({ units, useBias: false })
    const output = layer.apply(flat) as tf.SymbolicTensor
    tf.tidy(() => layer.setWeights([tf.tensor2d(kernel)]))
    return output
  })
  const network = tf.model({ inputs: input, outputs: heads })
  return { folder: '', card: CARD, network, dispose: () => network.dispose() }
}

function logitByHand(pixels: ArrayLike<number>, head: number, label: number): number {
  return Array.from(pixels, (value, pixel) => ((value - 128) / 64) * weight(head, pixel, label)).reduce(
    (a, b) => a + b,
  )
}

const votesOf = (...rows: readonly number[][]) =>
  Float32Array.from(rows.flatMap((row) => [...row, ...new Array<number>(8 - row.length).fill(0)]))

const OPTIONS = { dataSet: 'fer2013', dataName: 'Noise', isMirrored: false, resamples: 50 }

describe('face models', () => {
  let model: LoadedModel<FaceCard>

  beforeAll(async () => {
    await openBackend('auto')
    model = tinyModel()
    return () => model.dispose()
  })

  it('see the whole picture as the crop, normalised as the card says', async () => {
    // More faces than a batch holds, and no multiple of it.
    const set = faceSet(150)
    const logits = await readFaceLogits(model, set, { isMirrored: false })
    expect(logits.map((head) => head.length)).toEqual([150 * 7, 150 * 8])
    for (const item of [0, 127, 128, 149]) {
      const own = set.pixels.subarray(item * 64, (item + 1) * 64)
      expect(logits[0]![item * 7 + 3]).toBeCloseTo(logitByHand(own, 0, 3), 4)
      expect(logits[1]![item * 8 + 7]).toBeCloseTo(logitByHand(own, 1, 7), 4)
    }
  })

  it('average with the mirror image: mirrored pictures give the same', async () => {
    const set = faceSet(5)
    const mirrored = set.pixels.map((_, at) => set.pixels[at - (at % SIDE) + (SIDE - 1 - (at % SIDE))]!)
    const once = await readFaceLogits(model, set, { isMirrored: true })
    const again = await readFaceLogits(model, { ...set, pixels: mirrored }, { isMirrored: true })
    const [plain, flipped] = [
      await readFaceLogits(model, set, { isMirrored: false }),
      await readFaceLogits(model, { ...set, pixels: mirrored }, { isMirrored: false }),
    ]
    once[1]!.forEach((value, at) => {
      expect(value).toBeCloseTo(again[1]![at]!, 4)
      expect(value).toBeCloseTo((plain[1]![at]! + flipped[1]![at]!) / 2, 4)
    })
  })

  it('leave no tensor behind', async () => {
    const before = tf.memory().numTensors
    await readFaceLogits(model, faceSet(70), { isMirrored: true })
    expect(tf.memory().numTensors).toBe(before)
  })

  it('stop when asked to', async () => {
    const stop = new AbortController()
    stop.abort()
    const options = { isMirrored: false, signal: stop.signal }
    await expect(readFaceLogits(model, faceSet(4), options)).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('are compared with labels, and with votes where one leads', () => {
    const set = faceSet(4, {
      votes: votesOf([5, 5], [1, 6, 0, 0, 0, 0, 0, 3], [0, 0, 2, 0, 0, 0, 0, 8], []),
    })
    expect([...faceTruth(set, 'label')]).toEqual([0, 1, 2, 3])
    // A tie, one that leads, sadness leading among seven though contempt has more, and no vote.
    expect([...faceTruth(set, 'votes-7')]).toEqual([-1, 1, 2, -1])
    expect([...faceTruth(set, 'votes-8')]).toEqual([-1, 1, 7, -1])
  })

  it('with seven classes leave contempt out of the answer', () => {
    const [head] = headsOf(CARD)
    const logits = Float32Array.from([0, 1, 2, 3, 4, 5, 6, 99])
    const { items, labels } = facePredictions(faceSet(1), head!, {
      logits,
      target: 'label',
      data: 'd',
      how: 'h',
    })
    expect(labels).toEqual([...EMOTIONS])
    expect(items[0]!.logits).toEqual([0, 1, 2, 3, 4, 5, 6])
  })

  describe('evaluateFace', () => {
    const random = new Random(2)
    const test = faceSet(60, {
      splits: new Array<string>(60).fill('PublicTest'),
      votes: Float32Array.from({ length: 480 }, () => random.below(10)),
    })

    it('measures each head against what it can be asked', async () => {
      const { reports } = await evaluateFace(model, test, OPTIONS)
      expect(reports.map(({ id }) => id)).toEqual([
        'face-label',
        'face-votes-7',
        'face-votes-8',
        'face-label-head-0',
      ])
      expect(reports.map(({ isHeadline }) => isHeadline)).toEqual([false, true, false, true])
      expect(reports[2]!.labels.length).toBe(8)
      expect(reports.every(({ isProductFigure }) => isProductFigure)).toBe(true)
      const leading = Array.from(faceTruth(test, 'votes-7')).filter((truth) => truth >= 0).length
      expect(reports[1]).toMatchObject({ count: leading, leftOut: 60 - leading })
    })

    it('counts what it gets right as one does by hand', async () => {
      const { reports } = await evaluateFace(model, test, OPTIONS)
      const right = Array.from({ length: 60 }, (_, item) => {
        const own = test.pixels.subarray(item * 64, (item + 1) * 64)
        const logits = EMOTIONS.map((__, label) => logitByHand(own, 0, label))
        return logits.indexOf(Math.max(...logits)) === test.labels[item]
      }).filter(Boolean).length
      expect(reports[3]!.accuracy.value).toBeCloseTo(right / 60, 12)
    })

    it('refuses rows of training, and measures them on request, saying so', async () => {
      const mixed = faceSet(40)
      await expect(evaluateFace(model, mixed, OPTIONS)).rejects.toMatchObject({
        code: 'data.invalid',
        message: expect.stringContaining('30 of 40') as string,
      })
      const { reports } = await evaluateFace(model, mixed, { ...OPTIONS, isTrainingDataAllowed: true })
      expect(reports[0]).toMatchObject({ isProductFigure: false })
      expect(reports[0]!.notes.join()).toMatch(/30 of 40/)
    })

    it('leaves out what it is told to, and says how many', async () => {
      const excludeIds = new Set(['fer2013:0', 'fer2013:7', 'no such face'])
      const { reports } = await evaluateFace(model, test, { ...OPTIONS, excludeIds })
      expect(reports[0]!.count).toBe(58)
      expect(reports[0]!.notes.join()).toMatch(/Left out by request: 2 faces/)
    })

    it('measures spoiled faces beside', async () => {
      const { reports } = await evaluateFace(model, test, { ...OPTIONS, isSpoiledToo: true })
      expect(reports.at(-1)).toMatchObject({ id: 'face-votes-7-spoiled', isHeadline: false })
      expect(reports.at(-1)!.nll.value).not.toBeCloseTo(reports[1]!.nll.value, 6)
    })

    it('draws samples by the seed, half of them right', async () => {
      const draw = async (seed: number) =>
        (await evaluateFace(model, test, { ...OPTIONS, samples: 6, seed })).samples
      const samples = await draw(1)
      expect(samples.map(({ isRight }) => isRight)).toEqual([true, true, true, false, false, false])
      expect(await draw(1)).toEqual(samples)
      expect((await draw(2)).map(({ id }) => id)).not.toEqual(samples.map(({ id }) => id))
      for (const { id, predicted, majority, isRight, pixels } of samples) {
        expect(predicted === majority).toBe(isRight)
        const item = test.ids.indexOf(id)
        expect(pixels).toEqual(test.pixels.slice(item * 64, (item + 1) * 64))
      }
    })
  })

  describe('calibrateFace', () => {
    it('finds by how much logits are too large, and ships the larger temperature', async () => {
      // Labels drawn from the answers of the net itself: it is calibrated, and one with larger logits is not.
      const random = new Random(8)
      const faces = faceSet(1500)
      const logits = (await readFaceLogits(model, faces, { isMirrored: false }))[1]!
      const labels = Int32Array.from({ length: faces.count }, (_, item) => {
        const probabilities = softmax(logits.subarray(item * 8, item * 8 + 7))
        let remaining = random.next()
        return probabilities.findIndex((p) => (remaining -= p) <= 0)
      })
      const set = { ...faces, labels }
      const options = { isMirrored: false, data: 'Noise' }
      const large = tinyModel(2.5)
      try {
        const [own, other] = [
          await calibrateFace(model, set, options),
          await calibrateFace(large, set, options),
        ]
        // 1,500 labels fix a temperature to a few per cent.
        expect(Math.abs(own.temperatureClean - 1)).toBeLessThan(0.1)
        expect(other.temperatureClean / own.temperatureClean).toBeCloseTo(2.5, 3)
        expect(other.temperatureDegraded / own.temperatureDegraded).toBeCloseTo(2.5, 3)
        expect(own.temperatureDegraded).not.toBe(own.temperatureClean)
        expect(own.temperature).toBe(Math.max(own.temperatureClean, own.temperatureDegraded))
        expect(own.halves.every(({ eceEqualWidth }) => eceEqualWidth < 0.1)).toBe(true)
      } finally {
        large.dispose()
      }
    })
  })
})

const fer2013 = sharedData('fer2013')
const MODELS = join(__dirname, '..', '..', '..', '..', 'models')

describe.skipIf(fer2013 === null)('on FER2013', () => {
  it('the shipped model reads a part of PublicTest as well as its card says of the whole', async () => {
    await openBackend('auto')
    const { folder, card } = await chooseModel(MODELS, 'face-emotion')
    const claimed = card.metrics.filter(({ name }) => name === 'accuracy').map(({ value }) => value)
    const set = await openFaceData(fer2013!, { splits: ['PublicTest'] })
    const eighth = Array.from({ length: Math.floor(set.count / 8) }, (_, index) => index * 8)
    const shipped = await loadFaceModel(folder)
    try {
      const { reports } = await evaluateFace(shipped, selectFaces(set, eighth), OPTIONS)
      const measured = reports.map(({ accuracy }) => accuracy.value)
      // The standard error of a share of 447 is at most 2.3 points.
      expect(Math.abs(Math.max(...measured) - Math.max(...claimed))).toBeLessThan(0.07)
      expect(Math.abs(Math.min(...measured) - Math.min(...claimed))).toBeLessThan(0.07)
    } finally {
      shipped.dispose()
    }
  }, 240_000)
})
