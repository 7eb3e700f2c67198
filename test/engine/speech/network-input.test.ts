import { describe, expect, it } from 'vitest'
import { Random } from '../../../main/engine/learning/random'
import { withDifferences } from '../../../main/engine/speech/differences'
import { DEFAULT_MFCC_PARAMETERS } from '../../../main/engine/speech/mfcc-parameters'
import {
  allocateBatch,
  clipReference,
  type NetworkInputSpec,
  stepFeatures,
  writeWindow,
} from '../../../main/engine/speech/network-input'

const SPEC: NetworkInputSpec = {
  mfcc: DEFAULT_MFCC_PARAMETERS,
  framesPerStep: 2,
  steps: 10,
  pitch: false,
  coefficients: 39,
  energyReference: 'speech-mean',
  removeClipMean: false,
  mean: Float32Array.from({ length: 39 }, (_, k) => k),
  sd: Float32Array.from({ length: 39 }, (_, k) => 1 + k),
}

function clip(frames = 40) {
  const random = new Random(3)
  const base = Float32Array.from({ length: frames * 13 }, () => random.gaussian())
  const isSpeech = new Uint8Array(frames).fill(1, 10, 30)
  return { base, isSpeech }
}

describe('clipReference', () => {
  it('is the mean log energy over the speech frames alone', () => {
    const { base, isSpeech } = clip()
    let sum = 0
    for (let frame = 10; frame < 30; frame++) sum += base[frame * 13 + 12]!
    const reference = clipReference({ base, isSpeech }, SPEC)
    expect(reference[12]).toBeCloseTo(sum / 20, 6)
    expect(Array.from(reference.subarray(0, 12))).toEqual(new Array(12).fill(0))
  })

  it('takes every mean where the card says so, and none where it says none', () => {
    const all = clipReference(clip(), { ...SPEC, removeClipMean: true, energyReference: 'none' })
    expect(all[12]).toBe(0)
    expect(Array.from(all.subarray(0, 12)).every((value) => value !== 0)).toBe(true)
  })

  it('is zero without speech', () => {
    expect(clipReference({ base: clip().base, isSpeech: new Uint8Array(40) }, SPEC)).toEqual(
      new Float64Array(13),
    )
  })
})

describe('stepFeatures', () => {
  it('does not know the level of the recording', () => {
    const { base, isSpeech } = clip()
    const louder = base.map((value, k) => (k % 13 === 12 ? value + 4.6 : value))
    const range = { start: 12, end: 28 }
    const quietSteps = stepFeatures({ base }, range, clipReference({ base, isSpeech }, SPEC), SPEC)
    const loud = { base: louder, isSpeech }
    stepFeatures(loud, range, clipReference(loud, SPEC), SPEC).forEach((value, k) =>
      expect(value).toBeCloseTo(quietSteps[k]!, 5),
    )
  })

  it.each([
    ['inside', 10, 20],
    ['at the start', 0, 11],
    ['at the end', 27, 40],
    ['one frame', 5, 6],
    ['everything', 0, 40],
  ])('averages pairs of the whole clip with its differences: %s', (_remark, start, end) => {
    const { base } = clip()
    const full = withDifferences(base, 13, 2)
    const steps = stepFeatures({ base }, { start, end }, new Float64Array(13), SPEC)
    expect(steps).toHaveLength(Math.ceil((end - start) / 2) * 39)
    for (let step = 0; step < steps.length / 39; step++) {
      const frames = [start + 2 * step, start + 2 * step + 1].filter((frame) => frame < end)
      for (let k = 0; k < 39; k++) {
        const mean = frames.reduce((sum, frame) => sum + full[frame * 39 + k]!, 0) / frames.length
        expect(steps[step * 39 + k]).toBeCloseTo(mean, 5)
      }
    }
  })
})

describe('writeWindow', () => {
  it('standardises, pads with zeros and masks', () => {
    const batch = allocateBatch(2, SPEC)
    batch.features.fill(7)
    batch.mask.fill(7)
    const steps = Float32Array.from({ length: 3 * 39 }, (_, k) => 2 * (k % 39) + 1)
    writeWindow(batch, 1, steps, SPEC)
    const features = batch.features.subarray(390)
    for (let k = 0; k < 117; k++) expect(features[k]).toBeCloseTo(1, 6)
    expect(features.subarray(117).every((value) => value === 0)).toBe(true)
    expect(Array.from(batch.mask.subarray(10))).toEqual([1, 1, 1, 0, 0, 0, 0, 0, 0, 0])
    expect(batch.features.subarray(0, 390).every((value) => value === 7)).toBe(true)
  })

  it('cuts off what does not fit', () => {
    const batch = allocateBatch(1, SPEC)
    writeWindow(batch, 0, new Float32Array(12 * 39).fill(1), SPEC)
    expect(Array.from(batch.mask)).toEqual(new Array(10).fill(1))
  })
})
