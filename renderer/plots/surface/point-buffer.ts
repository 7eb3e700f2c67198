import type { Points } from './surface'

/** Numbers for one polygon, line or list of rectangles; kept and filled again, because a redraw must not make garbage. */
export class PointBuffer implements Points {
  values = new Float32Array(1024)
  length = 0

  clear(): this {
    this.length = 0
    return this
  }

  add(x: number, y: number): void {
    this.reserve(2)
    this.values[this.length++] = x
    this.values[this.length++] = y
  }

  addRect(x: number, y: number, width: number, height: number): void {
    this.add(x, y)
    this.add(width, height)
  }

  liftPen(): void {
    this.add(Number.NaN, Number.NaN)
  }

  private reserve(more: number): void {
    if (this.length + more <= this.values.length) return
    const grown = new Float32Array(this.values.length * 2)
    grown.set(this.values)
    this.values = grown
  }
}
