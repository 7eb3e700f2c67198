import { describe, expect, it } from 'vitest'
import { asLogits, calibratedProbabilities, combineLogits } from '../../../main/engine/speech/speech-network'

describe('calibratedProbabilities', () => {
  it('divides logits by the temperature', () => {
    const probs = calibratedProbabilities(Float32Array.of(1, 2, 4), 2)
    const powers = [0.5, 1, 2].map(Math.exp)
    const sum = powers.reduce((total, value) => total + value, 0)
    powers.forEach((value, k) => expect(probs[k]).toBeCloseTo(value / sum, 6))
  })

  it('survives large logits', () => {
    expect(Array.from(calibratedProbabilities(Float32Array.of(1000, -1000), 1))).toEqual([1, 0])
  })
})

describe('asLogits', () => {
  it('gives probabilities back at temperature 1, and raised to 1 / T else', () => {
    const input = Float32Array.of(0.1, 0.2, 0.7)
    const logits = asLogits(input, 'probabilities')
    calibratedProbabilities(logits, 1).forEach((value, k) => expect(value).toBeCloseTo(input[k]!, 6))
    const squares = [0.01, 0.04, 0.49]
    calibratedProbabilities(logits, 0.5).forEach((value, k) =>
      expect(value).toBeCloseTo(squares[k]! / 0.54, 6),
    )
  })

  it('leaves logits alone and survives a probability of zero', () => {
    const logits = Float32Array.of(3, -1)
    expect(asLogits(logits, 'logits')).toBe(logits)
    const certain = calibratedProbabilities(asLogits(Float32Array.of(0, 1), 'probabilities'), 1)
    expect(certain[1]).toBeCloseTo(1, 6)
  })
})

describe('combineLogits', () => {
  it('is the weighted mean, whatever the weights add up to', () => {
    const a = Float32Array.of(1, 2)
    const b = Float32Array.of(4, -2)
    expect(Array.from(combineLogits([a, b], [1, 1]))).toEqual([2.5, 0])
    expect(Array.from(combineLogits([a, b], [6, 2]))).toEqual([1.75, 1])
    expect(Array.from(combineLogits([a], [3]))).toEqual([1, 2])
  })

  it('is the product of the posteriors', () => {
    const a = Float32Array.of(0.3, -1, 2)
    const b = Float32Array.of(1, 0.5, -0.5)
    const [pa, pb] = [a, b].map((logits) => calibratedProbabilities(logits, 1))
    const product = pa!.map((value, k) => Math.sqrt(value * pb![k]!))
    const sum = product.reduce((total, value) => total + value, 0)
    calibratedProbabilities(combineLogits([a, b], [1, 1]), 1).forEach((value, k) =>
      expect(value).toBeCloseTo(product[k]! / sum, 6),
    )
  })
})
