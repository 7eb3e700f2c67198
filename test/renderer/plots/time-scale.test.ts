import { describe, expect, it } from 'vitest'
import {
  clampRange,
  keepInView,
  panRange,
  pxFromSecs,
  type RangeLimits,
  secsFromPx,
  spanOf,
  turnPage,
  zoomRange,
} from '../../../renderer/plots/time-scale'

const LIMITS: RangeLimits = { fromSecs: 0, toSecs: 3600, minimumSpanSecs: 0.05 }
const scaleOf = (range: { fromSecs: number; toSecs: number }) => ({ range, leftPx: 46, widthPx: 1000 })

describe('seconds and pixels', () => {
  it('are each other’s inverse', () => {
    const scale = scaleOf({ fromSecs: 12.5, toSecs: 17.25 })
    for (const px of [46, 47.5, 600, 1046])
      expect(pxFromSecs(scale, secsFromPx(scale, px))).toBeCloseTo(px, 9)
    expect(pxFromSecs(scale, 12.5)).toBe(46)
    expect(pxFromSecs(scale, 17.25)).toBe(1046)
  })
})

describe('zoomRange', () => {
  it.each([
    [1.2, 100],
    [7, 1234.5],
    [0.6, 1800],
    [0.9, 1500],
  ])('by %f leaves second %f where it is', (factor, aboutSecs) => {
    const before = { fromSecs: aboutSecs - 90, toSecs: aboutSecs + 210 }
    const after = zoomRange(before, { aboutSecs, factor }, LIMITS)
    expect(spanOf(after)).toBeCloseTo(300 / factor, 9)
    expect(pxFromSecs(scaleOf(after), aboutSecs)).toBeCloseTo(pxFromSecs(scaleOf(before), aboutSecs), 6)
  })

  it('out and in again by the same factor comes back', () => {
    const before = { fromSecs: 1000, toSecs: 1100 }
    const closer = zoomRange(before, { aboutSecs: 1037, factor: 3 }, LIMITS)
    const after = zoomRange(closer, { aboutSecs: 1037, factor: 1 / 3 }, LIMITS)
    expect(after.fromSecs).toBeCloseTo(1000, 9)
    expect(after.toSecs).toBeCloseTo(1100, 9)
  })

  it('ends at the least span and at the whole clip', () => {
    const close = zoomRange({ fromSecs: 5, toSecs: 6 }, { aboutSecs: 5.2, factor: 1e6 }, LIMITS)
    expect(spanOf(close)).toBeCloseTo(0.05, 9)
    expect(close.fromSecs).toBeLessThanOrEqual(5.2)
    expect(close.toSecs).toBeGreaterThanOrEqual(5.2)
    const whole = zoomRange(close, { aboutSecs: 5.2, factor: 1e-9 }, LIMITS)
    expect(whole).toEqual({ fromSecs: 0, toSecs: 3600 })
  })

  it('shows all of a clip that is shorter than the least span', () => {
    const tiny: RangeLimits = { fromSecs: 0, toSecs: 0.01, minimumSpanSecs: 0.05 }
    expect(zoomRange(tiny, { aboutSecs: 0, factor: 2 }, tiny)).toEqual({ fromSecs: 0, toSecs: 0.01 })
  })
})

describe('panRange and clampRange', () => {
  it('keep the span at the ends of the clip', () => {
    expect(panRange({ fromSecs: 10, toSecs: 20 }, -50, LIMITS)).toEqual({ fromSecs: 0, toSecs: 10 })
    expect(panRange({ fromSecs: 10, toSecs: 20 }, 5000, LIMITS)).toEqual({ fromSecs: 3590, toSecs: 3600 })
    expect(clampRange({ fromSecs: -100, toSecs: 9000 }, LIMITS)).toEqual({ fromSecs: 0, toSecs: 3600 })
  })
})

describe('following the playhead', () => {
  const view = { fromSecs: 100, toSecs: 200 }
  it('leaves the view alone while the playhead is inside', () => {
    expect(keepInView(view, 150, LIMITS)).toBe(view)
    expect(turnPage(view, 191, LIMITS)).toBe(view)
  })
  it('turns the page near the right edge', () => {
    const next = turnPage(view, 193, LIMITS)
    expect(next.fromSecs).toBeCloseTo(185, 9)
    expect(spanOf(next)).toBeCloseTo(100, 9)
  })
  it('moves no further than the margin for a jump', () => {
    expect(keepInView(view, 300, LIMITS).toSecs).toBeCloseTo(308, 9)
    expect(keepInView(view, 50, LIMITS).fromSecs).toBeCloseTo(42, 9)
  })
  it('does not move on at the end of the clip', () => {
    const last = { fromSecs: 3500, toSecs: 3600 }
    expect(turnPage(last, 3599, LIMITS)).toBe(last)
  })
})
