import { Random } from '../../../main/engine/learning/random'
import type { AudioBlock } from '../../../main/engine/media/types'

export const RATE_HZ = 16_000

export function sine(hz: number, secs: number, amplitude = 0.5, rateHz = RATE_HZ): Float32Array {
  return Float32Array.from(
    { length: Math.round(secs * rateHz) },
    (_, n) => amplitude * Math.sin((2 * Math.PI * hz * n) / rateHz),
  )
}

export function whiteNoise(secs: number, rms: number, seed = 1): Float32Array {
  const random = new Random(seed)
  return Float32Array.from({ length: Math.round(secs * RATE_HZ) }, () => rms * random.gaussian())
}

/**
 * Something with the marks of speech: a harmonic source with a moving pitch, two moving formants and syllables at 4 Hz
 * with an unvoiced burst between them. RMS within the utterance is about 0.1.
 */
export function syntheticSpeech(secs: number, seed = 1): Float32Array {
  const random = new Random(seed)
  const samples = new Float32Array(Math.round(secs * RATE_HZ))
  let phase = 0
  let sum = 0
  for (let n = 0; n < samples.length; n++) {
    const t = n / RATE_HZ
    const f0Hz = 140 + 30 * Math.sin(2 * Math.PI * 0.7 * t)
    phase += f0Hz / RATE_HZ
    const syllable = Math.max(0, Math.sin(2 * Math.PI * 4 * t - 0.5)) ** 0.7
    const firstHz = 500 + 250 * Math.sin(2 * Math.PI * 2 * t)
    const secondHz = 1500 + 500 * Math.cos(2 * Math.PI * 1.3 * t)
    let voiced = 0
    for (let harmonic = 1; harmonic * f0Hz < 3800; harmonic++) {
      const hz = harmonic * f0Hz
      const gain = 1 / (1 + ((hz - firstHz) / 150) ** 2) + 0.4 / (1 + ((hz - secondHz) / 200) ** 2) + 0.01
      voiced += gain * Math.sin(2 * Math.PI * harmonic * phase)
    }
    const value = syllable * voiced + 0.12 * (1 - syllable) * random.gaussian()
    samples[n] = value
    sum += value * value
  }
  const scale = 0.1 / Math.sqrt(sum / samples.length)
  return samples.map((value) => value * scale)
}

/** Adds `part` into `whole` from a time on. */
export function addAt(whole: Float32Array, part: Float32Array, startSecs: number): void {
  const start = Math.round(startSecs * RATE_HZ)
  for (let n = 0; n < part.length; n++) whole[start + n]! += part[n]!
}

/** Blocks of uneven lengths. */
export async function* inBlocks(
  samples: Float32Array,
  startSample = 0,
  lengths: readonly number[] = [8192],
): AsyncGenerator<AudioBlock> {
  for (let at = 0, k = 0; at < samples.length; k++) {
    const end = Math.min(samples.length, at + lengths[k % lengths.length]!)
    yield { startSample: startSample + at, samples: samples.slice(at, end) }
    at = end
  }
  await Promise.resolve()
}
