import { describe, expect, it } from 'vitest'
import {
  degradeFace,
  degradeFaces,
  FACE_DEGRADATIONS,
} from '../../../../main/engine/learning/evaluation/degrade-face'
import { Random } from '../../../../main/engine/learning/random'
import { faceSet } from './face-fixtures'

const SIDE = 48

const picture = (value: (row: number, column: number) => number) =>
  Uint8Array.from({ length: SIDE * SIDE }, (_, pixel) => value(Math.floor(pixel / SIDE), pixel % SIDE))

const mean = (values: Uint8Array) => values.reduce((sum, value) => sum + value, 0) / values.length
const sd = (values: Uint8Array) =>
  Math.sqrt(values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / values.length)

/** Mean position of the light, in px from the left edge and from the top. */
function centre(values: Uint8Array): [number, number] {
  let sum = 0
  let x = 0
  let y = 0
  values.forEach((value, pixel) => {
    sum += value
    x += value * (pixel % SIDE)
    y += value * Math.floor(pixel / SIDE)
  })
  return [x / sum, y / sum]
}

const random = () => new Random(1)

describe('degradeFace', () => {
  it.each(['blur', 'half-size', 'misplaced'] as const)('%s leaves an even picture even', (kind) => {
    const even = picture(() => 90)
    expect(degradeFace(even, SIDE, { kind, random: random() })).toEqual(even)
  })

  it('blur keeps the light and where it is, and spreads it', () => {
    const spot = picture((row, column) => (Math.abs(row - 20) < 3 && Math.abs(column - 30) < 3 ? 250 : 0))
    const spoiled = degradeFace(spot, SIDE, { kind: 'blur', random: random() })
    expect(mean(spoiled)).toBeCloseTo(mean(spot), 0)
    expect(centre(spoiled)[0]).toBeCloseTo(30, 1)
    expect(centre(spoiled)[1]).toBeCloseTo(20, 1)
    expect(sd(spoiled)).toBeLessThan(sd(spot))
    expect(Math.max(...spoiled)).toBeLessThanOrEqual(250)
  })

  it('half-size takes away what is finer than two pixels and keeps a slope', () => {
    const stripes = picture((_, column) => (column % 2) * 200)
    expect(sd(degradeFace(stripes, SIDE, { kind: 'half-size', random: random() }))).toBe(0)
    const slope = picture((row, column) => 2 * row + column)
    const spoiled = degradeFace(slope, SIDE, { kind: 'half-size', random: random() })
    const inner = spoiled.filter((_, pixel) => Math.floor(pixel / SIDE) % 46 > 1 && (pixel % SIDE) % 46 > 1)
    const expected = slope.filter((_, pixel) => Math.floor(pixel / SIDE) % 46 > 1 && (pixel % SIDE) % 46 > 1)
    inner.forEach((value, index) => expect(Math.abs(value - expected[index]!)).toBeLessThanOrEqual(1))
  })

  it('misplaced moves by a tenth of the side, in any direction', () => {
    const spot = picture((row, column) => (Math.abs(row - 24) < 4 && Math.abs(column - 24) < 4 ? 250 : 0))
    const draws = new Random(5)
    const directions = Array.from({ length: 12 }, () => {
      const [x, y] = centre(degradeFace(spot, SIDE, { kind: 'misplaced', random: draws }))
      // Rounding to whole grey values moves the centre by a few hundredths.
      expect(Math.hypot(x - 24, y - 24)).toBeCloseTo(4.8, 1)
      return Math.atan2(y - 24, x - 24)
    })
    expect(Math.max(...directions) - Math.min(...directions)).toBeGreaterThan(Math.PI)
  })

  it('dark takes most of the light and adds noise', () => {
    const even = picture(() => 200)
    const spoiled = degradeFace(even, SIDE, { kind: 'dark', random: random() })
    expect(mean(spoiled)).toBeGreaterThan(200 * 0.14)
    expect(mean(spoiled)).toBeLessThan(200 * 0.41)
    // The SD of 2,304 draws is uncertain by 1.5%.
    expect(sd(spoiled)).toBeCloseTo(4, 0)
  })

  it('does not touch the picture it is given', () => {
    const face = picture((row, column) => row + column)
    const before = face.slice()
    for (const kind of FACE_DEGRADATIONS) degradeFace(face, SIDE, { kind, random: random() })
    expect(face).toEqual(before)
  })
})

describe('degradeFaces', () => {
  it('goes through the kinds in turn, the same for the same seed', () => {
    const set = faceSet(9)
    const once = degradeFaces(set, 3)
    expect(once.kinds.slice(0, 5)).toEqual(['blur', 'half-size', 'misplaced', 'dark', 'blur'])
    expect(degradeFaces(set, 3).set.pixels).toEqual(once.set.pixels)
    expect(degradeFaces(set, 4).set.pixels).not.toEqual(once.set.pixels)
    expect(once.set.labels).toBe(set.labels)
  })
})
