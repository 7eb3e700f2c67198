import { PointBuffer } from '../surface/point-buffer'
import type { DrawSurface } from '../surface/surface'
import { pxFromSecs } from '../time-scale'
import { timeTicks } from '../time-ticks'
import { crisp } from './axis'
import { AXIS_TEXT_PX, type PlotView } from './track'

export const RULER_HEIGHT_PX = 26

const major = new PointBuffer()
const minor = new PointBuffer()

/** Time axis over the tracks, or under them in a figure. Labels that would leave the plot are left out. @returns how its labels are to be read */
export function drawRuler(surface: DrawSurface, view: PlotView, side: 'above' | 'below' = 'above'): string {
  const { plot, scale, theme } = view
  const { ticks, format } = timeTicks(scale.range, plot.width)
  const edgeY = side === 'above' ? plot.y + plot.height : plot.y
  const inward = side === 'above' ? -1 : 1
  const style = { colour: theme.dim, sizePx: AXIS_TEXT_PX, align: 'center' as const }
  major.clear()
  minor.clear()
  for (const { secs, label } of ticks) {
    const x = crisp(surface, pxFromSecs(scale, secs))
    const line = label ? major : minor
    line.liftPen()
    line.add(x, edgeY)
    line.add(x, edgeY + inward * (label ? 7 : 4))
    const half = label ? surface.measureText(label, style) / 2 : 0
    if (label && x - half >= plot.x - 2 && x + half <= plot.x + plot.width + 2)
      surface.text(label, x, edgeY + inward * 15, style)
  }
  surface.strokeLine(minor, { colour: theme.axis, widthPx: 1, alpha: 0.6 })
  surface.strokeLine(major, { colour: theme.axis, widthPx: 1 })
  const y = crisp(surface, edgeY + inward * 0.5)
  major.clear()
  major.add(plot.x, y)
  major.add(plot.x + plot.width, y)
  surface.strokeLine(major, { colour: theme.axis, widthPx: 1 })
  return format
}

/** Faint vertical lines through a track at the ruler's labels. */
export function drawTimeGrid(surface: DrawSurface, { plot, scale, theme }: PlotView): void {
  major.clear()
  for (const { secs, label } of timeTicks(scale.range, plot.width).ticks) {
    if (!label) continue
    const x = crisp(surface, pxFromSecs(scale, secs))
    major.liftPen()
    major.add(x, plot.y)
    major.add(x, plot.y + plot.height)
  }
  surface.strokeLine(major, { colour: theme.grid, widthPx: 1 })
}
