/**
 * When each value of a series holds: entry i from startSecs[i] to endSecs[i], half-open, ascending, not overlapping. Time
 * between two entries is a gap. Frames of variable length are entries of different length.
 */
export interface SeriesClock {
  readonly count: number
  readonly startSecs: Float64Array
  readonly endSecs: Float64Array
}

/** Entries with values: value c of entry i is values[row[i] * channels + c]; a NaN among an entry's values makes it absent. */
export interface TimedValues extends SeriesClock {
  readonly channels: number
  /** Shape [rows, channels]. */
  readonly values: Float32Array
  /** Shape [count]: the row of the table behind each entry. */
  readonly row: Int32Array
}

/** Entries that are each in one of a few states. */
export interface TimedStates extends SeriesClock {
  /** Shape [count]: index into the list of states. */
  readonly state: Uint8Array
  readonly stateCount: number
}

/** Columns of pixels: column k lies from fromSecs + k stepSecs to fromSecs + (k + 1) stepSecs. */
export interface ColumnGrid {
  readonly fromSecs: number
  readonly stepSecs: number
  readonly count: number
}

/** The last entry that starts at or before an instant, -1: none. */
export function entryBefore(clock: SeriesClock, secs: number): number {
  return entryBeforeFrom(clock, secs, -1)
}

/** The same, looking on from an entry known to start at or before the instant: quick where columns follow each other. */
export function entryBeforeFrom({ startSecs, count }: SeriesClock, secs: number, known: number): number {
  let low = known
  let step = 1
  while (low + step < count && startSecs[low + step]! <= secs) {
    low += step
    step *= 2
  }
  let high = Math.min(count, low + step)
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (startSecs[middle]! <= secs) low = middle
    else high = middle
  }
  return low
}

/** The entry that holds at an instant, -1: a gap. */
export function entryAt(clock: SeriesClock, secs: number): number {
  const entry = entryBefore(clock, secs)
  return entry >= 0 && secs < clock.endSecs[entry]! ? entry : -1
}
