import type {
  DrawSurface,
  Fill,
  LineStyle,
  PixelImage,
  Points,
  Steps,
  TextStyle,
} from '../../renderer/plots/surface/surface'
import type { Rect } from '../../renderer/plots/types'

export type Drawn =
  | { readonly kind: 'rect'; readonly rect: Rect; readonly fill: Fill; readonly alpha: number }
  | { readonly kind: 'polygon'; readonly points: readonly number[]; readonly fill: Fill }
  | {
      readonly kind: 'area'
      readonly points: readonly number[]
      readonly bottomPx: number
      readonly fill: Fill
    }
  | { readonly kind: 'line'; readonly points: readonly number[]; readonly style: LineStyle }
  | { readonly kind: 'steps'; readonly points: readonly number[]; readonly style: LineStyle }
  | { readonly kind: 'outline'; readonly rect: Rect; readonly style: LineStyle }
  | {
      readonly kind: 'text'
      readonly text: string
      readonly x: number
      readonly y: number
      readonly style: TextStyle
    }
  | { readonly kind: 'image'; readonly pixels: PixelImage; readonly rect: Rect }

const copy = ({ values, length }: Points): number[] =>
  Array.from({ length }, (_, at) => values[at] ?? Number.NaN)

/** Writes down what is drawn. Letters are 6 px wide. */
export class RecordingSurface implements DrawSurface {
  readonly drawn: Drawn[] = []
  constructor(readonly finestPx = 1) {}

  of<K extends Drawn['kind']>(kind: K): Extract<Drawn, { kind: K }>[] {
    return this.drawn.filter((item): item is Extract<Drawn, { kind: K }> => item.kind === kind)
  }

  get texts(): string[] {
    return this.of('text').map(({ text }) => text)
  }

  fillRect(rect: Rect, fill: Fill, alpha = 1): void {
    this.drawn.push({ kind: 'rect', rect, fill, alpha })
  }
  fillRects(rects: Points, fill: Fill, alpha = 1): void {
    const all = copy(rects)
    for (let at = 0; at < all.length; at += 4) {
      const [x = 0, y = 0, width = 0, height = 0] = all.slice(at, at + 4)
      this.drawn.push({ kind: 'rect', rect: { x, y, width, height }, fill, alpha })
    }
  }
  fillPolygon(points: Points, fill: Fill): void {
    this.drawn.push({ kind: 'polygon', points: copy(points), fill })
  }
  fillSteps(steps: Steps, bottomPx: number, fill: Fill): void {
    this.drawn.push({ kind: 'area', points: copy(steps), bottomPx, fill })
  }
  strokeLine(points: Points, style: LineStyle): void {
    this.drawn.push({ kind: 'line', points: copy(points), style })
  }
  strokeSteps(steps: Steps, style: LineStyle): void {
    this.drawn.push({ kind: 'steps', points: copy(steps), style })
  }
  strokeRect(rect: Rect, style: LineStyle): void {
    this.drawn.push({ kind: 'outline', rect, style })
  }
  text(text: string, x: number, y: number, style: TextStyle): void {
    this.drawn.push({ kind: 'text', text, x, y, style })
  }
  measureText(text: string): number {
    return text.length * 6
  }
  image(pixels: PixelImage, rect: Rect): void {
    this.drawn.push({ kind: 'image', pixels, rect })
  }
  clipped(_rect: Rect, draw: () => void): void {
    draw()
  }
}
