import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import {
  drawFigure,
  type Figure,
  figureHeightPx,
  figureTheme,
} from '../../../../renderer/plots/figure/figure'
import { figureAsSvg } from '../../../../renderer/plots/figure/render-figure'
import { indexedValues } from '../../../../renderer/plots/series/lazy'
import { emotionSeries, frameClock } from '../../../../renderer/plots/series/rows'
import { SvgSurface } from '../../../../renderer/plots/surface/svg-surface'
import { DEFAULT_COLOURS } from '../../../../renderer/plots/theme'
import { emotionTrack } from '../../../../renderer/plots/tracks/emotion-track'
import { plotRows, sure } from '../../../support/plot-rows'
import { RecordingSurface } from '../../../support/recording-surface'

const ABOUT = {
  widthPx: 100,
  heightPx: 50,
  fontFamily: "'A & B', serif",
  title: 'a < b',
  description: '"quoted" & more',
}
const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' })

const NAMES = ['Neutral', 'Happiness', 'Sadness', 'Anger', 'Fear', 'Disgust', 'Surprise']
const ROWS = plotRows([
  { frame: 0, timeSecs: 0, durSecs: 1, faceId: 1, face: sure(1) },
  { frame: 1, timeSecs: 1, durSecs: 1 },
  { frame: 2, timeSecs: 2, durSecs: 2, faceId: 1, face: sure(3) },
])
const track = emotionTrack({
  id: 'face',
  title: 'Face',
  unit: 'probability',
  data: indexedValues(emotionSeries(ROWS, frameClock(ROWS), 'face', false)),
  emotionNames: NAMES,
  emotionColours: DEFAULT_COLOURS,
  ground: '#ffffff',
  isVisible: NAMES.map(() => true),
  style: 'areas',
  absentAt: () => 'No face found',
})
const FIGURE: Figure = {
  title: 'interview & <one>.mp4',
  notes: ['Face model x 1.0'],
  tracks: [{ track, heightPx: 100 }],
  legend: track.legend,
  range: { fromSecs: 0, toSecs: 4 },
  widthPx: 800,
  timeTitle: (format) => `time (${format})`,
  theme: figureTheme(DEFAULT_COLOURS),
}

describe('SvgSurface', () => {
  it('escapes what would be markup and drops what XML cannot hold', async () => {
    const surface = new SvgSurface(ABOUT)
    surface.text('1 < 2 & "3" \u0000\u0007 \u{1F600}', 5, 5, { colour: '#000', sizePx: 11 })
    const svg = await surface.finish()
    expect(XMLValidator.validate(svg)).toBe(true)
    const { svg: root } = parser.parse(svg)
    expect(root.title).toBe('a < b')
    expect(root.text['#text']).toContain('1 < 2 & "3"')
    expect(svg).not.toContain('\u0000')
  })

  it('lifts the pen at gaps and closes areas along their bottom', async () => {
    const surface = new SvgSurface(ABOUT)
    const steps = { values: [0, 5, 10, Number.NaN, 20, 8, 30, 0], length: 8 }
    surface.strokeSteps(steps, { colour: '#123456', widthPx: 1 })
    surface.fillSteps(steps, 40, '#654321')
    const { svg } = parser.parse(await surface.finish())
    expect(svg.path[0].d).toBe('M0 5H10M20 8H30')
    expect(svg.path[1].d).toBe('M0 40V5H10V40zM20 40V8H30V40z')
  })

  it('embeds pictures as PNG in their place', async () => {
    const surface = new SvgSurface(ABOUT)
    const pixels = { widthPx: 2, heightPx: 1, data: Uint8ClampedArray.from([1, 2, 3, 255, 4, 5, 6, 255]) }
    surface.image(pixels, { x: 1, y: 2, width: 30, height: 10 })
    const { svg } = parser.parse(await surface.finish())
    expect(svg.image.width).toBe('30')
    const png = Buffer.from(svg.image.href.replace('data:image/png;base64,', ''), 'base64')
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2, 1])
  })
})

describe('a figure', () => {
  it('as SVG names clip, tracks, units, emotions and settings', async () => {
    const text = await figureAsSvg(FIGURE)
    expect(XMLValidator.validate(text)).toBe(true)
    const { svg } = parser.parse(text)
    const texts: string[] = svg.text.map((item: { '#text': string | number }) => String(item['#text']))
    for (const wanted of [
      FIGURE.title,
      'Face',
      'probability',
      'Anger',
      'Face model x 1.0',
      'time (m:ss)',
      '0:02',
    ])
      expect(texts).toContain(wanted)
    // The ground of the whole picture is white.
    expect(svg.rect[0] ?? svg.rect).toMatchObject({ width: '800', fill: '#ffffff' })
    const sizes: number[] = svg.text.map((item: Record<string, string>) => Number(item['font-size']))
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(11)
  })

  it('draws everything inside its height', () => {
    const surface = new RecordingSurface()
    const heightPx = figureHeightPx(FIGURE, surface)
    drawFigure(surface, FIGURE)
    for (const { y } of surface.of('text')) expect(y).toBeLessThan(heightPx - 8)
    expect(surface.of('text').length).toBeGreaterThan(10)
  })

  it('breaks long notes instead of running off the page', () => {
    const surface = new RecordingSurface()
    drawFigure(surface, { ...FIGURE, notes: ['word '.repeat(200).trim()] })
    for (const { text, x } of surface.of('text'))
      expect(x + text.length * 6).toBeLessThanOrEqual(FIGURE.widthPx)
  })
})
