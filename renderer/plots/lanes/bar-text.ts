import { PointBuffer } from '../surface/point-buffer'
import type { DrawSurface, TextStyle } from '../surface/surface'
import { AXIS_TEXT_PX, type PlotView } from '../tracks/track'
import type { Rect } from '../types'
import { textWidthPx } from './bar-look'
import type { LaneBar } from './lane-index'

const PADDING_PX = 5
const GAP_PX = 5
const TICK_PX = 12
/** With less room than this no text is tried. */
const LEAST_PX = 12
const shape = new PointBuffer()

export interface TextColours {
  readonly colour: string
  /** Laid under the text, so that it can be read on stripes; null: the bar is plain. */
  readonly ground: string | null
}

/** Label, and as far as there is room the tick of a confirmed one, the struck original and the suffix. */
export function drawBarText(
  surface: DrawSurface,
  { plot }: PlotView,
  box: Rect,
  bar: LaneBar,
  { colour, ground }: TextColours,
): void {
  const left = Math.max(plot.x, box.x) + PADDING_PX
  const right = Math.min(plot.x + plot.width, box.x + box.width) - PADDING_PX
  let roomPx = right - left
  const isConfirmed = bar.state === 'confirmed'
  if (isConfirmed && roomPx >= TICK_PX - 4) drawTick(surface, left, box.y + box.height / 2, colour)
  if (roomPx < LEAST_PX) return
  const style: TextStyle = { colour, sizePx: AXIS_TEXT_PX }
  const y = box.y + box.height / 2
  let x = left + (isConfirmed ? TICK_PX : 0)
  roomPx = right - x
  const main = bar.isUnsure ? `${bar.text}?` : bar.text
  const mainPx = textWidthPx(surface, main, style)
  if (mainPx > roomPx) return
  const put = (text: string, widthPx: number, isStruck: boolean): void => {
    if (ground !== null)
      surface.fillRect({ x: x - 3, y: box.y + 2, width: widthPx + 6, height: box.height - 4 }, ground)
    surface.text(text, x, y, style)
    if (isStruck) strike(surface, x, y, widthPx, colour)
    x += widthPx + GAP_PX
    roomPx -= widthPx + GAP_PX
  }
  put(main, mainPx, bar.state === 'rejected')
  for (const [text, isStruck] of [
    [bar.struckText ?? '', true],
    [bar.suffix, false],
  ] as const) {
    if (text === '') continue
    const widthPx = textWidthPx(surface, text, style)
    if (widthPx > roomPx) break
    put(text, widthPx, isStruck)
  }
}

/** A strip of dots under an unsure one, and a corner where a comment is. */
export function drawBarMarks(surface: DrawSurface, box: Rect, bar: LaneBar, colour: string): void {
  if (bar.isUnsure) {
    shape.clear()
    shape.add(box.x + 2, box.y + box.height - 2.5)
    shape.add(box.x + box.width - 2, box.y + box.height - 2.5)
    surface.strokeLine(shape, { colour, widthPx: 2, dash: [2, 3] })
  }
  if (bar.hasComment && box.width >= 10) {
    const right = box.x + box.width
    shape.clear()
    shape.add(right - 7, box.y)
    shape.add(right, box.y)
    shape.add(right, box.y + 7)
    surface.fillPolygon(shape, colour)
  }
}

function drawTick(surface: DrawSurface, x: number, middleY: number, colour: string): void {
  shape.clear()
  shape.add(x, middleY)
  shape.add(x + 3, middleY + 3)
  shape.add(x + 8, middleY - 4)
  surface.strokeLine(shape, { colour, widthPx: 1.75 })
}

function strike(surface: DrawSurface, x: number, y: number, widthPx: number, colour: string): void {
  shape.clear()
  shape.add(x - 1, y + 0.5)
  shape.add(x + widthPx + 1, y + 0.5)
  surface.strokeLine(shape, { colour, widthPx: 1.25 })
}
