import { PointBuffer } from '../surface/point-buffer'
import type { DrawSurface } from '../surface/surface'
import type { PlotTheme } from '../theme'
import { pxFromSecs, type TimeRange } from '../time-scale'
import { crisp } from '../tracks/axis'
import { AXIS_TEXT_PX, type PlotView } from '../tracks/track'
import type { Rect } from '../types'
import { drawBars } from './draw-bars'
import { drawPoints, POINT_REACH_PX } from './draw-points'
import { barsBetween } from './hit-test'
import { type LaneBar, laneIndex, type LaneIndex } from './lane-index'

/** A row of bars where it stands on the surface. */
export interface OverlayRow {
  readonly key: string
  readonly rect: Rect
  readonly index: LaneIndex
  readonly isPoints: boolean
}

/** What lies over the lanes and changes while they do not: choices, drags, bouts that are being coded. */
export interface LaneOverlay {
  readonly rows: readonly OverlayRow[]
  readonly selection: ReadonlySet<string>
  /** Where the keys are: a bar of a row. */
  readonly focus: { readonly rowKey: string; readonly barId: string } | null
  /** What an edit under way would make: bars it takes away or changes, and what stands there then, by row. */
  readonly preview: {
    readonly goneIds: ReadonlySet<string>
    readonly bars: ReadonlyMap<string, readonly LaneBar[]>
  } | null
  /** Instants that the edit lands on, and whether something is there to land on. */
  readonly lines: readonly { readonly secs: number; readonly isSnapped: boolean }[]
  readonly rubberBand: Rect | null
  readonly tip: { readonly x: number; readonly y: number; readonly text: string } | null
  /** Bouts that grow with the playhead, by row. */
  readonly running: ReadonlyMap<string, readonly LaneBar[]>
}

const path = new PointBuffer()
const TIP_HEIGHT_PX = 20

export function drawLaneOverlay(surface: DrawSurface, view: PlotView, overlay: LaneOverlay): void {
  const { plot } = view
  surface.clipped(plot, () => {
    const rows = overlay.rows.filter(
      ({ rect }) => rect.y + rect.height > plot.y && rect.y < plot.y + plot.height,
    )
    for (const row of rows) {
      drawPreview(surface, view, row, overlay)
      drawInRow(surface, view, row, overlay.running.get(row.key) ?? [])
      drawChoices(surface, view, row, overlay)
    }
    for (const { secs, isSnapped } of overlay.lines) drawLine(surface, view, secs, isSnapped)
    if (overlay.rubberBand) drawRubberBand(surface, view.theme, overlay.rubberBand)
    if (overlay.tip) drawTip(surface, view, overlay.tip)
  })
}

function drawPreview(surface: DrawSurface, view: PlotView, row: OverlayRow, { preview }: LaneOverlay): void {
  if (!preview) return
  const { theme, scale } = view
  for (const at of barsBetween(row.index, scale.range.fromSecs, scale.range.toSecs)) {
    if (!preview.goneIds.has(row.index.bars[at]!.id)) continue
    const box = barBox(view, row, row.index.startSecs[at]!, row.index.endSecs[at]!)
    surface.fillRect(box, theme.ground, 0.8)
  }
  drawInRow(surface, view, row, preview.bars.get(row.key) ?? [])
}

function drawInRow(surface: DrawSurface, view: PlotView, row: OverlayRow, bars: readonly LaneBar[]): void {
  if (bars.length === 0) return
  const index = laneIndex([...bars].sort((a, b) => a.startSecs - b.startSecs))
  if (row.isPoints) drawPoints(surface, view, row.rect, index, 'diamond')
  else drawBars(surface, view, row.rect, index)
  for (const bar of bars) outline(surface, view.theme, barBox(view, row, bar.startSecs, bar.endSecs), false)
}

function drawChoices(
  surface: DrawSurface,
  view: PlotView,
  row: OverlayRow,
  { selection, focus, preview }: LaneOverlay,
): void {
  const isFocusHere = focus !== null && focus.rowKey === row.key
  if (selection.size === 0 && !isFocusHere) return
  const { fromSecs, toSecs } = view.scale.range
  for (const at of barsBetween(row.index, fromSecs, toSecs)) {
    const { id } = row.index.bars[at]!
    if (preview?.goneIds.has(id)) continue
    const isFocused = isFocusHere && focus.barId === id
    if (!isFocused && !selection.has(id)) continue
    outline(
      surface,
      view.theme,
      barBox(view, row, row.index.startSecs[at]!, row.index.endSecs[at]!),
      isFocused,
    )
  }
}

function barBox({ scale, plot }: PlotView, row: OverlayRow, startSecs: number, endSecs: number): Rect {
  const startX = pxFromSecs(scale, startSecs)
  const endX = pxFromSecs(scale, endSecs)
  const reachPx = startSecs === endSecs ? POINT_REACH_PX + 1 : 0
  const x = Math.max(plot.x - 4, startX - reachPx)
  const right = Math.min(plot.x + plot.width + 4, Math.max(endX, startX + 2) + reachPx)
  return { x, y: row.rect.y, width: right - x, height: row.rect.height }
}

/** Dark and light lines together are seen on any colour. A bar that has the keys is dashed. */
function outline(surface: DrawSurface, theme: PlotTheme, box: Rect, isFocused: boolean): void {
  const outer = { x: box.x - 0.5, y: box.y - 0.5, width: box.width + 1, height: box.height + 1 }
  surface.strokeRect(outer, { colour: theme.ground, widthPx: 4 })
  surface.strokeRect(outer, {
    colour: isFocused ? theme.text : theme.accent,
    widthPx: 2,
    ...(isFocused ? { dash: [4, 2] } : {}),
  })
}

function drawLine(
  surface: DrawSurface,
  { plot, scale, theme }: PlotView,
  secs: number,
  isSnapped: boolean,
): void {
  const x = crisp(surface, pxFromSecs(scale, secs))
  path.clear()
  path.add(x, plot.y)
  path.add(x, plot.y + plot.height)
  surface.strokeLine(path, {
    colour: isSnapped ? theme.accent : theme.hover,
    widthPx: isSnapped ? 1.5 : 1,
    dash: isSnapped ? [] : [4, 3],
  })
}

function drawRubberBand(surface: DrawSurface, theme: PlotTheme, rect: Rect): void {
  surface.fillRect(rect, theme.accent, 0.15)
  surface.strokeRect(rect, { colour: theme.accent, widthPx: 1, dash: [3, 2] })
}

function drawTip(
  surface: DrawSurface,
  { plot, theme }: PlotView,
  { x, y, text }: { readonly x: number; readonly y: number; readonly text: string },
): void {
  const style = { colour: theme.ground, sizePx: AXIS_TEXT_PX }
  const width = surface.measureText(text, style) + 14
  const left = Math.min(plot.x + plot.width - width - 2, Math.max(plot.x + 2, x + 12))
  // Under the row, so that it does not hide what is dragged; over it at the lower edge.
  const top = y + TIP_HEIGHT_PX > plot.y + plot.height ? y - TIP_HEIGHT_PX - 30 : y
  surface.fillRect({ x: left, y: top, width, height: TIP_HEIGHT_PX }, theme.text)
  surface.text(text, left + 7, top + TIP_HEIGHT_PX / 2 + 0.5, style)
}

/** Whether anything of it shows: then the surface has to be drawn. */
export function isOverlayEmpty(overlay: LaneOverlay): boolean {
  return (
    overlay.selection.size === 0 &&
    overlay.focus === null &&
    overlay.preview === null &&
    overlay.lines.length === 0 &&
    overlay.rubberBand === null &&
    overlay.tip === null &&
    overlay.running.size === 0
  )
}

/** Ids of all bars in a stretch of time and between two heights. */
export function barsInBand(
  rows: readonly OverlayRow[],
  range: TimeRange,
  fromY: number,
  toY: number,
): string[] {
  return rows
    .filter(({ rect }) => rect.y + rect.height > fromY && rect.y < toY)
    .flatMap(({ index }) => barsBetween(index, range.fromSecs, range.toSecs).map((at) => index.bars[at]!.id))
}
