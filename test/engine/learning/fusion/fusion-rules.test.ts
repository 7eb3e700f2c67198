import { describe, expect, it } from 'vitest'
import { RAVDESS_LABELS } from '../../../../main/engine/learning/data/ravdess'
import {
  bestOf,
  chooseExponents,
  exponentGrid,
} from '../../../../main/engine/learning/fusion/exponent-choice'
import {
  engineRule,
  singleRule,
  surerRule,
  weightedSumRule,
} from '../../../../main/engine/learning/fusion/fusion-rules'
import {
  CONFIDENCE_GATE,
  GATES_OFF,
  ORACLE_GATE,
  qualityGate,
} from '../../../../main/engine/learning/fusion/pair-gates'
import type { Pair, PairSet } from '../../../../main/engine/learning/fusion/pair-set'
import { withWrongFaces } from '../../../../main/engine/learning/fusion/wrong-faces'
import { randomPairs } from './pairs-support'

/** Two of eight classes matter; the others get what is left in equal parts. */
function posterior(first: number, second: number): Float64Array {
  return Float64Array.from([first, second, ...new Array<number>(6).fill((1 - first - second) / 6)])
}

const pair: Pair = {
  id: 'a',
  group: '01',
  part: '0',
  truth: 0,
  face: posterior(0.4, 0.3),
  voice: posterior(0.2, 0.5),
  isFaceWrong: false,
}
const shares = Float64Array.from([1 / 15, ...new Array<number>(7).fill(2 / 15)])
const set: PairSet = {
  labels: RAVDESS_LABELS,
  facePrior: shares,
  voicePrior: new Float64Array(8).fill(1 / 8),
  pairs: [pair],
  protocol: 'one pair',
}

describe('rules of fusion in eight classes', () => {
  it('the product is Bayes rule, as worked out by hand', () => {
    const likelihoods = Array.from({ length: 8 }, (_, label) => {
      const face = (0.98 * pair.face[label]!) / (label === 0 ? 1 / 15 : 2 / 15) + 0.02
      const voice = (0.98 * pair.voice[label]!) / (1 / 8) + 0.02
      return face * voice
    })
    const sum = likelihoods.reduce((a, b) => a + b, 0)
    const fused = engineRule()(pair, set)
    expect(fused.length).toBe(8)
    likelihoods.forEach((value, label) => expect(fused[label]).toBeCloseTo(value / sum, 12))
    // The classes' shares matter: 0.4 x 0.2 against 0.3 x 0.5, but neutral is half as frequent.
    expect(fused[0]).toBeGreaterThan(fused[1]!)
  })

  it('a side alone is its posterior without its prior', () => {
    const voice = singleRule('voice')(pair, set)
    voice.forEach((value, label) => expect(value).toBeCloseTo(0.98 * pair.voice[label]! + 0.02 / 8, 12))
    const gateZero = engineRule({}, { ...GATES_OFF, of: () => ({ face: 0, voice: 1 }) })(pair, set)
    gateZero.forEach((value, label) => expect(value).toBeCloseTo(voice[label]!, 12))
  })

  it('the sum is a mean, the surer side is taken whole', () => {
    const mean = weightedSumRule(0.25)(pair, set)
    mean.forEach((value, label) =>
      expect(value).toBeCloseTo(0.25 * pair.face[label]! + 0.75 * pair.voice[label]!, 12),
    )
    expect(surerRule(pair, set)).toEqual(pair.voice)
  })

  it('knows nothing but the prior where both gates are shut', () => {
    const shut = engineRule({}, { ...GATES_OFF, of: () => ({ face: 0, voice: 0 }) })(pair, set)
    expect([...shut]).toEqual(new Array(8).fill(1 / 8))
  })
})

describe('gates of pairs', () => {
  const spoilt = withWrongFaces(randomPairs(2000, 3), { share: 0.3, seed: 1 })

  it('the oracle shuts the wrong faces out and no other', () => {
    for (const one of spoilt.pairs) expect(ORACLE_GATE.of(one, spoilt).face).toBe(one.isFaceWrong ? 0 : 1)
  })

  it('confidence runs from 0 for knowing nothing to 1 for being sure', () => {
    const gate = (face: Float64Array) => CONFIDENCE_GATE.of({ ...pair, face }, set).face
    expect(gate(new Float64Array(8).fill(1 / 8))).toBeCloseTo(0, 12)
    expect(gate(Float64Array.from([0, 0, 1, 0, 0, 0, 0, 0]))).toBe(1)
  })

  it.each([0.8, 0.9])(
    'a simulated quality ranks right above wrong with chance %d and is calibrated',
    (auc) => {
      const source = qualityGate({ auc, wrongShare: 0.3, seed: 5 })
      const gates = spoilt.pairs.map((one) => source.of(one, spoilt).face)
      const right = gates.filter((_, index) => !spoilt.pairs[index]?.isFaceWrong)
      const wrong = gates.filter((_, index) => spoilt.pairs[index]?.isFaceWrong)
      let above = 0
      for (const low of wrong) above += right.filter((high) => high > low).length
      // 5,600 right and 2,400 wrong faces: the standard error is below 0.006.
      expect(Math.abs(above / right.length / wrong.length - auc)).toBeLessThan(0.02)
      const sure = gates.filter((gate) => gate > 0.6 && gate < 0.8).length
      const sureAndRight = right.filter((gate) => gate > 0.6 && gate < 0.8).length
      expect(Math.abs(sureAndRight / sure - 0.7)).toBeLessThan(0.06)
      expect(spoilt.pairs.map((one) => source.of(one, spoilt).face)).toEqual(gates)
    },
  )
})

describe('choice of the exponents', () => {
  it('keeps 1, 1 where both sides are alike, and counts on the grid', () => {
    const choice = chooseExponents(randomPairs(300, 11))
    expect([choice.faceExponent, choice.speechExponent]).toEqual([1, 1])
    expect(choice.grid.length).toBe(121)
    expect(choice.best.accuracy).toBeGreaterThanOrEqual(choice.atOne.accuracy)
  })

  it('leaves a side out as far as it can when that side says nothing but noise', () => {
    const noisy = randomPairs(300, 12)
    const turned = {
      ...noisy,
      pairs: noisy.pairs.map((one, index) => ({
        ...one,
        face: noisy.pairs[(index + 4) % noisy.pairs.length]!.face,
      })),
    }
    const choice = chooseExponents(turned)
    expect(choice.faceExponent).toBe(0.5)
    expect(choice.faceWeight).toBeLessThan(0.5)
  })

  it('takes the point nearest to 1, 1 among equals', () => {
    const grid = exponentGrid({ ...set, pairs: [{ ...pair, truth: 1 }] })
    const level = grid.map((point) => ({ ...point, accuracy: 0.5 }))
    expect(bestOf(level)).toMatchObject({ faceExponent: 1, speechExponent: 1 })
  })
})
