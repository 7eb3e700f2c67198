import type { RatingItem } from '../../../preload/contract/annotation'
import { PointBuffer } from '../surface/point-buffer'
import type { DrawSurface } from '../surface/surface'
import { pxFromSecs } from '../time-scale'
import { entryAt, entryBefore } from '../series/clock'
import { type IndexedValues, indexedValues } from '../series/lazy'
import { emptyMeanColumns, meanColumns } from '../series/mean-index'
import { valueTicks } from '../value-ticks'
import { drawGrid, drawValueAxis, type ValueAxis } from './axis'
import { drawUnitLine } from './emotion-painter'
import { pixelGrid, type PlotView, type Track } from './track'

export interface RatingLine {
  /** Who rated. */
  readonly name: string
  /** Values as shares of the range, 0..1. */
  readonly data: IndexedValues
  readonly colour: string
  readonly dash: readonly number[]
}

export interface RatingRange {
  readonly minimum: number
  readonly maximum: number
  readonly neutral: number
}

/** A rating as a series of steps: the rater's reaction time is taken off, and values become shares of the range. */
export function ratingSeries(item: RatingItem, { minimum, maximum }: RatingRange): IndexedValues {
  const count = item.timesSecs.length
  const startSecs = Float64Array.from(item.timesSecs, (secs) => secs - item.reactionTimeSecs)
  const endSecs = new Float64Array(count)
  const values = new Float32Array(count)
  for (let at = 0; at < count; at++) {
    endSecs[at] =
      at + 1 < count ? startSecs[at + 1]! : Math.max(startSecs[at]!, item.endSecs - item.reactionTimeSecs)
    values[at] = (item.values[at]! - minimum) / (maximum - minimum)
  }
  return indexedValues({
    count,
    channels: 1,
    startSecs,
    endSecs,
    values,
    row: Int32Array.from({ length: count }, (_, at) => at),
  })
}

/** Continuous ratings of one dimension and subject, a line a rater, over the range that the scheme states. */
export function ratingTrack(options: {
  readonly id: string
  readonly title: string
  /** What the ends of the range mean, such as "unpleasant – pleasant". */
  readonly unit: string
  readonly range: RatingRange
  readonly lines: readonly RatingLine[]
  readonly absentText: string
}): Track {
  const { range } = options
  const columns = options.lines.map(() => emptyMeanColumns())
  const valueOf = (share: number): number => range.minimum + share * (range.maximum - range.minimum)
  return {
    id: options.id,
    kind: 'weights',
    title: options.title,
    unit: options.unit,
    usualHeightPx: 64,
    leastHeightPx: 40,
    isStretchable: true,
    legend: options.lines.map(({ name, colour, dash }) => ({
      label: name,
      fill: colour,
      shape: 'line',
      dash,
    })),
    draw(surface, view) {
      const axis: ValueAxis = {
        low: range.minimum,
        high: range.maximum,
        ticks: valueTicks(range.minimum, range.maximum, 3),
      }
      drawGrid(surface, view, axis)
      const grid = pixelGrid(surface, view)
      options.lines.forEach((line, at) => {
        if (drawExactly(surface, view, line, grid.count)) return
        meanColumns(line.data.means(), grid, columns[at]!)
        drawUnitLine(surface, view, columns[at]!, { colour: line.colour, dash: line.dash, widthPx: 1.75 })
      })
      drawValueAxis(surface, view, axis)
    },
    readAt(secs) {
      const values = options.lines.map(({ name, data, colour }) => {
        const entry = entryAt(data.series, secs)
        const share = entry >= 0 ? data.series.values[data.series.row[entry]!]! : Number.NaN
        return {
          name,
          text: Number.isNaN(share) ? options.absentText : valueOf(share).toFixed(3),
          fill: colour,
        }
      })
      return { values, absent: null, note: null }
    },
  }
}

const steps = new PointBuffer()

/** Draws every step as it is. @returns false where there are more of them in view than pixels could show */
function drawExactly(surface: DrawSurface, view: PlotView, line: RatingLine, columns: number): boolean {
  const { plot, scale } = view
  const { series } = line.data
  const first = Math.max(0, entryBefore(series, scale.range.fromSecs))
  const end = entryBefore(series, scale.range.toSecs) + 1
  if (end - first > columns / 2) return false
  const xOf = (secs: number): number =>
    Math.max(plot.x, Math.min(plot.x + plot.width, pxFromSecs(scale, secs)))
  steps.clear()
  for (let at = first; at < end; at++) {
    const share = series.values[series.row[at]!]!
    steps.add(xOf(series.startSecs[at]!), plot.y + (1 - share) * plot.height)
    const isGap = at + 1 >= end || series.startSecs[at + 1]! > series.endSecs[at]!
    if (isGap) steps.add(xOf(series.endSecs[at]!), Number.NaN)
  }
  if (steps.length > 0) surface.strokeSteps(steps, { colour: line.colour, dash: line.dash, widthPx: 1.75 })
  return true
}
