import type { ColourMap } from '../colour-maps'
import type { PixelImage } from '../surface/surface'
import { pxFromSecs } from '../time-scale'
import type { LogMelColumns, MfccColumns } from '../types'
import type { PlotView } from './track'
import type { Rect } from '../types'

/** Row 0 on top; codes outside 0..255 are taken to the ends of the map, NaN to transparent. */
export function heatMapImage(
  widthPx: number,
  heightPx: number,
  codeAt: (column: number, row: number) => number,
  map: ColourMap,
): PixelImage {
  const data = new Uint8ClampedArray(widthPx * heightPx * 4)
  for (let row = 0; row < heightPx; row++) {
    for (let column = 0; column < widthPx; column++) {
      const code = codeAt(column, row)
      if (Number.isNaN(code)) continue
      const colour = Math.min(255, Math.max(0, Math.round(code))) * 3
      const at = (row * widthPx + column) * 4
      data[at] = map[colour]!
      data[at + 1] = map[colour + 1]!
      data[at + 2] = map[colour + 2]!
      data[at + 3] = 255
    }
  }
  return { widthPx, heightPx, data }
}

/** Spectrogram with the highest band on top, coloured between the clip's own percentiles. */
export function logMelImage(columns: LogMelColumns, map: ColourMap): PixelImage {
  const { codes, bands, offset, scale, low, high } = columns
  const factor = 255 / Math.max(1e-9, high - low)
  return heatMapImage(
    columns.columns,
    bands,
    (column, row) => (offset + scale * codes[column * bands + bands - 1 - row]! - low) * factor,
    map,
  )
}

/** Rows as they are to be seen, from the top: log energy, then c1, c2 … */
export function mfccRowOrder({ rows }: Pick<MfccColumns, 'rows'>): number[] {
  return [rows - 1, ...Array.from({ length: rows - 1 }, (_, row) => row)]
}

/** Each row about the middle of its own range, so that its 1st and 99th percentile are the ends of the map. */
export function mfccImage(columns: MfccColumns, map: ColourMap): PixelImage {
  const { values, low, high, columns: count } = columns
  const order = mfccRowOrder(columns)
  return heatMapImage(
    count,
    order.length,
    (column, row) => {
      const source = order[row]!
      const middle = (low[source]! + high[source]!) / 2
      const half = Math.max(1e-9, (high[source]! - low[source]!) / 2)
      return 127.5 + ((values[source * count + column]! - middle) / half) * 127.5
    },
    map,
  )
}

/** Where columns of a signal lie in the plot. */
export function signalRect(
  { plot, scale }: PlotView,
  signal: { readonly startSecs: number; readonly stepSecs: number; readonly columns: number },
): Rect {
  const x = pxFromSecs(scale, signal.startSecs)
  const endX = pxFromSecs(scale, signal.startSecs + signal.stepSecs * signal.columns)
  return { x, y: plot.y, width: endX - x, height: plot.height }
}

/** The column of a signal at an instant, -1: outside it. */
export function signalColumnAt(
  signal: { readonly startSecs: number; readonly stepSecs: number; readonly columns: number },
  secs: number,
): number {
  const column = Math.floor((secs - signal.startSecs) / signal.stepSecs)
  return column >= 0 && column < signal.columns ? column : -1
}
