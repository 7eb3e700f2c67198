import type {
  AnnotationChange,
  AnnotationItem,
  Code,
  SegmentItem,
  Study,
} from '../../preload/contract/annotation'
import { manualTierName } from '../../preload/contract/tier-rules'

/** The segments of one observer about one subject: the bouts of one set of states, or the points. */
export interface AnnotationTier {
  /** Stays as long as the tier does: "observer|subject|kind|set". */
  readonly key: string
  /** As in tables and exports. */
  readonly name: string
  readonly observerId: string
  /** '': the clip as a whole. */
  readonly subjectId: string
  /** Name of the set of states; '' for points. */
  readonly set: string
  readonly kind: Code['kind']
  /** Belongs to whoever codes now. */
  readonly isOwn: boolean
  /** By start; bouts do not overlap. Rejected proposals are among them. */
  readonly segments: readonly SegmentItem[]
}

export type CodeById = ReadonlyMap<string, Code>

/** A place where bouts exclude one another. */
export interface Lane {
  readonly observerId: string
  readonly subjectId: string
  readonly kind: Code['kind']
  readonly set: string
}

export const laneKey = ({ observerId, subjectId, kind, set }: Lane): string =>
  `${observerId}|${subjectId}|${kind}|${set}`

/** Where a segment lies. A code that the scheme does not know (an older scheme) makes a set of its own. */
export function laneOf(
  item: Pick<SegmentItem, 'observerId' | 'subjectId' | 'codeId'>,
  codes: CodeById,
): Lane {
  const code = codes.get(item.codeId)
  return {
    observerId: item.observerId,
    subjectId: item.subjectId,
    kind: code?.kind ?? 'state',
    set: code === undefined ? `?${item.codeId}` : code.kind === 'point' ? '' : code.set,
  }
}

export const byStart = (a: SegmentItem, b: SegmentItem): number =>
  a.startSecs - b.startSecs || a.endSecs - b.endSecs || (a.id < b.id ? -1 : 1)

/**
 * Sorts items into tiers: by observer and subject as the study lists them, then sets as the scheme lists them, points last.
 * @param previous what this answered before: tiers without changes are the same objects again, so that only changed ones are drawn anew
 */
export function buildTiers(
  items: Iterable<AnnotationItem>,
  study: Study,
  codes: CodeById,
  observerId: string | null,
  previous: readonly AnnotationTier[] = [],
): AnnotationTier[] {
  const known = new Map(previous.map((tier) => [tier.key, tier]))
  const tiers = [...groupSegments(items, codes)].map(([key, { lane, segments }]) => {
    segments.sort(byStart)
    const before = known.get(key)
    const name = tierName(lane, study)
    const isOwn = lane.observerId === observerId
    if (before?.name === name && before.isOwn === isOwn && isSameList(before.segments, segments))
      return before
    return { key, name, ...lane, isOwn, segments }
  })
  return sortTiers(tiers, study)
}

/**
 * The tiers after some changes: only those that are touched are made anew.
 * @param before the items before the changes @param tiers what they came to
 */
export function changeTiers(
  tiers: readonly AnnotationTier[],
  before: ReadonlyMap<string, AnnotationItem>,
  changes: readonly AnnotationChange[],
  study: Study,
  codes: CodeById,
  observerId: string | null,
): readonly AnnotationTier[] {
  const gone = new Set<string>()
  const added = new Map<string, { readonly lane: Lane; readonly segments: SegmentItem[] }>()
  const touched = (item: SegmentItem) => {
    const lane = laneOf(item, codes)
    const key = laneKey(lane)
    const known = added.get(key) ?? { lane, segments: [] }
    added.set(key, known)
    return known.segments
  }
  for (const change of changes) {
    const id = 'put' in change ? change.put.id : change.remove
    const old = before.get(id)
    if (old?.kind === 'segment') touched(old)
    gone.add(id)
    if ('put' in change && change.put.kind === 'segment') touched(change.put).push(change.put)
  }
  if (added.size === 0) return tiers
  const known = new Set(tiers.map(({ key }) => key))
  const changed = tiers.map((tier) => {
    const more = added.get(tier.key)
    if (!more) return tier
    const segments = [...tier.segments.filter(({ id }) => !gone.has(id)), ...more.segments].sort(byStart)
    return isSameList(tier.segments, segments) ? tier : { ...tier, segments }
  })
  const fresh = [...added]
    .filter(([key, { segments }]) => !known.has(key) && segments.length > 0)
    .map(([key, { lane, segments }]) => ({
      key,
      name: tierName(lane, study),
      ...lane,
      isOwn: lane.observerId === observerId,
      segments: segments.sort(byStart),
    }))
  const all = changed.filter(({ segments }) => segments.length > 0)
  return fresh.length === 0 ? all : sortTiers([...all, ...fresh], study)
}

function groupSegments(
  items: Iterable<AnnotationItem>,
  codes: CodeById,
): Map<string, { readonly lane: Lane; readonly segments: SegmentItem[] }> {
  const groups = new Map<string, { readonly lane: Lane; readonly segments: SegmentItem[] }>()
  // Neighbours mostly share their lane; looking at the last one spares making keys for every item.
  let last: { readonly lane: Lane; readonly segments: SegmentItem[] } | null = null
  let lastCode = ''
  for (const item of items) {
    if (item.kind !== 'segment') continue
    if (
      last === null ||
      item.codeId !== lastCode ||
      item.subjectId !== last.lane.subjectId ||
      item.observerId !== last.lane.observerId
    ) {
      const lane = laneOf(item, codes)
      const key = laneKey(lane)
      last = groups.get(key) ?? { lane, segments: [] }
      groups.set(key, last)
      lastCode = item.codeId
    }
    last.segments.push(item)
  }
  return groups
}

function tierName({ observerId, subjectId, kind, set }: Lane, study: Study): string {
  const subject = study.subjects.find(({ id }) => id === subjectId)?.name ?? subjectId
  const observer = study.observers.find(({ id }) => id === observerId)?.name ?? observerId
  return manualTierName(subject, observer, { kind, set })
}

function sortTiers(tiers: readonly AnnotationTier[], study: Study): AnnotationTier[] {
  const observers = placesOf(study.observers.map(({ id }) => id))
  const subjects = placesOf(['', ...study.subjects.map(({ id }) => id)])
  const sets = placesOf(study.scheme.codes.filter(({ kind }) => kind === 'state').map(({ set }) => set))
  const place = ({ observerId, subjectId, kind, set }: AnnotationTier): number[] => [
    observers(observerId),
    subjects(subjectId),
    kind === 'point' ? 1 : 0,
    sets(set),
  ]
  return tiers
    .map((tier) => ({ tier, place: place(tier) }))
    .sort((a, b) => {
      const differing = a.place.findIndex((value, at) => value !== b.place[at])
      if (differing < 0) return a.tier.key < b.tier.key ? -1 : 1
      return a.place[differing]! - b.place[differing]!
    })
    .map(({ tier }) => tier)
}

function placesOf(names: readonly string[]): (name: string) => number {
  const places = new Map<string, number>()
  for (const name of names) if (!places.has(name)) places.set(name, places.size)
  return (name) => places.get(name) ?? places.size
}

function isSameList(one: readonly SegmentItem[], other: readonly SegmentItem[]): boolean {
  return one.length === other.length && one.every((item, at) => item === other[at])
}

/** Place of the first segment that ends after an instant: where drawing and searching begin. @param segments by start */
export function firstEndingAfter(segments: readonly Stretch[], secs: number): number {
  let low = 0
  let high = segments.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (segments[middle]!.endSecs > secs) high = middle
    else low = middle + 1
  }
  return low
}

/** Place of the first segment that starts at an instant or later. @param segments by start */
export function firstStartingFrom(segments: readonly Stretch[], secs: number): number {
  let low = 0
  let high = segments.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (segments[middle]!.startSecs >= secs) high = middle
    else low = middle + 1
  }
  return low
}

export interface Stretch {
  readonly startSecs: number
  readonly endSecs: number
}

/** The bout that holds at an instant; of points the one that lies on it. @param segments by start, without overlaps */
export function segmentAt<T extends Stretch>(segments: readonly T[], secs: number): T | null {
  const found = segments[firstEndingAfter(segments, secs)]
  if (found && found.startSecs <= secs) return found
  const point = segments[firstStartingFrom(segments, secs)]
  return point?.startSecs === secs ? point : null
}

/** Those with a part of [fromSecs, toSecs). @param segments by start, without overlaps */
export function segmentsWithin<T extends Stretch>(
  segments: readonly T[],
  fromSecs: number,
  toSecs: number,
): T[] {
  const found: T[] = []
  for (let at = firstEndingAfter(segments, fromSecs); at < segments.length; at++) {
    const segment = segments[at]!
    if (segment.startSecs >= toSecs) break
    found.push(segment)
  }
  return found
}
