import type { ForeignTrack } from '../../preload/contract/foreign-tracks'
import type { SeriesClock, TimedValues } from './series/clock'

/** A row of a table holds until the next one, but no longer than this many of its usual steps: then rows are missing. */
const HELD_STEPS = 1.8
/** Of a table with a single row. */
const LONE_ROW_SECS = 0.04

/** When each row of a table holds. */
export function importedClock({ timesSecs }: Pick<ForeignTrack, 'timesSecs'>): SeriesClock {
  const count = timesSecs.length
  const heldSecs = HELD_STEPS * usualStep(timesSecs)
  const endSecs = new Float64Array(count)
  for (let row = 0; row < count; row++) {
    const next = row + 1 < count ? timesSecs[row + 1]! : Number.POSITIVE_INFINITY
    endSecs[row] = Math.min(next, timesSecs[row]! + heldSecs)
  }
  return { count, startSecs: timesSecs, endSecs }
}

/** One column, scaled to its axis. Values beyond the axis stay beyond it. */
export function importedColumn(
  track: Pick<ForeignTrack, 'values' | 'columns'>,
  clock: SeriesClock,
  { column, low, high }: { readonly column: number; readonly low: number; readonly high: number },
): TimedValues {
  const width = track.columns.length
  const values = new Float32Array(clock.count)
  const row = new Int32Array(clock.count)
  for (let at = 0; at < clock.count; at++) {
    values[at] = (track.values[at * width + column]! - low) / (high - low)
    row[at] = at
  }
  return { ...clock, channels: 1, values, row }
}

/** The median distance of rows: gaps do not lengthen it. */
function usualStep(timesSecs: Float64Array): number {
  if (timesSecs.length < 2) return LONE_ROW_SECS / HELD_STEPS
  const steps = new Float64Array(timesSecs.length - 1)
  for (let row = 0; row < steps.length; row++) steps[row] = timesSecs[row + 1]! - timesSecs[row]!
  return steps.sort()[steps.length >> 1]!
}
