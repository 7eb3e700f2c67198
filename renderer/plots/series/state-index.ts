import { type ColumnGrid, entryBeforeFrom, type TimedStates } from './clock'

/** Running seconds in each state, for the time spent in each over any stretch. */
export interface StateIndex {
  readonly series: TimedStates
  /** Shape [count + 1, stateCount]: seconds before entry i. */
  readonly secsBefore: Float64Array
}

export interface StateColumns {
  count: number
  /** Shape [count, stateCount]: share of the column's time, 0..1; together below 1 where the series has a gap. */
  shares: Float32Array
}

export function buildStateIndex(series: TimedStates): StateIndex {
  const { count, stateCount, state, startSecs, endSecs } = series
  const secsBefore = new Float64Array((count + 1) * stateCount)
  for (let entry = 0; entry < count; entry++) {
    const at = entry * stateCount
    for (let code = 0; code < stateCount; code++) secsBefore[at + stateCount + code] = secsBefore[at + code]!
    secsBefore[at + stateCount + state[entry]!]! += endSecs[entry]! - startSecs[entry]!
  }
  return { series, secsBefore }
}

export function emptyStateColumns(): StateColumns {
  return { count: 0, shares: new Float32Array(0) }
}

/** Share of each column's time spent in each state, written into `out`. */
export function stateColumns(index: StateIndex, grid: ColumnGrid, out: StateColumns): StateColumns {
  const { series, secsBefore } = index
  const { stateCount, state, startSecs, endSecs } = series
  if (out.shares.length < grid.count * stateCount) out.shares = new Float32Array(grid.count * stateCount)
  out.count = grid.count
  const before = new Float64Array(stateCount)
  const after = new Float64Array(stateCount)
  let entry = -1
  const integrate = (secs: number, into: Float64Array): void => {
    entry = entryBeforeFrom(series, secs, entry)
    if (entry < 0) return void into.fill(0)
    for (let code = 0; code < stateCount; code++) into[code] = secsBefore[entry * stateCount + code]!
    into[state[entry]!]! += Math.min(secs, endSecs[entry]!) - startSecs[entry]!
  }
  integrate(grid.fromSecs, before)
  for (let column = 0; column < grid.count; column++) {
    integrate(grid.fromSecs + (column + 1) * grid.stepSecs, after)
    for (let code = 0; code < stateCount; code++) {
      const secs = after[code]! - before[code]!
      out.shares[column * stateCount + code] =
        secs > grid.stepSecs * 1e-6 ? Math.min(1, secs / grid.stepSecs) : 0
    }
    before.set(after)
  }
  return out
}
