import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decodeClip } from '../../../main/engine/learning/speech/decode-clip'
import { mfcc, MfccExtractor } from '../../../main/engine/speech/mfcc'
import {
  DEFAULT_MFCC_PARAMETERS,
  mfccParametersAt,
  parseMfccParameters,
} from '../../../main/engine/speech/mfcc-parameters'
import { sharedData } from '../../support/shared-data'
import { RATE_HZ, sine, whiteNoise } from './signals'

interface Fixture {
  sampleCount: number
  samples: Record<string, number>
  frameCount: number
  frames: { index: number; base: number[]; logMel: number[] }[]
}

const fixture = JSON.parse(
  readFileSync(new URL('fixtures/mfcc-fixture.json', import.meta.url), 'utf8'),
) as Fixture

/** The signal of fixtures/make-mfcc-fixture.py. */
function formulaSignal(count: number): Float32Array {
  let state = 12345
  return Float32Array.from({ length: count }, (_, n) => {
    const t = n / RATE_HZ
    const tone = (a: number, f: number, g: number) => a * Math.sin(2 * Math.PI * (f * t + 0.5 * g * t * t))
    state = Number((1103515245n * BigInt(state) + 12345n) % 2n ** 31n)
    const envelope = 0.5 - 0.5 * Math.cos(2 * Math.PI * 4 * t)
    return (
      envelope * (tone(0.4, 120, 40) + tone(0.2, 900, -300) + tone(0.1, 3100, 500)) +
      0.001 * (state / 2 ** 31 - 0.5)
    )
  })
}

describe('mfcc', () => {
  it('agrees with an independent implementation on a formula signal', () => {
    const signal = formulaSignal(fixture.sampleCount)
    for (const [index, value] of Object.entries(fixture.samples))
      expect(signal[Number(index)]).toBeCloseTo(value, 6)
    const { frameCount, base, logMel } = mfcc(signal)
    expect(frameCount).toBe(fixture.frameCount)
    for (const frame of fixture.frames) {
      // Results are float32 of values up to 23: steps of 2e-6.
      frame.base.forEach((value, k) => expect(base[frame.index * 13 + k]).toBeCloseTo(value, 4))
      frame.logMel.forEach((value, k) => expect(logMel[frame.index * 26 + k]).toBeCloseTo(value, 4))
    }
  })

  it('gives bit for bit the same in blocks of any lengths as in one', () => {
    const signal = formulaSignal(9001)
    const whole = mfcc(signal)
    for (const lengths of [[1], [159, 2], [160], [319, 1000, 3], [4096]]) {
      const extractor = new MfccExtractor()
      const base: number[] = []
      for (let at = 0, k = 0; at < signal.length; k++) {
        const end = at + lengths[k % lengths.length]!
        extractor.push(signal.subarray(at, end), (frame) => base.push(...Float32Array.from(frame.base)))
        at = end
      }
      expect(Float32Array.from(base)).toEqual(whole.base)
    }
  })

  it('starts anew after reset', () => {
    const signal = formulaSignal(1000)
    const extractor = new MfccExtractor()
    const run = () => {
      const rows: number[][] = []
      extractor.push(signal, (frame) => rows.push([frame.index, ...frame.base]))
      return rows
    }
    const first = run()
    extractor.reset()
    expect(run()).toEqual(first)
    expect(first.map(([index]) => index)).toEqual([0, 1, 2, 3, 4])
  })

  it('reuses its arrays: no allocation per frame', () => {
    const extractor = new MfccExtractor()
    const seen = new Set<unknown>()
    extractor.push(whiteNoise(1, 0.1), (frame) => seen.add(frame.base).add(frame.logMel).add(frame.power))
    expect(seen.size).toBe(3)
  })

  it('knows gain only in log energy', () => {
    const quiet = mfcc(whiteNoise(0.5, 0.01))
    const loud = mfcc(whiteNoise(0.5, 0.01).map((value) => 8 * value))
    for (let k = 0; k < quiet.base.length; k++) {
      const change = k % 13 === 12 ? 2 * Math.log(8) : 0
      expect(loud.base[k]! - quiet.base[k]!).toBeCloseTo(change, 4)
    }
  })

  it('gives the floor for digital silence', () => {
    const { base, logMel } = mfcc(new Float32Array(640))
    expect(logMel.every((value) => value === Math.fround(Math.log(1e-10)))).toBe(true)
    // The cosine transform of a constant is zero but for rounding.
    for (let k = 0; k < 12; k++) expect(base[k]).toBeCloseTo(0, 10)
    expect(base[12]).toBe(Math.fround(Math.log(1e-10)))
  })

  it('puts a tone into the band around it', () => {
    const { logMel } = mfcc(sine(1000, 0.1))
    const row = Array.from(logMel.subarray(26 * 4, 26 * 5))
    // 26 bands of 105.2 mel; 1000 mel lies nearest to the centre of band 9 (1052), then of 8 (947).
    expect([8, 9]).toContain(row.indexOf(Math.max(...row)))
  })

  it.each([0, 319, 320, 479, 480, 16_000])('gives the frames that fit into %d samples', (samples) => {
    const expected = samples < 320 ? 0 : 1 + Math.floor((samples - 320) / 160)
    expect(mfcc(new Float32Array(samples)).frameCount).toBe(expected)
  })

  it('skips the samples between frames when the hop is longer than the frame', () => {
    const parameters = { ...DEFAULT_MFCC_PARAMETERS, hopSamples: 500 }
    const signal = formulaSignal(4000)
    const { base, frameCount } = mfcc(signal, parameters)
    expect(frameCount).toBe(8)
    const every = mfcc(signal, { ...DEFAULT_MFCC_PARAMETERS, hopSamples: 1 })
    for (let frame = 0; frame < frameCount; frame++)
      expect(base.slice(frame * 13, (frame + 1) * 13)).toEqual(
        every.base.slice(frame * 500 * 13, (frame * 500 + 1) * 13),
      )
  })
})

describe('parseMfccParameters', () => {
  it('reads back the defaults', () => {
    expect(parseMfccParameters(JSON.parse(JSON.stringify(DEFAULT_MFCC_PARAMETERS)))).toEqual(
      DEFAULT_MFCC_PARAMETERS,
    )
  })

  it.each([
    ['a missing value', { ...DEFAULT_MFCC_PARAMETERS, hopSamples: undefined }],
    ['an unknown value', { ...DEFAULT_MFCC_PARAMETERS, hop: 160 }],
    ['a transform that is no power of two', { ...DEFAULT_MFCC_PARAMETERS, fftSize: 500 }],
    ['a transform shorter than the frame', { ...DEFAULT_MFCC_PARAMETERS, fftSize: 256 }],
    ['bands beyond half the rate', { ...DEFAULT_MFCC_PARAMETERS, highHz: 9000 }],
    ['more coefficients than bands', { ...DEFAULT_MFCC_PARAMETERS, cepstra: 26 }],
    ['no object', null],
  ])('refuses %s', (_remark, features) => {
    expect(() => parseMfccParameters(features)).toThrowError(
      expect.objectContaining({ code: 'model.bad-card' }),
    )
  })
})

interface ReferenceClip {
  name: string
  file: string
  sampleRate: number
  frames: number
  frameIndices: number[]
  mfcc: number[][]
  logMel: number[][]
}

const referencePath = sharedData('reference', 'mfcc-reference.json')
const reference = referencePath ? (JSON.parse(readFileSync(referencePath, 'utf8')) as ReferenceClip[]) : []

describe.runIf(referencePath !== null)('mfcc on recordings (needs ../shared/data)', () => {
  it.each(reference)('agrees with the reference on $name', async (clip) => {
    const samples = await decodeClip(sharedData(...clip.file.split('/'))!, clip.sampleRate)
    const { frameCount, base, logMel } = mfcc(samples, mfccParametersAt(clip.sampleRate))
    expect(frameCount).toBe(clip.frames)
    // Wanted: 1e-3. Met with float32's own rounding of values up to 23 and the reference's six decimals.
    clip.frameIndices.forEach((frame, row) =>
      clip.mfcc[row]!.forEach((value, k) => expect(base[frame * 13 + k]).toBeCloseTo(value, 4)),
    )
    clip.logMel.forEach((bands, row) =>
      bands.forEach((value, k) => expect(logMel[clip.frameIndices[row]! * 26 + k]).toBeCloseTo(value, 4)),
    )
  })
})
