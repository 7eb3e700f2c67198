import { describe, expect, it } from 'vitest'
import { Random } from '../../../../main/engine/learning/random'
import { addNoise, changeSpeed, reverberate } from '../../../../main/engine/learning/speech/waveform'
import { sine } from '../../speech/signals'

const power = (samples: Float32Array) =>
  samples.reduce((sum, value) => sum + value * value, 0) / samples.length

/** Zero crossings a second tell the frequency of a pure tone. */
function toneHz(samples: Float32Array): number {
  let crossings = 0
  for (let n = 1; n < samples.length; n++) if (samples[n - 1]! < 0 && samples[n]! >= 0) crossings++
  return (crossings * 16_000) / samples.length
}

describe('changeSpeed', () => {
  it.each([0.9, 1.1])('%f times as fast: shorter and higher by as much, as loud as before', (speed) => {
    const tone = sine(400, 1)
    const changed = changeSpeed(tone, speed)
    expect(changed.length).toBe(Math.floor(tone.length / speed))
    expect(Math.abs(toneHz(changed) - 400 * speed)).toBeLessThan(2)
    const inner = changed.subarray(200, -200)
    expect(power(inner)).toBeCloseTo(power(tone), 2)
  })

  it('gives back the very samples at speed 1, and lets nothing fold back when faster', () => {
    const tone = sine(400, 0.1)
    expect(changeSpeed(tone, 1)).toEqual(tone)
    // 7,800 Hz would become 8,580 Hz, which 16 kHz cannot hold.
    const high = changeSpeed(sine(7800, 0.5), 1.1)
    expect(power(high.subarray(200, -200))).toBeLessThan(0.1 * power(sine(7800, 0.5)))
  })
})

describe('reverberate', () => {
  const room = { sampleRateHz: 16_000, decaySecs: 0.4, directToTailDb: 6 }
  const click = new Float32Array(16_000)
  click[100] = 1

  it('keeps the direct sound and adds a tail of the wanted energy that dies away', () => {
    const heard = reverberate(click, room, new Random(1))
    expect(heard.subarray(0, 100).every((value) => value === 0)).toBe(true)
    expect(heard[100]).toBe(1)
    const tail = heard.slice(101)
    const energy = (part: Float32Array) => part.reduce((sum, value) => sum + value * value, 0)
    expect(10 * Math.log10(1 / energy(tail))).toBeCloseTo(6, 0)
    expect(energy(tail.subarray(0, 1600))).toBeGreaterThan(10 * energy(tail.subarray(3200, 4800)))
    expect(energy(tail.subarray(6400))).toBe(0)
  })

  it('repeats with its seed and scales with the sound', () => {
    const heard = reverberate(click, room, new Random(2))
    expect(reverberate(click, room, new Random(2))).toEqual(heard)
    expect(reverberate(click, room, new Random(3))).not.toEqual(heard)
    const loud = click.map((value) => 4 * value)
    reverberate(loud, room, new Random(2)).forEach((value, n) => expect(value).toBeCloseTo(4 * heard[n]!, 5))
  })
})

describe('addNoise', () => {
  it.each([0, 10, 30])('adds noise %i dB below the sound', (snrDb) => {
    const tone = sine(300, 1)
    const noisy = addNoise(tone, snrDb, new Random(1))
    const noise = noisy.map((value, n) => value - tone[n]!)
    expect(10 * Math.log10(power(tone) / power(noise))).toBeCloseTo(snrDb, 1)
  })

  it('leaves silence silent', () => {
    expect(addNoise(new Float32Array(100), 10, new Random(1))).toEqual(new Float32Array(100))
  })
})
