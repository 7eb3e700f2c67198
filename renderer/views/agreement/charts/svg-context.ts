/** What a chart library draws on, as far as charts use it; what it draws becomes an SVG document. */

type Matrix = readonly [number, number, number, number, number, number]

interface DrawState {
  readonly matrix: Matrix
  readonly clip: string | null
  readonly fillStyle: string
  readonly strokeStyle: string
  readonly lineWidth: number
  readonly lineCap: CanvasLineCap
  readonly lineJoin: CanvasLineJoin
  readonly lineDashOffset: number
  readonly dash: readonly number[]
  readonly globalAlpha: number
  readonly font: string
  readonly textAlign: CanvasTextAlign
  readonly textBaseline: CanvasTextBaseline
}

const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0]
const ANCHORS: Readonly<Record<CanvasTextAlign, string>> = {
  left: 'start',
  start: 'start',
  center: 'middle',
  right: 'end',
  end: 'end',
}
/** Baseline below the point that text is set at, as a share of its size: not all viewers know dominant-baseline. */
const BASELINE_EM: Readonly<Record<CanvasTextBaseline, number>> = {
  top: 0.8,
  hanging: 0.8,
  middle: 0.35,
  alphabetic: 0,
  ideographic: -0.1,
  bottom: -0.2,
}
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

export interface SvgPage {
  readonly widthPx: number
  readonly heightPx: number
  readonly ground: string
  /** Read by screen readers and shown by viewers. */
  readonly title: string
  readonly description: string
}

/**
 * A two-dimensional context of the HTML standard, the parts that Chart.js calls, that writes SVG 1.1. Paths are kept in page
 * coordinates; transformations may turn, move and scale evenly.
 */
export class SvgContext {
  fillStyle = '#000000'
  strokeStyle = '#000000'
  lineWidth = 1
  lineCap: CanvasLineCap = 'butt'
  lineJoin: CanvasLineJoin = 'miter'
  lineDashOffset = 0
  globalAlpha = 1
  font = '10px sans-serif'
  textAlign: CanvasTextAlign = 'start'
  textBaseline: CanvasTextBaseline = 'alphabetic'
  /** Chart.js sets its size and asks it for this context. */
  readonly canvas: {
    width: number
    height: number
    readonly style: Record<string, string>
    readonly getContext: () => SvgContext
  }

  readonly #page: SvgPage
  readonly #measure: (text: string, font: string) => number
  readonly #body: string[] = []
  readonly #definitions: string[] = []
  readonly #stack: DrawState[] = []
  #matrix: Matrix = IDENTITY
  #clip: string | null = null
  #dash: readonly number[] = []
  #path = ''
  #isPenDown = false

  /** @param measure width of a text in CSS pixels, by the type the page has */
  constructor(page: SvgPage, measure: (text: string, font: string) => number) {
    this.#page = page
    this.#measure = measure
    this.canvas = { width: page.widthPx, height: page.heightPx, style: {}, getContext: () => this }
  }

  finish(): string {
    const { widthPx, heightPx, ground, title, description } = this.#page
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}" viewBox="0 0 ${widthPx} ${heightPx}" role="img">`,
      `<title>${escaped(title)}</title>`,
      `<desc>${escaped(description)}</desc>`,
      `<defs>${this.#definitions.join('')}</defs>`,
      `<rect width="${widthPx}" height="${heightPx}" fill="${escaped(ground)}"/>`,
      ...this.#body,
      '</svg>',
      '',
    ].join('\n')
  }

  save(): void {
    this.#stack.push({
      matrix: this.#matrix,
      clip: this.#clip,
      dash: this.#dash,
      fillStyle: this.fillStyle,
      strokeStyle: this.strokeStyle,
      lineWidth: this.lineWidth,
      lineCap: this.lineCap,
      lineJoin: this.lineJoin,
      lineDashOffset: this.lineDashOffset,
      globalAlpha: this.globalAlpha,
      font: this.font,
      textAlign: this.textAlign,
      textBaseline: this.textBaseline,
    })
  }

  restore(): void {
    const state = this.#stack.pop()
    if (!state) return
    const { matrix, clip, dash, ...style } = state
    this.#matrix = matrix
    this.#clip = clip
    this.#dash = dash
    Object.assign(this, style)
  }

  translate(x: number, y: number): void {
    this.#multiply([1, 0, 0, 1, x, y])
  }

  rotate(angle: number): void {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
    this.#multiply([cos, sin, -sin, cos, 0, 0])
  }

  scale(x: number, y: number): void {
    this.#multiply([x, 0, 0, y, 0, 0])
  }

  setTransform(a: number, b: number, c: number, d: number, e: number, f: number): void {
    this.#matrix = [a, b, c, d, e, f]
  }

  resetTransform(): void {
    this.#matrix = IDENTITY
  }

  setLineDash(dash: readonly number[]): void {
    this.#dash = [...dash]
  }

  beginPath(): void {
    this.#path = ''
    this.#isPenDown = false
  }

  moveTo(x: number, y: number): void {
    this.#path += `M${this.#at(x, y)}`
    this.#isPenDown = true
  }

  lineTo(x: number, y: number): void {
    this.#path += `${this.#isPenDown ? 'L' : 'M'}${this.#at(x, y)}`
    this.#isPenDown = true
  }

  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void {
    this.#path += `C${this.#at(x1, y1)} ${this.#at(x2, y2)} ${this.#at(x, y)}`
  }

  quadraticCurveTo(x1: number, y1: number, x: number, y: number): void {
    this.#path += `Q${this.#at(x1, y1)} ${this.#at(x, y)}`
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.moveTo(x, y)
    this.lineTo(x + width, y)
    this.lineTo(x + width, y + height)
    this.lineTo(x, y + height)
    this.closePath()
  }

  arc(x: number, y: number, radius: number, from: number, to: number, isBackwards = false): void {
    const whole = Math.PI * 2
    let turn = to - from
    if (Math.abs(turn) >= whole) turn = Math.sign(turn) * whole
    else if (isBackwards && turn > 0) turn -= whole
    else if (!isBackwards && turn < 0) turn += whole
    this.lineTo(x + radius * Math.cos(from), y + radius * Math.sin(from))
    // An arc of SVG that ends where it begins is nothing: a circle is two.
    const parts = Math.abs(turn) > Math.PI ? 2 : 1
    const size = number(radius * this.#factor())
    for (let part = 1; part <= parts; part++) {
      const angle = from + (turn * part) / parts
      const end = this.#at(x + radius * Math.cos(angle), y + radius * Math.sin(angle))
      this.#path += `A${size} ${size} 0 0 ${turn > 0 ? 1 : 0} ${end}`
    }
  }

  ellipse(
    x: number,
    y: number,
    radiusX: number,
    _radiusY: number,
    _turn: number,
    from: number,
    to: number,
  ): void {
    this.arc(x, y, radiusX, from, to)
  }

  closePath(): void {
    if (this.#path !== '') this.#path += 'z'
  }

  clip(): void {
    const id = `clip${this.#definitions.length + 1}`
    const outer = this.#clip ? ` clip-path="url(#${this.#clip})"` : ''
    this.#definitions.push(`<clipPath id="${id}"${outer}><path d="${this.#path}"/></clipPath>`)
    this.#clip = id
  }

  fill(): void {
    if (this.#path === '') return
    this.#add(`<path d="${this.#path}" ${this.#paint('fill', this.fillStyle)}`)
  }

  stroke(): void {
    if (this.#path === '' || this.lineWidth <= 0) return
    this.#add(`<path d="${this.#path}" fill="none" ${this.#strokeWords()}`)
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.#withRect(x, y, width, height, () => this.fill())
  }

  strokeRect(x: number, y: number, width: number, height: number): void {
    this.#withRect(x, y, width, height, () => this.stroke())
  }

  /** A chart clears before it draws; on a document that is empty there is nothing to clear. */
  clearRect(): void {
    this.#body.length = 0
  }

  fillText(text: string, x: number, y: number): void {
    const { sizePx, family, weight, style } = fontOf(this.font)
    const [a, b, c, d, e, f] = this.#matrix
    const isPlain = a === 1 && b === 0 && c === 0 && d === 1
    const baseline = y + BASELINE_EM[this.textBaseline] * sizePx
    const place = isPlain
      ? `x="${number(x + e)}" y="${number(baseline + f)}"`
      : `x="${number(x)}" y="${number(baseline)}" transform="matrix(${[a, b, c, d, e, f].map(number).join(' ')})"`
    const type = `font-family="${escaped(family)}" font-size="${number(sizePx)}"${weight}${style}`
    this.#add(
      `<text ${place} ${type} text-anchor="${ANCHORS[this.textAlign]}" ${this.#paint('fill', this.fillStyle)}`,
      `>${escaped(text)}</text>`,
    )
  }

  /** Chart.js outlines no text unless it is asked to, and it is not. */
  strokeText(): void {
    throw new Error('outlined text is not drawn in SVG')
  }

  measureText(text: string): { readonly width: number } {
    return { width: this.#measure(text, this.font) }
  }

  #withRect(x: number, y: number, width: number, height: number, draw: () => void): void {
    const [path, isPenDown] = [this.#path, this.#isPenDown]
    this.beginPath()
    this.rect(x, y, width, height)
    draw()
    this.#path = path
    this.#isPenDown = isPenDown
  }

  #add(start: string, end = '/>'): void {
    const clip = this.#clip ? ` clip-path="url(#${this.#clip})"` : ''
    this.#body.push(`${start}${clip}${end}`)
  }

  #paint(name: 'fill' | 'stroke', colour: string): string {
    const { text, alpha } = colourOf(colour)
    const opacity = alpha * this.globalAlpha
    return `${name}="${escaped(text)}"${opacity < 1 ? ` ${name}-opacity="${number(opacity)}"` : ''}`
  }

  #strokeWords(): string {
    const dash =
      this.#dash.length > 0
        ? ` stroke-dasharray="${this.#dash.map(number).join(' ')}" stroke-dashoffset="${number(this.lineDashOffset)}"`
        : ''
    const shape = `stroke-linecap="${this.lineCap}" stroke-linejoin="${this.lineJoin}"`
    const widthPx = number(this.lineWidth * this.#factor())
    return `${this.#paint('stroke', this.strokeStyle)} stroke-width="${widthPx}" ${shape}${dash}`
  }

  #multiply([a, b, c, d, e, f]: Matrix): void {
    const [A, B, C, D, E, F] = this.#matrix
    this.#matrix = [
      A * a + C * b,
      B * a + D * b,
      A * c + C * d,
      B * c + D * d,
      A * e + C * f + E,
      B * e + D * f + F,
    ]
  }

  #factor(): number {
    const [a, b] = this.#matrix
    return Math.hypot(a, b)
  }

  #at(x: number, y: number): string {
    const [a, b, c, d, e, f] = this.#matrix
    return `${number(a * x + c * y + e)} ${number(b * x + d * y + f)}`
  }
}

/** `italic 600 12px Inter, sans-serif` */
function fontOf(font: string): { sizePx: number; family: string; weight: string; style: string } {
  const [, words = '', size = '10', family = 'sans-serif'] = /^(.*?)([\d.]+)px\s*(.*)$/.exec(font) ?? []
  const weight = /\b(bold|[1-9]00)\b/.exec(words)?.[1]
  return {
    sizePx: Number(size),
    family,
    weight: weight ? ` font-weight="${weight}"` : '',
    style: /\bitalic\b/.test(words) ? ' font-style="italic"' : '',
  }
}

/** SVG 1.1 knows no transparent colours: the opacity stands beside. */
function colourOf(colour: string): { text: string; alpha: number } {
  const hex = /^#([0-9a-f]{6})([0-9a-f]{2})$/i.exec(colour)
  if (hex) return { text: `#${hex[1]}`, alpha: parseInt(hex[2] ?? 'ff', 16) / 255 }
  const rgb = /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)(?:[\s,/]+([\d.]+))?\s*\)$/.exec(colour)
  if (!rgb) return colour === 'transparent' ? { text: 'none', alpha: 1 } : { text: colour, alpha: 1 }
  return { text: `rgb(${rgb[1]},${rgb[2]},${rgb[3]})`, alpha: rgb[4] === undefined ? 1 : Number(rgb[4]) }
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
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
}
