import { describe, expect, it } from 'vitest'
import { DescriptorExtractor, hzToBark } from '../../../main/engine/speech/descriptors'
import { DEFAULT_MFCC_PARAMETERS, mfccParametersAt } from '../../../main/engine/speech/mfcc-parameters'
import { sine, whiteNoise } from './signals'

function describeFrame(signal: Float32Array, parameters = DEFAULT_MFCC_PARAMETERS) {
  return new DescriptorExtractor(parameters).extract(
    Float64Array.from(signal.subarray(0, parameters.frameSamples)),
  )
}

describe('DescriptorExtractor', () => {
  it('gives RMS and zero crossings of a tone', () => {
    // 20 whole periods in the frame.
    const { rms, zeroCrossingsPerSec } = describeFrame(sine(1000, 0.02, 0.5))
    expect(rms).toBeCloseTo(0.5 / Math.SQRT2, 6)
    // Two a period; the first and last are at the frame's ends, where one may be missed: 50 a second each.
    expect(Math.abs(zeroCrossingsPerSec - 2000)).toBeLessThanOrEqual(100)
  })

  it.each([
    [16_000, 1000],
    [16_000, 3000],
    [48_000, 3000],
  ])('gives centroid and spread in Hz at %d Hz: a tone of %d Hz', (rateHz, toneHz) => {
    const parameters = mfccParametersAt(rateHz)
    const { centroidHz, spreadHz, rolloffHz } = describeFrame(sine(toneHz, 0.03, 0.5, rateHz), parameters)
    // The window's side lobes (-43 dB, in amplitude 0.7% each over the whole band) pull towards the middle of the band.
    expect(Math.abs(centroidHz / toneHz - 1)).toBeLessThan(rateHz === 48_000 ? 0.45 : 0.25)
    expect(spreadHz).toBeLessThan(rateHz / 10)
    expect(rolloffHz).toBeGreaterThan(toneHz)
    expect(rolloffHz).toBeLessThanOrEqual(rateHz / 2)
  })

  it('places centroid, spread and rolloff of a spectrum known by construction', () => {
    // A single impulse has a flat spectrum: centroid and spread of a uniform distribution over 0 .. 7968.75 Hz.
    const impulse = new Float32Array(320)
    impulse[160] = 1
    const { centroidHz, spreadHz, rolloffHz, flatness } = describeFrame(impulse)
    expect(centroidHz).toBeCloseTo(7968.75 / 2, 2)
    expect(spreadHz).toBeCloseTo(31.25 * Math.sqrt((256 ** 2 - 1) / 12), 2)
    expect(flatness).toBeCloseTo(1, 6)
    // 99% of 256 equal bins end with bin 253; the upper edge is given.
    expect(Math.abs(rolloffHz - 254 * 31.25)).toBeLessThanOrEqual(31.25)
  })

  it('tells noise from a tone by flatness', () => {
    expect(describeFrame(whiteNoise(0.02, 0.1)).flatness).toBeGreaterThan(0.7)
    expect(describeFrame(sine(1000, 0.02)).flatness).toBeLessThan(0.2)
  })

  it('follows the gain: RMS with 1, loudness with the power 0.23, the rest not', () => {
    const noise = whiteNoise(0.02, 0.05)
    const quiet = describeFrame(noise)
    const loud = describeFrame(noise.map((value) => 4 * value))
    expect(loud.rms / quiet.rms).toBeCloseTo(4, 5)
    expect(loud.loudness / quiet.loudness).toBeCloseTo(4 ** 0.23, 4)
    for (const key of ['centroidHz', 'spreadHz', 'rolloffHz', 'flatness', 'zeroCrossingsPerSec'] as const)
      expect(loud[key] / quiet[key]).toBeCloseTo(1, 5)
  })

  it('has no spectral shape in digital silence', () => {
    const found = describeFrame(new Float32Array(320))
    expect(found).toMatchObject({ rms: 0, zeroCrossingsPerSec: 0, loudness: 0 })
    for (const key of ['centroidHz', 'spreadHz', 'rolloffHz', 'flatness'] as const)
      expect(found[key]).toBeNaN()
  })
})

describe('hzToBark', () => {
  it('agrees with the table of critical bands', () => {
    // Zwicker's table: 1 kHz is 8.5 Bark, 3.7 kHz is 17 at the band edge (3700), 100 Hz is 1.
    expect(hzToBark(100)).toBeCloseTo(1, 1)
    expect(Math.abs(hzToBark(1000) - 8.5)).toBeLessThan(0.1)
    expect(Math.abs(hzToBark(3700) - 17)).toBeLessThan(0.2)
  })
})
