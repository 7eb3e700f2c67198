import { relativeLuminance, textOn } from '../../design/emotion-colours'
import type { DrawSurface, TextStyle } from '../surface/surface'
import { legibleOn, type PlotTheme } from '../theme'

export interface BarLook {
  readonly fill: string
  readonly text: string
  /** Around a bar that would hardly stand out from the ground; null: it does. */
  readonly outline: string | null
  /** For thin lines and marks straight on the ground. */
  readonly line: string
}

const looks = new Map<string, BarLook>()
const IS_HEX = /^#[0-9a-f]{6}$/i

/** How a code's colour is used on a ground: with text that can be read, and an outline where colour and ground are alike. */
export function barLook(colour: string, { ground, text }: Pick<PlotTheme, 'ground' | 'text'>): BarLook {
  const key = `${colour} ${ground} ${text}`
  const known = looks.get(key)
  if (known) return known
  const isHex = IS_HEX.test(colour)
  const line = legibleOn(ground, colour)
  const look = {
    fill: colour,
    text: isHex ? textOn(colour) : text,
    outline: isHex && IS_HEX.test(ground) && isAlike(ground, colour) ? line : null,
    line,
  }
  // A scheme has tens of colours; a picker that is dragged about may pass hundreds.
  if (looks.size > 2000) looks.clear()
  looks.set(key, look)
  return look
}

/** Below this contrast an area is lost on its ground. */
const LEAST_AREA_CONTRAST = 1.6

function isAlike(a: string, b: string): boolean {
  const [low, high] = [relativeLuminance(a), relativeLuminance(b)].sort((x, y) => x - y) as [number, number]
  return (high + 0.05) / (low + 0.05) < LEAST_AREA_CONTRAST
}

const widths = new WeakMap<Pick<DrawSurface, 'measureText'>, Map<string, number>>()

/** Width of a text; the few labels of a scheme are measured once a surface. */
export function textWidthPx(surface: DrawSurface, text: string, style: TextStyle): number {
  let ofSurface = widths.get(surface)
  if (!ofSurface) widths.set(surface, (ofSurface = new Map()))
  const key = `${style.sizePx}${style.isBold ? 'b' : ''} ${text}`
  let width = ofSurface.get(key)
  if (width === undefined) {
    width = surface.measureText(text, style)
    if (ofSurface.size > 5000) ofSurface.clear()
    ofSurface.set(key, width)
  }
  return width
}
