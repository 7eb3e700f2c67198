const ROWS = 8
const COLUMNS = 9
const HASH_BYTES = 8

/**
 * Difference hash: the picture shrunk to 9 x 8 by area, and for each neighbour along a row whether it is brighter. It does
 * not change with brightness and contrast, and little with size and compression.
 */
export class PictureHash {
  private constructor(private readonly bytes: Uint8Array) {}

  /** @param pixels grey, shape [sidePx, sidePx] */
  static of(pixels: Uint8Array, sidePx: number): PictureHash {
    const means = shrink(pixels, sidePx)
    const bytes = new Uint8Array(HASH_BYTES)
    for (let row = 0; row < ROWS; row++)
      for (let column = 0; column + 1 < COLUMNS; column++)
        if (means[row * COLUMNS + column]! < means[row * COLUMNS + column + 1]!)
          bytes[row] = bytes[row]! | (1 << column)
    return new PictureHash(bytes)
  }

  /** A number for each byte and its place: hashes that agree in a byte share one. */
  *bands(): Generator<number> {
    for (let place = 0; place < HASH_BYTES; place++) yield place * 256 + this.bytes[place]!
  }

  /** Bits in which two hashes differ, 0..64. */
  distance(other: PictureHash): number {
    let bits = 0
    for (let place = 0; place < HASH_BYTES; place++) bits += BITS[this.bytes[place]! ^ other.bytes[place]!]!
    return bits
  }
}

const BITS = Uint8Array.from({ length: 256 }, (_, value) => {
  let bits = 0
  for (let rest = value; rest > 0; rest >>= 1) bits += rest & 1
  return bits
})

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

/** Area sums of a 9 x 8 grid; each pixel counts by its overlap with the cells. */
function shrink(pixels: Uint8Array, sidePx: number): Float64Array {
  const across = new Float64Array(sidePx * COLUMNS)
  for (let row = 0; row < sidePx; row++)
    shrinkLine(
      (i) => pixels[row * sidePx + i]!,
      sidePx,
      COLUMNS,
      (cell, value) => {
        across[row * COLUMNS + cell] = value
      },
    )
  const means = new Float64Array(ROWS * COLUMNS)
  for (let column = 0; column < COLUMNS; column++)
    shrinkLine(
      (i) => across[i * COLUMNS + column]!,
      sidePx,
      ROWS,
      (cell, value) => {
        means[cell * COLUMNS + column] = value
      },
    )
  return means
}

function shrinkLine(
  read: (index: number) => number,
  length: number,
  cells: number,
  write: (cell: number, value: number) => void,
): void {
  const step = length / cells
  for (let cell = 0; cell < cells; cell++) {
    let sum = 0
    for (let i = Math.floor(cell * step); i < Math.min(length, Math.ceil((cell + 1) * step)); i++)
      sum += read(i) * (Math.min(i + 1, (cell + 1) * step) - Math.max(i, cell * step))
    // Neighbours that are equal must stay equal whatever the rounding of the overlaps.
    write(cell, Math.round(sum * 1e6) / 1e6)
  }
}
