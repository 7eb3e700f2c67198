import { describe, expect, it } from 'vitest'
import { measureLevel, normaliseLevel } from '../../../../main/engine/learning/data/level'
import { reduceNoise } from '../../../../main/engine/learning/data/noise-reduction'
import { Stft } from '../../../../main/engine/learning/data/stft'
import { Random } from '../../../../main/engine/learning/random'
import { decodeClip } from '../../../../main/engine/learning/speech/decode-clip'
import { sharedData } from '../../../support/shared-data'

const RATE = 16_000

function whiteNoise(length: number, sd: number, seed: number): Float32Array {
  const random = new Random(seed)
  return Float32Array.from({ length }, () => sd * random.gaussian())
}

/** Tones of 0.4 s with pauses between, as words have them. */
const tones = Float32Array.from({ length: 3 * RATE }, (_, n) =>
  Math.floor(n / (0.4 * RATE)) % 2 === 1 ? 0.3 * Math.sin((2 * Math.PI * 440 * n) / RATE) : 0,
)

const power = (values: Float32Array) => values.reduce((sum, v) => sum + v * v, 0) / values.length
const toDb = (ratio: number) => 10 * Math.log10(ratio)
const snrDb = (clean: Float32Array, other: Float32Array) =>
  toDb(power(clean) / power(clean.map((value, n) => other[n]! - value)))
const withNoise = (clean: Float32Array, wantedDb: number, seed: number) => {
  const noise = whiteNoise(clean.length, Math.sqrt(power(clean) / 10 ** (wantedDb / 10)), seed)
  return clean.map((value, n) => value + noise[n]!)
}
const farthest = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, value, n) => Math.max(most, Math.abs(value - b[n]!)), 0)

describe('Stft', () => {
  it.each([1, 7, 255, 256, 257, 4001])('gives %i samples back where no gain is changed', (length) => {
    const stft = new Stft(512)
    const signal = whiteNoise(length, 0.3, length)
    const ones = new Float64Array(stft.binCount).fill(1)
    const back = stft.apply(signal, () => ones)
    expect(back).toHaveLength(length)
    expect(farthest(signal, back)).toBeLessThan(1e-6)
  })

  it('scales with equal gains and keeps only the tone whose frequency is let through', () => {
    const stft = new Stft(512)
    const tone = (hz: number) =>
      Float32Array.from({ length: RATE }, (_, n) => 0.2 * Math.sin((2 * Math.PI * hz * n) / RATE))
    const low = tone(500)
    const both = tone(4000).map((value, n) => value + low[n]!)
    const half = new Float64Array(stft.binCount).fill(0.5)
    expect(
      farthest(
        stft.apply(low, () => half),
        low.map((v) => v / 2),
      ),
    ).toBeLessThan(1e-6)
    const lowPass = Float64Array.from({ length: stft.binCount }, (_, bin) => (bin < 64 ? 1 : 0))
    expect(
      snrDb(
        low,
        stft.apply(both, () => lowPass),
      ),
    ).toBeGreaterThan(40)
  })
})

describe('reduceNoise', () => {
  it('at strength 0 changes nothing and returns a copy', () => {
    const noisy = withNoise(tones, 5, 1)
    const out = reduceNoise(noisy, RATE, { strength: 0 })
    expect(out).toEqual(noisy)
    expect(out).not.toBe(noisy)
    // and nearly nothing near 0: strength has no jump
    expect(farthest(reduceNoise(noisy, RATE, { strength: 1e-6 }), noisy)).toBeLessThan(1e-5)
  })

  it.each([
    [10, 2],
    [5, 5],
    [0, 8],
  ])('cleans tones at %i dB by more than %i dB', (wantedDb, gainDb) => {
    const noisy = withNoise(tones, wantedDb, 2)
    const out = reduceNoise(noisy, RATE, { strength: 1 })
    expect(snrDb(tones, out) - snrDb(tones, noisy)).toBeGreaterThan(gainDb)
  })

  it('takes away more with more strength, and no more than the floor', () => {
    const noise = whiteNoise(3 * RATE, 0.1, 3)
    const levels = [0, 0.25, 0.5, 0.75, 1].map((strength) =>
      toDb(power(reduceNoise(noise, RATE, { strength }))),
    )
    for (let i = 1; i < levels.length; i++) expect(levels[i]).toBeLessThan(levels[i - 1]!)
    expect(levels[0]! - levels[4]!).toBeGreaterThan(12)
    expect(levels[0]! - levels[4]!).toBeLessThan(18.01)
  })

  it('does the same at any level, and leaves silence silent', () => {
    const noisy = withNoise(tones, 5, 4)
    const quiet = noisy.map((value) => value / 1024)
    const one = reduceNoise(noisy, RATE, { strength: 1 })
    const other = reduceNoise(quiet, RATE, { strength: 1 })
    expect(
      farthest(
        one,
        other.map((value) => value * 1024),
      ),
    ).toBeLessThan(1e-5)
    expect(power(reduceNoise(new Float32Array(RATE), RATE, { strength: 1 }))).toBe(0)
    expect(reduceNoise(new Float32Array(0), RATE, { strength: 1 })).toHaveLength(0)
    expect(reduceNoise(Float32Array.of(0.1, 0.2), RATE, { strength: 1 })).toHaveLength(2)
  })

  it.each([-0.1, 1.1, Number.NaN])('refuses a strength of %d', (strength) => {
    expect(() => reduceNoise(tones, RATE, { strength })).toThrow(/0 to 1/)
  })

  const clip = sharedData('ravdess', 'Actor_05', '03-01-05-02-01-01-05.flac')
  it.skipIf(clip === null)('cleans real speech (skipped where ../shared/data is absent)', async () => {
    const speech = await decodeClip(clip!, RATE)
    for (const wantedDb of [10, 5, 0]) {
      const noisy = withNoise(speech, wantedDb, 5)
      const gain = snrDb(speech, reduceNoise(noisy, RATE, { strength: 1 })) - snrDb(speech, noisy)
      expect(gain).toBeGreaterThan(3)
    }
  })
})

describe('level', () => {
  it('measures known sounds', () => {
    const sine = Float32Array.from({ length: RATE }, (_, n) => 0.5 * Math.sin((2 * Math.PI * 100 * n) / RATE))
    expect(measureLevel(sine).peakDb).toBeCloseTo(-6.02, 2)
    expect(measureLevel(sine).rmsDb).toBeCloseTo(-9.03, 2)
    expect(measureLevel(sine).clippedShare).toBe(0)
    expect(measureLevel(Float32Array.of(1, -1, 0, 0.5)).clippedShare).toBe(0.5)
    expect(measureLevel(new Float32Array(10)).peakDb).toBe(-Infinity)
  })

  it('brings peak or RMS to the level asked for, and leaves silence', () => {
    const noise = whiteNoise(1000, 0.05, 6)
    expect(measureLevel(normaliseLevel(noise, { reference: 'peak', targetDb: -3 })).peakDb).toBeCloseTo(-3, 4)
    expect(measureLevel(normaliseLevel(noise, { reference: 'rms', targetDb: -30 })).rmsDb).toBeCloseTo(-30, 4)
    expect(measureLevel(normaliseLevel(noise, { reference: 'peak', targetDb: 0 })).peakDb).toBeCloseTo(0, 4)
    expect(power(normaliseLevel(new Float32Array(9), { reference: 'peak', targetDb: 0 }))).toBe(0)
  })

  it('refuses to clip, and levels above full scale', () => {
    const click = new Float32Array(1000)
    click[3] = 0.1
    expect(() => normaliseLevel(click, { reference: 'rms', targetDb: -20 })).toThrow(/clipped/)
    expect(() => normaliseLevel(click, { reference: 'peak', targetDb: 1 })).toThrow(/0 or less/)
  })
})
