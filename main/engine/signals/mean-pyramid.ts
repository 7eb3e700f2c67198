import { GrowingLevels } from './levels'

/** How the numbers of a column become bytes. */
export interface ColumnCodec {
  readonly bytesPerColumn: number
  encode(values: ArrayLike<number>, into: DataView): void
}

/**
 * A pyramid of means: a column of level n + 1 is the mean of the two below it. Means are taken of the numbers as they come,
 * not of what is left of them in bytes, so that errors of rounding do not add up.
 */
export class MeanPyramid {
  readonly levels: GrowingLevels
  readonly #codec: ColumnCodec
  readonly #rows: number
  /** Sums over the columns of level 0 in the open column of each level, and their number. */
  readonly #sums: Float64Array[] = []
  readonly #weights: number[] = []
  readonly #children: number[] = []
  readonly #mean: Float64Array

  constructor(rows: number, codec: ColumnCodec) {
    this.#rows = rows
    this.#codec = codec
    this.#mean = new Float64Array(rows)
    this.levels = new GrowingLevels(codec.bytesPerColumn)
  }

  /** @param values the next column of level 0; shape [rows] */
  push(values: ArrayLike<number>): void {
    this.#codec.encode(values, this.levels.push(0))
    this.#add(1, values, 1)
  }

  /** Closes the open columns at the end of the sound; they are means of what there is. */
  finish(): void {
    for (let level = 1; level < this.#sums.length; level++) {
      if (this.#children[level] === 0) continue
      // A single column below is the top of the pyramid.
      if (this.levels.columnCount(level - 1) <= 1) return
      this.#close(level)
    }
  }

  #add(level: number, sums: ArrayLike<number>, weight: number): void {
    const known = (this.#sums[level] ??= new Float64Array(this.#rows))
    for (let row = 0; row < this.#rows; row++) known[row]! += sums[row]!
    this.#weights[level] = (this.#weights[level] ?? 0) + weight
    this.#children[level] = (this.#children[level] ?? 0) + 1
    if (this.#children[level] === 2) this.#close(level)
  }

  #close(level: number): void {
    const sums = this.#sums[level]!
    const weight = this.#weights[level]!
    for (let row = 0; row < this.#rows; row++) this.#mean[row] = sums[row]! / weight
    this.#codec.encode(this.#mean, this.levels.push(level))
    this.#add(level + 1, sums, weight)
    sums.fill(0)
    this.#weights[level] = 0
    this.#children[level] = 0
  }
}
