import type { Interval } from '../speech/types'
import type { LabelStretch } from './types'

/** A stretch in which no rater's label changes. */
export interface Piece extends Interval {
  /** A rater each; null: no label. */
  readonly labels: readonly (string | null)[]
  /** Centres of time units within. */
  readonly unitCount: number
}

/** Edges in files have six decimals; what lies closer together is one instant. */
const SAME_SECS = 1e-9

/**
 * Cuts the observed time wherever a rater's label changes, which gives exact durations. Time units [i step, (i + 1) step)
 * are counted from the clip's zero; one belongs to the piece its centre (i + 1/2) step lies in, and one whose centre is not
 * observed does not count. So counting pieces is the same as looking at every unit, and takes no time of its own.
 * @param tracks each by start; of stretches that overlap in a track the earlier holds
 */
export function piecesOf(
  observed: readonly Interval[],
  tracks: readonly (readonly LabelStretch[])[],
  stepSecs: number,
): Piece[] {
  const pieces: Piece[] = []
  const cursors = tracks.map((stretches) => new LabelCursor(stretches))
  for (const { startSecs, endSecs } of observed) {
    let atSecs = startSecs
    while (endSecs - atSecs > SAME_SECS) {
      let untilSecs = endSecs
      const labels: (string | null)[] = []
      for (const cursor of cursors) {
        const held = cursor.at(atSecs)
        labels.push(held.label)
        if (held.untilSecs < untilSecs) untilSecs = held.untilSecs
      }
      pieces.push({
        startSecs: atSecs,
        endSecs: untilSecs,
        labels,
        unitCount: centresBefore(untilSecs, stepSecs) - centresBefore(atSecs, stepSecs),
      })
      atSecs = untilSecs
    }
  }
  return pieces
}

/** Number of centres (i + 1/2) step, i >= 0 or below, up to an instant; differences of it count those in between. */
function centresBefore(secs: number, stepSecs: number): number {
  return Math.ceil(secs / stepSecs - 0.5 - SAME_SECS)
}

/** Walks once through a track, forward. */
class LabelCursor {
  readonly #stretches: readonly LabelStretch[]
  #index = 0

  constructor(stretches: readonly LabelStretch[]) {
    this.#stretches = stretches.filter(({ startSecs, endSecs }) => endSecs - startSecs > SAME_SECS)
  }

  /** The label at an instant that is not before the one asked last, and how long it holds at least. */
  at(secs: number): { label: string | null; untilSecs: number } {
    for (;;) {
      const stretch = this.#stretches[this.#index]
      if (!stretch) return { label: null, untilSecs: Number.POSITIVE_INFINITY }
      if (stretch.endSecs - secs <= SAME_SECS) this.#index++
      else if (stretch.startSecs - secs > SAME_SECS) return { label: null, untilSecs: stretch.startSecs }
      else return { label: stretch.label, untilSecs: stretch.endSecs }
    }
  }
}
