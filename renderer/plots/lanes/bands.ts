import type { DrawSurface } from '../surface/surface'
import { pxFromSecs } from '../time-scale'
import type { PlotView } from '../tracks/track'
import { PointBuffer } from '../surface/point-buffer'
import { firstReaching, type LaneIndex } from './lane-index'

const edges = new PointBuffer()

/** Time that counts nowhere, as stripes over whatever a track shows. */
export function drawExclusionBands(surface: DrawSurface, view: PlotView, excluded: LaneIndex): void {
  const { plot, scale, theme } = view
  edges.clear()
  const bands = new PointBuffer()
  for (let at = firstReaching(excluded, scale.range.fromSecs); at < excluded.bars.length; at++) {
    if (excluded.startSecs[at]! >= scale.range.toSecs) break
    const startX = pxFromSecs(scale, excluded.startSecs[at]!)
    const endX = pxFromSecs(scale, excluded.endSecs[at]!)
    const x = Math.max(plot.x, startX)
    const right = Math.min(plot.x + plot.width, Math.max(endX, startX + 1))
    bands.addRect(x, plot.y, right - x, plot.height)
    for (const edge of [startX, endX]) {
      if (edge < plot.x || edge > plot.x + plot.width) continue
      edges.liftPen()
      edges.add(edge, plot.y)
      edges.add(edge, plot.y + plot.height)
    }
  }
  if (bands.length === 0) return
  surface.fillRects(bands, theme.ground, 0.45)
  surface.fillRects(
    bands,
    { kind: 'back-diagonal', colour: theme.axis, ground: 'transparent', spacingPx: 8 },
    0.75,
  )
  surface.strokeLine(edges, { colour: theme.axis, widthPx: 1 })
}
