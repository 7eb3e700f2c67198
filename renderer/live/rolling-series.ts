import type { TimedStates, TimedValues } from '../plots/series/clock'

/** An entry holds until the next one, but no longer than this: after it there is a gap. */
const HOLD_SECS = 0.6

/**
 * The newest entries of a stream of values as plots read them. Twice the room is kept: the entries always lie side by side, and
 * are moved to the front once in `capacity` entries.
 */
export class RollingValues {
  private readonly startSecs: Float64Array
  private readonly endSecs: Float64Array
  private readonly values: Float32Array
  private readonly rows: Int32Array
  private first = 0
  private end = 0

  constructor(
    private readonly channels: number,
    private readonly capacity: number,
    private readonly holdSecs = HOLD_SECS,
  ) {
    this.startSecs = new Float64Array(capacity * 2)
    this.endSecs = new Float64Array(capacity * 2)
    this.values = new Float32Array(capacity * 2 * channels)
    this.rows = Int32Array.from({ length: capacity * 2 }, (_, row) => row)
  }

  get count(): number {
    return this.end - this.first
  }

  /** @param values shape [channels]; null: absent at this moment. Entries that do not come after the last are left out. */
  push(timeSecs: number, values: ArrayLike<number> | null): void {
    const last = this.end - 1
    if (this.count > 0) {
      const lastSecs = this.startSecs[last] ?? 0
      if (!(timeSecs > lastSecs)) return
      this.endSecs[last] = Math.min(timeSecs, lastSecs + this.holdSecs)
    }
    if (this.end === this.capacity * 2) this.moveToFront()
    this.startSecs[this.end] = timeSecs
    this.endSecs[this.end] = timeSecs + this.holdSecs
    const at = this.end * this.channels
    for (let channel = 0; channel < this.channels; channel++)
      this.values[at + channel] = values?.[channel] ?? Number.NaN
    this.end++
    if (this.count > this.capacity) this.first++
  }

  /** Views of what is held; good until the next push. */
  series(): TimedValues {
    const { first, end, channels } = this
    return {
      count: end - first,
      startSecs: this.startSecs.subarray(first, end),
      endSecs: this.endSecs.subarray(first, end),
      channels,
      values: this.values.subarray(first * channels, end * channels),
      row: this.rows.subarray(0, end - first),
    }
  }

  clear(): void {
    this.first = 0
    this.end = 0
  }

  private moveToFront(): void {
    const { first, end, channels } = this
    this.startSecs.copyWithin(0, first, end)
    this.endSecs.copyWithin(0, first, end)
    this.values.copyWithin(0, first * channels, end * channels)
    this.end = end - first
    this.first = 0
  }
}

/** The same for entries that are each in one state. */
export class RollingStates {
  private readonly codes: RollingValues

  constructor(
    private readonly stateCount: number,
    capacity: number,
    holdSecs = HOLD_SECS,
  ) {
    this.codes = new RollingValues(1, capacity, holdSecs)
  }

  push(timeSecs: number, state: number): void {
    this.codes.push(timeSecs, [state])
  }

  series(): TimedStates {
    const { values, count, startSecs, endSecs } = this.codes.series()
    return { count, startSecs, endSecs, state: Uint8Array.from(values), stateCount: this.stateCount }
  }

  clear(): void {
    this.codes.clear()
  }
}
