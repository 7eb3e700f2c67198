import type { Trace } from './rating-trace'

/** A trace with the reaction time that is taken off it. */
export interface RatedTrace extends Trace {
  readonly reactionTimeSecs: number
}

/** Collects a rating while the clip plays: a value where it changes, nothing where it stays. */
export interface RatingRecorder {
  /** The value at a shown frame. @param secs its time; going back in time is not taken */
  add(secs: number, value: number): void
  /** As far as it goes; the end is where the last frame ends. */
  trace(endSecs: number): Trace
  /** The last of it, as much as a drawing needs. */
  tail(fromSecs: number, endSecs: number): Trace
  readonly isEmpty: boolean
}

export function createRecorder(): RatingRecorder {
  const timesSecs: number[] = []
  const values: number[] = []
  const from = (at: number, endSecs: number): Trace => ({
    timesSecs: timesSecs.slice(at),
    values: values.slice(at),
    endSecs: Math.max(endSecs, timesSecs.at(-1) ?? endSecs),
  })
  return {
    add(secs, value) {
      const last = timesSecs.at(-1)
      if (last !== undefined && secs < last) return
      if (last === secs) values[values.length - 1] = value
      else if (values.at(-1) !== value) {
        timesSecs.push(secs)
        values.push(value)
      }
    },
    trace: (endSecs) => from(0, endSecs),
    tail: (fromSecs, endSecs) =>
      from(
        Math.max(
          0,
          timesSecs.findLastIndex((secs) => secs <= fromSecs),
        ),
        endSecs,
      ),
    get isEmpty() {
      return timesSecs.length === 0
    },
  }
}

/** The part of a rating within a stretch; null: it has none there. */
export function partOf<T extends Trace>(trace: T, fromSecs: number, toSecs: number): T | null {
  const { timesSecs, values, endSecs } = trace
  const times: number[] = []
  const kept: number[] = []
  for (const [at, secs] of timesSecs.entries()) {
    const until = timesSecs[at + 1] ?? endSecs
    const start = Math.max(secs, fromSecs)
    if (start >= Math.min(until, toSecs)) continue
    times.push(start)
    kept.push(values[at]!)
  }
  return times.length === 0
    ? null
    : { ...trace, timesSecs: times, values: kept, endSecs: Math.min(endSecs, toSecs) }
}

/**
 * A rating when a stretch of it was rated anew: the new one holds there, the old one before and behind it. Stretches that nobody
 * rated stay without a value, so there may be several parts.
 * @param old of the same dimension and subject, without overlaps
 * @returns by start, without overlaps; parts that touch are one, unless their reaction times differ
 */
export function rateAnew(old: readonly RatedTrace[], fresh: RatedTrace): RatedTrace[] {
  const fromSecs = fresh.timesSecs[0] ?? fresh.endSecs
  const parts = [
    ...old.flatMap((trace) => partOf(trace, -Infinity, fromSecs) ?? []),
    fresh,
    ...old.flatMap((trace) => partOf(trace, fresh.endSecs, Infinity) ?? []),
  ].sort((a, b) => (a.timesSecs[0] ?? 0) - (b.timesSecs[0] ?? 0))
  const result: RatedTrace[] = []
  for (const part of parts) {
    const last = result.at(-1)
    const touches = last?.endSecs === part.timesSecs[0] && last?.reactionTimeSecs === part.reactionTimeSecs
    if (last && touches) result[result.length - 1] = joined(last, part)
    else result.push(part)
  }
  return result
}

function joined(first: RatedTrace, second: RatedTrace): RatedTrace {
  // A value that goes on over the seam changes nothing there.
  const skipped = first.values.at(-1) === second.values[0] ? 1 : 0
  return {
    ...first,
    timesSecs: [...first.timesSecs, ...second.timesSecs.slice(skipped)],
    values: [...first.values, ...second.values.slice(skipped)],
    endSecs: second.endSecs,
  }
}

/** The value that a rating has at an instant; null: it says nothing there. */
export function valueAt({ timesSecs, values, endSecs }: Trace, secs: number): number | null {
  if (secs >= endSecs) return null
  const at = timesSecs.findLastIndex((time) => time <= secs)
  return values[at] ?? null
}
