import { describe, expect, it } from 'vitest'
import { Random } from '../../../../main/engine/learning/random'
import {
  augmentedSteps,
  type AugmentOptions,
  randomRange,
} from '../../../../main/engine/learning/speech/augment'
import { copyFeatures } from '../../../../main/engine/learning/speech/clip-features'
import { baseFromRows, featuresOfCopy } from '../../../../main/engine/learning/speech/clip-input'
import { mfcc } from '../../../../main/engine/speech/mfcc'
import { DEFAULT_MFCC_PARAMETERS } from '../../../../main/engine/speech/mfcc-parameters'
import { clipReference, stepFeatures } from '../../../../main/engine/speech/network-input'
import { addAt, syntheticSpeech, whiteNoise } from '../../speech/signals'
import { TINY_CONFIG, tinySpec } from './tiny'

const NOTHING: AugmentOptions = {
  timeStretch: 0,
  bandWarp: 0,
  channelDb: 0,
  noiseChance: 0,
  noiseSnrDb: [20, 20],
  bandMasks: 0,
  bandMaskWidth: 0,
  timeMasks: 0,
  timeMaskFrames: 0,
}

function speechSignal(gain = 1): Float32Array {
  const signal = whiteNoise(4, 1e-3)
  addAt(signal, syntheticSpeech(2), 1)
  return signal.map((value) => gain * value)
}

const copy = copyFeatures(speechSignal(), DEFAULT_MFCC_PARAMETERS)
const range = copy.speech[0]!
const spec = tinySpec({ removeClipMean: false })
const change = (options: Partial<AugmentOptions>, seed = 1, own = spec) =>
  augmentedSteps(copy, range, { options: { ...NOTHING, ...options }, random: new Random(seed), spec: own })
const plain = (own = spec) => {
  const features = featuresOfCopy(copy, own)
  return stepFeatures(features, range, clipReference(features, own), own)
}

describe('copyFeatures', () => {
  it('keeps what the front end needs: MFCC come back to float32 rounding', () => {
    const base = baseFromRows(copy.rows, { mfcc: DEFAULT_MFCC_PARAMETERS, pitch: false })
    const direct = mfcc(speechSignal()).base
    expect(base).toHaveLength(direct.length)
    base.forEach((value, k) => expect(value).toBeCloseTo(direct[k]!, 4))
  })

  it('finds the utterance and its pitch', () => {
    expect(copy.speech).toHaveLength(1)
    const columns = copy.rows.length / mfcc(speechSignal()).frameCount
    const voiced = Array.from({ length: copy.rows.length / columns }, (_, k) => copy.rows[k * columns + 28]!)
    expect(voiced.slice(range.start, range.end).filter((value) => value === 1).length).toBeGreaterThan(50)
  })
})

describe('augmentedSteps', () => {
  it('changes nothing at zero strength but the thinned-out reference', () => {
    const steps = change({})
    const expected = plain()
    expect(steps).toHaveLength(expected.length)
    // The level is measured on every third frame.
    steps.forEach((value, k) =>
      expect(Math.abs(value - expected[k]!)).toBeLessThan(k % 45 === 12 ? 0.2 : 1e-3),
    )
  })

  it('repeats with its seed and differs with another', () => {
    const options = { ...TINY_CONFIG.augment, noiseChance: 1 }
    expect(change(options, 3)).toEqual(change(options, 3))
    expect(change(options, 3)).not.toEqual(change(options, 4))
  })

  it('stretches time by at most the share, and never beyond the input', () => {
    const lengths = Array.from(
      { length: 20 },
      (_, seed) => change({ timeStretch: 0.15 }, seed).length / spec.coefficients,
    )
    const steps = plain().length / spec.coefficients
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(Math.floor(0.85 * steps) - 1)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(Math.min(spec.steps, Math.ceil(1.15 * steps) + 1))
    expect(new Set(lengths).size).toBeGreaterThan(3)
  })

  it('adds a constant to the cepstrum with another channel, which a clip mean takes away', () => {
    const shape = tinySpec({ removeClipMean: true })
    const moved = change({ channelDb: 6 }, 2)
    const still = plain()
    const shifts = Array.from(
      { length: moved.length / 45 },
      (_, step) => moved[step * 45]! - still[step * 45]!,
    )
    expect(Math.abs(shifts[0]!)).toBeGreaterThan(0.05)
    for (const shift of shifts) expect(shift).toBeCloseTo(shifts[0]!, 3)
    const without = change({}, 2, shape)
    change({ channelDb: 6 }, 2, shape).forEach((value, k) => expect(value).toBeCloseTo(without[k]!, 3))
  })

  it('adds power with noise: the quiet frames rise most', () => {
    const noisy = change({ noiseChance: 1, noiseSnrDb: [0, 0] })
    const still = plain()
    expect(noisy.every(Number.isFinite)).toBe(true)
    const energies = (values: Float32Array) =>
      Array.from({ length: values.length / 45 }, (_, step) => values[step * 45 + 12]!)
    const spread = (values: number[]) => Math.max(...values) - Math.min(...values)
    expect(spread(energies(noisy))).toBeLessThan(spread(energies(still)))
  })

  it('masks leave the length and stay finite', () => {
    const masked = change({ bandMasks: 2, bandMaskWidth: 3, timeMasks: 2, timeMaskFrames: 25 }, 5)
    expect(masked).toHaveLength(plain().length)
    expect(masked.every(Number.isFinite)).toBe(true)
    expect(masked).not.toEqual(change({}, 5))
  })

  it('does not know the level of the recording', () => {
    const loud = copyFeatures(speechSignal(10), DEFAULT_MFCC_PARAMETERS)
    const options = { ...NOTHING, channelDb: 3, bandMasks: 1, bandMaskWidth: 3 }
    const steps = augmentedSteps(loud, range, { options, random: new Random(7), spec })
    augmentedSteps(copy, range, { options, random: new Random(7), spec }).forEach((value, k) =>
      expect(value).toBeCloseTo(steps[k]!, 2),
    )
  })
})

describe('randomRange', () => {
  it('stays inside the clip and the window, and near the speech', () => {
    const random = new Random(1)
    for (let round = 0; round < 200; round++) {
      const { start, end } = randomRange(
        { speech: [{ start: 50, end: 380 }], frames: 400 },
        { windowFrames: 250, minimumFrames: 60, random },
      )
      expect(start).toBeGreaterThanOrEqual(40)
      expect(end).toBeLessThanOrEqual(390)
      expect(end - start).toBeGreaterThanOrEqual(60)
      expect(end - start).toBeLessThanOrEqual(250)
    }
  })

  it('takes what there is of a clip that is shorter than the least window', () => {
    const range = randomRange(
      { speech: [{ start: 0, end: 20 }], frames: 20 },
      { windowFrames: 250, minimumFrames: 60, random: new Random(1) },
    )
    expect(range.start).toBeGreaterThanOrEqual(0)
    expect(range.end).toBeLessThanOrEqual(20)
    expect(range.end).toBeGreaterThan(range.start)
  })
})
