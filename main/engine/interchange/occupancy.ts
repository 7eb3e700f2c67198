import type { CodeKind, SegmentItem } from '../../../preload/contract/annotation'

/** Times that went through a file come back within this. */
const SAME_SECS = 1.5e-6
/** Less than this is the rounding of a file, no overlap; edits are checked with a microsecond. */
const OVERLAP_SECS = 0.6e-6

type CodeOf = { readonly kind: CodeKind; readonly set: string }

/** Which stretches are taken: states of one set, observer and subject do not overlap; of points only the same one collides. */
export class Occupancy {
  readonly #lanes = new Map<string, Lane>()

  add(item: SegmentItem, code: CodeOf): void {
    const key = keyOf(item, code)
    const lane = this.#lanes.get(key) ?? new Lane()
    this.#lanes.set(key, lane)
    lane.add(item)
  }

  /** Segments that would share time with this one. */
  conflicts(item: SegmentItem, code: CodeOf): SegmentItem[] {
    const lane = this.#lanes.get(keyOf(item, code))
    if (!lane) return []
    return code.kind === 'point'
      ? lane.at(item.startSecs).filter(({ codeId }) => codeId === item.codeId)
      : lane.overlapping(item.startSecs, item.endSecs)
  }

  /** Whether just this stands there already: same code, times and what people said of it. */
  hasSame(item: SegmentItem, code: CodeOf): boolean {
    return (this.#lanes.get(keyOf(item, code))?.at(item.startSecs) ?? []).some(
      (other) =>
        other.codeId === item.codeId &&
        Math.abs(other.endSecs - item.endSecs) <= SAME_SECS &&
        other.status === item.status &&
        other.comment === item.comment &&
        Math.abs((other.confidence ?? -1) - (item.confidence ?? -1)) <= 1e-6 &&
        (other.orig === null) === (item.orig === null) &&
        other.orig?.label === item.orig?.label,
    )
  }
}

function keyOf({ observerId, subjectId }: SegmentItem, { kind, set }: CodeOf): string {
  return JSON.stringify([observerId, subjectId, kind, kind === 'point' ? '' : set])
}

/** Segments by start, sorted when they are first asked for. */
class Lane {
  readonly #items: SegmentItem[] = []
  #isSorted = true
  #longestSecs = 0

  add(item: SegmentItem): void {
    const last = this.#items.at(-1)
    if (last && last.startSecs > item.startSecs) this.#isSorted = false
    this.#items.push(item)
    this.#longestSecs = Math.max(this.#longestSecs, item.endSecs - item.startSecs)
  }

  at(secs: number): SegmentItem[] {
    const found: SegmentItem[] = []
    for (let index = this.#firstFrom(secs - SAME_SECS); index < this.#items.length; index++) {
      const item = this.#items[index]
      if (!item || item.startSecs > secs + SAME_SECS) break
      found.push(item)
    }
    return found
  }

  overlapping(startSecs: number, endSecs: number): SegmentItem[] {
    const found: SegmentItem[] = []
    for (
      let index = this.#firstFrom(startSecs - this.#longestSecs - SAME_SECS);
      index < this.#items.length;
      index++
    ) {
      const item = this.#items[index]
      if (!item || item.startSecs >= endSecs - OVERLAP_SECS) break
      if (item.endSecs > startSecs + OVERLAP_SECS) found.push(item)
    }
    return found
  }

  #firstFrom(secs: number): number {
    if (!this.#isSorted) this.#items.sort((a, b) => a.startSecs - b.startSecs)
    this.#isSorted = true
    let low = 0
    let high = this.#items.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#items[middle]?.startSecs ?? 0) < secs) low = middle + 1
      else high = middle
    }
    return low
  }
}
