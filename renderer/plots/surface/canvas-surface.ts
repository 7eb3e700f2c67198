import type { Rect } from '../types'
import { hatchLines, hatchLineWidthPx } from './hatch'
import { StepPen } from './step-pen'
import type { DrawSurface, Fill, Hatch, LineStyle, PixelImage, Points, Steps, TextStyle } from './surface'

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D

/** Pictures already put on a canvas of their own, as drawImage wants them. */
const pictures = new WeakMap<PixelImage, OffscreenCanvas>()

/** Draws on a canvas whose backing store has `pixelRatio` pixels to a CSS pixel. */
export class CanvasSurface implements DrawSurface {
  readonly finestPx: number
  private readonly patterns = new Map<string, CanvasPattern>()

  constructor(
    private readonly context: Context,
    private readonly pixelRatio: number,
    private readonly fontFamily: string,
  ) {
    this.finestPx = 1 / pixelRatio
  }

  /** Empties a part of the canvas, or all of it. */
  clear(rect?: Rect): void {
    const { context, pixelRatio } = this
    context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0)
    if (rect) context.clearRect(rect.x, rect.y, rect.width, rect.height)
    else context.clearRect(0, 0, context.canvas.width, context.canvas.height)
  }

  fillRect(rect: Rect, fill: Fill, alpha = 1): void {
    this.prepareFill(fill, alpha)
    this.context.fillRect(rect.x, rect.y, rect.width, rect.height)
    this.context.globalAlpha = 1
  }

  fillRects({ values, length }: Points, fill: Fill, alpha = 1): void {
    if (length === 0) return
    this.prepareFill(fill, alpha)
    // One path of many rectangles is slower to fill than the rectangles one by one.
    for (let at = 0; at < length; at += 4)
      this.context.fillRect(values[at]!, values[at + 1]!, values[at + 2]!, values[at + 3]!)
    this.context.globalAlpha = 1
  }

  fillSteps({ values, length }: Steps, bottomPx: number, fill: Fill): void {
    this.prepareFill(fill, 1)
    for (let at = 0; at + 2 < length; at += 2) {
      const y = values[at + 1]!
      if (y < bottomPx) this.context.fillRect(values[at]!, y, values[at + 2]! - values[at]!, bottomPx - y)
    }
  }

  strokeSteps(steps: Steps, style: LineStyle): void {
    const pen = new StepPen(this.context, style.widthPx, style.dash ?? [])
    this.prepareFill(style.colour, style.alpha ?? 1)
    pen.draw(steps)
    this.context.globalAlpha = 1
  }

  fillPolygon(points: Points, fill: Fill, alpha = 1): void {
    this.prepareFill(fill, alpha)
    this.trace(points)
    this.context.fill()
    this.context.globalAlpha = 1
  }

  strokeLine(points: Points, style: LineStyle): void {
    this.prepareLine(style)
    this.trace(points)
    this.context.stroke()
    this.context.globalAlpha = 1
  }

  strokeRect(rect: Rect, style: LineStyle): void {
    this.prepareLine(style)
    this.context.strokeRect(rect.x, rect.y, rect.width, rect.height)
    this.context.globalAlpha = 1
  }

  text(text: string, x: number, y: number, style: TextStyle): void {
    const { context } = this
    this.prepareText(style)
    context.fillStyle = style.colour
    context.textAlign = style.align ?? 'left'
    context.textBaseline = style.baseline ?? 'middle'
    if (!style.turnedDegrees) return void context.fillText(text, x, y)
    context.save()
    context.translate(x, y)
    context.rotate((style.turnedDegrees * Math.PI) / 180)
    context.fillText(text, 0, 0)
    context.restore()
  }

  measureText(text: string, style: TextStyle): number {
    this.prepareText(style)
    return this.context.measureText(text).width
  }

  image(pixels: PixelImage, rect: Rect): void {
    this.context.imageSmoothingEnabled = rect.width * this.pixelRatio < pixels.widthPx
    this.context.drawImage(pictureOf(pixels), rect.x, rect.y, rect.width, rect.height)
  }

  clipped(rect: Rect, draw: () => void): void {
    this.context.save()
    this.context.beginPath()
    this.context.rect(rect.x, rect.y, rect.width, rect.height)
    this.context.clip()
    draw()
    this.context.restore()
  }

  private trace({ values, length }: Points): void {
    const { context } = this
    context.beginPath()
    let isPenUp = true
    for (let at = 0; at < length; at += 2) {
      const x = values[at]!
      if (Number.isNaN(x)) isPenUp = true
      else if (isPenUp) {
        context.moveTo(x, values[at + 1]!)
        isPenUp = false
      } else context.lineTo(x, values[at + 1]!)
    }
  }

  private prepareFill(fill: Fill, alpha: number): void {
    this.context.globalAlpha = alpha
    this.context.fillStyle = typeof fill === 'string' ? fill : this.patternOf(fill)
  }

  private prepareLine({ colour, widthPx, dash, alpha }: LineStyle): void {
    this.context.globalAlpha = alpha ?? 1
    this.context.strokeStyle = colour
    this.context.lineWidth = widthPx
    // Round joins of a line with thousands of corners take longer than all the rest of it.
    this.context.lineJoin = 'bevel'
    this.context.setLineDash(dash ? [...dash] : [])
  }

  private prepareText({ sizePx, isBold }: TextStyle): void {
    this.context.font = `${isBold ? '600 ' : ''}${sizePx}px ${this.fontFamily}`
  }

  private patternOf(hatch: Hatch): CanvasPattern | string {
    const key = `${hatch.kind} ${hatch.colour} ${hatch.ground} ${hatch.spacingPx}`
    const known = this.patterns.get(key)
    if (known) return known
    const sizePx = Math.max(2, Math.round(hatch.spacingPx * this.pixelRatio))
    const tile = new OffscreenCanvas(sizePx, sizePx)
    const context = tile.getContext('2d')
    if (!context) return hatch.ground
    context.fillStyle = hatch.ground
    context.fillRect(0, 0, sizePx, sizePx)
    context.strokeStyle = hatch.colour
    context.lineWidth = hatchLineWidthPx(hatch) * this.pixelRatio
    context.lineCap = hatch.kind === 'dots' ? 'round' : 'butt'
    context.beginPath()
    for (const [x1, y1, x2, y2] of hatchLines({ kind: hatch.kind, spacingPx: sizePx })) {
      context.moveTo(x1, y1)
      context.lineTo(x2, y2)
    }
    context.stroke()
    const pattern = this.context.createPattern(tile, 'repeat')
    if (!pattern) return hatch.ground
    // The tile is made of the canvas's own pixels; coordinates are CSS pixels.
    pattern.setTransform(new DOMMatrix().scale(hatch.spacingPx / sizePx))
    this.patterns.set(key, pattern)
    return pattern
  }
}

function pictureOf(pixels: PixelImage): OffscreenCanvas {
  const known = pictures.get(pixels)
  if (known) return known
  const canvas = new OffscreenCanvas(pixels.widthPx, pixels.heightPx)
  canvas.getContext('2d')?.putImageData(new ImageData(pixels.data, pixels.widthPx, pixels.heightPx), 0, 0)
  pictures.set(pixels, canvas)
  return canvas
}
