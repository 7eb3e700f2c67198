import { describe, expect, it } from 'vitest'
import { normaliseImage } from '../../../../main/engine/face/crop'
import { eraseRectangle, FaceAugmenter } from '../../../../main/engine/learning/face/augment'
import { type FaceAugmentOptions, faceAugmentSchema } from '../../../../main/engine/learning/face/config'
import { Random } from '../../../../main/engine/learning/random'

const SIDE = 48
const NOTHING: FaceAugmentOptions = {
  flipChance: 0,
  rotationDegrees: 0,
  scaleRange: 0,
  shiftShare: 0,
  gammaRange: 1,
  shrinkChance: 0,
  noiseChance: 0,
  noiseSd: 0,
  eraseChance: 0,
  eraseShare: 0,
}

const picture = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => (i * 7 + Math.floor(i / SIDE) * 3) % 256)
const flat = new Uint8Array(SIDE * SIDE).fill(90)

function augmented(options: Partial<FaceAugmentOptions>, image = picture, seed = 1): Float32Array {
  const out = new Float32Array(SIDE * SIDE)
  new FaceAugmenter(SIDE, { ...NOTHING, ...options }).apply(image, new Random(seed), out, 0)
  return out
}

describe('augmentation of faces', () => {
  it('at zero strength leaves every pixel as it is', () => {
    expect([...augmented({})]).toEqual([...picture])
  })

  it('follows its seed', () => {
    const all = faceAugmentSchema.parse({})
    expect([...augmented(all)]).toEqual([...augmented(all)])
    expect([...augmented(all, picture, 2)]).not.toEqual([...augmented(all)])
  })

  it('flips left and right, exactly', () => {
    const flipped = augmented({ flipChance: 1 })
    for (const [row, column] of [
      [0, 0],
      [13, 5],
      [47, 47],
    ] as const)
      expect(flipped[row * SIDE + column]).toBe(picture[row * SIDE + SIDE - 1 - column])
  })

  it('moves, turns and scales a flat picture into itself', () => {
    for (let seed = 0; seed < 20; seed++) {
      const moved = augmented({ rotationDegrees: 30, scaleRange: 0.3, shiftShare: 0.3 }, flat, seed)
      expect(Math.max(...moved)).toBeCloseTo(90, 3)
      expect(Math.min(...moved)).toBeCloseTo(90, 3)
    }
  })

  it('moves the middle of a spot by at most the shift it was given', () => {
    const spot = new Uint8Array(SIDE * SIDE)
    for (let row = 22; row < 26; row++)
      for (let column = 22; column < 26; column++) spot[row * SIDE + column] = 200
    for (let seed = 0; seed < 20; seed++) {
      const moved = augmented({ shiftShare: 0.1 }, spot, seed)
      let mass = 0
      let right = 0
      moved.forEach((value, i) => {
        mass += value
        right += value * (i % SIDE)
      })
      expect(Math.abs(right / mass - 23.5)).toBeLessThanOrEqual(0.1 * SIDE + 1e-3)
      expect(mass).toBeCloseTo(16 * 200, 0)
    }
  })

  it('gamma keeps black, white and order', () => {
    const ramp = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => Math.floor((i * 256) / (SIDE * SIDE)))
    const changed = augmented({ gammaRange: 1.4 }, ramp, 3)
    expect(changed[0]).toBe(0)
    expect(changed.at(-1)).toBeCloseTo(255, 3)
    for (let i = 1; i < changed.length; i++) expect(changed[i]!).toBeGreaterThanOrEqual(changed[i - 1]!)
    expect([...changed]).not.toEqual([...ramp])
  })

  it('shrinking and back loses detail and keeps the mean', () => {
    const checks = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => ((i + Math.floor(i / SIDE)) % 2) * 200)
    const shrunk = augmented({ shrinkChance: 1 }, checks)
    const mean = shrunk.reduce((sum, value) => sum + value, 0) / shrunk.length
    expect(mean).toBeCloseTo(100, 0)
    expect(Math.max(...shrunk) - Math.min(...shrunk)).toBeLessThan(150)
  })

  it('noise has about the SD drawn and stays within 0 to 255', () => {
    const noisy = augmented({ noiseChance: 1, noiseSd: 64 }, flat, 5)
    expect(Math.max(...noisy)).toBeLessThanOrEqual(255)
    expect(Math.min(...noisy)).toBeGreaterThanOrEqual(0)
    expect(new Set(noisy).size).toBeGreaterThan(1000)
  })

  it('erases one rectangle of the allowed size in the image it is given and in no other', () => {
    const options = { ...NOTHING, eraseChance: 1, eraseShare: 0.15 }
    for (let seed = 0; seed < 50; seed++) {
      const values = new Float32Array(3 * SIDE * SIDE).fill(1)
      eraseRectangle(values, { offset: SIDE * SIDE, sidePx: SIDE }, options, new Random(seed))
      const erased = [...values.keys()].filter((i) => values[i] === 0)
      expect(erased.every((i) => i >= SIDE * SIDE && i < 2 * SIDE * SIDE)).toBe(true)
      expect(erased.length / (SIDE * SIDE)).toBeGreaterThan(0.01)
      expect(erased.length / (SIDE * SIDE)).toBeLessThan(0.18)
    }
    const untouched = new Float32Array(SIDE * SIDE).fill(1)
    eraseRectangle(untouched, { offset: 0, sidePx: SIDE }, NOTHING, new Random(1))
    expect(untouched.every((value) => value === 1)).toBe(true)
  })

  it('normalisation does not know brightness and contrast', () => {
    const normal = Float32Array.from(picture)
    const darker = Float32Array.from(picture, (value) => 0.5 * value + 20)
    normaliseImage(normal, 20, 3)
    normaliseImage(darker, 20, 3)
    for (let i = 0; i < normal.length; i += 97) expect(darker[i]!).toBeCloseTo(normal[i]!, 4)
  })
})
