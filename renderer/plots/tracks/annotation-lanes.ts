import { PointBuffer } from '../surface/point-buffer'
import { drawBars, rejectedHatch } from '../lanes/draw-bars'
import { once } from '../series/lazy'
import { drawPoints, type PointMark } from '../lanes/draw-points'
import { barAt, type LaneBar, type LaneIndex } from '../lanes/lane-index'
import type { DrawSurface } from '../surface/surface'
import type { Rect } from '../types'
import { drawAxisLine } from './axis'
import {
  absentReading,
  AXIS_TEXT_PX,
  type LegendItem,
  type PlotView,
  type ReadingValue,
  type Track,
} from './track'

/** One row of bars or marks of a track. */
export interface LaneRow {
  /** Stays as long as the row means the same. */
  readonly key: string
  /** Beside the axis; '' where the track's own name says it all. */
  readonly name: string
  readonly index: LaneIndex
  readonly mark: 'bars' | PointMark
}

/** Rows of bars on the time axis that can be taken hold of. */
export interface LaneTrack extends Track {
  readonly kind: 'lanes'
  readonly rows: readonly LaneRow[]
  /** Of whoever codes now: theirs to change. */
  readonly isOwn: boolean
}

const ROW_PX = 18
const OWN_ROW_PX = 22
/** What a canvas keeps free over and under the plot, twice 4 px. */
const EDGES_PX = 8
/** Between rows. */
const GAP_PX = 3
const line = new PointBuffer()

export interface LaneTrackOptions {
  readonly id: string
  readonly title: string
  readonly rows: readonly LaneRow[]
  readonly isOwn: boolean
  readonly absentText: string
  /** What stripes are, in the legend; left out: it says nothing of them. */
  readonly rejectedName?: string
  /** A bar in words, where its label alone does not say it. */
  readonly describe?: (bar: LaneBar) => string
}

export function laneTrack(options: LaneTrackOptions): LaneTrack {
  const { rows, isOwn } = options
  const heightPx = Math.max(1, rows.length) * (isOwn ? OWN_ROW_PX : ROW_PX) + EDGES_PX
  const legend = once(() => legendOf(rows, options.rejectedName))
  const describe = options.describe ?? (({ text }: LaneBar) => text)
  return {
    id: options.id,
    kind: 'lanes',
    title: options.title,
    unit: '',
    usualHeightPx: heightPx,
    leastHeightPx: heightPx,
    isStretchable: false,
    get legend() {
      return legend()
    },
    rows,
    isOwn,
    draw(surface, view) {
      const { plot, theme } = view
      surface.clipped(plot, () =>
        rows.forEach((row, at) => drawRow(surface, view, row, rowRect(plot, rows.length, at))),
      )
      rows.forEach(({ name }, at) => {
        if (name === '') return
        const rect = rowRect(plot, rows.length, at)
        surface.text(name, plot.x - 7, rect.y + rect.height / 2, {
          colour: theme.dim,
          sizePx: AXIS_TEXT_PX,
          align: 'right',
        })
      })
      drawAxisLine(surface, view)
    },
    readAt(secs) {
      const values = rows.flatMap(({ name, index }): ReadingValue[] => {
        const bar = index.bars[barAt(index, secs)]
        return bar ? [{ name: name || options.title, text: describe(bar), fill: bar.colour }] : []
      })
      return values.length > 0 ? { values, absent: null, note: null } : absentReading(options.absentText)
    },
  }
}

/** Colours of the codes that stand on the rows, for bars too narrow for their names. */
function legendOf(rows: readonly LaneRow[], rejectedName: string | undefined): LegendItem[] {
  const items = new Map<string, LegendItem>()
  let rejected: LegendItem | null = null
  for (const { index, mark } of rows)
    for (const { label, text, colour, state } of index.bars) {
      if (label === '') continue
      if (state !== 'rejected') {
        if (!items.has(text))
          items.set(text, { label: text, fill: colour, shape: mark === 'diamond' ? 'diamond' : 'area' })
      } else if (rejectedName !== undefined)
        rejected ??= { label: rejectedName, fill: rejectedHatch(colour, 'transparent'), shape: 'area' }
    }
  return [...items.values(), ...(rejected ? [rejected] : [])]
}

function drawRow(surface: DrawSurface, view: PlotView, row: LaneRow, rect: Rect): void {
  if (row.mark === 'bars') {
    const { theme, plot } = view
    // A base line shows where something can stand.
    line.clear()
    line.add(plot.x, rect.y + rect.height)
    line.add(plot.x + plot.width, rect.y + rect.height)
    surface.strokeLine(line, { colour: theme.grid, widthPx: 1 })
    drawBars(surface, view, rect, row.index)
  } else drawPoints(surface, view, rect, row.index, row.mark)
}

/** Where the bars of a row stand within a plot. */
export function rowRect(plot: Rect, rowCount: number, at: number): Rect {
  const rowPx = plot.height / Math.max(1, rowCount)
  return { x: plot.x, y: plot.y + at * rowPx + GAP_PX / 2, width: plot.width, height: rowPx - GAP_PX }
}

/** The row under a height within a plot; the nearest where the pointer is just outside. */
export function rowAt(plot: Pick<Rect, 'y' | 'height'>, rowCount: number, y: number): number {
  const at = Math.floor(((y - plot.y) / plot.height) * rowCount)
  return Math.min(rowCount - 1, Math.max(0, at))
}

export function isLaneTrack(track: Track): track is LaneTrack {
  return track.kind === 'lanes'
}
