import { textOn } from '../../design/emotion-colours'
import { PointBuffer } from '../surface/point-buffer'
import type { DrawSurface } from '../surface/surface'
import { pxFromSecs, spanOf, type TimeRange } from '../time-scale'
import { decimalsOf, formatTime } from '../time-ticks'
import { crisp } from './axis'
import { AXIS_TEXT_PX, type PlotView } from './track'
import { RULER_HEIGHT_PX } from './ruler'

export interface CursorView extends PlotView {
  readonly playheadSecs: number
  readonly hoverSecs: number | null
  readonly selection: TimeRange | null
}

const line = new PointBuffer()
const TAG_HEIGHT_PX = 16

/**
 * Playhead, hover line with its time, and the stretch being selected, over ruler and tracks.
 * @returns what is to be cleared before the next time: left edge and width of each, in pixels
 */
export function drawCursor(
  surface: DrawSurface,
  view: CursorView,
): (readonly [leftPx: number, widthPx: number])[] {
  const { plot, scale, theme } = view
  const drawn: (readonly [number, number])[] = []
  const isShown = (secs: number): boolean => secs >= scale.range.fromSecs && secs <= scale.range.toSecs
  if (view.selection) {
    const x = pxFromSecs(scale, view.selection.fromSecs)
    const width = pxFromSecs(scale, view.selection.toSecs) - x
    const rect = { x, y: plot.y, width, height: plot.height }
    surface.fillRect(rect, theme.accent, 0.18)
    surface.strokeRect(rect, { colour: theme.accent, widthPx: 1 })
    drawn.push([x - 2, width + 4])
  }
  if (view.hoverSecs !== null && isShown(view.hoverSecs)) {
    const x = crisp(surface, pxFromSecs(scale, view.hoverSecs))
    drawLine(surface, view, x, { colour: theme.hover, widthPx: 1, dash: [3, 3] })
    drawn.push(drawTag(surface, view, x, view.hoverSecs))
  }
  if (isShown(view.playheadSecs)) {
    const x = crisp(surface, pxFromSecs(scale, view.playheadSecs))
    drawLine(surface, view, x, { colour: theme.playhead, widthPx: 1.5 })
    line.clear()
    line.add(x - 6, plot.y + RULER_HEIGHT_PX - 10)
    line.add(x + 6, plot.y + RULER_HEIGHT_PX - 10)
    line.add(x + 6, plot.y + RULER_HEIGHT_PX - 6)
    line.add(x, plot.y + RULER_HEIGHT_PX)
    line.add(x - 6, plot.y + RULER_HEIGHT_PX - 6)
    surface.fillPolygon(line, theme.playhead)
    drawn.push([x - 8, 16])
  }
  return drawn
}

function drawLine(
  surface: DrawSurface,
  { plot }: PlotView,
  x: number,
  style: { readonly colour: string; readonly widthPx: number; readonly dash?: readonly number[] },
): void {
  line.clear()
  line.add(x, plot.y + RULER_HEIGHT_PX - (style.dash ? 8 : 2))
  line.add(x, plot.y + plot.height)
  surface.strokeLine(line, style)
}

/** The time over the hover line, held inside the plot. */
function drawTag(
  surface: DrawSurface,
  { plot, scale, theme }: PlotView,
  x: number,
  secs: number,
): readonly [leftPx: number, widthPx: number] {
  const pixelSecs = spanOf(scale.range) / scale.widthPx
  const style = { colour: textOnTag(theme.hover), sizePx: AXIS_TEXT_PX, align: 'center' as const }
  const text = formatTime(secs, Math.max(1, decimalsOf(pixelSecs * 10)))
  const widthPx = surface.measureText(text, style) + 12
  const leftPx = Math.min(plot.x + plot.width - widthPx, Math.max(plot.x, x - widthPx / 2))
  surface.fillRect({ x: leftPx, y: plot.y + 1, width: widthPx, height: TAG_HEIGHT_PX }, theme.hover)
  surface.text(text, leftPx + widthPx / 2, plot.y + 1 + TAG_HEIGHT_PX / 2, style)
  const from = Math.min(leftPx, x) - 2
  return [from, Math.max(leftPx + widthPx, x) + 2 - from]
}

function textOnTag(colour: string): string {
  return /^#[0-9a-f]{6}$/i.test(colour) ? textOn(colour) : '#000000'
}
