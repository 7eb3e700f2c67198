import { describe, expect, it } from 'vitest'
import { PitchTrack } from '../../../main/engine/speech/pitch-track'
import { DEFAULT_MFCC_PARAMETERS, mfccParametersAt } from '../../../main/engine/speech/mfcc-parameters'
import { Yin } from '../../../main/engine/speech/yin'
import { mfcc } from '../../../main/engine/speech/mfcc'
import { RATE_HZ, sine, whiteNoise } from './signals'

function track(signal: Float32Array): Float32Array {
  const pitch = new PitchTrack(DEFAULT_MFCC_PARAMETERS)
  pitch.push(signal)
  return pitch.finish(mfcc(signal).frameCount)
}

const semitones = (hz: number, fromHz: number) => Math.abs(12 * Math.log2(hz / fromHz))

/** Frames whose context of 748 samples lies wholly inside the signal. */
const inner = (values: Float32Array) => values.subarray(4, values.length - 4)

describe('Yin', () => {
  // Whole-sample lags lie 0.47 semitone apart near 440 Hz, 0.62 near 580: 0.1 proves that the estimator interpolates.
  it.each([65, 110, 123.4, 220, 313, 440, 580])('tracks a %d Hz tone within 0.1 semitone', (hz) => {
    const f0Hz = inner(track(sine(hz, 0.5)))
    expect(f0Hz.length).toBeGreaterThan(30)
    for (const value of f0Hz) expect(semitones(value, hz)).toBeLessThan(0.1)
  })

  it.each([90, 150, 280])('finds the fundamental of a harmonic sound of %d Hz, even a weak one', (hz) => {
    const signal = new Float32Array(RATE_HZ / 2)
    for (let harmonic = 1; harmonic <= 8; harmonic++)
      sine(hz * harmonic, 0.5, harmonic === 1 ? 0.02 : 0.1).forEach((value, n) => (signal[n]! += value))
    for (const value of inner(track(signal))) expect(semitones(value, hz)).toBeLessThan(0.1)
  })

  it('calls noise and silence unvoiced', () => {
    const noise = track(whiteNoise(1, 0.1))
    expect(noise.filter((value) => !Number.isNaN(value)).length).toBeLessThanOrEqual(1)
    expect(track(new Float32Array(RATE_HZ)).every(Number.isNaN)).toBe(true)
  })

  it('does not depend on the gain', () => {
    const signal = sine(200, 0.2)
    const context = new Yin()
    const whole = context.estimate(signal)
    expect(context.estimate(signal.map((value) => value * 2 ** -10))).toBe(whole)
  })

  it('finds a pitch that begins where the frame lies', () => {
    const signal = new Float32Array(RATE_HZ)
    signal.set(sine(200, 0.5), RATE_HZ / 2)
    const f0Hz = track(signal)
    // Frame 60 lies at 0.61 s, frame 40 at 0.41 s, before the tone.
    expect(semitones(f0Hz[60]!, 200)).toBeLessThan(0.1)
    expect(f0Hz[40]).toBeNaN()
  })
})

describe('PitchTrack', () => {
  it('has one value a frame and does not depend on the blocks', () => {
    const signal = sine(150, 0.3)
    const whole = track(signal)
    const pieces = new PitchTrack(DEFAULT_MFCC_PARAMETERS)
    for (let at = 0; at < signal.length; at += 37) pieces.push(signal.subarray(at, at + 37))
    expect(pieces.finish(mfcc(signal).frameCount)).toEqual(whole)
    expect(whole).toHaveLength(29)
  })

  it('works at other rates', () => {
    const parameters = mfccParametersAt(48_000)
    const pitch = new PitchTrack(parameters)
    pitch.push(sine(220, 0.3, 0.5, 48_000))
    for (const value of inner(pitch.finish(25))) expect(semitones(value, 220)).toBeLessThan(0.1)
  })
})
