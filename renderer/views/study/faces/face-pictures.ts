import type { ViewerRows } from '../../../../preload/contract/viewer-port'

/** Rows of a face worth showing: big and surely found. */
export interface FaceSample {
  readonly row: number
  /** Number of the frame, as readFrame takes it. */
  readonly frame: number
  readonly timeSecs: number
}

type SampleRows = Pick<ViewerRows, 'count' | 'frame' | 'timeSecs' | 'faceId' | 'faceScore' | 'faceBox'>

/** The row in which a face is seen best in a stretch: its score times the length of its box. Null: it is not in there. */
export function bestSample(
  rows: SampleRows,
  faceId: number,
  [fromSecs, toSecs]: readonly [number, number],
): FaceSample | null {
  let best = -1
  let bestValue = 0
  for (let row = 0; row < rows.count; row++) {
    if (rows.faceId[row] !== faceId) continue
    const timeSecs = rows.timeSecs[row] ?? 0
    if (timeSecs < fromSecs || timeSecs >= toSecs) continue
    const lengthPx = Math.sqrt((rows.faceBox[row * 4 + 2] ?? 0) * (rows.faceBox[row * 4 + 3] ?? 0))
    const value = (rows.faceScore[row] ?? 0) * lengthPx
    if (value > bestValue || best === -1) [best, bestValue] = [row, value]
  }
  if (best === -1) return null
  return { row: best, frame: rows.frame[best] ?? 0, timeSecs: rows.timeSecs[best] ?? 0 }
}

export interface CropPx {
  readonly x: number
  readonly y: number
  readonly side: number
}

/** A square around a face with a quarter of its length to spare, inside the picture where that is possible. */
export function cropOf(
  rows: Pick<ViewerRows, 'faceBox'>,
  row: number,
  picture: { readonly widthPx: number; readonly heightPx: number },
  source: { readonly widthPx: number; readonly heightPx: number },
): CropPx {
  const [x = 0, y = 0, width = 1, height = 1] = rows.faceBox.subarray(row * 4, row * 4 + 4)
  const [scaleX, scaleY] = [picture.widthPx / source.widthPx, picture.heightPx / source.heightPx]
  const side = Math.min(Math.max(width * scaleX, height * scaleY) * 1.5, picture.widthPx, picture.heightPx)
  const place = (middle: number, length: number) =>
    Math.min(Math.max(middle - side / 2, 0), Math.max(0, length - side))
  return {
    x: place((x + width / 2) * scaleX, picture.widthPx),
    y: place((y + height / 2) * scaleY, picture.heightPx),
    side,
  }
}
