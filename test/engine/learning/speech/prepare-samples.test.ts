import { describe, expect, it } from 'vitest'
import { speechConfigSchema } from '../../../../main/engine/learning/speech/config'
import { prepareSamples } from '../../../../main/engine/learning/speech/prepare-samples'
import { addAt, syntheticSpeech, whiteNoise } from '../../speech/signals'

const SAMPLE_RATE_HZ = 16_000

const energyOf = (samples: Float32Array, from: number, to: number) =>
  samples.subarray(from, to).reduce((sum, value) => sum + value * value, 0)

describe('recordings before training', () => {
  const noisy = whiteNoise(2, 0.02, 1)
  addAt(noisy, syntheticSpeech(1, 1), 0.5)

  it('are left as they are unless the configuration asks for noise reduction', () => {
    expect(prepareSamples(noisy, SAMPLE_RATE_HZ, {})).toBe(noisy)
    expect(prepareSamples(noisy, SAMPLE_RATE_HZ, { noiseReduction: 0 })).toBe(noisy)
  })

  it('lose steady noise and keep the speech where it does', () => {
    const cleaned = prepareSamples(noisy, SAMPLE_RATE_HZ, { noiseReduction: 1 })
    expect(cleaned.length).toBe(noisy.length)
    const silence: [number, number] = [28_000, 31_000]
    expect(energyOf(cleaned, ...silence)).toBeLessThan(0.3 * energyOf(noisy, ...silence))
    const speech: [number, number] = [9_000, 22_000]
    expect(energyOf(cleaned, ...speech)).toBeGreaterThan(0.3 * energyOf(noisy, ...speech))
  })

  it('take the strength from the configuration, within 0 and 1', () => {
    const { copies } = speechConfigSchema.shape
    const plan = {
      speeds: [1],
      rooms: false,
      noiseSnrDb: [10, 30],
      roomDecaySecs: [0.1, 0.2],
      directToTailDb: [0, 6],
    }
    expect(copies.parse({ ...plan, noiseReduction: 0.5 }).noiseReduction).toBe(0.5)
    expect(copies.parse(plan)).toEqual(plan)
    expect(copies.safeParse({ ...plan, noiseReduction: 2 }).success).toBe(false)
  })
})
