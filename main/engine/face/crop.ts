import type { FaceCard } from '../inference/card'
import { type Picture, Resampler } from './resample'
import { resampleRotated } from './rotated-resample'
import type { Box } from './types'

export type FaceInput = FaceCard['input']

/** Rec. 601 luma, what grey conversion means in FFmpeg, OpenCV and PIL. */
const LUMA = [0.299, 0.587, 0.114] as const

/** Numbers in one crop as the network takes it. */
export function cropLength(input: FaceInput): number {
  return input.widthPx * input.heightPx * (input.colour === 'grey' ? 1 : 3)
}

/** The square of the picture that a card's crop shows for a box, in the box's pixels. */
export function cropSquare(
  box: Box,
  crop: FaceInput['crop'],
  angleRadians = 0,
): { centreX: number; centreY: number; side: number } {
  const side = Math.max(box.w, box.h) / crop.boxSide
  const right = (0.5 - crop.boxCentreX) * side
  const down = (0.5 - crop.boxCentreY) * side
  const cos = Math.cos(angleRadians)
  const sin = Math.sin(angleRadians)
  return {
    centreX: box.x + box.w / 2 + right * cos - down * sin,
    centreY: box.y + box.h / 2 + right * sin + down * cos,
    side,
  }
}

/** Cuts faces out of pictures into a network's input, as its card describes it, without allocating for each face. */
export class FaceCropper {
  private readonly resampler = new Resampler()
  private readonly colour: Float32Array

  constructor(readonly input: FaceInput) {
    this.colour = new Float32Array(input.colour === 'grey' ? input.widthPx * input.heightPx * 3 : 0)
  }

  /**
   * @param box where the card's reference box lies, in pixels of the picture
   * @param angleRadians tilt of the eyes, used when the card levels them
   * @param out written from `offset` on, shape [heightPx, widthPx, channels], normalised
   */
  cut(picture: Picture, box: Box, angleRadians: number, out: Float32Array, offset: number): void {
    const { widthPx, heightPx, crop, colour } = this.input
    const angle = crop.levelEyes ? angleRadians : 0
    const square = cropSquare(box, crop, angle)
    const target = colour === 'grey' ? this.colour : out
    const start = colour === 'grey' ? 0 : offset
    if (angle === 0) {
      const { centreX, centreY, side } = square
      const upright = { left: centreX - side / 2, top: centreY - side / 2, width: side, height: side }
      this.resampler.resize(picture, upright, widthPx, heightPx, target, start)
    } else resampleRotated(picture, square, angle, widthPx, heightPx, target, start)
    if (colour === 'grey') toGrey(this.colour, out, offset)
    this.normalise(out.subarray(offset, offset + cropLength(this.input)))
  }

  /** Writes the mirror image of the crop at `from` to `to`. */
  mirror(values: Float32Array, from: number, to: number): void {
    const { widthPx, heightPx, colour } = this.input
    const channels = colour === 'grey' ? 1 : 3
    const rowValues = widthPx * channels
    for (let row = 0; row < heightPx; row++) {
      const read = from + row * rowValues
      const write = to + row * rowValues
      for (let column = 0; column < widthPx; column++)
        for (let channel = 0; channel < channels; channel++)
          values[write + column * channels + channel] = values[
            read + (widthPx - 1 - column) * channels + channel
          ] as number
    }
  }

  private normalise(values: Float32Array): void {
    const { normalisation, colour } = this.input
    if (normalisation.kind === 'per-image') {
      normaliseImage(values, normalisation.sdFloor, normalisation.clip)
      return
    }
    const channels = colour === 'grey' ? 1 : 3
    const factor = 1 / normalisation.scale
    for (let channel = 0; channel < channels; channel++) {
      const mean = normalisation.mean[channel] ?? 0
      for (let i = channel; i < values.length; i += channels)
        values[i] = ((values[i] as number) - mean) * factor
    }
  }
}

function toGrey(rgb: Float32Array, out: Float32Array, offset: number): void {
  for (let i = 0, read = 0; read < rgb.length; i++, read += 3)
    out[offset + i] =
      LUMA[0] * (rgb[read] as number) +
      LUMA[1] * (rgb[read + 1] as number) +
      LUMA[2] * (rgb[read + 2] as number)
}

/** Subtracts the mean, divides by max(SD, sdFloor) and clips to +-clip, in place. */
export function normaliseImage(values: Float32Array, sdFloor: number, clip: number): void {
  let sum = 0
  let squares = 0
  for (const value of values) {
    sum += value
    squares += value * value
  }
  const mean = sum / values.length
  const sd = Math.sqrt(Math.max(0, squares / values.length - mean * mean))
  const factor = 1 / Math.max(sd, sdFloor)
  for (let i = 0; i < values.length; i++)
    values[i] = Math.max(-clip, Math.min(clip, ((values[i] as number) - mean) * factor))
}
