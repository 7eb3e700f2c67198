import { frameAt } from '../time/frame-times'

/** Encoders of sound put at most about this much silence before the beginning, which counts as negative time. */
const PRIMING_MAX_SECS = 0.15
/** Timestamps are rounded to milliseconds by some containers. */
const SAME_SECS = 0.0015

/**
 * What to add to a player's clock so that the first picture it presents is the clip's first frame. Chromium starts its
 * clock at the first packet of sound, and an encoder's priming (1,024 samples of AAC, say) lies before zero: then the
 * pictures of nearly every phone or camera recording come some 20 ms late by that clock, which is more than half a frame.
 * @param firstSecs time of the first picture by the clock as it is
 * @returns seconds, 0 where the clock is right already, or where the player has left whole frames out
 */
export function clockCorrectionSecs(timesSecs: Float64Array, firstSecs: number): number {
  const lateSecs = firstSecs - (timesSecs[0] ?? Number.NaN)
  if (!(lateSecs > SAME_SECS && lateSecs < PRIMING_MAX_SECS)) return 0
  const frame = frameAt(timesSecs, firstSecs + SAME_SECS)
  const isOwnFrame = frame > 0 && Math.abs(timesSecs[frame]! - firstSecs) <= SAME_SECS
  return isOwnFrame ? 0 : -lateSecs
}
