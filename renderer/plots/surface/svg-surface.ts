import type { Rect } from '../types'
import { hatchLines, hatchLineWidthPx } from './hatch'
import { base64FromBytes, encodePng } from './png'
import type { DrawSurface, Fill, Hatch, LineStyle, PixelImage, Points, Steps, TextStyle } from './surface'

/** Mean advance of a letter of a sans-serif face, as a share of its size; wide enough that estimated text fits. */
const LETTER_EM = 0.58
const ANCHORS = { left: 'start', center: 'middle', right: 'end' } as const
/** Baseline below the point that text is set at, as a share of its size: not all viewers know dominant-baseline. */
const BASELINE_EM = { top: 0.8, middle: 0.35, bottom: -0.2 } as const

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

export interface SvgOptions {
  readonly widthPx: number
  readonly heightPx: number
  readonly fontFamily: string
  /** Read by screen readers and shown by viewers. */
  readonly title: string
  readonly description: string
}

/** Writes an SVG document that stands alone: type as text, pictures as PNG inside. */
export class SvgSurface implements DrawSurface {
  readonly finestPx = 0.5
  private readonly body: string[] = []
  private readonly definitions: string[] = []
  private readonly hatches = new Map<string, string>()
  private readonly images: { readonly pixels: PixelImage; readonly at: number; readonly rect: Rect }[] = []
  private clips = 0

  constructor(private readonly options: SvgOptions) {}

  /** The whole document. */
  async finish(): Promise<string> {
    const { widthPx, heightPx, fontFamily, title, description } = this.options
    for (const { pixels, at, rect } of this.images) {
      const data = base64FromBytes(await encodePng(pixels))
      this.body[at] =
        `<image ${place(rect)} preserveAspectRatio="none" style="image-rendering:pixelated" ` +
        `href="data:image/png;base64,${data}"/>`
    }
    return [
      `<?xml version="1.0" encoding="UTF-8"?>`,
      `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}" ` +
        `viewBox="0 0 ${widthPx} ${heightPx}" font-family="${escaped(fontFamily)}" role="img">`,
      `<title>${escaped(title)}</title>`,
      `<desc>${escaped(description)}</desc>`,
      `<defs>${this.definitions.join('')}</defs>`,
      ...this.body,
      `</svg>`,
      '',
    ].join('\n')
  }

  fillRect(rect: Rect, fill: Fill, alpha = 1): void {
    this.body.push(`<rect ${place(rect)} fill="${this.paint(fill)}"${opacity('fill-opacity', alpha)}/>`)
  }

  fillRects({ values, length }: Points, fill: Fill, alpha = 1): void {
    const parts: string[] = []
    for (let at = 0; at < length; at += 4) {
      const [x, y, width, height] = [values[at]!, values[at + 1]!, values[at + 2]!, values[at + 3]!]
      parts.push(`M${number(x)} ${number(y)}h${number(width)}v${number(height)}h${number(-width)}z`)
    }
    if (parts.length === 0) return
    this.body.push(
      `<path d="${parts.join('')}" fill="${this.paint(fill)}"${opacity('fill-opacity', alpha)}/>`,
    )
  }

  fillSteps(steps: Steps, bottomPx: number, fill: Fill): void {
    const path = stepPath(steps, bottomPx)
    if (path) this.body.push(`<path d="${path}" fill="${this.paint(fill)}"/>`)
  }

  strokeSteps(steps: Steps, style: LineStyle): void {
    const path = stepPath(steps, null)
    if (path) this.body.push(`<path d="${path}" fill="none" ${stroke(style)}/>`)
  }

  fillPolygon(points: Points, fill: Fill, alpha = 1): void {
    const path = pathOf(points)
    if (path)
      this.body.push(`<path d="${path}z" fill="${this.paint(fill)}"${opacity('fill-opacity', alpha)}/>`)
  }

  strokeLine(points: Points, style: LineStyle): void {
    const path = pathOf(points)
    if (path) this.body.push(`<path d="${path}" fill="none" ${stroke(style)}/>`)
  }

  strokeRect(rect: Rect, style: LineStyle): void {
    this.body.push(`<rect ${place(rect)} fill="none" ${stroke(style)}/>`)
  }

  text(text: string, x: number, y: number, style: TextStyle): void {
    const anchor = ANCHORS[style.align ?? 'left']
    const baselineY = y + BASELINE_EM[style.baseline ?? 'middle'] * style.sizePx
    const turn = style.turnedDegrees
      ? ` transform="rotate(${style.turnedDegrees} ${number(x)} ${number(y)})"`
      : ''
    this.body.push(
      `<text x="${number(x)}" y="${number(baselineY)}" font-size="${style.sizePx}" fill="${style.colour}" ` +
        `text-anchor="${anchor}"${style.isBold ? ' font-weight="600"' : ''}${turn}>${escaped(text)}</text>`,
    )
  }

  /** An estimate: which type face a viewer has is not known. */
  measureText(text: string, { sizePx }: TextStyle): number {
    return text.length * sizePx * LETTER_EM
  }

  image(pixels: PixelImage, rect: Rect): void {
    this.images.push({ pixels, rect, at: this.body.length })
    this.body.push('')
  }

  clipped(rect: Rect, draw: () => void): void {
    const id = `clip${++this.clips}`
    this.definitions.push(`<clipPath id="${id}"><rect ${place(rect)}/></clipPath>`)
    this.body.push(`<g clip-path="url(#${id})">`)
    draw()
    this.body.push('</g>')
  }

  private paint(fill: Fill): string {
    return typeof fill === 'string' ? escaped(fill) : `url(#${this.hatchId(fill)})`
  }

  private hatchId(hatch: Hatch): string {
    const key = `${hatch.kind} ${hatch.colour} ${hatch.ground} ${hatch.spacingPx}`
    const known = this.hatches.get(key)
    if (known) return known
    const id = `hatch${this.hatches.size + 1}`
    this.hatches.set(key, id)
    const size = hatch.spacingPx
    const path = hatchLines(hatch)
      .map(([x1, y1, x2, y2]) => `M${number(x1)} ${number(y1)}L${number(x2)} ${number(y2)}`)
      .join('')
    const cap = hatch.kind === 'dots' ? ' stroke-linecap="round"' : ''
    this.definitions.push(
      `<pattern id="${id}" width="${size}" height="${size}" patternUnits="userSpaceOnUse">` +
        `<rect width="${size}" height="${size}" fill="${hatch.ground === 'transparent' ? 'none' : escaped(hatch.ground)}"/>` +
        `<path d="${path}" stroke="${escaped(hatch.colour)}" stroke-width="${hatchLineWidthPx(hatch)}"${cap}/></pattern>`,
    )
    return id
  }
}

function pathOf({ values, length }: Points): string {
  let path = ''
  let isPenUp = true
  for (let at = 0; at < length; at += 2) {
    const x = values[at]!
    if (Number.isNaN(x)) {
      isPenUp = true
      continue
    }
    path += `${isPenUp ? 'M' : 'L'}${number(x)} ${number(values[at + 1]!)}`
    isPenUp = false
  }
  return path
}

/** A staircase as a path; with a bottom, closed along it. */
function stepPath({ values, length }: Steps, bottomPx: number | null): string {
  let path = ''
  let isOpen = false
  for (let at = 0; at + 2 < length; at += 2) {
    const x = number(values[at]!)
    const y = values[at + 1]!
    const end = (): string => (bottomPx === null || !isOpen ? '' : `V${number(bottomPx)}z`)
    if (Number.isNaN(y)) {
      path += end()
      isOpen = false
      continue
    }
    if (isOpen) path += `V${number(y)}`
    else path += bottomPx === null ? `M${x} ${number(y)}` : `M${x} ${number(bottomPx)}V${number(y)}`
    isOpen = true
    path += `H${number(values[at + 2]!)}`
  }
  return path + (isOpen && bottomPx !== null ? `V${number(bottomPx)}z` : '')
}

function place({ x, y, width, height }: Rect): string {
  return `x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}"`
}

function stroke({ colour, widthPx, dash, alpha }: LineStyle): string {
  const dashes = dash && dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : ''
  const joined = `stroke="${escaped(colour)}" stroke-width="${widthPx}" stroke-linejoin="round"`
  return `${joined}${dashes}${opacity('stroke-opacity', alpha ?? 1)}`
}

function opacity(name: string, alpha: number): string {
  return alpha < 1 ? ` ${name}="${alpha}"` : ''
}

/** Two decimals: a hundredth of a pixel is finer than any printer. */
function number(value: number): string {
  return String(Math.round(value * 100) / 100)
}

/** Text for XML: markup escaped, characters that XML 1.0 does not allow left out. */
function escaped(text: string): string {
  return [...text]
    .filter((character) => /[\t\n\r\x20-\uD7FF\uE000-\uFFFD]/u.test(character) || character > '\uFFFF')
    .join('')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}
