import type { Random } from '../random'

/** Half the taps of the interpolation filter. */
const SINC_ZEROS = 8

/**
 * The same recording played faster: pitch and tempo rise together, as for a smaller and livelier speaker. Windowed-sinc
 * interpolation (Smith, Digital Audio Resampling, 2002); faster playing is low-passed so that nothing folds back.
 * @param speed output length is input length / speed
 */
export function changeSpeed(samples: Float32Array, speed: number): Float32Array {
  if (speed === 1) return samples.slice()
  const out = new Float32Array(Math.floor(samples.length / speed))
  const cutoff = Math.min(1, 1 / speed)
  const reach = SINC_ZEROS / cutoff
  for (let n = 0; n < out.length; n++) {
    const centre = n * speed
    const first = Math.max(0, Math.ceil(centre - reach))
    const last = Math.min(samples.length - 1, Math.floor(centre + reach))
    let sum = 0
    for (let k = first; k <= last; k++) {
      const distance = k - centre
      const angle = Math.PI * cutoff * distance
      const sinc = distance === 0 ? 1 : Math.sin(angle) / angle
      const window = 0.5 + 0.5 * Math.cos((Math.PI * distance) / reach)
      sum += samples[k]! * cutoff * sinc * window
    }
    out[n] = sum
  }
  return out
}

export interface Room {
  readonly sampleRateHz: number
  /** Time in which the tail falls by 60 dB. */
  readonly decaySecs: number
  /** Energy of the direct sound over that of the tail. */
  readonly directToTailDb: number
}

/** Reflections a second: enough for a dense tail, few enough to sum them one by one. */
const REFLECTIONS_PER_SEC = 1500

/**
 * A room made of velvet noise: sparse impulses of random sign with an exponentially falling envelope (Karjalainen and
 * Jarvelainen, AES 30th conference, 2007). The direct sound keeps its place and its level.
 */
export function reverberate(samples: Float32Array, room: Room, random: Random): Float32Array {
  const { sampleRateHz, decaySecs, directToTailDb } = room
  const grid = sampleRateHz / REFLECTIONS_PER_SEC
  const taps: { delay: number; gain: number }[] = []
  let energy = 0
  for (let at = grid; at < decaySecs * sampleRateHz; at += grid) {
    const delay = Math.round(at + random.next() * (grid - 1))
    const gain = 10 ** ((-3 * delay) / (decaySecs * sampleRateHz)) * (random.chance(0.5) ? 1 : -1)
    energy += gain * gain
    taps.push({ delay, gain })
  }
  const scale = 10 ** (-directToTailDb / 20) / Math.sqrt(energy || 1)
  const out = samples.slice()
  for (const { delay, gain } of taps) {
    const weight = gain * scale
    for (let n = delay; n < out.length; n++) out[n]! += weight * samples[n - delay]!
  }
  return out
}

/**
 * Adds noise of a random colour, white to falling by about 6 dB an octave.
 * @param snrDb of the power of the whole signal over the noise's
 */
export function addNoise(samples: Float32Array, snrDb: number, random: Random): Float32Array {
  const pole = random.uniform(0, 0.95)
  const noise = new Float32Array(samples.length)
  let state = 0
  let noisePower = 0
  let power = 0
  for (let n = 0; n < noise.length; n++) {
    // The sum of three uniform numbers is near enough to a Gaussian one.
    state = pole * state + random.next() + random.next() + random.next() - 1.5
    noise[n] = state
    noisePower += state * state
    power += samples[n]! * samples[n]!
  }
  const gain = noisePower > 0 ? Math.sqrt(power / noisePower) * 10 ** (-snrDb / 20) : 0
  return samples.map((value, n) => value + gain * noise[n]!)
}
