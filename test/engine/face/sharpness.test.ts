import { describe, expect, it } from 'vitest'
import { type Picture, Resampler } from '../../../main/engine/face/resample'
import { measureSharpness } from '../../../main/engine/face/sharpness'
import { Random } from '../../../main/engine/learning/random'

/** Texture with as much energy in each octave, much as faces have. */
function texture(sidePx: number): Picture {
  const random = new Random(1)
  const values = new Float32Array(sidePx * sidePx).fill(128)
  for (let wave = 0; wave < 60; wave++) {
    const cycles = 1.5 ** (wave % 9)
    const angle = random.uniform(0, Math.PI)
    const phase = random.uniform(0, 2 * Math.PI)
    for (let i = 0; i < values.length; i++) {
      const along = ((i % sidePx) * Math.cos(angle) + Math.floor(i / sidePx) * Math.sin(angle)) / sidePx
      values[i]! += (30 / cycles) * Math.sin(2 * Math.PI * cycles * along + phase)
    }
  }
  const rgb = new Uint8Array(values.length * 3)
  values.forEach((value, i) => rgb.fill(Math.round(Math.min(255, Math.max(0, value))), i * 3, i * 3 + 3))
  return { widthPx: sidePx, heightPx: sidePx, rgb }
}

function crop(picture: Picture, sidePx: number): Float32Array {
  const out = new Float32Array(sidePx * sidePx * 3)
  const whole = { left: 0, top: 0, width: picture.widthPx, height: picture.heightPx }
  new Resampler().resize(picture, whole, sidePx, sidePx, out)
  return out
}

function shrunk(picture: Picture, sidePx: number): Picture {
  return { widthPx: sidePx, heightPx: sidePx, rgb: Uint8Array.from(crop(picture, sidePx), Math.round) }
}

const sharpnessOf = (picture: Picture, sidePx: number) =>
  measureSharpness(crop(picture, sidePx), 0, sidePx, sidePx, 3)

describe('sharpness of a crop', () => {
  const face = texture(140)

  it.each([48, 112])('falls as the face was smaller in the picture, in crops of %i px', (sidePx) => {
    const values = [40, 20, 12, 8].map((size) => sharpnessOf(shrunk(face, size), sidePx))
    for (let i = 1; i < values.length; i++) expect(values[i]!).toBeLessThan(values[i - 1]!)
    expect(values.at(-1)).toBeLessThan(0.2)
  })

  it('says much the same of a face whatever the size of the crop', () => {
    for (const size of [16, 24, 32]) {
      const small = sharpnessOf(shrunk(face, size), 48)
      const large = sharpnessOf(shrunk(face, size), 112)
      expect(small / large).toBeGreaterThan(0.4)
      expect(small / large).toBeLessThan(2.5)
    }
  })

  it('does not know contrast, and is 0 for a flat crop', () => {
    const values = crop(shrunk(face, 20), 48)
    const faint = values.map((value) => 100 + 0.2 * value)
    expect(measureSharpness(faint, 0, 48, 48, 3)).toBeCloseTo(measureSharpness(values, 0, 48, 48, 3), 4)
    expect(measureSharpness(new Float32Array(48 * 48).fill(7), 0, 48, 48, 1)).toBe(0)
  })
})
