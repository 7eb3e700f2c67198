/** The newest rows of a stream of numbers, in memory that does not grow. */
export class RollingRows {
  private readonly values: Float32Array
  private next = 0
  private held = 0

  /**
   * @param width numbers in a row
   * @param capacity rows that are kept
   */
  constructor(
    readonly width: number,
    readonly capacity: number,
  ) {
    this.values = new Float32Array(width * capacity)
  }

  /** Rows held now, at most `capacity`. */
  get rowCount(): number {
    return this.held
  }

  push(row: ArrayLike<number>): void {
    const at = this.next * this.width
    for (let column = 0; column < this.width; column++) this.values[at + column] = row[column] ?? Number.NaN
    this.next = (this.next + 1) % this.capacity
    if (this.held < this.capacity) this.held++
  }

  /** A copy of the newest rows, the oldest first; row-major, shape [min(rows, rowCount), width]. */
  newest(rows = this.held): Float32Array {
    const count = Math.min(rows, this.held)
    const out = new Float32Array(count * this.width)
    const first = (this.next - count + this.capacity) % this.capacity
    const untilEnd = Math.min(count, this.capacity - first)
    out.set(this.values.subarray(first * this.width, (first + untilEnd) * this.width))
    out.set(this.values.subarray(0, (count - untilEnd) * this.width), untilEnd * this.width)
    return out
  }

  clear(): void {
    this.next = 0
    this.held = 0
  }
}
