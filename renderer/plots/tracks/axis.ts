import { PointBuffer } from '../surface/point-buffer'
import type { DrawSurface } from '../surface/surface'
import type { ValueTick } from '../value-ticks'
import { AXIS_TEXT_PX, type PlotView } from './track'

const line = new PointBuffer()

export interface ValueAxis {
  /** Value at the bottom and at the top of the plot. */
  readonly low: number
  readonly high: number
  readonly ticks: readonly ValueTick[]
}

export function yOfValue(
  { plot }: PlotView,
  { low, high }: Pick<ValueAxis, 'low' | 'high'>,
  value: number,
): number {
  return plot.y + plot.height - ((value - low) / (high - low)) * plot.height
}

/** Grid lines behind the values. */
export function drawGrid(surface: DrawSurface, view: PlotView, axis: ValueAxis): void {
  const { plot, theme } = view
  line.clear()
  for (const { value } of axis.ticks) {
    const y = crisp(surface, yOfValue(view, axis, value))
    line.liftPen()
    line.add(plot.x, y)
    line.add(plot.x + plot.width, y)
  }
  surface.strokeLine(line, { colour: theme.grid, widthPx: 1 })
}

/** Ticks and labels left of the plot, the first ones first: a label that one before it would touch is left out. */
export function drawValueAxis(surface: DrawSurface, view: PlotView, axis: ValueAxis): void {
  const { plot, theme } = view
  const labelled: number[] = []
  line.clear()
  for (const { value, label } of axis.ticks) {
    const y = crisp(surface, yOfValue(view, axis, value))
    line.liftPen()
    line.add(plot.x - 4, y)
    line.add(plot.x, y)
    // Labels at the ends of the axis stay inside the track.
    const half = AXIS_TEXT_PX / 2 + 0.5
    const textY = Math.min(plot.y + plot.height - half, Math.max(plot.y + half, y))
    if (labelled.some((other) => Math.abs(other - textY) < AXIS_TEXT_PX + 2)) continue
    labelled.push(textY)
    surface.text(label, plot.x - 7, textY, { colour: theme.dim, sizePx: AXIS_TEXT_PX, align: 'right' })
  }
  surface.strokeLine(line, { colour: theme.axis, widthPx: 1 })
  drawAxisLine(surface, view)
}

export function drawAxisLine(surface: DrawSurface, { plot, theme }: PlotView): void {
  const x = crisp(surface, plot.x)
  line.clear()
  line.add(x, plot.y)
  line.add(x, plot.y + plot.height)
  surface.strokeLine(line, { colour: theme.axis, widthPx: 1 })
}

/** Names of rows left of the plot, row 0 on top; every second or third where there is no room for all. */
export function drawRowNames(
  surface: DrawSurface,
  { plot, theme }: PlotView,
  names: readonly string[],
): void {
  const rowPx = plot.height / names.length
  const every = Math.max(1, Math.ceil((AXIS_TEXT_PX + 0.5) / rowPx))
  names.forEach((name, row) => {
    if (row % every !== 0) return
    surface.text(name, plot.x - 7, plot.y + (row + 0.5) * rowPx, {
      colour: theme.dim,
      sizePx: AXIS_TEXT_PX,
      align: 'right',
    })
  })
}

/** A line of one pixel is sharp when it lies in the middle of that pixel. */
export function crisp({ finestPx }: DrawSurface, px: number): number {
  const widthPx = Math.max(finestPx, Math.round(1 / finestPx) * finestPx)
  return Math.round((px - widthPx / 2) / finestPx) * finestPx + widthPx / 2
}
