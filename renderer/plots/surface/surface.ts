import type { Rect } from '../types'

export type HatchKind = 'diagonal' | 'back-diagonal' | 'horizontal' | 'vertical' | 'cross' | 'dots'

/** A pattern of lines on a ground, so that areas stay apart in greyscale. */
export interface Hatch {
  readonly kind: HatchKind
  readonly colour: string
  readonly ground: string
  readonly spacingPx: number
}

export type Fill = string | Hatch

export interface LineStyle {
  readonly colour: string
  readonly widthPx: number
  readonly dash?: readonly number[]
  readonly alpha?: number
}

export interface TextStyle {
  readonly colour: string
  readonly sizePx: number
  readonly isBold?: boolean
  readonly align?: 'left' | 'center' | 'right'
  readonly baseline?: 'top' | 'middle' | 'bottom'
  /** Degrees clockwise about the point of the text. */
  readonly turnedDegrees?: number
}

/** Shape [height, width, 4]: red, green, blue, alpha, row 0 on top. */
export interface PixelImage {
  readonly widthPx: number
  readonly heightPx: number
  readonly data: Uint8ClampedArray<ArrayBuffer>
}

/** x, y, x, y …; NaN as x lifts the pen. */
export interface Points {
  readonly values: ArrayLike<number>
  /** Numbers in use, twice the points. */
  readonly length: number
}

/**
 * A staircase: x, y, x, y …, each y holding to the next x; NaN as y is a gap. The last pair only ends the one before.
 * Drawn from rectangles on a canvas: a slanted or rounded outline of a thousand corners takes a hundred times as long.
 */
export type Steps = Points

/** What plots draw on: a canvas, an SVG document, or a record in tests. Coordinates are CSS pixels, origin top left. */
export interface DrawSurface {
  /** Of the picture's pixels, in CSS pixels: what is thinner does not show. */
  readonly finestPx: number
  fillRect(rect: Rect, fill: Fill, alpha?: number): void
  /** Many rectangles of one fill: x, y, width, height … */
  fillRects(rects: Points, fill: Fill, alpha?: number): void
  /** The area between a staircase and a level. */
  fillSteps(steps: Steps, bottomPx: number, fill: Fill): void
  strokeSteps(steps: Steps, style: LineStyle): void
  fillPolygon(points: Points, fill: Fill, alpha?: number): void
  strokeLine(points: Points, style: LineStyle): void
  strokeRect(rect: Rect, style: LineStyle): void
  text(text: string, x: number, y: number, style: TextStyle): void
  measureText(text: string, style: TextStyle): number
  /** Cells stay sharp where the picture is enlarged. */
  image(pixels: PixelImage, rect: Rect): void
  /** What `draw` draws shows only inside `rect`. */
  clipped(rect: Rect, draw: () => void): void
}
