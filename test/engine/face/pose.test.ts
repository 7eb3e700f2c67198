import { describe, expect, it } from 'vitest'
import { estimatePose } from '../../../main/engine/face/pose'
import { measureSharpness } from '../../../main/engine/face/sharpness'

/** A head with its outer eye corners 2 x 45 mm apart and the nose tip 27 mm before them, turned and tilted. */
function head(yawDegrees: number, rollDegrees: number): Float32Array {
  const yaw = (yawDegrees * Math.PI) / 180
  const roll = (rollDegrees * Math.PI) / 180
  const landmarks = new Float32Array(136)
  const put = (point: number, x: number, y: number, z: number): void => {
    const turnedX = x * Math.cos(yaw) + z * Math.sin(yaw)
    landmarks[point * 2] = 200 + turnedX * Math.cos(roll) - y * Math.sin(roll)
    landmarks[point * 2 + 1] = 150 + turnedX * Math.sin(roll) + y * Math.cos(roll)
  }
  const eye = [0, 8, 16, 24, 16, 8]
  eye.forEach((inward, i) => {
    put(36 + i, -45 + inward, i === 1 || i === 2 ? -4 : i > 3 ? 4 : 0, 0)
    // The right eye runs from its inner corner (42) to its outer one (45).
    put(42 + i, 45 - (eye[(i + 3) % 6] as number), i === 1 || i === 2 ? -4 : i > 3 ? 4 : 0, 0)
  })
  put(30, 0, 40, 27)
  return landmarks
}

/** As a mirror shows it: x reversed, left and right points exchanged. */
function mirrored(landmarks: Float32Array): Float32Array {
  const partner = [39, 38, 37, 36, 41, 40]
  const result = new Float32Array(136)
  const copy = (from: number, to: number): void => {
    result[to * 2] = 400 - (landmarks[from * 2] as number)
    result[to * 2 + 1] = landmarks[from * 2 + 1] as number
  }
  for (let i = 0; i < 6; i++) {
    copy(36 + i, (partner[i] as number) + 6)
    copy((partner[i] as number) + 6, 36 + i)
  }
  copy(30, 30)
  return result
}

describe('estimatePose', () => {
  it('reads the pose of its own head model', () => {
    for (const yaw of [-40, -15, 0, 10, 35])
      for (const roll of [-30, 0, 20]) {
        const pose = estimatePose(head(yaw, roll))
        expect(pose.yawDegrees).toBeCloseTo(yaw, 1)
        expect(pose.rollDegrees).toBeCloseTo(roll, 1)
      }
  })

  it('changes both signs in a mirror', () => {
    const pose = estimatePose(head(25, 12))
    const reversed = estimatePose(mirrored(head(25, 12)))
    expect(reversed.yawDegrees).toBeCloseTo(-pose.yawDegrees, 3)
    expect(reversed.rollDegrees).toBeCloseTo(-pose.rollDegrees, 3)
  })
})

describe('measureSharpness', () => {
  const side = 64
  const noise = Float32Array.from({ length: side * side }, (_, i) => ((i * 7919) % 251) / 251)

  function blurred(values: Float32Array): Float32Array {
    return values.map((_, i) => {
      let sum = 0
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++) {
          const x = Math.min(side - 1, Math.max(0, (i % side) + dx))
          const y = Math.min(side - 1, Math.max(0, Math.floor(i / side) + dy))
          sum += values[y * side + x] as number
        }
      return sum / 9
    })
  }

  it('falls when a picture is blurred again and again', () => {
    let picture: Float32Array = noise
    const values: number[] = []
    for (let round = 0; round < 80; round++) {
      values.push(measureSharpness(picture, 0, side, side, 1))
      picture = blurred(picture)
    }
    expect(values[0]).toBe(1)
    expect(values.at(-1)).toBeLessThan(0.3)
    values.slice(1).forEach((value, i) => expect(value).toBeLessThanOrEqual(values[i] as number))
  })

  it('does not depend on light and contrast', () => {
    let picture: Float32Array = noise
    for (let round = 0; round < 60; round++) picture = blurred(picture)
    const value = measureSharpness(picture, 0, side, side, 1)
    const dim = picture.map((level) => level * 0.3 + 5)
    expect(measureSharpness(dim, 0, side, side, 1)).toBeCloseTo(value, 2)
    expect(value).toBeGreaterThan(0)
    expect(value).toBeLessThan(1)
  })

  it('is 0 for a flat picture', () => {
    expect(measureSharpness(new Float32Array(side * side).fill(3), 0, side, side, 1)).toBe(0)
  })
})
