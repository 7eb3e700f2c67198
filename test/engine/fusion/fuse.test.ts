import { describe, expect, it } from 'vitest'
import { EMOTION_COUNT, topEmotion } from '../../../main/engine/emotions'
import { areDisagreeing } from '../../../main/engine/fusion/disagreement'
import { evidence, fuse, type ModalityReading, softmax } from '../../../main/engine/fusion/fuse'
import { fusionParametersSchema } from '../../../main/engine/fusion/parameters'
import { peaked, randomProbs, seeded } from '../timeline/fixtures'

const parameters = fusionParametersSchema.parse({})
const ROUNDS = 300
const UNIFORM = new Float64Array(EMOTION_COUNT).fill(1 / EMOTION_COUNT)

function randomReading(random: () => number, gate = random()): ModalityReading {
  return { probs: randomProbs(random, 7, 6), prior: randomProbs(random, 7, 1), gate }
}

function fused(
  face: ModalityReading | null,
  speech: ModalityReading | null,
  changed: Partial<typeof parameters> = {},
): Float64Array {
  const out = new Float64Array(EMOTION_COUNT)
  fuse(face, speech, { ...parameters, ...changed }, out)
  return out
}

function expectClose(actual: ArrayLike<number>, wanted: ArrayLike<number>): void {
  expect(actual.length).toBe(wanted.length)
  for (let index = 0; index < wanted.length; index++)
    expect(Math.abs((actual[index] ?? 0) - (wanted[index] ?? 0))).toBeLessThan(1e-12)
}

describe('the gated product', () => {
  it('equals Bayes rule written out in plain probabilities', () => {
    const random = seeded(1)
    for (let round = 0; round < ROUNDS; round++) {
      const face = randomReading(random, 1)
      const speech = randomReading(random, 1)
      const prior = [...randomProbs(random, 7, 1)]
      const likelihood = (reading: ModalityReading, e: number): number =>
        (0.98 * (reading.probs[e] ?? 0) + 0.02 * (reading.prior[e] ?? 0)) / (reading.prior[e] ?? 0)
      const products = prior.map((share, e) => share * likelihood(face, e) * likelihood(speech, e))
      const sum = products.reduce((a, b) => a + b, 0)
      expectClose(
        fused(face, speech, { prior }),
        products.map((value) => value / sum),
      )
    }
  })

  it('sums to 1 and stays within 0..1 for any gates and exponents', () => {
    const random = seeded(2)
    for (let round = 0; round < ROUNDS; round++) {
      const out = fused(randomReading(random, 0.05 + 0.95 * random()), randomReading(random), {
        faceExponent: 2 * random(),
        speechExponent: 2 * random(),
      })
      expect(Math.abs(out.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-12)
      for (const p of out) expect(p).toBeGreaterThanOrEqual(0)
    }
  })

  it('with a gate of 0 gives exactly what the other modality gives alone', () => {
    const random = seeded(3)
    for (let round = 0; round < ROUNDS; round++) {
      const open = randomReading(random, 0.1 + 0.9 * random())
      const shut = randomReading(random, 0)
      expectClose(fused(open, shut), fused(open, null))
      expectClose(fused(shut, open), fused(null, open))
    }
  })

  it('with one modality gives its floored posterior times rho_0 / rho', () => {
    const random = seeded(4)
    for (let round = 0; round < ROUNDS; round++) {
      const only = randomReading(random, 1)
      const prior = [...randomProbs(random, 7, 1)]
      const wanted = prior.map(
        (share, e) =>
          (share * (0.98 * (only.probs[e] ?? 0) + 0.02 * (only.prior[e] ?? 0))) / (only.prior[e] ?? 1),
      )
      const sum = wanted.reduce((a, b) => a + b, 0)
      expectClose(
        fused(null, only, { prior }),
        wanted.map((value) => value / sum),
      )
    }
  })

  it.each([
    ['none', null, null],
    [
      'both shut',
      { probs: peaked(1), prior: UNIFORM, gate: 0 },
      { probs: peaked(2), prior: UNIFORM, gate: 0 },
    ],
    [
      'both nearly shut',
      { probs: peaked(1), prior: UNIFORM, gate: 0.049 },
      { probs: peaked(2), prior: UNIFORM, gate: 0.02 },
    ],
    ['a posterior of NaN', { probs: new Float32Array(7).fill(Number.NaN), prior: UNIFORM, gate: 1 }, null],
  ])('is absent with %s', (_, face, speech) => {
    for (const method of ['product', 'weighted-sum'] as const) {
      const out = new Float64Array(EMOTION_COUNT)
      expect(fuse(face, speech, { ...parameters, method }, out)).toBe(false)
      expect([...out].every(Number.isNaN)).toBe(true)
    }
  })

  it('never lowers an emotion that one modality raises', () => {
    const random = seeded(5)
    for (const method of ['product', 'weighted-sum'] as const)
      for (let round = 0; round < ROUNDS; round++) {
        const face = randomReading(random, 0.1 + 0.9 * random())
        const speech = randomReading(random)
        const raised = Math.floor(random() * 7)
        const share = random()
        const probs = Float64Array.from(
          face.probs as Float64Array,
          (p, e) => (1 - share) * p + (e === raised ? share : 0),
        )
        const before = fused(face, speech, { method })[raised] ?? 1
        expect(fused({ ...face, probs }, speech, { method })[raised]).toBeGreaterThanOrEqual(before - 1e-12)
      }
  })

  it('gives permuted results for permuted classes', () => {
    const random = seeded(6)
    for (let round = 0; round < ROUNDS; round++) {
      const order = [...CLASS_ORDER].sort(() => random() - 0.5)
      const permute = (values: ArrayLike<number>): number[] => order.map((from) => values[from] ?? 0)
      const face = randomReading(random, 1)
      const speech = randomReading(random, 1)
      const prior = [...randomProbs(random, 7, 1)]
      const turned = (reading: ModalityReading): ModalityReading => ({
        ...reading,
        probs: permute(reading.probs),
        prior: permute(reading.prior),
      })
      const direct = permute(fused(face, speech, { prior }))
      expectClose(fused(turned(face), turned(speech), { prior: permute(prior) }), direct)
      const back = order.map((_, e) => direct[order.indexOf(e)] ?? 0)
      expectClose(back, fused(face, speech, { prior }))
    }
  })

  it('survives a modality that is entirely sure and wrong', () => {
    const sure = (emotion: number): ModalityReading => ({
      probs: peaked(emotion, 1),
      prior: UNIFORM,
      gate: 1,
    })
    const out = fused(sure(1), sure(2))
    expect(out[1]).toBeCloseTo(out[2] ?? 0, 12)
    expect([...out].every((p) => p > 0)).toBe(true)
  })

  it('reads and writes at an offset', () => {
    const probs = Float32Array.from([...peaked(3), ...peaked(5)])
    const out = new Float32Array(21)
    fuse({ probs, offset: 7, prior: UNIFORM, gate: 1 }, null, parameters, out, 14)
    expect(topEmotion(out, 14)).toBe(5)
    expect([...out.subarray(0, 14)].every((value) => value === 0)).toBe(true)
  })
})

const CLASS_ORDER = Array.from({ length: EMOTION_COUNT }, (_, index) => index)

describe('the weighted sum', () => {
  it('is the gate-weighted mean of the posteriors', () => {
    const random = seeded(7)
    for (let round = 0; round < ROUNDS; round++) {
      const face = randomReading(random, 0.05 + 0.95 * random())
      const speech = randomReading(random)
      const faceWeight = 0.1 + 0.9 * random()
      const wf = faceWeight * face.gate
      const ws = (1 - faceWeight) * speech.gate
      const wanted = CLASS_ORDER.map(
        (e) => (wf * (face.probs[e] ?? 0) + ws * (speech.probs[e] ?? 0)) / (wf + ws),
      )
      expectClose(
        fused(face, speech, { method: 'weighted-sum', faceWeight, speechWeight: 1 - faceWeight }),
        wanted,
      )
    }
  })

  it('is absent where the only modality has no weight', () => {
    const out = new Float64Array(7)
    const weights = { ...parameters, method: 'weighted-sum' as const, faceWeight: 0 }
    expect(fuse({ probs: peaked(1), prior: UNIFORM, gate: 1 }, null, weights, out)).toBe(false)
  })
})

describe('evidence and softmax', () => {
  it('softmax of evidence plus log prior gives the floored posterior back', () => {
    const random = seeded(8)
    const out = new Float64Array(7)
    for (let round = 0; round < ROUNDS; round++) {
      const reading = randomReading(random, 1)
      evidence(reading, 0.02, out)
      const scores = out.map((value, e) => value + Math.log(reading.prior[e] ?? 1))
      softmax(scores, out)
      expectClose(
        out,
        Array.from(reading.probs, (p, e) => 0.98 * p + 0.02 * (reading.prior[e] ?? 0)),
      )
    }
  })

  it('a model that says its prior says nothing, and no class is held less likely than the floor', () => {
    const out = new Float64Array(7)
    const prior = [0.34, 0.27, 0.14, 0.09, 0.03, 0.01, 0.12]
    evidence({ probs: prior, prior }, 0.02, out)
    expectClose(out, new Array<number>(7).fill(0))
    evidence({ probs: [1, 0, 0, 0, 0, 0, 0], prior }, 0.02, out)
    expectClose(out.subarray(1), new Array<number>(6).fill(Math.log(0.02)))
  })

  it('softmax does not overflow', () => {
    const out = new Float64Array(7)
    softmax([1e4, 0, 0, 0, 0, 0, -1e4], out)
    expect([...out]).toEqual([1, 0, 0, 0, 0, 0, 0])
  })
})

describe('disagreement', () => {
  const reading = (emotion: number, top: number, gate: number): ModalityReading => ({
    probs: peaked(emotion, top),
    prior: UNIFORM,
    gate,
  })
  it.each([
    ['different, sure, trusted', reading(1, 0.7, 0.9), reading(3, 0.7, 0.9), true],
    ['the same emotion', reading(1, 0.7, 0.9), reading(1, 0.7, 0.9), false],
    ['an unsure face', reading(1, 0.5, 0.9), reading(3, 0.7, 0.9), false],
    ['an unsure voice', reading(1, 0.7, 0.9), reading(3, 0.45, 0.9), false],
    ['a face not trusted', reading(1, 0.7, 0.5), reading(3, 0.7, 0.9), false],
    ['a voice not trusted', reading(1, 0.7, 0.9), reading(3, 0.7, 0.2), false],
    ['no voice', reading(1, 0.7, 0.9), null, false],
  ])('%s', (_, face, speech, wanted) => {
    expect(areDisagreeing(face, speech, parameters.disagreement)).toBe(wanted)
  })
})
