import { describe, expect, it } from 'vitest'
import type { RatingItem, SegmentItem } from '../../../../preload/contract/annotation'
import { textOn } from '../../../../renderer/design/emotion-colours'
import { drawExclusionBands } from '../../../../renderer/plots/lanes/bands'
import { barLook } from '../../../../renderer/plots/lanes/bar-look'
import { barsInBand, drawLaneOverlay, type LaneOverlay } from '../../../../renderer/plots/lanes/draw-overlay'
import { barsBetween, GRIP_PX, hitTest } from '../../../../renderer/plots/lanes/hit-test'
import {
  decidedBars,
  editedBars,
  finalBars,
  proposalBars,
  segmentBars,
  stretchBars,
} from '../../../../renderer/plots/lanes/item-bars'
import { barAt, laneIndex, type LaneIndex, nearestEdge } from '../../../../renderer/plots/lanes/lane-index'
import { DARK_THEME, LIGHT_THEME } from '../../../../renderer/plots/theme'
import { laneTrack, rowAt } from '../../../../renderer/plots/tracks/annotation-lanes'
import { ratingSeries, ratingTrack } from '../../../../renderer/plots/tracks/annotation-ratings'
import { AXIS_WIDTH_PX, type PlotView } from '../../../../renderer/plots/tracks/track'
import { RecordingSurface } from '../../../support/recording-surface'
import { exclusionItem, sampleStudy, segmentItem } from '../../../support/study'

const COLOURS = ['#f2b008', '#1257de', '#b94a05'] as const
const STUDY = sampleStudy()
const CODES = new Map(
  STUDY.scheme.codes.map((code, at) => [code.id, { ...code, colour: COLOURS[at % COLOURS.length]! }]),
)

/** 10 s over 400 px: 40 px a second. */
function viewOf(fromSecs = 0, toSecs = 10, widthPx = 400): PlotView {
  const plot = { x: AXIS_WIDTH_PX, y: 4, width: widthPx, height: 22 }
  return { plot, scale: { range: { fromSecs, toSecs }, leftPx: plot.x, widthPx }, theme: LIGHT_THEME }
}

const barsOf = (...items: readonly SegmentItem[]): LaneIndex => segmentBars(items, CODES, 'unknown')
const laneOf = (index: LaneIndex, mark: 'bars' | 'diamond' = 'bars') =>
  laneTrack({
    id: 'tier',
    title: 'Ann (you)',
    isOwn: true,
    absentText: 'nothing',
    rows: [{ key: 'tier', name: '', index, mark }],
  })

function drawn(index: LaneIndex, view = viewOf(), mark: 'bars' | 'diamond' = 'bars'): RecordingSurface {
  const surface = new RecordingSurface()
  laneOf(index, mark).draw(surface, view)
  return surface
}

describe('bars of a lane', () => {
  it('stand where their times say, in the colour of their code, with a text that can be read', () => {
    const surface = drawn(barsOf(segmentItem('anger', 1, 3)))
    const code = CODES.get('anger')!
    const bar = surface.of('rect').find(({ fill }) => fill === code.colour)
    expect(bar?.rect).toMatchObject({ x: AXIS_WIDTH_PX + 40, width: 79 })
    const text = surface.of('text').find((item) => item.text === 'anger')
    expect(text?.style.colour).toBe(textOn(code.colour))
  })

  it('show no name where it does not fit', () => {
    expect(drawn(barsOf(segmentItem('happiness', 1, 1.5))).texts).not.toContain('happiness')
  })

  it('mark what is unsure, confirmed, changed or rejected other than by colour', () => {
    const orig = { segmentId: 's', tier: 'face', label: 'fear', startSecs: 0, endSecs: 4 }
    const draw = (changes: Partial<SegmentItem>) => drawn(barsOf(segmentItem('anger', 0, 8, changes)))
    const plain = draw({})
    expect(draw({ confidence: 0.3 }).texts).toContain('anger?')
    expect(draw({ confidence: 0.9 }).texts).toContain('anger')
    // A tick is a line more.
    expect(draw({ status: 'confirmed', orig: { ...orig, label: 'anger' } }).of('line').length).toBe(
      plain.of('line').length + 1,
    )
    const changed = draw({ status: 'edited', orig })
    expect(changed.texts).toEqual(expect.arrayContaining(['anger', 'fear']))
    const struck = changed.of('text').find(({ text }) => text === 'fear')!
    const [x = 0, y = 0] = changed.of('line').at(-2)?.points ?? []
    expect([x, y]).toEqual([struck.x - 1, struck.y + 0.5])
    const rejected = draw({ status: 'rejected', orig })
    expect(
      rejected.of('rect').some(({ fill }) => typeof fill === 'object' && fill.kind === 'back-diagonal'),
    ).toBe(true)
    expect(rejected.of('rect').some(({ fill }) => fill === CODES.get('anger')!.colour)).toBe(false)
  })

  it('give a colour like the ground an outline', () => {
    expect(barLook('#ffffff', LIGHT_THEME).outline).not.toBeNull()
    expect(barLook('#171b21', DARK_THEME).outline).not.toBeNull()
    expect(barLook('#b94a05', LIGHT_THEME).outline).toBeNull()
  })

  it('cost no more than the pixels however many there are, and the longest of a pixel shows', () => {
    const items = Array.from({ length: 5000 }, (_, at) => {
      const isLong = at % 2 === 0
      const startSecs = at * 0.002 + (isLong ? 0 : -0.0005)
      return segmentItem(isLong ? 'neutral' : 'sadness', startSecs, startSecs + (isLong ? 0.0015 : 0.001))
    })
    const surface = drawn(barsOf(...items))
    const rects = surface.of('rect').filter(({ fill }) => CODES.get('neutral')!.colour === fill)
    expect(surface.of('rect').length).toBeLessThan(420)
    expect(rects.reduce((sum, { rect }) => sum + rect.width, 0)).toBeGreaterThan(350)
  })

  it('out of view are not drawn', () => {
    const surface = drawn(barsOf(segmentItem('anger', 1, 3), segmentItem('fear', 20, 30)), viewOf(5, 15))
    expect(surface.texts).toEqual([])
  })

  it('read out what holds at an instant', () => {
    const track = laneOf(barsOf(segmentItem('anger', 1, 3)))
    expect(track.readAt(1).values).toMatchObject([{ name: 'Ann (you)', text: 'anger' }])
    expect(track.readAt(3).absent).toBe('nothing')
  })

  it('are marks with their names where they are points', () => {
    const surface = drawn(barsOf(segmentItem('anger', 2, 2), segmentItem('fear', 8, 8)), viewOf(), 'diamond')
    expect(surface.of('polygon').length).toBe(2)
    expect(surface.texts).toEqual(['anger', 'fear'])
  })
})

describe('an index of bars', () => {
  it('finds what holds, also where damaged data overlaps', () => {
    const index = barsOf(segmentItem('anger', 0, 9), segmentItem('fear', 1, 2), segmentItem('sadness', 5, 6))
    expect([0.5, 1.5, 3, 5.5, 9].map((secs) => barAt(index, secs))).toEqual([0, 1, 0, 2, -1])
    expect(barsBetween(index, 2.5, 4)).toEqual([0])
  })

  it('is the same after an edit as one made anew, and keeps what was not touched', () => {
    let seed = 5
    const random = (below: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below
    let segments = Array.from({ length: 200 }, (_, at) => segmentItem('anger', at, at + 1))
    let index = barsOf(...segments)
    for (let round = 0; round < 100; round++) {
      const at = random(segments.length)
      const next = [...segments]
      if (round % 3 === 0) next.splice(at, 1 + random(3))
      else if (round % 3 === 1)
        next.splice(at, 1, { ...segments[at]!, endSecs: segments[at]!.startSecs + 0.5 })
      else next.splice(at, 0, segmentItem('fear', segments[at]!.startSecs, segments[at]!.startSecs))
      const edited = editedBars({ segments, index }, next, CODES, 'unknown')
      expect(edited).toEqual(barsOf(...next))
      const kept = edited.bars.filter((bar) => index.bars.includes(bar)).length
      expect(kept).toBeGreaterThanOrEqual(next.length - 1)
      segments = next
      index = edited
    }
  })

  it('finds the nearest edge within reach, but for those left out', () => {
    const [a, b] = [segmentItem('anger', 1, 3), segmentItem('fear', 4, 6)]
    const index = barsOf(a, b)
    const none = () => false
    expect(nearestEdge(index, 3.4, 0.5, none)).toBe(3)
    expect(nearestEdge(index, 3.6, 0.5, none)).toBe(4)
    expect(nearestEdge(index, 3.4, 0.1, none)).toBeNull()
    expect(nearestEdge(index, 3.4, 0.7, (id) => id === a.id)).toBe(4)
  })
})

describe('what lies under the pointer', () => {
  const scale = { range: { fromSecs: 0, toSecs: 10 }, leftPx: 0, widthPx: 400 }
  const [a, b] = [segmentItem('anger', 1, 3), segmentItem('fear', 3, 3.2)]
  const index = barsOf(a, b)
  const at = (xPx: number) => {
    const hit = hitTest(index, scale, xPx)
    return hit && [hit.bar.id, hit.part]
  }

  it('is an edge within its grip, inside the bar and beyond it', () => {
    expect(at(40 - GRIP_PX)).toEqual([a.id, 'start'])
    expect(at(45)).toEqual([a.id, 'start'])
    expect(at(40 + GRIP_PX + 1)).toEqual([a.id, 'body'])
    expect(at(40 - GRIP_PX - 1)).toBeNull()
  })

  it('is the bar that the pointer is in where two touch, and names the other', () => {
    expect(at(119)).toEqual([a.id, 'end'])
    expect(at(120.5)).toEqual([b.id, 'start'])
    expect(hitTest(index, scale, 119)?.neighbour?.id).toBe(b.id)
  })

  it('leaves a third of a narrow bar to take hold of', () => {
    expect(at(124)).toEqual([b.id, 'body'])
    expect(at(127)).toEqual([b.id, 'end'])
  })

  it('is a point before the bar it stands on', () => {
    const point = segmentItem('fear', 2, 2)
    const hit = hitTest(barsOf(a, point), scale, 83)
    expect([hit?.bar.id, hit?.part]).toEqual([point.id, 'point'])
  })

  it('is a row of a track, the nearest at its borders', () => {
    const plot = { y: 10, height: 60 }
    expect([0, 10, 31, 69, 90].map((y) => rowAt(plot, 3, y))).toEqual([0, 0, 1, 2, 2])
  })
})

describe('proposals', () => {
  const look = { colourOf: () => '#123456', textOf: (label: string) => label.toUpperCase() }
  const found = ['p1', 'p2', 'p3', 'p4'].map((id, at) => ({
    id,
    label: 'fear',
    startSecs: at,
    endSecs: at + 1,
    meanValue: at === 3 ? 0.2 : 0.9,
    isByHuman: false,
  }))

  it('show what the observer decided', () => {
    const item = (codeId: string, status: SegmentItem['status']) => [segmentItem(codeId, 0, 1, { status })]
    const { bars } = decidedBars(
      proposalBars(found, look),
      new Map([
        ['p1', item('fear', 'confirmed')],
        ['p2', item('anger', 'edited')],
        ['p3', item('fear', 'rejected')],
      ]),
      { ...look, codes: CODES, unknownText: 'unknown' },
    )
    expect(bars.map(({ state, text, struckText, isUnsure }) => [state, text, struckText, isUnsure])).toEqual([
      ['confirmed', 'FEAR', null, false],
      ['edited', 'ANGER', 'FEAR', false],
      ['rejected', 'FEAR', null, false],
      ['plain', 'FEAR', null, true],
    ])
  })

  it('and the final tier say where a label comes from', () => {
    const { bars } = finalBars(
      [
        { startSecs: 0, endSecs: 1, label: 'fear', source: 'manual', layer: 0 },
        { startSecs: 1, endSecs: 2, label: 'fear', source: 'fusion', layer: 1 },
      ],
      { ...look, sourceOf: (source) => `from ${source}` },
    )
    expect(bars.map(({ suffix, isUnderlined }) => [suffix, isUnderlined])).toEqual([
      ['(from manual)', true],
      ['(from fusion)', false],
    ])
  })
})

describe('what lies over the lanes', () => {
  const a = segmentItem('anger', 1, 3)
  const view = viewOf()
  const row = { key: 'tier', rect: { ...view.plot }, index: barsOf(a), isPoints: false }
  const nothing: LaneOverlay = {
    rows: [row],
    selection: new Set(),
    focus: null,
    preview: null,
    lines: [],
    rubberBand: null,
    tip: null,
    running: new Map(),
  }
  const draw = (overlay: Partial<LaneOverlay>): RecordingSurface => {
    const surface = new RecordingSurface()
    drawLaneOverlay(surface, view, { ...nothing, ...overlay })
    return surface
  }

  it('is nothing while nothing is chosen', () => {
    expect(draw({}).drawn).toEqual([])
  })

  it('outlines what is chosen, and dashes what has the keys', () => {
    const chosen = draw({ selection: new Set([a.id]) }).of('outline')
    expect(chosen.map(({ style }) => style.colour)).toEqual([LIGHT_THEME.ground, LIGHT_THEME.accent])
    const focused = draw({ focus: { rowKey: 'tier', barId: a.id } }).of('outline')
    expect(focused.at(-1)?.style.dash).toEqual([4, 2])
  })

  it('shows a bar where a drag would leave it, and fades it where it is', () => {
    const moved = barsOf({ ...a, startSecs: 5, endSecs: 7 }).bars
    const surface = draw({ preview: { goneIds: new Set([a.id]), bars: new Map([['tier', moved]]) } })
    const ghost = surface.of('rect').find(({ fill }) => fill === LIGHT_THEME.ground)
    expect(ghost).toMatchObject({ alpha: 0.8, rect: { x: AXIS_WIDTH_PX + 40, width: 80 } })
    const bar = surface.of('rect').find(({ fill }) => fill === CODES.get('anger')!.colour)
    expect(bar?.rect.x).toBe(AXIS_WIDTH_PX + 200)
  })

  it('tells a line that lands on an edge from one that only lands on a frame', () => {
    const lines = draw({
      lines: [
        { secs: 2, isSnapped: true },
        { secs: 4, isSnapped: false },
      ],
    }).of('line')
    expect(lines.map(({ style }) => style.colour)).toEqual([LIGHT_THEME.accent, LIGHT_THEME.hover])
  })

  it('names what a rubber band touches', () => {
    expect(barsInBand([row], { fromSecs: 2, toSecs: 2.5 }, 0, 10)).toEqual([a.id])
    expect(barsInBand([row], { fromSecs: 4, toSecs: 5 }, 0, 10)).toEqual([])
    expect(barsInBand([row], { fromSecs: 2, toSecs: 2.5 }, 40, 60)).toEqual([])
  })

  it('hatches time that is left out over a track', () => {
    const surface = new RecordingSurface()
    const item = exclusionItem(4, 6)
    if (item.kind !== 'exclusion') throw new Error('not an exclusion')
    drawExclusionBands(
      surface,
      view,
      stretchBars([item], '#888888', () => ''),
    )
    const hatched = surface.of('rect').find(({ fill }) => typeof fill === 'object')
    expect(hatched?.rect).toEqual({ x: AXIS_WIDTH_PX + 160, y: 4, width: 80, height: 22 })
    const empty = new RecordingSurface()
    drawExclusionBands(empty, view, laneIndex([]))
    expect(empty.drawn).toEqual([])
  })
})

describe('ratings', () => {
  const rating: RatingItem = {
    id: 'r',
    kind: 'rating',
    observerId: 'ann',
    editedAt: '',
    subjectId: '',
    dimensionId: 'valence',
    timesSecs: [1, 3, 5],
    values: [-1, 0, 1],
    reactionTimeSecs: 0.5,
    endSecs: 8,
    comment: '',
  }
  const range = { minimum: -1, maximum: 1, neutral: 0 }

  it('stand a reaction time earlier, over the range of their dimension', () => {
    const { series } = ratingSeries(rating, range)
    expect([...series.startSecs]).toEqual([0.5, 2.5, 4.5])
    expect([...series.endSecs]).toEqual([2.5, 4.5, 7.5])
    expect([...series.values]).toEqual([0, 0.5, 1])
  })

  it('are drawn step by step, and read as they were given', () => {
    const track = ratingTrack({
      id: 'rating',
      title: 'valence',
      unit: '',
      range,
      absentText: 'none',
      lines: [{ name: 'Ann', data: ratingSeries(rating, range), colour: '#123456', dash: [] }],
    })
    const surface = new RecordingSurface()
    track.draw(surface, viewOf())
    const points = surface.of('steps')[0]!.points
    const xs = points.filter((_, at) => at % 2 === 0).map((x) => x - AXIS_WIDTH_PX)
    expect(xs).toEqual([20, 100, 180, 300])
    expect(track.readAt(3).values[0]).toMatchObject({ text: '0.000' })
    expect(track.readAt(9).values[0]).toMatchObject({ text: 'none' })
  })
})
