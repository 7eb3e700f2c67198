import { describe, expect, it } from 'vitest'
import { calibratedProbabilities } from '../../../main/engine/speech/speech-network'

const at = (temperature: number) => ({ temperature, protocol: 'none' })

describe('calibratedProbabilities', () => {
  it('divides logits by the temperature', () => {
    const probs = calibratedProbabilities(Float32Array.of(1, 2, 4), { output: 'logits', calibration: at(2) })
    const powers = [0.5, 1, 2].map(Math.exp)
    const sum = powers.reduce((total, value) => total + value, 0)
    powers.forEach((value, k) => expect(probs[k]).toBeCloseTo(value / sum, 6))
  })

  it('takes probabilities as they are at temperature 1 and raises them to 1 / T else', () => {
    const input = Float32Array.of(0.1, 0.2, 0.7)
    const same = calibratedProbabilities(input, { output: 'probabilities', calibration: at(1) })
    same.forEach((value, k) => expect(value).toBeCloseTo(input[k]!, 6))
    const sharp = calibratedProbabilities(input, { output: 'probabilities', calibration: at(0.5) })
    const squares = [0.01, 0.04, 0.49]
    sharp.forEach((value, k) => expect(value).toBeCloseTo(squares[k]! / 0.54, 6))
  })

  it('survives large logits and probabilities of zero', () => {
    const large = calibratedProbabilities(Float32Array.of(1000, -1000), {
      output: 'logits',
      calibration: at(1),
    })
    expect(Array.from(large)).toEqual([1, 0])
    const zero = calibratedProbabilities(Float32Array.of(0, 1), {
      output: 'probabilities',
      calibration: at(1),
    })
    expect(zero[1]).toBeCloseTo(1, 6)
  })
})
