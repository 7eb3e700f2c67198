import { describe, expect, it } from 'vitest'
import { indexedValues } from '../../../../renderer/plots/series/lazy'
import { emotionSeries, faceClock, frameClock, gateSeries } from '../../../../renderer/plots/series/rows'
import { DEFAULT_COLOURS, LIGHT_THEME } from '../../../../renderer/plots/theme'
import { absenceHatch } from '../../../../renderer/plots/tracks/absence'
import { drawCursor } from '../../../../renderer/plots/tracks/cursor'
import { emotionTrack } from '../../../../renderer/plots/tracks/emotion-track'
import { gateTrack } from '../../../../renderer/plots/tracks/gate-track'
import { drawRuler } from '../../../../renderer/plots/tracks/ruler'
import { segmentAt, segmentTrack } from '../../../../renderer/plots/tracks/segment-track'
import { stripTrack } from '../../../../renderer/plots/tracks/strip-track'
import { AXIS_TEXT_PX, AXIS_WIDTH_PX, type PlotView } from '../../../../renderer/plots/tracks/track'
import type { PlotSegment } from '../../../../renderer/plots/types'
import { plotRows, sure } from '../../../support/plot-rows'
import { RecordingSurface } from '../../../support/recording-surface'

const NAMES = ['Neutral', 'Happiness', 'Sadness', 'Anger', 'Fear', 'Disgust', 'Surprise']
/** Half and half of two emotions, a second without a face, then one emotion. */
const ROWS = plotRows([
  { frame: 0, timeSecs: 0, durSecs: 1, faceId: 1, face: [0.5, 0.5, 0, 0, 0, 0, 0], faceGate: 0.8 },
  { frame: 1, timeSecs: 1, durSecs: 1 },
  { frame: 2, timeSecs: 2, durSecs: 2, faceId: 1, face: sure(3), faceGate: 0.4 },
])

function viewOf(fromSecs: number, toSecs: number, widthPx = 400, heightPx = 100): PlotView {
  const plot = { x: AXIS_WIDTH_PX, y: 0, width: widthPx, height: heightPx }
  return { plot, scale: { range: { fromSecs, toSecs }, leftPx: plot.x, widthPx }, theme: LIGHT_THEME }
}

function faceTrack(style: 'areas' | 'lines', isVisible = NAMES.map(() => true)) {
  return emotionTrack({
    id: 'face',
    title: 'Face',
    unit: 'probability',
    data: indexedValues(emotionSeries(ROWS, frameClock(ROWS), 'face', false)),
    emotionNames: NAMES,
    emotionColours: DEFAULT_COLOURS,
    ground: LIGHT_THEME.ground,
    isVisible,
    style,
    absentAt: () => 'No face found',
  })
}

/** Height of a drawn staircase over its bottom at an x, in pixels. */
function heightAt(surface: RecordingSurface, colour: string, x: number): number {
  const area = surface.of('area').find(({ fill }) => fill === colour)
  if (!area) throw new Error(`no area of ${colour}`)
  let y = area.bottomPx
  for (let at = 0; at + 2 < area.points.length; at += 2) if (area.points[at]! <= x) y = area.points[at + 1]!
  return area.bottomPx - y
}

describe('stacked areas', () => {
  it('are as high as probabilities add up to, and nothing where there is no face', () => {
    const surface = new RecordingSurface()
    faceTrack('areas').draw(surface, viewOf(0, 4))
    const [neutral, happiness, , anger] = DEFAULT_COLOURS as [string, string, string, string]
    expect(heightAt(surface, neutral, AXIS_WIDTH_PX + 50)).toBeCloseTo(50, 3)
    expect(heightAt(surface, happiness, AXIS_WIDTH_PX + 50)).toBeCloseTo(100, 3)
    expect(heightAt(surface, anger, AXIS_WIDTH_PX + 150)).toBeCloseTo(0, 3)
    expect(heightAt(surface, anger, AXIS_WIDTH_PX + 300)).toBeCloseTo(100, 3)
    const hatched = surface.of('rect').filter(({ fill }) => typeof fill !== 'string')
    expect(hatched.map(({ rect }) => rect)).toEqual([
      { x: AXIS_WIDTH_PX + 100, y: 0, width: 100, height: 100 },
    ])
    expect(hatched[0]!.fill).toEqual(absenceHatch(LIGHT_THEME))
  })

  it('show half a column without a face as half of it hatched, with the area of what is there', () => {
    const surface = new RecordingSurface()
    // One column of 1 px from 1 to 3 s: a second without and a second with a face.
    faceTrack('areas').draw(surface, viewOf(1, 3, 1))
    expect(heightAt(surface, DEFAULT_COLOURS[3]!, AXIS_WIDTH_PX)).toBeCloseTo(50, 3)
    const hatched = surface.of('rect').filter(({ fill }) => typeof fill !== 'string')
    expect(hatched[0]!.rect.height).toBeCloseTo(50, 3)
  })

  it('leave out emotions that are turned off', () => {
    const surface = new RecordingSurface()
    faceTrack(
      'areas',
      NAMES.map((_, emotion) => emotion !== 1),
    ).draw(surface, viewOf(0, 4))
    expect(surface.of('area').map(({ fill }) => fill)).not.toContain(DEFAULT_COLOURS[1])
    expect(heightAt(surface, DEFAULT_COLOURS[0]!, AXIS_WIDTH_PX + 50)).toBeCloseTo(50, 3)
  })
})

describe('lines', () => {
  it('break at gaps', () => {
    const surface = new RecordingSurface()
    faceTrack(
      'lines',
      NAMES.map((_, emotion) => emotion === 3),
    ).draw(surface, viewOf(0, 4))
    const [line] = surface.of('steps')
    expect(line!.points.slice(0, 6)).toEqual([
      AXIS_WIDTH_PX,
      100,
      AXIS_WIDTH_PX + 100,
      Number.NaN,
      AXIS_WIDTH_PX + 200,
      0,
    ])
  })

  it('have a band from least to greatest where columns hold several frames', () => {
    const surface = new RecordingSurface()
    faceTrack('lines').draw(surface, viewOf(0, 4, 2))
    const bands = surface.of('rect').filter(({ alpha }) => alpha < 1)
    expect(bands.length).toBeGreaterThan(0)
    expect(bands.some(({ rect }) => rect.height > 99)).toBe(true)
  })
})

describe('readings', () => {
  it('are the exact values of the frame, or the reason why there are none', () => {
    const track = faceTrack('areas')
    expect(track.readAt(0.5).values.map(({ text }) => text)).toEqual([
      '0.500',
      '0.500',
      '0.000',
      '0.000',
      '0.000',
      '0.000',
      '0.000',
    ])
    expect(track.readAt(1.5)).toEqual({ values: [], absent: 'No face found', note: null })
    expect(track.readAt(99).absent).toBe('No face found')
  })

  it('of weights say which modality is absent', () => {
    const clock = faceClock(ROWS, { faceId: null, holdSecs: 0 })
    const track = gateTrack({
      id: 'weights',
      title: 'Weights',
      unit: '',
      lines: [
        { name: 'Face', data: indexedValues(gateSeries(ROWS, clock, 'face')), colour: '#000000', dash: [] },
      ],
      absentText: 'absent',
    })
    expect(track.readAt(0.2).values[0]!.text).toBe('0.800')
    expect(track.readAt(1.2).values[0]!.text).toBe('absent')
  })
})

describe('axes', () => {
  it.each([34, 56, 92, 240])('have labels of 11 px that do not touch in a track of %i px', (heightPx) => {
    const surface = new RecordingSurface()
    faceTrack('areas').draw(surface, viewOf(0, 4, 400, heightPx))
    const labels = surface.of('text')
    expect(labels.length).toBeGreaterThan(1)
    const ys = labels.map(({ y }) => y).sort((a, b) => a - b)
    for (let at = 1; at < ys.length; at++) expect(ys[at]! - ys[at - 1]!).toBeGreaterThan(AXIS_TEXT_PX)
    for (const { style, y } of labels) {
      expect(style.sizePx).toBeGreaterThanOrEqual(11)
      expect(y).toBeGreaterThan(5)
      expect(y).toBeLessThan(heightPx - 5)
    }
  })

  it('of time label only what fits', () => {
    const surface = new RecordingSurface()
    expect(drawRuler(surface, viewOf(0, 21, 500, 26))).toBe('m:ss')
    const ends = surface.of('text').map(({ x, text }) => [x - text.length * 3, x + text.length * 3] as const)
    expect(ends.length).toBeGreaterThan(3)
    for (let at = 1; at < ends.length; at++) expect(ends[at]![0]).toBeGreaterThan(ends[at - 1]![1])
  })
})

describe('strips', () => {
  const track = stripTrack({
    id: 'strip',
    title: 'Strip',
    series: {
      count: 3,
      startSecs: Float64Array.of(0, 3.99, 4),
      endSecs: Float64Array.of(3.99, 4, 8),
      state: Uint8Array.of(0, 1, 2),
      stateCount: 3,
    },
    states: ['#00ff00', '#ff0000', '#0000ff'].map((fill) => ({ name: fill, fill })),
    uncovered: 'nothing',
  })

  it('show a state of a hundredth of a second in a column of eight', () => {
    const surface = new RecordingSurface()
    track.draw(surface, viewOf(0, 8, 1, 20))
    const red = surface.of('rect').find(({ fill }) => fill === '#ff0000')
    expect(red!.rect.height).toBe(1)
    const heights = surface.of('rect').map(({ rect }) => rect.height)
    expect(heights.reduce((sum, height) => sum + height, 0)).toBeCloseTo(20, 4)
  })

  it('stay empty where no state is known', () => {
    const surface = new RecordingSurface()
    track.draw(surface, viewOf(20, 30, 100, 20))
    expect(surface.of('rect')).toEqual([])
    expect(track.readAt(25).absent).toBe('nothing')
  })
})

describe('segments', () => {
  const segment = (startSecs: number, endSecs: number, emotion: number): PlotSegment => ({
    id: `${startSecs}`,
    modality: 'face',
    faceId: 1,
    label: NAMES[emotion]!,
    emotion,
    startSecs,
    endSecs,
    source: 'model',
    meanValue: 0.7,
  })
  const segments = [segment(0, 10, 1), segment(10, 10.5, 2), segment(30, 60, 3)]
  const track = segmentTrack({
    id: 'segments',
    title: 'Segments',
    lanes: [{ name: 'face', segments }],
    emotionNames: NAMES,
    emotionColours: DEFAULT_COLOURS,
    absentText: 'none',
  })

  it('carry their text only where it fits', () => {
    const surface = new RecordingSurface()
    track.draw(surface, viewOf(0, 60, 400, 20))
    expect(surface.texts).toContain('Anger')
    expect(surface.texts).not.toContain('Sadness')
    expect(surface.of('rect').map(({ fill }) => fill)).toEqual([1, 2, 3].map((at) => DEFAULT_COLOURS[at]))
  })

  it('keep their text in view when they begin before it', () => {
    const surface = new RecordingSurface()
    track.draw(surface, viewOf(40, 60, 400, 20))
    const text = surface.of('text').find((item) => item.text === 'Anger')
    expect(text!.x).toBeGreaterThan(AXIS_WIDTH_PX)
    expect(text!.x).toBeLessThan(AXIS_WIDTH_PX + 20)
  })

  it('are found at an instant, ends not included', () => {
    expect(segmentAt(segments, 10)?.emotion).toBe(2)
    expect(segmentAt(segments, 10.5)).toBeNull()
    expect(segmentAt(segments, 60)).toBeNull()
  })
})

describe('the cursor', () => {
  it('says all that must be wiped before it is drawn again', () => {
    const surface = new RecordingSurface()
    const drawn = drawCursor(surface, {
      ...viewOf(0, 10),
      playheadSecs: 2,
      hoverSecs: 9.9,
      selection: { fromSecs: 4, toSecs: 5 },
    })
    const isWiped = (x: number) => drawn.some(([left, width]) => x >= left && x <= left + width)
    const xs = surface.drawn.flatMap((item) => {
      if (item.kind === 'rect' || item.kind === 'outline') return [item.rect.x, item.rect.x + item.rect.width]
      if (item.kind === 'line' || item.kind === 'polygon')
        return item.points.filter((_, at) => at % 2 === 0 && !Number.isNaN(item.points[at]!))
      return []
    })
    expect(xs.length).toBeGreaterThan(8)
    for (const x of xs) expect(isWiped(x)).toBe(true)
    expect(surface.texts).toEqual(['0:09.9'])
  })

  it('draws nothing of what is out of view', () => {
    const surface = new RecordingSurface()
    const view = { ...viewOf(20, 30), playheadSecs: 2, hoverSecs: 31, selection: null }
    expect(drawCursor(surface, view)).toEqual([])
    expect(surface.drawn).toEqual([])
  })
})
