import { describe, expect, it } from 'vitest'
import {
  canvasSize,
  panBy,
  pictureRect,
  rectOnStage,
  type Size,
  type StageZoom,
  WHOLE_PICTURE,
  zoomAt,
} from '../../../../renderer/views/analyse/stage/stage-geometry'

const STAGE: Size = { widthPx: 800, heightPx: 450 }
const size = (widthPx: number, heightPx: number): Size => ({ widthPx, heightPx })

describe('the picture on the stage', () => {
  it.each([
    [size(1280, 720), { x: 0, y: 0, width: 800, height: 450 }, 'the same shape fills it'],
    [size(640, 480), { x: 100, y: 0, width: 600, height: 450 }, '4:3 has bars at the sides'],
    [size(480, 640), { x: 231.25, y: 0, width: 337.5, height: 450 }, 'a turned phone clip stands upright'],
    [size(1600, 450), { x: 0, y: 112.5, width: 800, height: 225 }, 'a wide one has bars above and below'],
    [size(160, 90), { x: 0, y: 0, width: 800, height: 450 }, 'a small one is enlarged'],
  ])('%o', (picture, rect) => {
    expect(pictureRect(STAGE, picture)).toEqual(rect)
  })

  it('is nothing on a stage without room', () => {
    expect(pictureRect(size(0, 100), size(640, 480)).width).toBe(0)
    expect(pictureRect(STAGE, size(0, 0)).width).toBe(0)
  })

  it('keeps the point under the pointer while it zooms', () => {
    const picture = size(640, 480)
    // Close enough to cover the stage: in the bars of a whole picture there is no point to keep.
    let zoom: StageZoom = zoomAt(STAGE, picture, WHOLE_PICTURE, { xPx: 400, yPx: 225, by: 2 })
    const pointer = { xPx: 420, yPx: 160 }
    const share = (at: StageZoom) => {
      const rect = pictureRect(STAGE, picture, at)
      return [(pointer.xPx - rect.x) / rect.width, (pointer.yPx - rect.y) / rect.height]
    }
    const before = share(zoom)
    for (let step = 0; step < 4; step++) zoom = zoomAt(STAGE, picture, zoom, { ...pointer, by: 1.3 })
    expect(share(zoom)[0]).toBeCloseTo(before[0]!, 6)
    expect(share(zoom)[1]).toBeCloseTo(before[1]!, 6)
  })

  it('shows no ground beyond the picture while it covers the stage', () => {
    const picture = size(640, 480)
    let zoom = zoomAt(STAGE, picture, WHOLE_PICTURE, { xPx: 400, yPx: 225, by: 4 })
    for (const [dx, dy] of [
      [5000, 0],
      [-9000, 5000],
      [0, -9000],
    ] as const) {
      zoom = panBy(STAGE, picture, zoom, dx, dy)
      const rect = pictureRect(STAGE, picture, zoom)
      expect(rect.x).toBeLessThanOrEqual(0)
      expect(rect.y).toBeLessThanOrEqual(0)
      expect(rect.x + rect.width).toBeGreaterThanOrEqual(STAGE.widthPx - 1e-9)
      expect(rect.y + rect.height).toBeGreaterThanOrEqual(STAGE.heightPx - 1e-9)
    }
  })

  it('moves along with a drag', () => {
    const picture = size(640, 480)
    const zoom = zoomAt(STAGE, picture, WHOLE_PICTURE, { xPx: 400, yPx: 225, by: 4 })
    const before = pictureRect(STAGE, picture, zoom)
    const after = pictureRect(STAGE, picture, panBy(STAGE, picture, zoom, 30, -20))
    expect(after.x - before.x).toBeCloseTo(30, 9)
    expect(after.y - before.y).toBeCloseTo(-20, 9)
  })

  it('comes back to the whole picture, and no closer than eightfold', () => {
    const picture = size(640, 480)
    const near = zoomAt(STAGE, picture, WHOLE_PICTURE, { xPx: 10, yPx: 10, by: 100 })
    expect(near.factor).toBe(8)
    expect(zoomAt(STAGE, picture, near, { xPx: 10, yPx: 10, by: 0.001 })).toEqual(WHOLE_PICTURE)
  })
})

describe('source pixels on the stage', () => {
  it('puts the corners of the source on the corners of the picture', () => {
    const source = size(1920, 1080)
    // The decoded picture may be smaller than its source: boxes are in source pixels all the same.
    const picture = pictureRect(STAGE, size(1280, 720))
    expect(rectOnStage({ x: 0, y: 0, width: 1920, height: 1080 }, source, picture)).toEqual(picture)
    expect(rectOnStage({ x: 960, y: 540, width: 192, height: 108 }, source, picture)).toEqual({
      x: 400,
      y: 225,
      width: 80,
      height: 45,
    })
  })

  it('adds the bar of a letterboxed picture', () => {
    const source = size(480, 640)
    const box = rectOnStage({ x: 0, y: 320, width: 48, height: 64 }, source, pictureRect(STAGE, source))
    expect(box).toEqual({ x: 231.25, y: 225, width: 33.75, height: 45 })
  })
})

it.each([
  [1, size(800, 450)],
  [1.25, size(1000, 563)],
  [2, size(1600, 900)],
])('a canvas at %f device pixels a pixel', (ratio, pixels) => {
  expect(canvasSize(STAGE, ratio)).toEqual(pixels)
})
