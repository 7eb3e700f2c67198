/** A picture in memory: interleaved RGB, shape [heightPx, widthPx, 3], 0..255. */
export interface Picture {
  readonly widthPx: number
  readonly heightPx: number
  readonly rgb: Uint8Array
}

/**
 * An axis-parallel rectangle in a picture, in pixels with the origin at the picture's top left corner: the pixel in
 * column i covers [i, i + 1), so its centre lies at i + 0.5. It may reach outside; the border pixels continue there.
 */
export interface Rectangle {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Source pixels and weights of every output pixel along one axis; reused from call to call. */
interface AxisTable {
  taps: number
  /** Shape [outputs, taps], clamped into the picture. */
  indices: Int32Array
  /** Shape [outputs, taps]; each row sums to 1. */
  weights: Float32Array
}

/**
 * Cuts a rectangle out of a picture and brings it to another size: area averaging along an axis that shrinks (every
 * source pixel counts by its overlap, so nothing aliases), bilinear along one that grows. Buffers are kept between
 * calls, so that a face costs no allocation.
 */
export class Resampler {
  private readonly columns: AxisTable = emptyTable()
  private readonly rows: AxisTable = emptyTable()
  private between = new Float32Array(0)

  /**
   * @param out written from `offset` on: interleaved RGB, shape [outHeight, outWidth, 3], 0..255
   * @param outRowPx distance between rows in `out`, in pixels; outWidth unless the result is part of a larger picture
   */
  resize(
    picture: Picture,
    rectangle: Rectangle,
    outWidth: number,
    outHeight: number,
    out: Float32Array,
    offset = 0,
    outRowPx = outWidth,
  ): void {
    fillTable(this.columns, rectangle.left, rectangle.width, outWidth, picture.widthPx)
    fillTable(this.rows, rectangle.top, rectangle.height, outHeight, picture.heightPx)
    const { firstRow, lastRow } = this.sourceRows(outHeight)
    const rowValues = outWidth * 3
    const needed = (lastRow - firstRow + 1) * rowValues
    if (this.between.length < needed) this.between = new Float32Array(needed)
    shrinkRows(picture, this.columns, firstRow, lastRow, outWidth, this.between)
    mixRows(this.between, this.rows, firstRow, outHeight, rowValues, out, offset, outRowPx * 3)
  }

  private sourceRows(outHeight: number): { firstRow: number; lastRow: number } {
    const { indices, taps } = this.rows
    let firstRow = Number.MAX_SAFE_INTEGER
    let lastRow = 0
    for (let i = 0; i < outHeight * taps; i++) {
      const row = indices[i] as number
      if (row < firstRow) firstRow = row
      if (row > lastRow) lastRow = row
    }
    return { firstRow, lastRow }
  }
}

function emptyTable(): AxisTable {
  return { taps: 0, indices: new Int32Array(0), weights: new Float32Array(0) }
}

function fillTable(table: AxisTable, start: number, length: number, outputs: number, sourcePx: number): void {
  const step = length / outputs
  const isShrinking = step > 1
  const taps = isShrinking ? Math.ceil(step) + 1 : 2
  const size = outputs * taps
  if (table.indices.length < size) {
    table.indices = new Int32Array(size)
    table.weights = new Float32Array(size)
  }
  table.taps = taps
  for (let output = 0; output < outputs; output++) {
    const low = start + output * step
    const high = low + step
    const centre = (low + high) / 2 - 0.5
    const first = Math.floor(isShrinking ? low : centre)
    for (let tap = 0; tap < taps; tap++) {
      const source = first + tap
      const weight = isShrinking
        ? Math.max(0, Math.min(high, source + 1) - Math.max(low, source)) / step
        : 1 - Math.abs(centre - source)
      const at = output * taps + tap
      table.indices[at] = source < 0 ? 0 : source >= sourcePx ? sourcePx - 1 : source
      table.weights[at] = weight
    }
  }
}

function shrinkRows(
  picture: Picture,
  columns: AxisTable,
  firstRow: number,
  lastRow: number,
  outWidth: number,
  out: Float32Array,
): void {
  const { rgb, widthPx } = picture
  const { taps, indices, weights } = columns
  let write = 0
  for (let row = firstRow; row <= lastRow; row++) {
    const rowStart = row * widthPx
    for (let column = 0, at = 0; column < outWidth; column++) {
      let red = 0
      let green = 0
      let blue = 0
      for (let tap = 0; tap < taps; tap++, at++) {
        const weight = weights[at] as number
        const read = (rowStart + (indices[at] as number)) * 3
        red += weight * (rgb[read] as number)
        green += weight * (rgb[read + 1] as number)
        blue += weight * (rgb[read + 2] as number)
      }
      out[write++] = red
      out[write++] = green
      out[write++] = blue
    }
  }
}

function mixRows(
  between: Float32Array,
  rows: AxisTable,
  firstRow: number,
  outHeight: number,
  rowValues: number,
  out: Float32Array,
  offset: number,
  outStride: number,
): void {
  const { taps, indices, weights } = rows
  for (let row = 0; row < outHeight; row++) {
    const write = offset + row * outStride
    for (let tap = 0; tap < taps; tap++) {
      const weight = weights[row * taps + tap] as number
      if (weight === 0 && tap > 0) continue
      const read = ((indices[row * taps + tap] as number) - firstRow) * rowValues
      if (tap === 0)
        for (let i = 0; i < rowValues; i++) out[write + i] = weight * (between[read + i] as number)
      else
        for (let i = 0; i < rowValues; i++)
          out[write + i] = (out[write + i] as number) + weight * (between[read + i] as number)
    }
  }
}
