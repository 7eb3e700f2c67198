import { describe, expect, it } from 'vitest'
import { faceGate, type GatedFace, rampFactor, speechGate } from '../../../main/engine/fusion/gates'
import { gateParametersSchema } from '../../../main/engine/fusion/parameters'

const parameters = gateParametersSchema.parse({})
const good: GatedFace = {
  box: { x: 0, y: 0, w: 200, h: 200 },
  score: 0.95,
  yawDegrees: 0,
  rollDegrees: 0,
  sharpness: 1,
}
const box = (w: number, h: number) => ({ x: 0, y: 0, w, h })

describe('face gate', () => {
  it.each<[string, Partial<GatedFace>, number]>([
    ['all good', {}, 1],
    ['score at its zero', { score: 0.5 }, 0],
    ['score halfway', { score: 0.7 }, 0.5],
    ['score at its one', { score: 0.9 }, 1],
    ['24 px', { box: box(24, 24) }, 0],
    ['44 px on the shorter side', { box: box(44, 300) }, 0.5],
    ['64 px', { box: box(64, 64) }, 1],
    ['20 degrees', { yawDegrees: -20 }, 1],
    ['35 degrees to the left', { yawDegrees: -35 }, 0.5],
    ['50 degrees', { yawDegrees: 50 }, 0],
    ['90 degrees', { yawDegrees: 90 }, 0],
    ['blur', { sharpness: 0.25 }, 0.25],
    ['two halves', { score: 0.7, yawDegrees: 35 }, 0.25],
    ['pose not measured', { yawDegrees: Number.NaN }, 1],
    ['sharpness not measured', { sharpness: Number.NaN }, 1],
    ['score not a number', { score: Number.NaN }, 0],
  ])('%s', (_, changes, wanted) => {
    expect(faceGate({ ...good, ...changes }, true, parameters.face)).toBeCloseTo(wanted, 12)
  })

  it('counts head roll only where the crop is not levelled', () => {
    const tilted = { ...good, rollDegrees: 35 }
    expect(faceGate(tilted, true, parameters.face)).toBe(1)
    expect(faceGate(tilted, false, parameters.face)).toBeCloseTo(0.5, 12)
  })

  it('takes a lying face for what its turned crop is: upright', () => {
    for (const rollDegrees of [90, -90, 180, 95, -83])
      expect(faceGate({ ...good, rollDegrees }, false, parameters.face)).toBe(1)
    expect(faceGate({ ...good, rollDegrees: 90 + 35 }, false, parameters.face)).toBeCloseTo(0.5, 12)
  })
})

describe('speech gate', () => {
  it.each([
    ['clear speech', 1, 30, 1],
    ['share at its zero', 0.2, 30, 0],
    ['share halfway', 0.4, 30, 0.5],
    ['0 dB', 1, 0, 0],
    ['7.5 dB', 1, 7.5, 0.5],
    ['15 dB', 1, 15, 1],
    ['both halfway', 0.4, 7.5, 0.25],
    ['no noise floor', 1, null, 1],
  ])('%s', (_, speechShare, snrDb, wanted) => {
    expect(speechGate({ speechShare, snrDb }, parameters.speech)).toBeCloseTo(wanted, 12)
  })
})

it('ramps are monotone and clamped in both directions', () => {
  for (const ramp of [
    { zeroAt: 0, oneAt: 4 },
    { zeroAt: 4, oneAt: 0 },
  ]) {
    const factors = Array.from({ length: 41 }, (_, step) => rampFactor(-3 + step * 0.25, ramp))
    const rising = ramp.oneAt > ramp.zeroAt ? factors : [...factors].reverse()
    expect(rising[0]).toBe(0)
    expect(rising.at(-1)).toBe(1)
    for (let step = 1; step < rising.length; step++)
      expect(rising[step]).toBeGreaterThanOrEqual(rising[step - 1] ?? Number.NaN)
  }
})
