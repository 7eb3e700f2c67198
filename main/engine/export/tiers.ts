import type { SegmentRecord } from './segment-record'

/** Segments of one line of annotation, in time order, without overlaps. */
export interface Tier {
  readonly name: string
  readonly subjectId: string
  readonly observer: string
  readonly modality: string
  readonly segments: readonly TierSegment[]
}

/** Bounds in whole units of the target format, so that neighbours meet. */
export interface TierSegment {
  readonly record: SegmentRecord
  readonly start: number
  readonly end: number
}

/**
 * Groups records by tier, in order of first appearance. Each bound is rounded once; what is left of a segment after
 * rounding and after the end of its predecessor is kept, nothing else. Rejected segments are left out.
 * @param unitsPerSec 1000 for milliseconds
 * @param endSecs the segments are cut to [0, endSecs]
 */
export function tiersOf(records: readonly SegmentRecord[], unitsPerSec: number, endSecs: number): Tier[] {
  const groups = new Map<string, SegmentRecord[]>()
  for (const record of records) {
    if (record.status === 'rejected') continue
    const group = groups.get(record.tier)
    if (group) group.push(record)
    else groups.set(record.tier, [record])
  }
  const limit = Math.round(endSecs * unitsPerSec)
  return [...groups].map(([name, group]) => {
    const segments: TierSegment[] = []
    for (const record of [...group].sort((a, b) => a.startSecs - b.startSecs || a.endSecs - b.endSecs)) {
      const start = Math.max(Math.round(record.startSecs * unitsPerSec), segments.at(-1)?.end ?? 0)
      const end = Math.min(Math.round(record.endSecs * unitsPerSec), limit)
      if (end > start) segments.push({ record, start, end })
    }
    const first = group[0]
    return {
      name,
      subjectId: first?.subjectId ?? '',
      observer: first?.observer ?? '',
      modality: first?.modality ?? '',
      segments,
    }
  })
}
