/** How a bar came to be: made by hand, or a proposal that somebody agreed with, changed, or turned down. */
export type BarState = 'plain' | 'confirmed' | 'edited' | 'rejected'

/** A bout of a state, or a point in time (then endSecs equals startSecs), as it is drawn. */
export interface LaneBar {
  /** Of the annotation item, or of the model's segment. */
  readonly id: string
  readonly startSecs: number
  readonly endSecs: number
  readonly text: string
  /** Name of the code, as tables have it; '' where the bar is of no code. */
  readonly label: string
  /** "#rrggbb". */
  readonly colour: string
  readonly state: BarState
  /** The label that stood here before; null: none, or the same. */
  readonly struckText: string | null
  /** Its coder, or the model, was not sure. */
  readonly isUnsure: boolean
  readonly hasComment: boolean
  /** What stands behind the label in small, such as where a final label comes from; '' for nothing. */
  readonly suffix: string
  /** Drawn on a line: a person's word among the model's. */
  readonly isUnderlined: boolean
}

/** Bars by start, with their times in columns of their own: looking through thousands must not touch thousands of objects. */
export interface LaneIndex {
  readonly bars: readonly LaneBar[]
  readonly startSecs: Float64Array
  readonly endSecs: Float64Array
  /** The furthest end of a bar and all before it, so that damaged data with overlaps is found too. */
  readonly reachSecs: Float64Array
}

export const NO_BARS: LaneIndex = laneIndex([])

/** @param bars by start */
export function laneIndex(bars: readonly LaneBar[]): LaneIndex {
  const startSecs = new Float64Array(bars.length)
  const endSecs = new Float64Array(bars.length)
  const reachSecs = new Float64Array(bars.length)
  let reach = Number.NEGATIVE_INFINITY
  bars.forEach((bar, at) => {
    startSecs[at] = bar.startSecs
    endSecs[at] = bar.endSecs
    reach = Math.max(reach, bar.endSecs)
    reachSecs[at] = reach
  })
  return { bars, startSecs, endSecs, reachSecs }
}

/**
 * The index of a list that is like the one before but for some bars in the middle: after an edit among thousands only those are made
 * anew.
 * @param from first bar that is another @param to end of what is replaced, in the old list @param between what stands there now
 */
export function splicedIndex(
  before: LaneIndex,
  from: number,
  to: number,
  between: readonly LaneBar[],
): LaneIndex {
  const middle = laneIndex(between)
  const count = before.bars.length - (to - from) + between.length
  const joined = (old: Float64Array, added: Float64Array): Float64Array => {
    const values = new Float64Array(count)
    values.set(old.subarray(0, from))
    values.set(added, from)
    values.set(old.subarray(to), from + added.length)
    return values
  }
  const endSecs = joined(before.endSecs, middle.endSecs)
  const reachSecs = joined(before.reachSecs, middle.reachSecs)
  for (let at = from; at < count; at++)
    reachSecs[at] = Math.max(at > 0 ? reachSecs[at - 1]! : Number.NEGATIVE_INFINITY, endSecs[at]!)
  return {
    bars: [...before.bars.slice(0, from), ...between, ...before.bars.slice(to)],
    startSecs: joined(before.startSecs, middle.startSecs),
    endSecs,
    reachSecs,
  }
}

/** The first bar that, or one before it, ends at an instant or later; their number where none does. */
export function firstReaching({ reachSecs }: LaneIndex, secs: number): number {
  return firstAtLeast(reachSecs, secs)
}

/** The bar that holds at an instant, or the point exactly there; -1: none. Of overlapping ones the later. */
export function barAt(index: LaneIndex, secs: number): number {
  let found = -1
  for (let at = firstReaching(index, secs); at < index.bars.length; at++) {
    const startSecs = index.startSecs[at]!
    if (startSecs > secs) break
    if (secs < index.endSecs[at]! || startSecs === secs) found = at
  }
  return found
}

/** First place in ascending values that is not below a value. */
export function firstAtLeast(ascending: Float64Array, value: number): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (ascending[middle]! >= value) high = middle
    else low = middle + 1
  }
  return low
}

/** The edge of a bar nearest to an instant and no further than `withinSecs` from it; null: none. */
export function nearestEdge(
  index: LaneIndex,
  secs: number,
  withinSecs: number,
  isLeftOut: (id: string) => boolean,
): number | null {
  let best: number | null = null
  let bestSecs = withinSecs
  const offer = (edgeSecs: number): void => {
    const apartSecs = Math.abs(edgeSecs - secs)
    if (apartSecs > bestSecs || (apartSecs === bestSecs && best !== null)) return
    best = edgeSecs
    bestSecs = apartSecs
  }
  for (let at = firstReaching(index, secs - withinSecs); at < index.bars.length; at++) {
    if (index.startSecs[at]! > secs + withinSecs) break
    if (isLeftOut(index.bars[at]!.id)) continue
    offer(index.startSecs[at]!)
    offer(index.endSecs[at]!)
  }
  return best
}
