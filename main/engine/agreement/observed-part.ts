import type { Interval } from '../speech/types'

/** What is seen of a bout. */
export interface ObservedPart {
  /** First instant of it that is observed. */
  readonly startSecs: number
  /** End of its last part that is observed. */
  readonly endSecs: number
  /** Observed time in it; less than the end minus the start where something is cut out of it. */
  readonly secs: number
}

/** Rounding in files is no part of a bout. */
const SHORTEST_SECS = 1e-9

/**
 * The one rule for bouts that excluded time or the edge of a bin cuts: a bout counts once wherever some of it is observed, it
 * begins where it is first seen there, and lasts as long as it is seen. A stretch cut out of its middle does not make two of
 * it. A point counts where its instant is observed.
 * @param observed by start, without overlaps
 * @returns null: nothing of it is observed
 */
export function observedPart(bout: Interval, observed: readonly Interval[]): ObservedPart | null {
  const isPoint = bout.endSecs <= bout.startSecs
  const seen: Interval[] = []
  for (let index = firstEndingAfter(observed, bout.startSecs); index < observed.length; index++) {
    const stretch = observed[index]!
    if (stretch.startSecs > bout.endSecs) break
    const startSecs = Math.max(bout.startSecs, stretch.startSecs)
    const endSecs = Math.min(bout.endSecs, stretch.endSecs)
    if (isPoint ? stretch.startSecs <= bout.startSecs : endSecs - startSecs > SHORTEST_SECS)
      seen.push({ startSecs, endSecs })
  }
  const [first] = seen
  const last = seen.at(-1)
  return first && last ? { startSecs: first.startSecs, endSecs: last.endSecs, secs: lengthSecs(seen) } : null
}

function firstEndingAfter(stretches: readonly Interval[], secs: number): number {
  let low = 0
  let high = stretches.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((stretches[middle]?.endSecs ?? 0) > secs) high = middle
    else low = middle + 1
  }
  return low
}

/** Time in both lists; each by start and without overlaps. */
export function intersect(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const result: Interval[] = []
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    const startSecs = Math.max(a[i]!.startSecs, b[j]!.startSecs)
    const endSecs = Math.min(a[i]!.endSecs, b[j]!.endSecs)
    if (endSecs - startSecs > SHORTEST_SECS) result.push({ startSecs, endSecs })
    if (a[i]!.endSecs < b[j]!.endSecs) i++
    else j++
  }
  return result
}

/** Time of a list that is not in the other. @param others in any order */
export function subtract(stretches: readonly Interval[], others: readonly Interval[]): Interval[] {
  const cuts = joinIntervals(others)
  return stretches.flatMap(({ startSecs, endSecs }) => {
    const parts: Interval[] = []
    let atSecs = startSecs
    for (const cut of cuts) {
      if (cut.endSecs <= atSecs) continue
      if (cut.startSecs >= endSecs) break
      if (cut.startSecs - atSecs > SHORTEST_SECS) parts.push({ startSecs: atSecs, endSecs: cut.startSecs })
      atSecs = cut.endSecs
    }
    if (endSecs - atSecs > SHORTEST_SECS) parts.push({ startSecs: atSecs, endSecs })
    return parts
  })
}

/** In order, those that meet or overlap as one; those without duration are dropped. */
export function joinIntervals(stretches: readonly Interval[], gapSecs = 1e-6): Interval[] {
  const joined: { startSecs: number; endSecs: number }[] = []
  for (const { startSecs, endSecs } of [...stretches].sort((a, b) => a.startSecs - b.startSecs)) {
    if (!(endSecs > startSecs)) continue
    const last = joined.at(-1)
    if (last && startSecs <= last.endSecs + gapSecs) last.endSecs = Math.max(last.endSecs, endSecs)
    else joined.push({ startSecs, endSecs })
  }
  return joined
}

export function lengthSecs(stretches: readonly Interval[]): number {
  return stretches.reduce((sum, { startSecs, endSecs }) => sum + endSecs - startSecs, 0)
}
