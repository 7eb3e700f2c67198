import type { TimeRange } from '../../../../plots/time-scale'
import { frameAt, frameEndSecs } from '../../time/frame-times'

/** A loop shorter than this is a flicker, not something to look at. */
const LEAST_SECS = 1

/**
 * The stretch that shows an entry: with a lead-in, and some time around where it is too short. Its edges lie on decoded frames.
 * @param leadSecs how long before its start it begins
 */
export function loopAround(
  { startSecs, endSecs }: { readonly startSecs: number; readonly endSecs: number },
  leadSecs: number,
  { timesSecs, durationSecs }: { readonly timesSecs: Float64Array; readonly durationSecs: number },
): TimeRange {
  const missing = Math.max(0, LEAST_SECS - (endSecs - startSecs + leadSecs))
  const fromSecs = Math.max(0, startSecs - leadSecs - missing / 2)
  const toSecs = Math.min(durationSecs, Math.max(endSecs, fromSecs + LEAST_SECS))
  const first = frameAt(timesSecs, fromSecs + 1e-6)
  const last = frameAt(timesSecs, toSecs - 1e-6)
  return first < 0
    ? { fromSecs, toSecs }
    : { fromSecs: timesSecs[first] ?? fromSecs, toSecs: frameEndSecs(timesSecs, last, durationSecs) }
}
