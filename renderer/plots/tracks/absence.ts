import type { MeanColumns } from '../series/mean-index'
import { PointBuffer } from '../surface/point-buffer'
import type { DrawSurface, Hatch } from '../surface/surface'
import type { PlotTheme } from '../theme'
import type { PlotView } from './track'

const rects = new PointBuffer()

/** How plots show that there is no value. */
export function absenceHatch(theme: PlotTheme): Hatch {
  return { kind: 'diagonal', colour: theme.hatch, ground: theme.hatchGround, spacingPx: 7 }
}

/**
 * Hatches, from the top, the share of each column's time without a value; a column with any such time shows at least one
 * pixel of it.
 */
export function drawAbsence(
  surface: DrawSurface,
  { plot, theme }: PlotView,
  columns: Pick<MeanColumns, 'count' | 'presentShare'>,
): void {
  const columnPx = plot.width / columns.count
  rects.clear()
  let from = 0
  for (let column = 1; column <= columns.count; column++) {
    const share = columns.presentShare[from]!
    if (column < columns.count && columns.presentShare[column] === share) continue
    const heightPx = share > 1 - 1e-6 ? 0 : Math.max(1, (1 - share) * plot.height)
    if (heightPx > 0) rects.addRect(plot.x + from * columnPx, plot.y, (column - from) * columnPx, heightPx)
    from = column
  }
  surface.fillRects(rects, absenceHatch(theme))
}
