import { PointBuffer } from '../surface/point-buffer'
import type { DrawSurface } from '../surface/surface'
import type { PlotTheme } from '../theme'
import { AXIS_TEXT_PX, type LegendItem } from '../tracks/track'

const ROW_PX = 20
const SWATCH_PX = 16
const RAMP_PX = 64
const BETWEEN_PX = 18
const shape = new PointBuffer()

interface PlacedItem {
  readonly item: LegendItem
  readonly x: number
  readonly row: number
}

export function legendHeightPx(
  surface: Pick<DrawSurface, 'measureText'>,
  items: readonly LegendItem[],
  widthPx: number,
): number {
  const last = placed(surface, items, widthPx).at(-1)
  return last ? (last.row + 1) * ROW_PX + 6 : 0
}

export function drawLegend(
  surface: DrawSurface,
  items: readonly LegendItem[],
  place: { readonly x: number; readonly y: number; readonly width: number; readonly theme: PlotTheme },
): void {
  for (const { item, x, row } of placed(surface, items, place.width)) {
    const left = place.x + x
    const middleY = place.y + (row + 0.5) * ROW_PX
    drawSwatch(surface, item, { x: left, middleY, theme: place.theme })
    surface.text(item.label, left + swatchPx(item) + 6, middleY, {
      colour: place.theme.text,
      sizePx: AXIS_TEXT_PX,
    })
  }
}

function drawSwatch(
  surface: DrawSurface,
  { fill, shape: kind, dash, ramp }: LegendItem,
  { x, middleY, theme }: { readonly x: number; readonly middleY: number; readonly theme: PlotTheme },
): void {
  const middleX = x + SWATCH_PX / 2
  shape.clear()
  if (kind === 'ramp' && ramp) {
    const stepPx = RAMP_PX / ramp.length
    ramp.forEach((colour, at) =>
      // Each a little wider than its step, so that no ground shows between.
      surface.fillRect({ x: x + at * stepPx, y: middleY - 5, width: stepPx + 0.5, height: 10 }, colour),
    )
  } else if (kind === 'area') {
    const rect = { x, y: middleY - 6, width: SWATCH_PX, height: 12 }
    surface.fillRect(rect, fill)
    surface.strokeRect(rect, { colour: theme.axis, widthPx: 0.5 })
  } else if (kind === 'line') {
    shape.add(x, middleY)
    shape.add(x + SWATCH_PX, middleY)
    const colour = typeof fill === 'string' ? fill : fill.colour
    surface.strokeLine(shape, { colour, widthPx: 2, ...(dash ? { dash } : {}) })
  } else {
    const isDiamond = kind === 'diamond'
    shape.add(middleX, middleY - 5)
    shape.add(middleX + 5, isDiamond ? middleY : middleY + 4)
    if (isDiamond) shape.add(middleX, middleY + 5)
    shape.add(middleX - 5, isDiamond ? middleY : middleY + 4)
    surface.fillPolygon(shape, fill)
  }
}

function swatchPx({ shape: kind }: LegendItem): number {
  return kind === 'ramp' ? RAMP_PX : SWATCH_PX
}

function placed(
  surface: Pick<DrawSurface, 'measureText'>,
  items: readonly LegendItem[],
  widthPx: number,
): PlacedItem[] {
  let x = 0
  let row = 0
  return items.map((item) => {
    const itemPx =
      swatchPx(item) + 6 + surface.measureText(item.label, { colour: '#000000', sizePx: AXIS_TEXT_PX })
    if (x > 0 && x + itemPx > widthPx) {
      x = 0
      row++
    }
    const at = { item, x, row }
    x += itemPx + BETWEEN_PX
    return at
  })
}
