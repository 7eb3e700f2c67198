import { describe, expect, it } from 'vitest'
import { boundingBox, intersectionOverUnion, suppressOverlaps } from '../../../main/engine/face/geometry'
import { interpolatePlace } from '../../../main/engine/face/interpolate'
import { judgeFace } from '../../../main/engine/face/quality'
import { turnBoxBack, turnFrame, turnRollBack } from '../../../main/engine/face/sideways'

describe('boxes', () => {
  it('overlap as their areas say', () => {
    const box = { x: 0, y: 0, w: 10, h: 10 }
    expect(intersectionOverUnion(box, box)).toBe(1)
    expect(intersectionOverUnion(box, { x: 5, y: 0, w: 10, h: 10 })).toBeCloseTo(1 / 3, 12)
    expect(intersectionOverUnion(box, { x: 10, y: 0, w: 10, h: 10 })).toBe(0)
  })

  it('keep the best of overlapping detections', () => {
    const at = (x: number, score: number) => ({ box: { x, y: 0, w: 10, h: 10 }, score })
    expect(suppressOverlaps([at(1, 0.6), at(0, 0.9), at(30, 0.5)], 0.4).map(({ score }) => score)).toEqual([
      0.9, 0.5,
    ])
  })

  it('enclose points', () => {
    expect(boundingBox(Float32Array.of(3, 4, -1, 8, 2, 2))).toEqual({ x: -1, y: 2, w: 4, h: 6 })
  })
})

describe('interpolatePlace', () => {
  const place = (timeSecs: number, x: number, score: number) => ({
    timeSecs,
    box: { x, y: 2 * x, w: 50 + x, h: 40 },
    score,
    landmarks: Float32Array.from({ length: 136 }, (_, i) => x + i),
  })
  const before = place(1.04, 10, 0.9)
  const after = place(1.2, 26, 0.5)

  it('equals each detection at its own time', () => {
    expect(interpolatePlace(before, after, 1.04)).toEqual(before)
    expect(interpolatePlace(before, after, 1.2)).toEqual(after)
  })

  it('goes by time, not by frames', () => {
    const quarter = interpolatePlace(before, after, 1.08)
    expect(quarter.box.x).toBeCloseTo(14, 9)
    expect(quarter.box.w).toBeCloseTo(64, 9)
    expect(quarter.score).toBeCloseTo(0.8, 9)
    expect(quarter.landmarks[3]).toBeCloseTo(17, 4)
  })

  it('does not go beyond either detection', () => {
    expect(interpolatePlace(before, after, 0).box).toEqual(before.box)
    expect(interpolatePlace(before, after, 9).box).toEqual(after.box)
  })
})

describe('judgeFace', () => {
  it('names the gravest reason', () => {
    const box = { x: 100, y: 100, w: 100, h: 100 }
    expect(judgeFace(box, 0.9, 640, 480)).toBe('ok')
    expect(judgeFace(box, 0.45, 640, 480)).toBe('low_score')
    expect(judgeFace({ ...box, w: 30, h: 30 }, 0.9, 640, 480)).toBe('small_face')
    expect(judgeFace({ ...box, x: -20 }, 0.9, 640, 480)).toBe('edge')
    expect(judgeFace({ ...box, y: 400 }, 0.9, 640, 480)).toBe('edge')
    expect(judgeFace({ ...box, x: -2 }, 0.9, 640, 480)).toBe('ok')
  })
})

describe('turning', () => {
  const widthPx = 7
  const heightPx = 4
  const rgb = Uint8Array.from({ length: widthPx * heightPx * 3 }, (_, i) => i)
  const frame = { index: 0, ptsTicks: 0, timeSecs: 0, widthPx, heightPx, rgb }

  it.each([90, 270] as const)('by %i degrees finds the pixels of a box again', (turn) => {
    const turned = turnFrame(frame, turn)
    expect([turned.widthPx, turned.heightPx]).toEqual([heightPx, widthPx])
    for (let y = 0; y < turned.heightPx; y++)
      for (let x = 0; x < turned.widthPx; x++) {
        const source = turnBoxBack({ x, y, w: 1, h: 1 }, turn, widthPx, heightPx)
        expect(turned.rgb[(y * turned.widthPx + x) * 3]).toBe(rgb[(source.y * widthPx + source.x) * 3])
      }
  })

  it('puts the top left pixel at the top right when turned clockwise', () => {
    const turned = turnFrame(frame, 90)
    expect(turned.rgb[(heightPx - 1) * 3]).toBe(rgb[0])
  })

  it('keeps a box that is not turned and swaps the sides of one that is', () => {
    const box = { x: 1, y: 2, w: 2, h: 1 }
    expect(turnBoxBack(box, 0, widthPx, heightPx)).toEqual(box)
    expect(turnBoxBack(box, 90, widthPx, heightPx)).toEqual({ x: 2, y: 1, w: 1, h: 2 })
  })

  it('reports the roll of the picture as it was', () => {
    expect(turnRollBack(5, 0)).toBe(5)
    expect(turnRollBack(0, 90)).toBe(-90)
    expect(turnRollBack(0, 270)).toBe(90)
  })
})
