import { EMOTION_COUNT } from '../emotions'
import type { TimelineRows } from './types'

/** Value of a flag that is not defined: speechActive without audio, disagree without both readings. */
export const UNKNOWN_FLAG = 255

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }
type Columns = Mutable<Omit<TimelineRows, 'count'>>

/** The columns of a timeline while it grows. Cells start as absent: NaN, -1 or 0 for flags. */
export class RowStore {
  readonly columns: Columns
  #count = 0
  #capacity: number

  constructor(expectedRows: number) {
    this.#capacity = Math.max(16, Math.ceil(expectedRows))
    this.columns = createColumns(this.#capacity)
  }

  get count(): number {
    return this.#count
  }

  /** @returns index of the new row */
  push(): number {
    if (this.#count === this.#capacity) this.#resize(Math.ceil(this.#capacity * 1.5))
    return this.#count++
  }

  /** The finished table; the store must not be used after it. */
  finish(): TimelineRows {
    // A copy only where much was reserved in vain: it costs the same memory again for a moment.
    if (this.#capacity > 1.25 * this.#count) this.#resize(this.#count)
    const rows = this.columns as Record<string, TypedArray>
    const views: Record<string, TypedArray | number> = { count: this.#count }
    for (const [name, column] of Object.entries(rows))
      views[name] = column.subarray(0, this.#count * (column.length / this.#capacity || 0))
    return views as unknown as TimelineRows
  }

  #resize(capacity: number): void {
    const columns = this.columns as Record<string, TypedArray>
    const larger = createColumns(capacity) as Record<string, TypedArray>
    for (const [name, column] of Object.entries(larger)) {
      const old = columns[name]
      if (!old) continue
      column.set(old.subarray(0, column.length))
      columns[name] = column
    }
    this.#capacity = capacity
  }
}

type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array | Int8Array

function createColumns(capacity: number): Columns {
  const probs = () => new Float32Array(capacity * EMOTION_COUNT).fill(Number.NaN)
  const numbers = () => new Float32Array(capacity).fill(Number.NaN)
  const integers = () => new Int32Array(capacity).fill(-1)
  return {
    frame: integers(),
    timeSecs: new Float64Array(capacity),
    durSecs: new Float64Array(capacity),
    faceCount: integers(),
    faceId: integers(),
    faceScore: numbers(),
    faceBox: new Float32Array(capacity * 4).fill(Number.NaN),
    quality: new Uint8Array(capacity),
    faceProbs: probs(),
    speechWindow: integers(),
    speechActive: new Uint8Array(capacity).fill(UNKNOWN_FLAG),
    speechProbs: probs(),
    fusionProbs: probs(),
    faceGate: numbers(),
    speechGate: numbers(),
    faceProbsSmoothed: probs(),
    fusionProbsSmoothed: probs(),
    displayedLabel: new Int8Array(capacity).fill(-1),
    disagree: new Uint8Array(capacity).fill(UNKNOWN_FLAG),
  }
}
