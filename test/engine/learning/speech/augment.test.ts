import { describe, expect, it } from 'vitest'
import { Random } from '../../../../main/engine/learning/random'
import {
  augmentClip,
  type AugmentOptions,
  DEFAULT_AUGMENT,
  randomRange,
} from '../../../../main/engine/learning/speech/augment'
import { clipFeatures } from '../../../../main/engine/learning/speech/clip-features'
import {
  baseFromLogMel,
  measureStandardisation,
  rangeSteps,
} from '../../../../main/engine/learning/speech/clip-input'
import { unstandardisedSpec, SPEECH_PLAN } from '../../../../main/engine/learning/speech/recipe'
import { mfcc } from '../../../../main/engine/speech/mfcc'
import { DEFAULT_MFCC_PARAMETERS } from '../../../../main/engine/speech/mfcc-parameters'
import { addAt, syntheticSpeech, whiteNoise } from '../../speech/signals'

const MEL_BANDS = 26
const NOTHING: AugmentOptions = {
  timeStretch: 0,
  bandWarp: 0,
  noiseChance: 0,
  noiseSnrDb: [20, 20],
  bandMasks: 0,
  bandMaskWidth: 0,
  timeMasks: 0,
  timeMaskFrames: 0,
}

function speechSignal(): Float32Array {
  const signal = whiteNoise(4, 1e-3)
  addAt(signal, syntheticSpeech(2), 1)
  return signal
}

const clip = clipFeatures(speechSignal(), DEFAULT_MFCC_PARAMETERS)
const range = clip.speech[0]!
const change = (options: Partial<AugmentOptions>, seed = 1) =>
  augmentClip(clip, range, {
    options: { ...NOTHING, ...options },
    random: new Random(seed),
    melBands: MEL_BANDS,
  })

describe('clipFeatures', () => {
  it('keeps what the front end needs: MFCC come back to float32 rounding', () => {
    const { base } = baseFromLogMel(clip, DEFAULT_MFCC_PARAMETERS)
    const direct = mfcc(speechSignal()).base
    expect(base).toHaveLength(direct.length)
    base.forEach((value, k) => expect(value).toBeCloseTo(direct[k]!, 4))
  })

  it('finds the utterance', () => {
    expect(clip.speech).toHaveLength(1)
  })
})

describe('augmentClip', () => {
  it('changes nothing when everything is off', () => {
    const changed = change({})
    expect(changed.range).toEqual(range)
    changed.clip.logMelEnergy.forEach((value, k) => expect(value).toBeCloseTo(clip.logMelEnergy[k]!, 5))
  })

  it('repeats with its seed and leaves the clip as it was', () => {
    const before = clip.logMelEnergy.slice()
    const options = DEFAULT_AUGMENT
    expect(change(options, 5).clip.logMelEnergy).toEqual(change(options, 5).clip.logMelEnergy)
    expect(change(options, 5).clip.logMelEnergy).not.toEqual(change(options, 6).clip.logMelEnergy)
    expect(clip.logMelEnergy).toEqual(before)
  })

  it('stretches the clip and its ranges alike, within bounds', () => {
    const frames = clip.logMelEnergy.length / 27
    for (let seed = 0; seed < 20; seed++) {
      const changed = change({ timeStretch: 0.15 }, seed)
      const factor = changed.clip.logMelEnergy.length / 27 / frames
      expect(factor).toBeGreaterThan(0.84)
      expect(factor).toBeLessThan(1.16)
      expect((changed.range.end - changed.range.start) / (range.end - range.start)).toBeCloseTo(factor, 1)
      expect(changed.range.end).toBeLessThanOrEqual(changed.clip.logMelEnergy.length / 27)
    }
  })

  it('adds noise of the wanted power', () => {
    const powerOf = (rows: Float32Array) => {
      let sum = 0
      rows.forEach((value, k) => (sum += k % 27 < 26 ? Math.exp(value) : 0))
      return sum
    }
    const noisy = change({ noiseChance: 1, noiseSnrDb: [10, 10] }).clip.logMelEnergy
    // 10 dB: a tenth more; the frames' scatter averages out to a few per cent of that.
    expect(powerOf(noisy) / powerOf(clip.logMelEnergy)).toBeCloseTo(1.1, 1)
    expect(Math.abs(powerOf(noisy) / powerOf(clip.logMelEnergy) - 1.1)).toBeLessThan(0.02)
    noisy.forEach((value, k) => expect(value).toBeGreaterThanOrEqual(clip.logMelEnergy[k]! - 1e-4))
  })

  it('masks within the range only, at most so many bands and frames', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { clip: changed } = change(
        { bandMasks: 2, bandMaskWidth: 3, timeMasks: 2, timeMaskFrames: 25 },
        seed,
      )
      let wholeFrames = 0
      changed.logMelEnergy.forEach((value, k) => {
        const frame = Math.floor(k / 27)
        const isInside = frame >= range.start && frame < range.end
        if (!isInside) expect(value).toBeCloseTo(clip.logMelEnergy[k]!, 5)
      })
      for (let frame = range.start; frame < range.end; frame++) {
        const energyAt = frame * 27 + 26
        if (Math.abs(changed.logMelEnergy[energyAt]! - clip.logMelEnergy[energyAt]!) > 1e-3) wholeFrames++
      }
      expect(wholeFrames).toBeLessThanOrEqual(50)
    }
  })
})

describe('randomRange', () => {
  it('is never longer than the window, never outside the clip, and long enough where speech is', () => {
    const frames = clip.logMelEnergy.length / 27
    const random = new Random(2)
    for (let draw = 0; draw < 200; draw++) {
      const { start, end } = randomRange({ speech: clip.speech, frames }, { ...SPEECH_PLAN, random })
      expect(start).toBeGreaterThanOrEqual(0)
      expect(end).toBeLessThanOrEqual(frames)
      expect(end - start).toBeLessThanOrEqual(SPEECH_PLAN.windowFrames)
      expect(end - start).toBeGreaterThanOrEqual(SPEECH_PLAN.minimumFrames)
    }
  })

  it.each([
    ['no speech', [], 300],
    ['speech too short', [{ start: 10, end: 30 }], 300],
    ['a clip of one frame', [], 1],
  ])('gives a range for %s', (_remark, speech, frames) => {
    const { start, end } = randomRange({ speech, frames }, { ...SPEECH_PLAN, random: new Random(1) })
    expect(end).toBeGreaterThan(start)
    expect(end).toBeLessThanOrEqual(frames)
  })
})

describe('measureStandardisation', () => {
  it('gives mean 0 and SD 1 to the clips it was measured on', () => {
    const spec = unstandardisedSpec()
    const { mean, sd } = measureStandardisation([clip], spec)
    const steps = rangeSteps(clip, range, spec)
    for (const column of [0, 12, 13, 38]) {
      const values = Array.from({ length: steps.length / 39 }, (_, step) => {
        return (steps[step * 39 + column]! - mean[column]!) / sd[column]!
      })
      const average = values.reduce((sum, value) => sum + value, 0) / values.length
      const power = values.reduce((sum, value) => sum + value * value, 0) / values.length
      expect(average).toBeCloseTo(0, 4)
      expect(power).toBeCloseTo(1, 3)
    }
    // Log energy over the speech frames is its own reference.
    expect(mean[12]).toBeCloseTo(0, 1)
  })
})
