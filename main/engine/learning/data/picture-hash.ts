const ROWS = 8
const COLUMNS = 9

/**
 * Difference hash: the picture shrunk to 9 x 8 by area, and for each neighbour along a row whether it is brighter. It does
 * not change with brightness and contrast, and little with size and compression.
 */
export class PictureHash {
  private constructor(
    private readonly upper: number,
    private readonly lower: number,
  ) {}

  /** @param pixels grey, shape [sidePx, sidePx] */
  static of(pixels: Uint8Array, sidePx: number): PictureHash {
    const means = shrink(pixels, sidePx)
    const halves = [0, 0]
    for (let row = 0; row < ROWS; row++)
      for (let column = 0; column + 1 < COLUMNS; column++)
        if (means[row * COLUMNS + column]! < means[row * COLUMNS + column + 1]!)
          halves[row >> 2] = halves[row >> 2]! | (1 << (8 * (row & 3) + column))
    return new PictureHash(halves[0]!, halves[1]!)
  }

  /** A number for each of the 8 bytes and its place: hashes that agree in a byte share one. */
  bands(): number[] {
    const { upper, lower } = this
    return Array.from({ length: 8 }, (_, place) => {
      const half = place < 4 ? upper : lower
      return place * 256 + ((half >>> (8 * (place & 3))) & 255)
    })
  }

  /** Bits in which two hashes differ, 0..64. */
  distance(other: PictureHash): number {
    return bitCount(this.upper ^ other.upper) + bitCount(this.lower ^ other.lower)
  }
}

/** Bits set in 32 (Warren, Hacker's Delight, section 5-1). */
function bitCount(value: number): number {
  let bits = value - ((value >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Pearson's correlation of two pictures; 0 where one of them is blank. */
export function correlation(a: Uint8Array, b: Uint8Array): number {
  let sumA = 0
  let sumB = 0
  let squareA = 0
  let squareB = 0
  let product = 0
  for (let i = 0; i < a.length; i++) {
    const x = a[i]!
    const y = b[i]!
    sumA += x
    sumB += y
    squareA += x * x
    squareB += y * y
    product += x * y
  }
  const varianceA = squareA - (sumA * sumA) / a.length
  const varianceB = squareB - (sumB * sumB) / b.length
  if (varianceA <= 0 || varianceB <= 0) return 0
  return (product - (sumA * sumB) / a.length) / Math.sqrt(varianceA * varianceB)
}

/**
 * Sums over the cells of a 9 x 8 grid. Pixels and cells are counted in 9ths and 8ths of a pixel, in whole numbers, so that
 * equal cells are equal exactly.
 */
function shrink(pixels: Uint8Array, sidePx: number): Float64Array {
  const sums = new Float64Array(ROWS * COLUMNS)
  for (let y = 0; y < sidePx; y++)
    for (let row = Math.floor((y * ROWS) / sidePx); row * sidePx < (y + 1) * ROWS; row++) {
      const tall = Math.min((y + 1) * ROWS, (row + 1) * sidePx) - Math.max(y * ROWS, row * sidePx)
      for (let x = 0; x < sidePx; x++) {
        const value = pixels[y * sidePx + x]! * tall
        for (let column = Math.floor((x * COLUMNS) / sidePx); column * sidePx < (x + 1) * COLUMNS; column++) {
          const wide =
            Math.min((x + 1) * COLUMNS, (column + 1) * sidePx) - Math.max(x * COLUMNS, column * sidePx)
          const at = row * COLUMNS + column
          sums[at] = sums[at]! + value * wide
        }
      }
    }
  return sums
}
