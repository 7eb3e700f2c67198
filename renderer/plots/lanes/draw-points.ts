import { PointBuffer } from '../surface/point-buffer'
import type { DrawSurface } from '../surface/surface'
import { pxFromSecs } from '../time-scale'
import { crisp } from '../tracks/axis'
import { AXIS_TEXT_PX, type PlotView } from '../tracks/track'
import type { Rect } from '../types'
import { barLook, textWidthPx } from './bar-look'
import { firstReaching, type LaneBar, type LaneIndex } from './lane-index'

/** Marks reach this far to either side of their instant. */
export const POINT_REACH_PX = 6
/** Of marks nearer than this the first stands for both. */
const APART_PX = 2
const shape = new PointBuffer()

export type PointMark = 'diamond' | 'flag'

/** Draws points in time as marks on a stem, with their names where the next one leaves room. */
export function drawPoints(
  surface: DrawSurface,
  view: PlotView,
  rect: Rect,
  index: LaneIndex,
  mark: PointMark,
): void {
  const { scale, theme } = view
  const marginSecs = ((POINT_REACH_PX + 200) / scale.widthPx) * (scale.range.toSecs - scale.range.fromSecs)
  let drawnX = Number.NEGATIVE_INFINITY
  for (let at = firstReaching(index, scale.range.fromSecs - marginSecs); at < index.bars.length; at++) {
    const secs = index.startSecs[at]!
    if (secs > scale.range.toSecs) break
    const x = pxFromSecs(scale, secs)
    if (x - drawnX < APART_PX) continue
    drawnX = x
    const bar = index.bars[at]!
    const look = barLook(bar.colour, theme)
    drawMark(surface, rect, crisp(surface, x), look.line, { mark, isOpen: bar.state === 'rejected' })
    const nextX =
      at + 1 < index.bars.length ? pxFromSecs(scale, index.startSecs[at + 1]!) : Number.POSITIVE_INFINITY
    drawName(surface, { rect, x, roomPx: nextX - x - 2 * POINT_REACH_PX - 4, colour: theme.text }, bar)
  }
}

function drawMark(
  surface: DrawSurface,
  rect: Rect,
  x: number,
  colour: string,
  { mark, isOpen }: { readonly mark: PointMark; readonly isOpen: boolean },
): void {
  const middleY = rect.y + rect.height / 2
  shape.clear()
  shape.add(x, rect.y)
  shape.add(x, rect.y + rect.height)
  surface.strokeLine(shape, { colour, widthPx: 1.5 })
  shape.clear()
  if (mark === 'diamond') {
    shape.add(x, middleY - 6)
    shape.add(x + 5.5, middleY)
    shape.add(x, middleY + 6)
    shape.add(x - 5.5, middleY)
  } else {
    shape.add(x, rect.y)
    shape.add(x + 9, rect.y + 4)
    shape.add(x, rect.y + 8)
  }
  if (!isOpen) return surface.fillPolygon(shape, colour)
  shape.add(shape.values[0]!, shape.values[1]!)
  surface.strokeLine(shape, { colour, widthPx: 1.5 })
}

function drawName(
  surface: DrawSurface,
  {
    rect,
    x,
    roomPx,
    colour,
  }: { readonly rect: Rect; readonly x: number; readonly roomPx: number; readonly colour: string },
  bar: LaneBar,
): void {
  const style = { colour, sizePx: AXIS_TEXT_PX }
  const main = bar.isUnsure ? `${bar.text}?` : bar.text
  const text = fitted(main, roomPx, (part) => textWidthPx(surface, part, style))
  if (text !== '') surface.text(text, x + POINT_REACH_PX + 4, rect.y + rect.height / 2 + 0.5, style)
}

/** A text, or as much of it as fits with an ellipsis; '' where hardly anything would be left. */
function fitted(text: string, roomPx: number, widthOf: (text: string) => number): string {
  if (roomPx < 16 || text === '') return ''
  const shown = text.length > 60 ? `${text.slice(0, 59)}…` : text
  if (widthOf(shown) <= roomPx) return shown
  const letters = Math.floor(roomPx / 7) - 1
  return letters < 4 ? '' : `${shown.slice(0, letters)}…`
}
