import { type Picture, type Rectangle, Resampler } from '../../face/resample'

/** Rec. 601 luma, as the crops at run time have it. */
const LUMA = [0.299, 0.587, 0.114] as const

/** The largest square in the middle of a picture. */
export function centreSquare({ widthPx, heightPx }: Picture): Rectangle {
  const side = Math.min(widthPx, heightPx)
  return { left: (widthPx - side) / 2, top: (heightPx - side) / 2, width: side, height: side }
}

/** Makes grey squares of one size out of pictures; work space is kept between calls. */
export class GreySquares {
  private readonly resampler = new Resampler()
  private readonly colour: Float32Array

  constructor(readonly sidePx: number) {
    this.colour = new Float32Array(sidePx * sidePx * 3)
  }

  /**
   * Area average where the picture shrinks, bilinear where it grows (`Resampler`); a picture of the right size keeps every
   * value.
   * @param square what is shown, in pixels of the picture; the square in its middle unless said
   * @param out shape [sidePx, sidePx], written: grey 0..255, rounded
   */
  make(picture: Picture, out: Uint8Array, square: Rectangle = centreSquare(picture)): void {
    this.resampler.resize(picture, square, this.sidePx, this.sidePx, this.colour)
    const [red, green, blue] = LUMA
    for (let i = 0, read = 0; i < this.sidePx * this.sidePx; i++, read += 3) {
      const grey = red * this.colour[read]! + green * this.colour[read + 1]! + blue * this.colour[read + 2]!
      out[i] = Math.round(grey)
    }
  }
}
