import type { Picture } from './resample'

/**
 * Cuts a tilted square out of a picture: bilinear samples, several for each output pixel where the square shrinks, so
 * that it is area-averaged too. Outside the picture its border pixels continue. Slower than Resampler, which does all
 * upright squares.
 * @param angleRadians clockwise tilt of the square as seen on the screen
 * @param out written from `offset` on: interleaved RGB, shape [outHeight, outWidth, 3], 0..255
 */
export function resampleRotated(
  picture: Picture,
  square: { readonly centreX: number; readonly centreY: number; readonly side: number },
  angleRadians: number,
  outWidth: number,
  outHeight: number,
  out: Float32Array,
  offset = 0,
): void {
  const stepX = square.side / outWidth
  const stepY = square.side / outHeight
  const perAxis = Math.max(1, Math.ceil(Math.max(stepX, stepY)))
  const share = 1 / (perAxis * perAxis)
  const cos = Math.cos(angleRadians)
  const sin = Math.sin(angleRadians)
  out.fill(0, offset, offset + outWidth * outHeight * 3)
  let write = offset
  for (let row = 0; row < outHeight; row++)
    for (let column = 0; column < outWidth; column++, write += 3)
      for (let subRow = 0; subRow < perAxis; subRow++)
        for (let subColumn = 0; subColumn < perAxis; subColumn++) {
          const along = (column + (subColumn + 0.5) / perAxis) * stepX - square.side / 2
          const down = (row + (subRow + 0.5) / perAxis) * stepY - square.side / 2
          addSample(
            picture,
            square.centreX + along * cos - down * sin,
            square.centreY + along * sin + down * cos,
            share,
            out,
            write,
          )
        }
}

function addSample(
  picture: Picture,
  x: number,
  y: number,
  share: number,
  out: Float32Array,
  write: number,
): void {
  const { rgb, widthPx, heightPx } = picture
  const column = Math.floor(x - 0.5)
  const row = Math.floor(y - 0.5)
  const right = x - 0.5 - column
  const below = y - 0.5 - row
  const left = clamp(column, widthPx)
  const next = clamp(column + 1, widthPx)
  const top = clamp(row, heightPx) * widthPx
  const bottom = clamp(row + 1, heightPx) * widthPx
  for (let channel = 0; channel < 3; channel++) {
    const above = mix(rgb, (top + left) * 3 + channel, (top + next) * 3 + channel, right)
    const under = mix(rgb, (bottom + left) * 3 + channel, (bottom + next) * 3 + channel, right)
    out[write + channel] = (out[write + channel] as number) + share * (above + below * (under - above))
  }
}

function mix(rgb: Uint8Array, from: number, to: number, share: number): number {
  const start = rgb[from] as number
  return start + share * ((rgb[to] as number) - start)
}

function clamp(index: number, count: number): number {
  return index < 0 ? 0 : index >= count ? count - 1 : index
}
