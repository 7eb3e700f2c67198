import type { SegmentItem } from '../../../../../preload/contract/annotation'
import type { PlotSegment } from '../../../../plots/types'

const NOTHING: ReadonlyMap<string, readonly SegmentItem[]> = new Map()

/** Tables round to microseconds. */
const TIMES_PER_SEC = 1e5

const placeOf = (label: string, startSecs: number, endSecs: number): string =>
  `${label} ${Math.round(startSecs * TIMES_PER_SEC)} ${Math.round(endSecs * TIMES_PER_SEC)}`

/**
 * What an observer made of the model's segments, by the segments' ids. Items whose proposal has no known id are matched by
 * its label and times: results made anew may number their segments anew.
 */
export function correctionsOf(
  own: readonly SegmentItem[],
  proposals: readonly PlotSegment[],
): ReadonlyMap<string, readonly SegmentItem[]> {
  const corrected = own.filter(({ orig }) => orig !== null)
  if (corrected.length === 0) return NOTHING
  const byId = new Map(proposals.map((segment) => [segment.id, segment]))
  const byPlace = new Map(
    proposals.map(({ id, label, startSecs, endSecs }) => [placeOf(label, startSecs, endSecs), id]),
  )
  const found = new Map<string, SegmentItem[]>()
  for (const item of corrected) {
    const orig = item.orig!
    const place = placeOf(orig.label, orig.startSecs, orig.endSecs)
    const named = byId.get(orig.segmentId)
    const isSame = named && placeOf(named.label, named.startSecs, named.endSecs) === place
    const id = isSame ? named.id : byPlace.get(place)
    if (id === undefined) continue
    const items = found.get(id)
    if (items) items.push(item)
    else found.set(id, [item])
  }
  return found
}
