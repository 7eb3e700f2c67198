/** What a column may be kept in. */
export type ColumnArray = Float64Array | Float32Array | Int32Array | Uint8Array | Int8Array

type Constructor<A extends ColumnArray> = new (length: number) => A

/** A column of a table while its rows arrive: `stride` numbers a row, `absent` where a cell is empty. */
export class ColumnBuffer<A extends ColumnArray = ColumnArray> {
  readonly stride: number
  readonly absent: number
  values: A
  readonly #make: Constructor<A>

  constructor(make: Constructor<A>, { stride = 1, absent = 0 }: { stride?: number; absent?: number } = {}) {
    this.#make = make
    this.stride = stride
    this.absent = absent
    this.values = new make(0)
  }

  /** Makes room for that many rows in all; the new ones are absent. */
  reserve(rows: number): void {
    const length = rows * this.stride
    if (length <= this.values.length) return
    const larger = new this.#make(length)
    larger.set(this.values)
    if (this.absent !== 0) larger.fill(this.absent, this.values.length)
    this.values = larger
  }

  /**
   * The column of so many rows, in memory of its own: what crosses to another process takes its whole buffer along.
   */
  finish(rows: number): A {
    this.reserve(rows)
    const length = rows * this.stride
    return this.values.length === length ? this.values : (this.values.slice(0, length) as A)
  }
}

/** How the cells of a column become numbers. An empty cell leaves what the buffer has for "absent". */
export type CellKind =
  | { readonly type: 'number' }
  /** One of these texts, stored as its place in the list. */
  | { readonly type: 'category'; readonly names: readonly string[] }

/** One wanted column of a table. */
export interface ColumnSpec {
  readonly name: string
  readonly kind: CellKind
  readonly buffer: ColumnBuffer
  /** Place within the buffer's row. */
  readonly offset: number
  /** A table without it is none of ours. Otherwise a missing column is absent in every row. */
  readonly isRequired?: boolean
}
