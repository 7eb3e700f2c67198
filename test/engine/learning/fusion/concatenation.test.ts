import { beforeAll, describe, expect, it } from 'vitest'
import { EMOTIONS } from '../../../../main/engine/emotions'
import { tf } from '../../../../main/engine/inference/tf'
import { topIndex } from '../../../../main/engine/learning/evaluation/softmax'
import {
  CONCAT_RECIPE,
  joinVectors,
  trainConcatNet,
} from '../../../../main/engine/learning/fusion/concatenation'
import { crossConcatenate } from '../../../../main/engine/learning/fusion/cross-concatenation'
import { withEmbedding } from '../../../../main/engine/learning/fusion/embedding'
import { logVectors } from '../../../../main/engine/learning/fusion/real-figures'
import { Random } from '../../../../main/engine/learning/random'
import { openTrainingBackend } from '../../../support/training-backend'
import { randomSide } from './pairs-support'

function noise(count: number, width: number, seed: number) {
  const random = new Random(seed)
  return { count, width, inputs: Float32Array.from({ length: count * width }, () => random.gaussian()) }
}

describe('concatenation', () => {
  beforeAll(openTrainingBackend)

  it('joins the vectors of the pairs that are named, the face first', () => {
    const faces = { count: 2, width: 2, inputs: Float32Array.from([1, 2, 3, 4]) }
    const voices = { count: 3, width: 1, inputs: Float32Array.from([7, 8, 9]) }
    const joined = joinVectors(faces, voices, [
      { face: 1, voice: 0, truth: 0 },
      { face: 0, voice: 2, truth: 1 },
    ])
    expect([...joined.inputs]).toEqual([3, 4, 7, 1, 2, 9])
  })

  it('learns 32 pairs by heart, the same each time, and leaves no tensor behind', () => {
    const vectors = noise(32, 20, 1)
    const truth = Array.from({ length: 32 }, (_, index) => index % 7)
    const before = tf.memory().numTensors
    const train = () => {
      const options = { ...CONCAT_RECIPE, inputDropout: 0, epochs: 60, batchSize: 16, peakRate: 1e-2 }
      const net = trainConcatNet(vectors, truth, { ...options, classes: 7, seed: 3 })
      const logits = net.predict(vectors)
      net.dispose()
      return logits
    }
    const logits = train()
    truth.forEach((label, row) => expect(topIndex(logits.subarray(row * 7, row * 7 + 7))).toBe(label))
    expect(train()).toEqual(logits)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('stops where the loss is no number, and leaves no tensor behind', () => {
    const before = tf.memory().numTensors
    const vectors = noise(8, 3, 1)
    vectors.inputs[4] = Number.NaN
    expect(() =>
      trainConcatNet(vectors, new Array<number>(8).fill(0), { ...CONCAT_RECIPE, classes: 7, seed: 1 }),
    ).toThrowError(expect.objectContaining({ code: 'data.invalid' }))
    expect(tf.memory().numTensors).toBe(before)
  })

  it('is never trained on the part that it is tested on', () => {
    const voices = randomSide('voice', 10, 4)
    const parts = voices.items.map(({ part }) => part)
    const truth = voices.items.map((item) => item.truth)
    const vectors = logVectors(voices.items.map(({ probs }) => probs))
    const testPairs = voices.items.map((item, index) => ({ ...item, face: index, voice: index }))
    const run = (voiceTruth: readonly number[], seed = 1) =>
      crossConcatenate({
        labels: EMOTIONS,
        trainFaces: { vectors, truth, parts },
        trainVoices: { vectors, truth: voiceTruth, parts },
        testFaces: vectors,
        testVoices: vectors,
        testPairs,
        pairing: 'same-class',
        seed,
        draws: 140,
        protocol: 'test',
      }).items.map(({ logits }) => topIndex(logits))
    const plain = run(truth)
    // Labels of part 0 are turned round: the answers for part 0 rest on part 1 and stay as they were.
    const turned = run(truth.map((label, index) => (parts[index] === '0' ? (label + 3) % 7 : label)))
    const ofPart = (answers: readonly number[], part: string) =>
      answers.filter((_, index) => parts[index] === part)
    expect(ofPart(turned, '0')).toEqual(ofPart(plain, '0'))
    expect(ofPart(turned, '1')).not.toEqual(ofPart(plain, '1'))
  })
})

describe('embeddings', () => {
  beforeAll(openTrainingBackend)

  it('are what the last dense layer takes in', () => {
    const input = tf.input({ shape: [5] })
    const hidden = tf.layers.dense({ units: 4, activation: 'relu', name: 'h' }).apply(input)
    const dropped = tf.layers.dropout({ rate: 0.5 }).apply(hidden)
    const logits = tf.layers.dense({ units: 3, name: 'l' }).apply(dropped) as tf.SymbolicTensor
    const probs = tf.layers.softmax().apply(logits) as tf.SymbolicTensor
    const network = tf.model({ inputs: input, outputs: [logits, probs] })
    const x = tf.randomNormal([2, 5], 0, 1, 'float32', 1)
    for (const index of [0, 1]) {
      const cut = withEmbedding(network, index)
      const [answer, embedding] = cut.predict(x) as [tf.Tensor, tf.Tensor]
      expect(embedding.shape).toEqual([2, 4])
      expect([...answer.dataSync()]).toEqual([...(network.predict(x) as tf.Tensor[])[index]!.dataSync()])
      const [kernel, bias] = network.getLayer('l').getWeights() as [tf.Tensor2D, tf.Tensor1D]
      const redone = tf.add(tf.matMul(embedding as tf.Tensor2D, kernel), bias)
      const wanted = (network.predict(x) as tf.Tensor[])[0]!.dataSync()
      redone.dataSync().forEach((value, at) => expect(value).toBeCloseTo(wanted[at]!, 5))
    }
    expect(() => withEmbedding(network, 2)).toThrowError(expect.objectContaining({ code: 'model.bad-card' }))
  })
})
