import type { Trace } from './rating-trace'
import { partOf, rateAnew, type RatedTrace } from './rating-recorder'

/** Length of the pieces that a rating is kept in while it is made: what is written again and again stays small. */
const PIECE_SECS = 15

export interface KnownRating extends RatedTrace {
  readonly id: string
}

export interface RatingWriter {
  /** What stands for the rating while it is made, by id: what was there before and behind it, and it in pieces. */
  onTheWay(fresh: Trace): ReadonlyMap<string, RatedTrace>
  /** What stands for it in the end: as few ratings as there are stretches without a gap. */
  inTheEnd(fresh: Trace): ReadonlyMap<string, RatedTrace>
  /** Every id that was given so far; those that a map does not have are to be removed. */
  ids(): ReadonlySet<string>
}

/**
 * Keeps a rating from its first seconds on, so that a crash costs no more than the last ones, without writing all of it each time.
 * @param old the observer's ratings of the same dimension and subject
 * @param newId makes an id that is not used yet
 */
export function ratingWriter(
  old: readonly KnownRating[],
  {
    startSecs,
    reactionTimeSecs,
    newId,
  }: {
    readonly startSecs: number
    readonly reactionTimeSecs: number
    readonly newId: () => string
  },
): RatingWriter {
  const before = new Map<string, RatedTrace>()
  const behind = new Map<string, RatedTrace>()
  const freshIds: string[] = []
  const used = new Set(old.map(({ id }) => id))
  const anotherId = (): string => {
    const id = newId()
    used.add(id)
    return id
  }
  for (const { id, ...trace } of old) {
    const left = partOf(trace, -Infinity, startSecs)
    if (left) before.set(id, left)
    const right = partOf(trace, startSecs, Infinity)
    for (const [at, piece] of (right ? piecesOf(right) : []).entries())
      behind.set(at === 0 && !left ? id : anotherId(), piece)
  }

  function onTheWay(fresh: Trace): ReadonlyMap<string, RatedTrace> {
    const wanted = new Map(before)
    for (const [at, piece] of piecesOf({ ...fresh, reactionTimeSecs }).entries())
      wanted.set((freshIds[at] ??= anotherId()), piece)
    for (const [id, piece] of behind) {
      const left = piece.endSecs > fresh.endSecs ? partOf(piece, fresh.endSecs, Infinity) : null
      if (left) wanted.set(id, left)
    }
    return wanted
  }

  function inTheEnd(fresh: Trace): ReadonlyMap<string, RatedTrace> {
    const ids = [...old.map(({ id }) => id), ...freshIds]
    const traces = old.map(({ id: _, ...trace }) => trace)
    return new Map(
      rateAnew(traces, { ...fresh, reactionTimeSecs }).map((trace, at) => [ids[at] ?? anotherId(), trace]),
    )
  }

  return { onTheWay, inTheEnd, ids: () => used }
}

function piecesOf(trace: RatedTrace): RatedTrace[] {
  const pieces: RatedTrace[] = []
  const startSecs = trace.timesSecs[0] ?? trace.endSecs
  for (let from = startSecs; from < trace.endSecs; from += PIECE_SECS) {
    const piece = partOf(trace, from, from + PIECE_SECS)
    if (piece) pieces.push(piece)
  }
  return pieces
}
