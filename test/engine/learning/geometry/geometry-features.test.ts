import { describe, expect, it } from 'vitest'
import {
  GEOMETRY_FEATURES,
  geometryFeatures,
  mirrorFeatures,
} from '../../../../main/engine/learning/geometry/geometry-features'
import { MIRRORED_POINT, mirrorPoints } from '../../../../main/engine/learning/geometry/landmark-pairs'
import { Random } from '../../../../main/engine/learning/random'

const ROUNDS = 50

/**
 * A face that nobody has but that lies as faces do: eyes level and above the mouth, and every point off its place by
 * chance, so that left and right differ.
 */
function someFace(random: Random): Float32Array {
  const points = new Float32Array(136)
  const put = (point: number, x: number, y: number) =>
    points.set([24 + x + random.uniform(-1, 1), 24 + y + random.uniform(-1, 1)], point * 2)
  for (let point = 0; point < 17; point++) {
    const angle = Math.PI * (1 - point / 16)
    put(point, 18 * Math.cos(angle), 20 * Math.sin(angle) - 2)
  }
  for (let index = 0; index < 5; index++) {
    put(17 + index, -14 + 2.5 * index, -12)
    put(22 + index, 4 + 2.5 * index, -12)
  }
  for (let index = 0; index < 4; index++) put(27 + index, 0, -8 + 3 * index)
  for (let index = 0; index < 5; index++) put(31 + index, -3 + 1.5 * index, 3)
  const around = (first: number, count: number, [x, y, width, height]: readonly number[]) => {
    for (let index = 0; index < count; index++) {
      const angle = Math.PI + (2 * Math.PI * index) / count
      put(first + index, x! + width! * Math.cos(angle), y! + height! * Math.sin(angle))
    }
  }
  around(36, 6, [-8, -7, 4, 2])
  around(42, 6, [8, -7, 4, 2])
  around(48, 12, [0, 10, 7, 3.5])
  around(60, 8, [0, 10, 5, 1.5])
  return points
}

function moved(
  points: Float32Array,
  change: (x: number, y: number) => readonly [number, number],
): Float32Array {
  const result = new Float32Array(points.length)
  for (let at = 0; at < points.length; at += 2) result.set(change(points[at]!, points[at + 1]!), at)
  return result
}

function expectEqual(actual: Float32Array, wanted: Float32Array, tolerance: number): void {
  expect(actual.length).toBe(wanted.length)
  const worst = actual.reduce((most, value, at) => Math.max(most, Math.abs(value - wanted[at]!)), 0)
  expect(worst).toBeLessThan(tolerance)
}

describe('geometry of landmarks', () => {
  it('does not depend on place, size and tilt', () => {
    const random = new Random(1)
    for (let round = 0; round < ROUNDS; round++) {
      const face = someFace(random)
      const features = geometryFeatures(face)
      expect(features.length).toBe(GEOMETRY_FEATURES)
      const [dx, dy, scale] = [random.uniform(-40, 40), random.uniform(-40, 40), random.uniform(0.3, 4)]
      const angle = random.uniform(-1.2, 1.2)
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
      expectEqual(geometryFeatures(moved(face, (x, y) => [x + dx, y + dy])), features, 1e-4)
      expectEqual(geometryFeatures(moved(face, (x, y) => [x * scale, y * scale])), features, 1e-4)
      expectEqual(
        geometryFeatures(moved(face, (x, y) => [x * cos - y * sin, x * sin + y * cos])),
        features,
        1e-4,
      )
    }
  })

  it('of a mirrored face are the mirrored features', () => {
    const random = new Random(2)
    for (let round = 0; round < ROUNDS; round++) {
      const face = someFace(random)
      const features = geometryFeatures(face)
      const mirrored = geometryFeatures(mirrorPoints(face, 48))
      expectEqual(mirrored, mirrorFeatures(features), 1e-4)
      expectEqual(mirrorFeatures(mirrorFeatures(features)), features, 1e-9)
      // The face is lopsided, so its mirror image is another face.
      expect(Math.max(...features.map((value, at) => Math.abs(value - mirrored[at]!)))).toBeGreaterThan(0.01)
    }
  })

  it('change with an open mouth and raised brows', () => {
    const face = someFace(new Random(3))
    const features = geometryFeatures(face)
    const open = face.slice()
    for (const point of [55, 56, 57, 58, 59, 65, 66, 67, 7, 8, 9]) open[point * 2 + 1]! += 4
    const raised = face.slice()
    for (let point = 17; point < 27; point++) raised[point * 2 + 1]! -= 3
    for (const other of [geometryFeatures(open), geometryFeatures(raised)])
      expect(Math.max(...features.map((value, at) => Math.abs(value - other[at]!)))).toBeGreaterThan(0.1)
  })

  it('stay numbers when all points fall together', () => {
    expect(geometryFeatures(new Float32Array(136).fill(5)).every(Number.isFinite)).toBe(true)
  })

  it('every point is the mirror of its mirror, and chin, nose and lips have points on the middle line', () => {
    MIRRORED_POINT.forEach((other, point) => expect(MIRRORED_POINT[other]).toBe(point))
    const middle = MIRRORED_POINT.flatMap((other, point) => (other === point ? [point] : []))
    expect(middle).toEqual([8, 27, 28, 29, 30, 33, 51, 57, 62, 66])
  })
})
