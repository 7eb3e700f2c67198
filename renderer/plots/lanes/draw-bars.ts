import { PointBuffer } from '../surface/point-buffer'
import type { DrawSurface, Hatch } from '../surface/surface'
import { pxFromSecs } from '../time-scale'
import { crisp } from '../tracks/axis'
import type { PlotView } from '../tracks/track'
import type { Rect } from '../types'
import { barLook } from './bar-look'
import { drawBarMarks, drawBarText } from './bar-text'
import { firstReaching, type LaneBar, type LaneIndex } from './lane-index'

/** Bars thinner than this are drawn by pixel columns, each with the one that fills most of it. */
const THIN_PX = 2
/** Below this a bar has neither gap nor outline nor marks. */
const PLAIN_PX = 5

/** Rectangles by colour: a canvas takes long to change its colour. */
const columns = new Map<string, PointBuffer>()
const outline = new PointBuffer()

/** Draws the bars of one lane inside `rect`; those out of view cost nothing, and many on one pixel little. */
export function drawBars(surface: DrawSurface, view: PlotView, rect: Rect, index: LaneIndex): void {
  const { scale } = view
  const px = surface.finestPx
  const wide: number[] = []
  let column = Number.NaN
  let fromPx = 0
  let fullest = 0
  let colour = ''
  const flush = (): void => {
    if (fullest > 0) addColumn(colour, fromPx, rect, px)
    fullest = 0
  }
  for (let at = firstReaching(index, scale.range.fromSecs); at < index.bars.length; at++) {
    const startSecs = index.startSecs[at]!
    if (startSecs >= scale.range.toSecs) break
    const x = pxFromSecs(scale, startSecs)
    const width = pxFromSecs(scale, index.endSecs[at]!) - x
    if (width >= THIN_PX) {
      wide.push(at)
      continue
    }
    const here = Math.floor((x - rect.x) / px)
    if (here !== column) {
      flush()
      column = here
      fromPx = rect.x + here * px
    }
    // A bar without any length at all still takes its column.
    if (width + 1e-9 > fullest) {
      fullest = width + 1e-9
      colour = index.bars[at]!.colour
    }
  }
  flush()
  for (const [fill, rects] of columns) {
    surface.fillRects(rects, fill)
    rects.clear()
  }
  for (const at of wide) drawWide(surface, view, rect, index.bars[at]!)
}

/** Next to a column of the same colour it makes that one wider. */
function addColumn(fill: string, x: number, rect: Rect, px: number): void {
  let rects = columns.get(fill)
  if (!rects) columns.set(fill, (rects = new PointBuffer()))
  const { values, length } = rects
  if (length >= 4 && Math.abs(values[length - 4]! + values[length - 2]! - x) < px / 4)
    values[length - 2]! += px
  else rects.addRect(x, rect.y, px, rect.height)
}

function drawWide(surface: DrawSurface, view: PlotView, rect: Rect, bar: LaneBar): void {
  const { theme, scale, plot } = view
  const startX = pxFromSecs(scale, bar.startSecs)
  const width = pxFromSecs(scale, bar.endSecs) - startX
  const gapPx = width > PLAIN_PX ? 1 : 0
  // Far beyond the plot nothing is to be rasterised.
  const x = Math.max(plot.x - 8, startX)
  const right = Math.min(plot.x + plot.width + 8, startX + width - gapPx)
  const box = { x, y: rect.y, width: right - x, height: rect.height }
  const look = barLook(bar.colour, theme)
  const isRejected = bar.state === 'rejected'
  if (isRejected) surface.fillRect(box, rejectedHatch(look.line, theme.ground))
  else surface.fillRect(box, look.fill)
  if (width <= PLAIN_PX) return
  if (isRejected || look.outline !== null)
    surface.strokeRect(inner(box), { colour: isRejected ? look.line : look.outline!, widthPx: 1 })
  if (bar.isUnderlined) drawUnderline(surface, box, theme.text)
  drawBarMarks(surface, box, bar, isRejected ? theme.text : look.text)
  drawBarText(
    surface,
    view,
    box,
    bar,
    isRejected ? { colour: theme.text, ground: theme.ground } : { colour: look.text, ground: null },
  )
}

/** What was turned down: stripes on an open ground. */
export function rejectedHatch(colour: string, ground: string): Hatch {
  return { kind: 'back-diagonal', colour, ground, spacingPx: 6 }
}

function inner(box: Rect): Rect {
  return { x: box.x + 0.5, y: box.y + 0.5, width: box.width - 1, height: box.height - 1 }
}

function drawUnderline(surface: DrawSurface, box: Rect, colour: string): void {
  const y = crisp(surface, box.y + box.height - 1)
  outline.clear()
  outline.add(box.x, y)
  outline.add(box.x + box.width, y)
  surface.strokeLine(outline, { colour, widthPx: 2 })
}
