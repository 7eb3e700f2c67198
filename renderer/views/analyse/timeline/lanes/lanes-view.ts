import type { PlotTheme } from '../../../../plots/theme'
import type { TimeRange, TimeScale } from '../../../../plots/time-scale'
import {
  isLaneTrack,
  type LaneRow,
  type LaneTrack,
  rowAt,
  rowRect,
} from '../../../../plots/tracks/annotation-lanes'
import type { Track } from '../../../../plots/tracks/track'
import type { Rect } from '../../../../plots/types'
import type { TimelineCursor } from '../timeline-model'
import { TRACK_EDGE_PX } from '../track-layout'
import type { TimeRangeControl } from '../useTimeRange'

/** The timeline as edits on its lanes see it. */
export interface LanesView {
  /** Those shown, from the top. */
  readonly tracks: readonly Track[]
  readonly heightsPx: readonly number[]
  readonly range: TimeRange
  /** Of what shows the tracks, names and all. */
  readonly widthPx: number
  readonly heightPx: number
  /** Where the tracks begin in the panel, under the ruler. */
  readonly topPx: number
  readonly plotLeftPx: number
  readonly plotWidthPx: number
  readonly pixelRatio: number
  readonly theme: PlotTheme
  /** Scrolls the tracks. */
  readonly scroller: HTMLElement | null
  /** Takes pointer and keys of the plots. */
  readonly hitArea: HTMLElement | null
  readonly cursor: TimelineCursor
  readonly control: TimeRangeControl
}

/** A row of a lane track and where it stands under the top of the first track, in pixels; x counts from the plot's left edge. */
export interface PlacedRow {
  readonly track: LaneTrack
  readonly row: LaneRow
  readonly rect: Rect
}

/** Borders between tracks. */
const BORDER_PX = 1

/** Every row of every lane track, from the top. */
export function placedRows(
  tracks: readonly Track[],
  heightsPx: readonly number[],
  widthPx: number,
): PlacedRow[] {
  const rows: PlacedRow[] = []
  let top = 0
  tracks.forEach((track, at) => {
    const heightPx = heightsPx[at] ?? track.usualHeightPx
    if (isLaneTrack(track)) {
      const plot = plotOf(top, heightPx, widthPx)
      track.rows.forEach((row, line) =>
        rows.push({ track, row, rect: rowRect(plot, track.rows.length, line) }),
      )
    }
    top += heightPx + BORDER_PX
  })
  return rows
}

/** The row under a height; null over tracks that are not lanes. */
export function rowUnder(
  tracks: readonly Track[],
  heightsPx: readonly number[],
  widthPx: number,
  y: number,
): PlacedRow | null {
  let top = 0
  for (const [at, track] of tracks.entries()) {
    const heightPx = heightsPx[at] ?? track.usualHeightPx
    if (y < top + heightPx + BORDER_PX) {
      if (y < top || !isLaneTrack(track) || track.rows.length === 0) return null
      const plot = plotOf(top, heightPx, widthPx)
      const line = rowAt(plot, track.rows.length, y)
      return { track, row: track.rows[line]!, rect: rowRect(plot, track.rows.length, line) }
    }
    top += heightPx + BORDER_PX
  }
  return null
}

function plotOf(top: number, heightPx: number, widthPx: number): Rect {
  return { x: 0, y: top + TRACK_EDGE_PX, width: widthPx, height: heightPx - 2 * TRACK_EDGE_PX }
}

/** Time over the plot's own pixels. */
export function plotScale({ range, plotWidthPx }: Pick<LanesView, 'range' | 'plotWidthPx'>): TimeScale {
  return { range, leftPx: 0, widthPx: plotWidthPx }
}
