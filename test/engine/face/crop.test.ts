import { describe, expect, it } from 'vitest'
import { cropLength, cropSquare, FaceCropper, type FaceInput } from '../../../main/engine/face/crop'
import { type Picture, Resampler } from '../../../main/engine/face/resample'
import { resampleRotated } from '../../../main/engine/face/rotated-resample'

/** Red grows with x, green with y, both by 2 a pixel; blue is constant. */
function ramp(widthPx: number, heightPx: number): Picture {
  const rgb = new Uint8Array(widthPx * heightPx * 3)
  for (let y = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++) rgb.set([2 * x, 2 * y, 40], (y * widthPx + x) * 3)
  return { widthPx, heightPx, rgb }
}

const input = (changes: Partial<FaceInput> = {}): FaceInput => ({
  widthPx: 8,
  heightPx: 8,
  colour: 'rgb',
  normalisation: { kind: 'fixed', mean: [0, 0, 0], scale: 1 },
  crop: { reference: 'detector', boxCentreX: 0.5, boxCentreY: 0.5, boxSide: 1, levelEyes: false },
  mirrorAverage: false,
  ...changes,
})

describe('Resampler', () => {
  it('shows every place of a ramp where it lies, shrinking and growing', () => {
    const picture = ramp(100, 80)
    for (const [side, out] of [
      [40, 10],
      [33.3, 12],
      [10, 25],
    ] as const) {
      const values = new Float32Array(out * out * 3)
      new Resampler().resize(picture, { left: 20.25, top: 15.5, width: side, height: side }, out, out, values)
      for (let row = 0; row < out; row++)
        for (let column = 0; column < out; column++) {
          // A pixel's value belongs to its centre.
          const x = 20.25 + ((column + 0.5) * side) / out - 0.5
          const y = 15.5 + ((row + 0.5) * side) / out - 0.5
          // Two a pixel; a pixel counts as one flat area, so a cut through it is off by at most an eighth of it.
          expect(Math.abs((values[(row * out + column) * 3] as number) - 2 * x)).toBeLessThan(0.25)
          expect(Math.abs((values[(row * out + column) * 3 + 1] as number) - 2 * y)).toBeLessThan(0.25)
          expect(values[(row * out + column) * 3 + 2]).toBeCloseTo(40, 3)
        }
    }
  })

  it('averages what it shrinks: a fine checkerboard becomes grey', () => {
    const rgb = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => {
      const pixel = Math.floor(i / 3)
      return (pixel + Math.floor(pixel / 64)) % 2 === 0 ? 0 : 200
    })
    const values = new Float32Array(16 * 16 * 3)
    new Resampler().resize(
      { widthPx: 64, heightPx: 64, rgb },
      { left: 0, top: 0, width: 64, height: 64 },
      16,
      16,
      values,
    )
    expect(Math.min(...values)).toBeCloseTo(100, 3)
    expect(Math.max(...values)).toBeCloseTo(100, 3)
  })

  it('keeps the mean of a picture', () => {
    const rgb = Uint8Array.from({ length: 50 * 30 * 3 }, (_, i) => (i * 7919) % 256)
    const mean = rgb.reduce((sum, value) => sum + value, 0) / rgb.length
    const values = new Float32Array(7 * 11 * 3)
    new Resampler().resize(
      { widthPx: 50, heightPx: 30, rgb },
      { left: 0, top: 0, width: 50, height: 30 },
      11,
      7,
      values,
    )
    expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(mean, 2)
  })

  it('continues the border outside the picture', () => {
    const values = new Float32Array(4 * 4 * 3)
    new Resampler().resize(ramp(10, 10), { left: -20, top: -20, width: 4, height: 4 }, 4, 4, values)
    expect([...values.subarray(0, 3)]).toEqual([0, 0, 40])
  })

  it('writes into a part of a larger picture and leaves the rest alone', () => {
    const values = new Float32Array(6 * 6 * 3).fill(-1)
    const whole = { left: 0, top: 0, width: 10, height: 10 }
    new Resampler().resize(ramp(10, 10), whole, 2, 3, values, (6 + 2) * 3, 6)
    const written = [...values.keys()].filter((i) => values[i] !== -1)
    expect(written.length).toBe(2 * 3 * 3)
    expect(Math.min(...written)).toBe((6 + 2) * 3)
    expect(Math.max(...written)).toBe((3 * 6 + 3) * 3 + 2)
  })
})

describe('resampleRotated', () => {
  it('agrees with the upright way when nothing is turned', () => {
    const picture = ramp(60, 60)
    const turned = new Float32Array(10 * 10 * 3)
    const upright = new Float32Array(10 * 10 * 3)
    resampleRotated(picture, { centreX: 30, centreY: 28, side: 20 }, 0, 10, 10, turned)
    new Resampler().resize(picture, { left: 20, top: 18, width: 20, height: 20 }, 10, 10, upright)
    turned.forEach((value, i) => expect(value).toBeCloseTo(upright[i] as number, 2))
  })

  it('turns clockwise: the crop of a square tilted by 90 degrees has the right side on top', () => {
    const values = new Float32Array(4 * 4 * 3)
    resampleRotated(ramp(60, 60), { centreX: 30, centreY: 30, side: 20 }, Math.PI / 2, 4, 4, values)
    const topRed = values[0] as number
    const bottomRed = values[3 * 4 * 3] as number
    expect(topRed).toBeGreaterThan(bottomRed)
    expect((values[1] as number) < (values[3 * 3 + 1] as number)).toBe(true)
  })
})

describe('FaceCropper', () => {
  it('places the box in the crop as the card says', () => {
    const crop = {
      reference: 'detector' as const,
      boxCentreX: 0.4,
      boxCentreY: 0.6,
      boxSide: 0.5,
      levelEyes: false,
    }
    const square = cropSquare({ x: 100, y: 50, w: 30, h: 40 }, crop)
    expect(square.side).toBe(80)
    // The box's centre, 115 and 70, lies at 0.4 and 0.6 of the square.
    expect(square.centreX - square.side / 2 + 0.4 * square.side).toBeCloseTo(115, 9)
    expect(square.centreY - square.side / 2 + 0.6 * square.side).toBeCloseTo(70, 9)
  })

  it('normalises as the card says', () => {
    const fixed = new FaceCropper(input({ normalisation: { kind: 'fixed', mean: [10, 20, 30], scale: 10 } }))
    const values = new Float32Array(cropLength(fixed.input))
    fixed.cut(ramp(50, 50), { x: 10, y: 10, w: 8, h: 8 }, 0, values, 0)
    expect(values[0]).toBeCloseTo((20 - 10) / 10, 4)
    expect(values[1]).toBeCloseTo((20 - 20) / 10, 4)
    expect(values[2]).toBeCloseTo((40 - 30) / 10, 4)
    const perImage = new FaceCropper(
      input({ colour: 'grey', normalisation: { kind: 'per-image', sdFloor: 1, clip: 3 } }),
    )
    const grey = new Float32Array(cropLength(perImage.input))
    expect(grey.length).toBe(64)
    perImage.cut(ramp(50, 50), { x: 10, y: 10, w: 16, h: 16 }, 0, grey, 0)
    const mean = grey.reduce((sum, value) => sum + value, 0) / 64
    const variance = grey.reduce((sum, value) => sum + value * value, 0) / 64 - mean * mean
    expect(mean).toBeCloseTo(0, 4)
    expect(variance).toBeCloseTo(1, 3)
  })

  it('makes grey by luma', () => {
    const cropper = new FaceCropper(input({ colour: 'grey' }))
    const values = new Float32Array(64)
    cropper.cut(ramp(50, 50), { x: 10, y: 20, w: 8, h: 8 }, 0, values, 0)
    expect(values[0]).toBeCloseTo(0.299 * 20 + 0.587 * 40 + 0.114 * 40, 3)
  })

  it('mirrors a crop, and twice gives it back', () => {
    const cropper = new FaceCropper(input())
    const length = cropLength(cropper.input)
    const values = new Float32Array(length * 3)
    cropper.cut(ramp(50, 50), { x: 4, y: 5, w: 30, h: 30 }, 0, values, 0)
    cropper.mirror(values, 0, length)
    cropper.mirror(values, length, 2 * length)
    expect(values[length]).toBe(values[7 * 3])
    expect(values.subarray(2 * length)).toEqual(values.subarray(0, length))
  })
})
