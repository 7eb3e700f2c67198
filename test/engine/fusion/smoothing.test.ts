import { describe, expect, it } from 'vitest'
import { topEmotion } from '../../../main/engine/emotions'
import { DisplayLabel } from '../../../main/engine/fusion/display-label'
import { markovFilter } from '../../../main/engine/fusion/markov'
import { smoothingParametersSchema } from '../../../main/engine/fusion/parameters'
import { ExponentialSmoother } from '../../../main/engine/fusion/smoothing'
import { peaked, seeded } from '../timeline/fixtures'

const parameters = smoothingParametersSchema.parse({})
const oneHot = (value: number): number[] => [value, 0, 0, 0, 0, 0, 0]

describe('exponential average', () => {
  it('answers a step with 1 - exp(-t / tau), whatever the spacing of the timestamps', () => {
    const random = seeded(1)
    for (let round = 0; round < 50; round++) {
      const smoother = new ExponentialSmoother(parameters)
      smoother.next(oneHot(0), 5)
      let elapsedSecs = 0
      for (let step = 0; step < 30; step++) {
        elapsedSecs += 0.005 + 0.1 * random()
        const mean = smoother.next(oneHot(1), 5 + elapsedSecs)
        expect(mean[0]).toBeCloseTo(1 - Math.exp(-elapsedSecs / 0.4), 9)
      }
    }
  })

  it('keeps a constant and forgets after a gap of more than a second', () => {
    const smoother = new ExponentialSmoother(parameters)
    expect(smoother.next(oneHot(3), 0)[0]).toBe(3)
    expect(smoother.next(oneHot(3), 0.04)[0]).toBe(3)
    expect(smoother.next(oneHot(7), 1.04)[0]).toBeLessThan(7)
    expect(smoother.next(oneHot(-2), 2.05)[0]).toBe(-2)
  })
})

describe('hidden Markov filter', () => {
  const sequenceOf = (labels: readonly number[], stepSecs: number, strength: number) => ({
    timesSecs: Float64Array.from(labels, (_, index) => index * stepSecs),
    logLikelihoods: Float64Array.from(
      labels.flatMap((label) => [...peaked(label, strength)]),
      Math.log,
    ),
    prior: new Float64Array(7).fill(1 / 7),
  })
  const labelsOf = (posteriors: Float64Array): number[] =>
    Array.from({ length: posteriors.length / 7 }, (_, index) => topEmotion(posteriors, index * 7))

  const SKEWED = [0.4, 0.2, 0.15, 0.1, 0.08, 0.05, 0.02]

  it.each([
    { remark: 'a uniform prior', prior: new Array<number>(7).fill(1 / 7) },
    { remark: 'a prior of unequal shares', prior: SKEWED },
  ])('equals the sum over all paths of a short sequence, in both forms, under $remark', ({ prior }) => {
    const sequence = { ...sequenceOf([1, 1, 3, 3], 0.5, 0.5), prior }
    const change = 1 - Math.exp(-0.5 / 2)
    const renewal = (change * 7) / 6
    const paths = Array.from({ length: 7 ** 4 }, (_, code) =>
      [0, 1, 2, 3].map((place) => Math.floor(code / 7 ** place) % 7),
    )
    const likelihood = (path: readonly number[], until: number): number => {
      let product = prior[path[0] ?? 0] ?? 0
      for (let at = 0; at <= until; at++) {
        product *= Math.exp(sequence.logLikelihoods[at * 7 + (path[at] ?? 0)] ?? 0)
        if (at > 0)
          product *= renewal * (prior[path[at] ?? 0] ?? 0) + (path[at] === path[at - 1] ? 1 - renewal : 0)
      }
      return product
    }
    for (const isTwoWay of [false, true]) {
      const posteriors = markovFilter(sequence, parameters, isTwoWay)
      for (let at = 0; at < 4; at++) {
        const sums = new Float64Array(7)
        for (const path of paths)
          sums[path[at] ?? 0] = (sums[path[at] ?? 0] ?? 0) + likelihood(path, isTwoWay ? 3 : at)
        const total = sums.reduce((a, b) => a + b, 0)
        for (let e = 0; e < 7; e++) expect(posteriors[at * 7 + e]).toBeCloseTo((sums[e] ?? 0) / total, 10)
      }
    }
  })

  it('keeps an emotion with exp(-dt / dwell) and shares the rest equally under a uniform prior', () => {
    const sure = { ...sequenceOf([1, 1], 0.5, 1 - 1e-12), prior: new Array<number>(7).fill(1 / 7) }
    const posteriors = markovFilter(
      { ...sure, logLikelihoods: [...sure.logLikelihoods.slice(0, 7), ...new Array<number>(7).fill(0)] },
      parameters,
      false,
    )
    const stay = Math.exp(-0.5 / 2)
    for (let e = 0; e < 7; e++) expect(posteriors[7 + e]).toBeCloseTo(e === 1 ? stay : (1 - stay) / 6, 9)
  })

  it('returns to the prior where evidence says nothing, in both forms', () => {
    const silent = {
      timesSecs: Float64Array.from({ length: 400 }, (_, index) => index / 10),
      logLikelihoods: new Float64Array(400 * 7),
      prior: SKEWED,
    }
    silent.logLikelihoods[6] = 5
    const causal = markovFilter(silent, parameters, false)
    expect(causal[6]).toBeGreaterThan(0.5)
    for (const isTwoWay of [false, true])
      SKEWED.forEach((share, e) =>
        expect(markovFilter(silent, parameters, isTwoWay)[399 * 7 + e]).toBeCloseTo(share, 6),
      )
  })

  it('does not lag in both directions where the causal form does', () => {
    const labels = Array.from({ length: 80 }, (_, index) => (index < 40 ? 1 : 4))
    const sequence = sequenceOf(labels, 0.1, 0.3)
    const causal = labelsOf(markovFilter(sequence, parameters, false))
    const centred = labelsOf(markovFilter(sequence, parameters, true))
    expect(centred.indexOf(4)).toBe(40)
    expect(causal.indexOf(4)).toBeGreaterThan(40)
  })

  it('drops a flicker and starts anew after a gap', () => {
    const flicker = Array.from({ length: 60 }, (_, index) => (index === 30 ? 5 : 2))
    expect(new Set(labelsOf(markovFilter(sequenceOf(flicker, 0.04, 0.5), parameters, true)))).toEqual(
      new Set([2]),
    )
    const jump = { ...sequenceOf([1, 2], 0.5, 0.9), timesSecs: [0, 1.5] }
    const alone = markovFilter(sequenceOf([2], 1, 0.9), parameters, true)
    const posteriors = markovFilter(jump, parameters, true)
    for (let e = 0; e < 7; e++) expect(posteriors[7 + e]).toBeCloseTo(alone[e] ?? 0, 12)
  })

  it('keeps sums at 1 over ten thousand moments', () => {
    const random = seeded(2)
    const labels = Array.from({ length: 10_000 }, () => Math.floor(random() * 7))
    const posteriors = markovFilter(sequenceOf(labels, 0.04, 0.97), parameters, true)
    for (let index = 0; index < labels.length; index += 97)
      expect(posteriors.subarray(index * 7, index * 7 + 7).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9)
  })
})

describe('displayed label', () => {
  const display = () => new DisplayLabel({ lead: 0.1, holdSecs: 0.25, restartGapSecs: 1 })

  it('changes after a lead of a quarter second, not before', () => {
    const label = display()
    const shown = Array.from({ length: 50 }, (_, index) =>
      label.next(peaked(index < 25 ? 1 : 4), 0, index / 25),
    )
    // Frame 25 is the first to lead; 0.25 s later is frame 31.25, so frame 32 is the first to show it.
    expect(shown.indexOf(4)).toBe(32)
  })

  it('ignores flicker and small leads', () => {
    const flicker = display()
    for (let index = 0; index < 100; index++)
      expect(flicker.next(peaked(index % 6 === 5 ? 3 : 1), 0, index / 25)).toBe(1)
    const narrow = display()
    narrow.next(peaked(1), 0, 0)
    for (let index = 1; index < 20; index++)
      expect(narrow.next([0.1, 0.36, 0.44, 0.1, 0, 0, 0], 0, index / 25)).toBe(1)
  })

  it('starts anew after a gap and reads at an offset', () => {
    const label = display()
    expect(label.next(peaked(1), 0, 0)).toBe(1)
    expect(label.next(Float32Array.from([...peaked(1), ...peaked(6)]), 7, 1.5)).toBe(6)
  })
})
