import type { Steps } from './surface'

/** Draws a staircase as rectangles, dashed along its length. */
export class StepPen {
  /** Which dash or space of the pattern the pen is in, and how much of it is left. */
  private part = 0
  private leftPx: number

  constructor(
    private readonly canvas: Pick<CanvasRenderingContext2D, 'fillRect'>,
    private readonly widthPx: number,
    private readonly dash: readonly number[],
  ) {
    this.leftPx = dash[0] ?? Number.POSITIVE_INFINITY
  }

  draw({ values, length }: Steps): void {
    let lastY = Number.NaN
    for (let at = 0; at + 2 < length; at += 2) {
      const x = values[at]!
      const y = values[at + 1]!
      if (Number.isNaN(y)) {
        lastY = Number.NaN
        continue
      }
      if (!Number.isNaN(lastY) && lastY !== y) this.run(x, lastY, y, false)
      this.run(y, x, values[at + 2]!, true)
      lastY = y
    }
  }

  /** A straight piece `from` to `to`, at `across` on the other axis. */
  private run(across: number, from: number, to: number, isLevel: boolean): void {
    // No end would ever be reached.
    if (!Number.isFinite(from) || !Number.isFinite(to)) return
    const direction = to < from ? -1 : 1
    let at = from
    while (at !== to) {
      const stepPx = Math.min(this.leftPx, Math.abs(to - at))
      const next = Math.abs(to - at) <= stepPx ? to : at + direction * stepPx
      if (this.part % 2 === 0) this.bar(across, Math.min(at, next), Math.max(at, next), isLevel)
      this.leftPx -= stepPx
      if (this.leftPx <= 0) {
        this.part = (this.part + 1) % this.dash.length
        this.leftPx = this.dash[this.part]!
      }
      at = next
    }
  }

  private bar(across: number, low: number, high: number, isLevel: boolean): void {
    const half = this.widthPx / 2
    if (isLevel) this.canvas.fillRect(low, across - half, high - low, this.widthPx)
    // An upright reaches over the level pieces at its ends, so that corners are whole.
    else this.canvas.fillRect(across - half, low - half, this.widthPx, high - low + this.widthPx)
  }
}
