import { describe, expect, it } from 'vitest'
import { GrowableRows } from '../../../main/engine/speech/growable'
import { MfccExtractor } from '../../../main/engine/speech/mfcc'
import { DEFAULT_MFCC_PARAMETERS } from '../../../main/engine/speech/mfcc-parameters'
import { DEFAULT_VAD_PARAMETERS, detectSpeech, type VadResult } from '../../../main/engine/speech/vad'
import { VAD_COLUMNS, VadFeatures } from '../../../main/engine/speech/vad-features'
import { addAt, RATE_HZ, sine, syntheticSpeech, whiteNoise } from './signals'

function detect(signal: Float32Array): VadResult {
  const extractor = new MfccExtractor()
  const features = new VadFeatures(DEFAULT_MFCC_PARAMETERS)
  const rows = new GrowableRows(VAD_COLUMNS)
  extractor.push(signal, (frame) => rows.push(features.take(frame)))
  return detectSpeech(rows.view(), 100)
}

const secsOf = ({ speech }: VadResult) =>
  speech.map(({ start, end }) => [start / 100 + 0.005, end / 100 + 0.005] as const)

const PLACES = [
  [1.5, 2],
  [5, 1.2],
  [8, 3],
] as const

/** Three utterances in 13 s of white noise. */
function mixture(snrDb: number, seed = 1): Float32Array {
  const signal = whiteNoise(13, 0.1 * 10 ** (-snrDb / 20), seed)
  PLACES.forEach(([start, secs], k) => addAt(signal, syntheticSpeech(secs, seed + k), start))
  return signal
}

describe('detectSpeech', () => {
  // The synthetic utterance starts and ends inside its syllable rhythm, in weak sound, which noise covers: 0.15 s is half
  // a syllable and the padding; at 0 dB only syllables' cores stand out of the noise, 0.25 s.
  it.each([
    [30, 0.15],
    [20, 0.15],
    [15, 0.15],
    [10, 0.15],
    [5, 0.25],
    [0, 0.25],
  ])('finds utterances in noise at %d dB within %d s', (snrDb, toleranceSecs) => {
    const found = secsOf(detect(mixture(snrDb)))
    expect(found).toHaveLength(PLACES.length)
    PLACES.forEach(([start, secs], k) => {
      expect(Math.abs(found[k]![0] - start)).toBeLessThan(toleranceSecs)
      expect(Math.abs(found[k]![1] - (start + secs))).toBeLessThan(toleranceSecs)
    })
  })

  it.each([0.01, 0.1, 4])('finds the same at gain %d', (gain) => {
    const signal = mixture(15)
    const amplified = detect(signal.map((value) => gain * value))
    const found = detect(signal)
    expect(amplified.speech).toHaveLength(3)
    amplified.speech.forEach(({ start, end }, k) => {
      // Quantiles come from a histogram of fixed bins: a gain that is no multiple of a bin may move an edge by a frame.
      expect(Math.abs(start - found.speech[k]!.start)).toBeLessThanOrEqual(2)
      expect(Math.abs(end - found.speech[k]!.end)).toBeLessThanOrEqual(2)
    })
    const change = amplified.noiseDb[50]! - found.noiseDb[50]!
    expect(change).toBeCloseTo(20 * Math.log10(gain), 0)
  })

  it('measures the noise level', () => {
    const { noiseDb } = detect(mixture(20))
    // RMS 0.01 is -40 dB; the quantile lies a little below the mean level.
    for (const frame of [50, 400, 1200]) expect(Math.abs(noiseDb[frame]! + 40)).toBeLessThan(1.5)
  })

  const join = (...parts: Float32Array[]) => {
    const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
    parts.reduce((offset, part) => (all.set(part, offset), offset + part.length), 0)
    return all
  }
  const mixed = (a: Float32Array, b: Float32Array) => a.map((value, n) => value + b[n]!)

  it.each([
    ['nothing', new Float32Array(0)],
    ['less than a frame', new Float32Array(100).fill(0.1)],
    ['digital silence', new Float32Array(3 * RATE_HZ)],
    ['a constant offset', new Float32Array(3 * RATE_HZ).fill(0.2)],
    ['white noise', whiteNoise(15, 0.1)],
    ['quiet white noise', whiteNoise(15, 1e-4)],
    ['mains hum with overtones', mixed(mixed(sine(50, 15, 0.3), sine(150, 15, 0.1)), whiteNoise(15, 1e-3))],
    ['a pure tone', sine(440, 10, 0.3)],
    ['a noise that starts in the middle', join(whiteNoise(8, 1e-3), whiteNoise(8, 0.1))],
    [
      'a tone that comes and goes',
      mixed(
        join(new Float32Array(5 * RATE_HZ), sine(440, 3, 0.3), new Float32Array(5 * RATE_HZ)),
        whiteNoise(13, 1e-3),
      ),
    ],
    [
      'noise between digital silences',
      join(new Float32Array(RATE_HZ), whiteNoise(3, 0.05), new Float32Array(RATE_HZ)),
    ],
  ])('finds no speech in %s', (_what, signal) => {
    expect(detect(signal).speech).toEqual([])
  })

  it('finds speech between digital silences, without a measured noise floor in them', () => {
    const silence = new Float32Array(2 * RATE_HZ)
    const result = detect(join(silence, mixed(syntheticSpeech(2), whiteNoise(2, 1e-3)), silence))
    const found = secsOf(result)
    expect(found).toHaveLength(1)
    expect(found[0]![0]).toBeGreaterThan(1.9)
    expect(found[0]![0]).toBeLessThan(2.2)
    expect(found[0]![1]).toBeGreaterThan(3.8)
    expect(found[0]![1]).toBeLessThan(4.1)
  })

  it('joins pauses shorter than the hangover and keeps longer ones', () => {
    const speak = (pauseSecs: number) => {
      const signal = whiteNoise(8, 1e-3)
      addAt(signal, syntheticSpeech(1.25), 2)
      addAt(signal, syntheticSpeech(1.25, 2), 3.25 + pauseSecs)
      return detect(signal).speech.length
    }
    expect(speak(0.1)).toBe(1)
    expect(speak(1)).toBe(2)
  })

  it('drops bursts shorter than the shortest speech', () => {
    const signal = whiteNoise(6, 1e-3)
    addAt(signal, whiteNoise(0.04, 0.2, 9), 3)
    expect(detect(signal).speech).toEqual([])
  })

  it('marks the frames of its ranges, which ascend without touching', () => {
    const { speech, isSpeech } = detect(mixture(10))
    const marked = new Uint8Array(isSpeech.length)
    speech.forEach(({ start, end }, k) => {
      marked.fill(1, start, end)
      if (k > 0) expect(start).toBeGreaterThan(speech[k - 1]!.end)
    })
    expect(marked).toEqual(isSpeech)
  })

  it('pads shorter than it joins, or padded stretches could meet', () => {
    expect(2 * DEFAULT_VAD_PARAMETERS.paddingSecs).toBeLessThan(DEFAULT_VAD_PARAMETERS.minimumGapSecs)
  })
})
