import { describe, expect, it } from 'vitest'
import type { ForeignTrack } from '../../../../preload/contract/foreign-tracks'
import { importedClock } from '../../../../renderer/plots/imported-series'
import { DARK_THEME, LIGHT_THEME } from '../../../../renderer/plots/theme'
import { absenceHatch } from '../../../../renderer/plots/tracks/absence'
import { AXIS_WIDTH_PX, type PlotView } from '../../../../renderer/plots/tracks/track'
import { importedTracks } from '../../../../renderer/views/interchange/imported-tracks'
import { RecordingSurface } from '../../../support/recording-surface'

/** Four rows a second apart, of which the third failed, and one long after. */
const TRACK: ForeignTrack = {
  id: 'abc',
  title: 'FaceReader',
  tool: 'facereader',
  fileName: 'x.txt',
  importedAt: '',
  isShown: true,
  rowCount: 5,
  firstSecs: 0,
  lastSecs: 9,
  columns: [
    { name: 'Happy', emotion: 'happiness', least: 0, greatest: 1 },
    { name: 'Sad', emotion: 'sadness', least: 0, greatest: 1 },
    { name: 'Valence', emotion: null, least: -1, greatest: 1 },
  ],
  groups: [
    { id: 'emotions', kind: 'emotions', columns: [0, 1], low: 0, high: 1 },
    { id: 'affect', kind: 'affect', columns: [2], low: -1, high: 1 },
  ],
  notices: [],
  timesSecs: Float64Array.from([0, 1, 2, 3, 9]),
  values: Float32Array.from([0, 1, -1, 0.25, NaN, 0.5, NaN, NaN, NaN, 1, 0, 1, 0.5, 0.5, 0]),
  reasons: Uint8Array.from([0, 0, 0, 0, 2, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]),
  reasonWords: ['FIND_FAILED', 'empty'],
}

function viewOf(fromSecs: number, toSecs: number): PlotView {
  const plot = { x: AXIS_WIDTH_PX, y: 0, width: 400, height: 100 }
  return { plot, scale: { range: { fromSecs, toSecs }, leftPx: plot.x, widthPx: 400 }, theme: LIGHT_THEME }
}

describe('readings of another program', () => {
  const [emotions, affect] = importedTracks(TRACK)(LIGHT_THEME)
  if (!emotions || !affect) throw new Error('two tracks are wanted')

  it('are a track a group, emotions by their own names and colours', () => {
    expect(emotions.title).toBe('FaceReader emotions')
    expect(emotions.legend.map(({ label }) => label)).toEqual(['Happiness', 'Sadness'])
    expect(affect.legend.map(({ label }) => label)).toEqual(['Valence'])
  })

  it('say their values as the file has them, and why there is none', () => {
    expect(emotions.readAt(0.5).values.map(({ text }) => text)).toEqual(['0', '1.000'])
    expect(emotions.readAt(1.5).values.map(({ text }) => text)).toEqual(['0.250', 'no value: empty'])
    expect(emotions.readAt(2.5)).toMatchObject({ values: [], absent: 'no value: FIND_FAILED' })
    expect(affect.readAt(0).values.map(({ text }) => text)).toEqual(['-1.000'])
    expect(affect.readAt(-1).absent).toBe('between two rows of the table')
  })

  it('hold to the next row, but not over rows that are missing', () => {
    expect([...importedClock(TRACK).endSecs]).toEqual([1, 2, 3, 4.8, 10.8])
    expect(emotions.readAt(4.7).absent).toBeNull()
    expect(emotions.readAt(6).absent).toBe('between two rows of the table')
  })

  it('are drawn on the axis of their group, hatched where nothing has a value', () => {
    const surface = new RecordingSurface()
    affect.draw(surface, viewOf(0, 4))
    const [line] = surface.of('steps')
    const points = line?.points ?? []
    const heightAt = (x: number): number => {
      let y = Number.NaN
      for (let at = 0; at + 2 < points.length; at += 2)
        if ((points[at] ?? 0) <= x) y = points[at + 1] ?? Number.NaN
      return y
    }
    expect(heightAt(AXIS_WIDTH_PX + 50)).toBeCloseTo(100, 3)
    expect(heightAt(AXIS_WIDTH_PX + 150)).toBeCloseTo(25, 3)
    expect(heightAt(AXIS_WIDTH_PX + 250)).toBeNaN()
    expect(heightAt(AXIS_WIDTH_PX + 350)).toBeCloseTo(0, 3)
    const hatch = JSON.stringify(absenceHatch(LIGHT_THEME))
    const hatched = surface.of('rect').filter(({ fill }) => JSON.stringify(fill) === hatch)
    expect(hatched.map(({ rect }) => [rect.x - AXIS_WIDTH_PX, rect.width])).toEqual([[200, 100]])
  })

  it('are the same objects for a theme, others for another', () => {
    const make = importedTracks(TRACK)
    expect(make(LIGHT_THEME)[0]).toBe(make(LIGHT_THEME)[0])
    expect(make(DARK_THEME)[0]).not.toBe(make(LIGHT_THEME)[0])
  })

  it('of two hours at 30 rows a second are drawn within a frame or two once indexed', () => {
    const rows = 216_000
    const long: ForeignTrack = {
      ...TRACK,
      rowCount: rows,
      timesSecs: Float64Array.from({ length: rows }, (_, row) => row / 30),
      values: Float32Array.from({ length: rows * 3 }, (_, at) => Math.abs(Math.sin(at / 50))),
      reasons: new Uint8Array(rows * 3),
    }
    const [track] = importedTracks(long)(LIGHT_THEME)
    track?.draw(new RecordingSurface(), viewOf(0, 7200))
    const before = performance.now()
    for (let round = 0; round < 10; round++) track?.draw(new RecordingSurface(), viewOf(round, 7200))
    expect((performance.now() - before) / 10).toBeLessThan(50)
  })
})
