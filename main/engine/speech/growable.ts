/** Rows of float32 that grow by half: a stream of unknown length without an array of arrays. */
export class GrowableRows {
  readonly columns: number
  private values: Float32Array
  private rows = 0

  constructor(columns: number, expectedRows = 1024) {
    this.columns = columns
    this.values = new Float32Array(columns * expectedRows)
  }

  get rowCount(): number {
    return this.rows
  }

  /** Copies the row to the end, making room for it. */
  push(row: ArrayLike<number>): void {
    const offset = this.rows * this.columns
    if (offset + this.columns > this.values.length) {
      const larger = new Float32Array(Math.ceil(1.5 * this.rows + 1) * this.columns)
      larger.set(this.values)
      this.values = larger
    }
    this.values.set(row, offset)
    this.rows++
  }

  /** Row-major, shape [rowCount, columns]; valid until the next push. */
  view(): Float32Array {
    return this.values.subarray(0, this.rows * this.columns)
  }
}
