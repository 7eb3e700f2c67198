import type { ColumnGrid } from '../series/clock'
import type { DrawSurface, Fill } from '../surface/surface'
import type { PlotTheme } from '../theme'
import type { TimeScale } from '../time-scale'
import type { Rect } from '../types'

/** Room left of every plot for its axis; the same for all, so that their times stand under each other. */
export const AXIS_WIDTH_PX = 46
/** Axis text is never smaller. */
export const AXIS_TEXT_PX = 11

export interface PlotView {
  /** Where values are drawn; the axis stands in the AXIS_WIDTH_PX to its left. */
  readonly plot: Rect
  /** Over the plot's width. */
  readonly scale: TimeScale
  readonly theme: PlotTheme
}

export interface ReadingValue {
  readonly name: string
  /** With as many decimals as the tables have. */
  readonly text: string
  readonly fill?: Fill
}

/** What a track shows at one instant. */
export interface TrackReading {
  readonly values: readonly ReadingValue[]
  /** Why there is no value; null where there is one. */
  readonly absent: string | null
  /** What else must be known to read the values rightly. */
  readonly note: string | null
}

export interface LegendItem {
  readonly label: string
  readonly fill: Fill
  readonly shape: 'area' | 'line' | 'diamond' | 'triangle' | 'ramp'
  /** Of a line. */
  readonly dash?: readonly number[]
  /** Colours of a ramp, from low to high. */
  readonly ramp?: readonly string[]
}

export type TrackKind = 'emotions' | 'weights' | 'strip' | 'bars' | 'lanes' | 'sound'

export interface Track {
  readonly id: string
  readonly kind: TrackKind
  readonly title: string
  /** For the head of a narrow column. */
  readonly shortTitle?: string
  /** Of the value axis, such as "probability" or "Hz"; '' where it has none. */
  readonly unit: string
  readonly usualHeightPx: number
  readonly leastHeightPx: number
  /** Whether more height shows more. */
  readonly isStretchable: boolean
  readonly legend: readonly LegendItem[]
  /** Draws plot and axis on an empty ground. */
  draw(surface: DrawSurface, view: PlotView): void
  readAt(secs: number): TrackReading
}

export function absentReading(reason: string): TrackReading {
  return { values: [], absent: reason, note: null }
}

/**
 * One column for each of the picture's own pixels across the plot, or for several where columns may not be thinner than
 * `leastPx` CSS pixels.
 */
export function pixelGrid(
  surface: Pick<DrawSurface, 'finestPx'>,
  { plot, scale }: Pick<PlotView, 'plot' | 'scale'>,
  leastPx = 0,
): ColumnGrid & { readonly columnPx: number } {
  const count = Math.max(1, Math.round(plot.width / Math.max(leastPx, surface.finestPx)))
  const spanSecs = scale.range.toSecs - scale.range.fromSecs
  return { fromSecs: scale.range.fromSecs, stepSecs: spanSecs / count, count, columnPx: plot.width / count }
}
