import { readdir } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { EMOTIONS } from '../../../../main/engine/emotions'
import { type FaceCard, faceCardSchema } from '../../../../main/engine/inference/card'
import { tf } from '../../../../main/engine/inference/tf'
import { FACE_VOTE_LABELS } from '../../../../main/engine/learning/data/face-set'
import { readFaceLogits } from '../../../../main/engine/learning/evaluation/face-logits'
import { buildFaceNet } from '../../../../main/engine/learning/face/net'
import { faceOutputs } from '../../../../main/engine/learning/fusion/face-outputs'
import { tempFolder } from '../../../support/temp-folder'
import { toyFaces } from '../../../support/toy-faces'
import { openTrainingBackend } from '../../../support/training-backend'

const card = (changes: Partial<FaceCard> = {}): FaceCard =>
  faceCardSchema.parse({
    formatVersion: 1,
    id: 'toy',
    title: 'Toy',
    description: '',
    licence: 'MIT',
    attribution: '',
    task: 'face-emotion',
    labels: [...FACE_VOTE_LABELS],
    output: 'logits',
    outputIndex: 1,
    otherHeads: [{ outputIndex: 0, labels: [...EMOTIONS], target: 'labels' }],
    prior: FACE_VOTE_LABELS.map(() => 1 / 8),
    calibration: { temperature: 1, protocol: 'none' },
    training: { data: 'none', split: 'none' },
    metrics: [],
    provenance: { command: 'none', commit: 'none' },
    files: [{ name: 'model.json', sha256: '0'.repeat(64) }],
    input: {
      widthPx: 48,
      heightPx: 48,
      colour: 'grey',
      normalisation: { kind: 'per-image', sdFloor: 20, clip: 3 },
      crop: { boxCentreX: 0.4, boxCentreY: 0.6, boxSide: 0.7, levelEyes: true },
      mirrorAverage: true,
    },
    ...changes,
  })

describe('outputs of a face model with two heads', () => {
  beforeAll(openTrainingBackend)

  it("are the application's logits and the embedding they are made of, found once", async () => {
    const network = buildFaceNet({
      form: 'folded',
      sidePx: 48,
      heads: [7, 8],
      network: {
        stemChannels: 8,
        stages: [{ channels: 16, blocks: 1, hasGate: true }],
        squeezeRatio: 8,
        dropout: 0.4,
      },
      seed: 1,
      stream: null,
    })
    const faces = toyFaces(5)
    const cacheFolder = await tempFolder()
    const model = { folder: '', card: card(), network, dispose: () => network.dispose() }
    const before = tf.memory().numTensors
    const found = await faceOutputs(model, faces, { cacheFolder })
    expect([found.count, found.classes, found.width]).toEqual([5, 8, 16])
    const wanted = (await readFaceLogits(model, faces, { isMirrored: true }))[1]!
    found.logits.forEach((value, at) => expect(value).toBeCloseTo(wanted[at]!, 5))
    // The head is linear, so the mean embedding gives the mean logits.
    const [kernel, bias] = network.getLayer('ferplus_logits').getWeights() as [tf.Tensor, tf.Tensor]
    const redone = tf.tidy(() =>
      tf
        .add(tf.matMul(tf.tensor2d(found.embeddings, [5, 16]), kernel as tf.Tensor2D), bias)
        .dataSync<'float32'>(),
    )
    redone.forEach((value, at) => expect(value).toBeCloseTo(wanted[at]!, 4))
    expect(tf.memory().numTensors).toBe(before)
    expect(await faceOutputs(model, faces, { cacheFolder })).toEqual(found)
    expect((await readdir(cacheFolder)).length).toBe(1)
    // Another crop normalisation is another question.
    const other = { ...model, card: card({ input: { ...card().input, mirrorAverage: false } }) }
    expect((await faceOutputs(other, faces, { cacheFolder })).logits).not.toEqual(found.logits)
    network.dispose()
  })
})
