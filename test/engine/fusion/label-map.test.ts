import { describe, expect, it } from 'vitest'
import { EMOTIONS } from '../../../main/engine/emotions'
import { createLabelMap } from '../../../main/engine/fusion/label-map'
import { randomProbs, seeded } from '../timeline/fixtures'

const RAVDESS = ['neutral', 'calm', 'happiness', 'sadness', 'anger', 'fear', 'disgust', 'surprise']
const FER_PLUS = ['neutral', 'happiness', 'surprise', 'sadness', 'anger', 'disgust', 'fear', 'contempt']
const model = (labels: readonly string[], prior = labels.map(() => 1 / labels.length)) => ({
  id: 'test',
  labels,
  prior,
})

describe('label map', () => {
  it('adds calm to neutral in posterior and prior, and keeps the sum at 1', () => {
    const random = seeded(1)
    const map = createLabelMap(model(RAVDESS))
    expect([...map.prior]).toEqual([2 / 8, ...Array.from({ length: 6 }, () => 1 / 8)])
    for (let round = 0; round < 100; round++) {
      const probs = randomProbs(random, 8)
      const out = new Float64Array(7)
      map.map(probs, out)
      expect(out[0]).toBeCloseTo((probs[0] ?? 0) + (probs[1] ?? 0), 12)
      expect(out[6]).toBeCloseTo(probs[7] ?? 0, 12)
      expect(out.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
    }
  })

  it('drops contempt and renormalises', () => {
    const map = createLabelMap(model(FER_PLUS))
    const out = new Float64Array(7)
    map.map([0.1, 0.1, 0.1, 0.1, 0.2, 0.1, 0.1, 0.2], out)
    expect(out[EMOTIONS.indexOf('anger')]).toBeCloseTo(0.25, 12)
    expect(out[EMOTIONS.indexOf('surprise')]).toBeCloseTo(0.125, 12)
    expect(out.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
    expect([...map.prior].every((share) => Math.abs(share - 1 / 7) < 1e-12)).toBe(true)
  })

  it('restores the canonical order from any order of labels', () => {
    const random = seeded(2)
    for (let round = 0; round < 100; round++) {
      const labels = [...EMOTIONS].sort(() => random() - 0.5)
      const probs = randomProbs(random)
      const out = new Float64Array(7)
      createLabelMap(model(labels, [...probs])).map(probs, out)
      for (const [index, label] of labels.entries())
        expect(out[EMOTIONS.indexOf(label)]).toBeCloseTo(probs[index] ?? 0, 12)
    }
  })

  it('writes at an offset, and NaN where all went to dropped labels', () => {
    const out = new Float32Array(14).fill(9)
    createLabelMap(model(FER_PLUS)).map([0, 0, 0, 0, 0, 0, 0, 1], out, 7)
    expect([...out.subarray(0, 7)].every((value) => value === 9)).toBe(true)
    expect([...out.subarray(7)].every(Number.isNaN)).toBe(true)
  })

  it.each([
    ['a missing emotion', model(RAVDESS.slice(0, 7))],
    ['an unknown label', model([...RAVDESS, 'boredom'])],
    ['an emotion without prior', model(RAVDESS, [0.125, 0.125, 0.25, 0.125, 0.125, 0.125, 0.125, 0])],
  ])('refuses a card with %s', (_, card) => {
    expect(() => createLabelMap(card)).toThrowError(expect.objectContaining({ code: 'model.bad-card' }))
  })
})
