export interface TimedEvent {
  readonly startSecs: number
  readonly label: string
}

/** Places in the two lists; -1: no counterpart. */
export interface PairedPlaces {
  readonly first: number
  readonly second: number
}

/** Decimals of files: a difference of just the tolerance is within. */
const ROUNDING_SECS = 1e-9

/**
 * Pairs the events of two raters one to one, in their order in time, where onsets differ by no more than the tolerance. Of
 * all such alignments it finds the one with most pairs of the same label, among these the one with most pairs, among these
 * the one with the least sum of onset differences: optimal, not greedy. By dynamic programming over the events within reach
 * of each other (Needleman & Wunsch 1970, as used for event sequences in Bakeman, R., Quera, V., & Gnisci, A. (2009).
 * Observer agreement for timed-event sequential data. Behavior Research Methods, 41, 137-147).
 * @param first both by startSecs
 * @returns every event once, by time
 */
export function pairEvents(
  first: readonly TimedEvent[],
  second: readonly TimedEvent[],
  toleranceSecs: number,
): PairedPlaces[] {
  const rows: Row[] = [new Row(0, 0)]
  let from = 0
  let to = 0
  for (const [index, event] of first.entries()) {
    while ((second[from]?.startSecs ?? Infinity) < event.startSecs - toleranceSecs - ROUNDING_SECS) from++
    if (to < from) to = from
    while ((second[to]?.startSecs ?? Infinity) <= event.startSecs + toleranceSecs + ROUNDING_SECS) to++
    rows.push(fillRow(new Row(from, to), rows[index]!, event, second))
  }
  return trace(rows, first, second)
}

const FROM_ABOVE = 0
const FROM_LEFT = 1
const PAIR = 2

/** Best alignments of the first i events of one rater with the first j of the other, for j from `from` to `to`. */
class Row {
  readonly from: number
  readonly to: number
  readonly same: Int32Array
  readonly pairs: Int32Array
  readonly secs: Float64Array
  readonly step: Uint8Array

  constructor(from: number, to: number) {
    this.from = from
    this.to = to
    const count = to - from + 1
    this.same = new Int32Array(count)
    this.pairs = new Int32Array(count)
    this.secs = new Float64Array(count)
    this.step = new Uint8Array(count)
  }

  /** Events beyond reach change nothing. */
  place(j: number): number {
    return Math.max(0, Math.min(j, this.to) - this.from)
  }

  isBetter(place: number, same: number, pairs: number, secs: number): boolean {
    if (same !== this.same[place]) return same > (this.same[place] ?? 0)
    if (pairs !== this.pairs[place]) return pairs > (this.pairs[place] ?? 0)
    return secs < (this.secs[place] ?? 0) - ROUNDING_SECS
  }

  set(place: number, same: number, pairs: number, secs: number, step: number): void {
    this.same[place] = same
    this.pairs[place] = pairs
    this.secs[place] = secs
    this.step[place] = step
  }
}

function fillRow(row: Row, above: Row, event: TimedEvent, second: readonly TimedEvent[]): Row {
  for (let j = row.from; j <= row.to; j++) {
    const place = j - row.from
    const up = above.place(j)
    row.set(place, above.same[up] ?? 0, above.pairs[up] ?? 0, above.secs[up] ?? 0, FROM_ABOVE)
    if (j === row.from) continue
    const other = second[j - 1]!
    const diagonal = above.place(j - 1)
    const same = (above.same[diagonal] ?? 0) + (other.label === event.label ? 1 : 0)
    const pairs = (above.pairs[diagonal] ?? 0) + 1
    const secs = (above.secs[diagonal] ?? 0) + Math.abs(other.startSecs - event.startSecs)
    if (row.isBetter(place, same, pairs, secs)) row.set(place, same, pairs, secs, PAIR)
    const left = place - 1
    const [leftSame, leftPairs, leftSecs] = [row.same[left] ?? 0, row.pairs[left] ?? 0, row.secs[left] ?? 0]
    if (row.isBetter(place, leftSame, leftPairs, leftSecs))
      row.set(place, leftSame, leftPairs, leftSecs, FROM_LEFT)
  }
  return row
}

function trace(
  rows: readonly Row[],
  first: readonly TimedEvent[],
  second: readonly TimedEvent[],
): PairedPlaces[] {
  const found: PairedPlaces[] = []
  const isPaired = new Uint8Array(second.length)
  let j = second.length
  for (let i = first.length; i > 0;) {
    const row = rows[i]!
    if (j > row.to) j = row.to
    const step = j < row.from ? FROM_ABOVE : row.step[j - row.from]
    if (step === FROM_LEFT) {
      j--
      continue
    }
    i--
    if (step === PAIR) {
      j--
      isPaired[j] = 1
      found.push({ first: i, second: j })
    } else found.push({ first: i, second: -1 })
  }
  for (let index = 0; index < second.length; index++)
    if (isPaired[index] === 0) found.push({ first: -1, second: index })
  const at = ({ first: a, second: b }: PairedPlaces): number =>
    first[a]?.startSecs ?? second[b]?.startSecs ?? 0
  return found.sort((a, b) => at(a) - at(b) || a.first - b.first || a.second - b.second)
}
