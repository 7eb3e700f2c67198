import type { RotationDegrees } from '../../main/engine/media/types'

/**
 * Pictures that carry a number: a grid of 4 x 4 blocks, the top left one red, the other corners black, and the twelve
 * between them white (1) or black (0), least significant bit first in reading order. Readable after lossy coding and
 * scaling; turned or mirrored pictures do not read.
 */
const GRID = 4
const BLOCKS_OF_BITS = [1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14]

/** Numbers that fit. */
export const PATTERN_NUMBERS = 1 << BLOCKS_OF_BITS.length

type Yuv = readonly [number, number, number]
const BLACK: Yuv = [16, 128, 128]
const WHITE: Yuv = [235, 128, 128]
const RED: Yuv = [81, 90, 240]

export interface PatternPicture {
  /** Of the picture as it is meant to be seen; even numbers. */
  readonly widthPx: number
  readonly heightPx: number
  /** Clockwise turn that a player will make: the stored picture is turned the other way. */
  readonly rotationDegrees: RotationDegrees
  readonly bitDepth: 8 | 10
}

/** Draws planar YUV 4:2:0, limited range; 10 bits as little-endian 16-bit values. */
export function drawPattern(number: number, picture: PatternPicture): Buffer {
  const { rotationDegrees, widthPx, heightPx, bitDepth } = picture
  const isTurned = rotationDegrees % 180 !== 0
  const codedWidth = isTurned ? heightPx : widthPx
  const codedHeight = isTurned ? widthPx : heightPx
  const planes = [
    { plane: 0, width: codedWidth, height: codedHeight },
    { plane: 1, width: codedWidth / 2, height: codedHeight / 2 },
    { plane: 2, width: codedWidth / 2, height: codedHeight / 2 },
  ]
  const sampleBytes = bitDepth === 8 ? 1 : 2
  const drawn = planes.map(({ plane, width, height }) => {
    // Every row of a band is the same.
    const bands = [0, 1, 2, 3].map((row) => {
      const bytes = Buffer.alloc(width * sampleBytes)
      for (let x = 0; x < width; x++) {
        const column = Math.floor(((x + 0.5) / width) * GRID)
        const value = colourOf(number, uprightBlock(column, row, rotationDegrees))[plane] ?? 0
        if (bitDepth === 8) bytes[x] = value
        else bytes.writeUInt16LE(value * 4, x * 2)
      }
      return bytes
    })
    return Buffer.concat(
      Array.from(
        { length: height },
        (_, y) => bands[Math.floor(((y + 0.5) / height) * GRID)] ?? Buffer.alloc(0),
      ),
    )
  })
  return Buffer.concat(drawn)
}

/** The number in an upright RGB picture (interleaved); null when the corners show that it is not upright. */
export function readPattern(rgb: Uint8Array, widthPx: number, heightPx: number): number | null {
  const blockAt = (block: number): readonly [number, number, number] => {
    const x = Math.floor((((block % GRID) + 0.5) / GRID) * widthPx)
    const y = Math.floor(((Math.floor(block / GRID) + 0.5) / GRID) * heightPx)
    const at = (y * widthPx + x) * 3
    return [rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0]
  }
  const [red, green, blue] = blockAt(0)
  if (red < 150 || green > 100 || blue > 100) return null
  for (const corner of [GRID - 1, GRID * (GRID - 1), GRID * GRID - 1]) {
    if (Math.max(...blockAt(corner)) > 100) return null
  }
  return BLOCKS_OF_BITS.reduce((number, block, bit) => number + (blockAt(block)[1] > 128 ? 1 << bit : 0), 0)
}

function colourOf(number: number, block: number): Yuv {
  if (block === 0) return RED
  const bit = BLOCKS_OF_BITS.indexOf(block)
  return bit >= 0 && (number >> bit) % 2 === 1 ? WHITE : BLACK
}

/** Which block of the upright picture stands at a place of the stored one, before the player's clockwise turn. */
function uprightBlock(column: number, row: number, rotation: RotationDegrees): number {
  const last = GRID - 1
  if (rotation === 90) return column * GRID + (last - row)
  if (rotation === 180) return (last - row) * GRID + (last - column)
  if (rotation === 270) return (last - column) * GRID + row
  return row * GRID + column
}
