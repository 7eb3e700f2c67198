import type { ColourMap } from '../../plots/colour-maps'
import { pxFromSecs } from '../../plots/time-scale'
import type { PlotView } from '../../plots/tracks/track'
import type { FeatureMap, RollingFeatures } from '../../live/rolling-features'

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D

/** Of the values of a row, which colour of the map. @returns 0..255, not rounded; NaN: none */
export type CodeOf = (map: FeatureMap, row: number, value: number) => number

/** Between the row's own ends; for the spectrogram these are the same for all rows. */
export const codeInRange: CodeOf = ({ low, high }, row, value) =>
  ((value - (low[row] ?? 0)) / Math.max(1e-9, (high[row] ?? 1) - (low[row] ?? 0))) * 255

export interface HeatPictureOptions {
  readonly features: RollingFeatures
  readonly of: (features: RollingFeatures) => FeatureMap
  /** Rows of the features from the top of the picture down. */
  readonly order: (rows: number) => readonly number[]
  readonly colours: ColourMap
}

/**
 * A heat map that grows to the right: only new columns are coloured, on a canvas that is a ring as the values are. Colouring the
 * whole minute anew for each redraw would take longer than the time between two.
 */
export class HeatPicture {
  private canvas: OffscreenCanvas | null = null
  private fit = -1
  private colouredTo = 0

  constructor(private readonly options: HeatPictureOptions) {}

  /** Draws what is known of the view's time; what is not stays as it is. */
  draw(context: Context, { plot, scale }: PlotView): void {
    const { features } = this.options
    const canvas = this.update()
    if (!canvas) return
    const { first, end, hopSecs } = features
    const fromColumn = Math.max(first, Math.floor((scale.range.fromSecs - features.timeOf(0)) / hopSecs))
    const x = (column: number): number => pxFromSecs(scale, features.timeOf(column) - hopSecs / 2)
    context.save()
    context.beginPath()
    context.rect(plot.x, plot.y, plot.width, plot.height)
    context.clip()
    context.imageSmoothingEnabled = false
    for (const [column, count] of pieces(fromColumn, end, features)) {
      const left = x(column)
      context.drawImage(
        canvas,
        features.slot(column),
        0,
        count,
        canvas.height,
        left,
        plot.y,
        x(column + count) - left,
        plot.height,
      )
    }
    context.restore()
  }

  /** Colours the columns that have come since the last time. */
  private update(): OffscreenCanvas | null {
    const { features, of, order, colours } = this.options
    const map = of(features)
    if (map.rows === 0 || features.end === 0) return null
    if (this.canvas?.width !== features.capacity || this.canvas.height !== map.rows) {
      this.canvas = new OffscreenCanvas(features.capacity, map.rows)
      this.fit = -1
    }
    const isFitted = this.fit === features.fit && this.colouredTo <= features.end
    const from = isFitted ? Math.max(this.colouredTo, features.first) : features.first
    const context = this.canvas.getContext('2d')
    if (!context) return null
    const rows = order(map.rows)
    for (const [column, count] of pieces(from, features.end, features))
      context.putImageData(
        columnsImage(map, rows, colours, features.slot(column), count),
        features.slot(column),
        0,
      )
    this.fit = features.fit
    this.colouredTo = features.end
    return this.canvas
  }
}

/** Runs of columns that lie side by side in the ring: one, or two where it begins anew. */
function* pieces(
  from: number,
  end: number,
  { capacity }: Pick<RollingFeatures, 'capacity'>,
): Generator<[column: number, count: number]> {
  for (let column = from; column < end;) {
    const count = Math.min(end - column, capacity - (column % capacity))
    yield [column, count]
    column += count
  }
}

function columnsImage(
  map: FeatureMap,
  order: readonly number[],
  colours: ColourMap,
  slot: number,
  count: number,
): ImageData {
  const image = new ImageData(count, order.length)
  const { data } = image
  for (let column = 0; column < count; column++)
    order.forEach((row, y) => {
      const code = codeInRange(map, row, map.values[(slot + column) * map.rows + row] ?? Number.NaN)
      if (Number.isNaN(code)) return
      const colour = Math.min(255, Math.max(0, Math.round(code))) * 3
      const at = (y * count + column) * 4
      data[at] = colours[colour] ?? 0
      data[at + 1] = colours[colour + 1] ?? 0
      data[at + 2] = colours[colour + 2] ?? 0
      data[at + 3] = 255
    })
  return image
}
