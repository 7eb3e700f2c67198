import type { ViewerSegment } from '../../../../preload/contract/viewer-port'

/** What the list of segments is narrowed to; '' and null leave all. */
export interface SegmentFilter {
  readonly modality: string
  /** Index of an emotion, or null. */
  readonly emotion: number | null
  readonly faceId: number | null
}

export const ALL_SEGMENTS: SegmentFilter = { modality: '', emotion: null, faceId: null }

/** Segments that fit, by begin, then end. */
export function filterSegments(
  segments: readonly ViewerSegment[],
  { modality, emotion, faceId }: SegmentFilter,
): ViewerSegment[] {
  return segments
    .filter(
      (segment) =>
        (modality === '' || segment.modality === modality) &&
        (emotion === null || segment.emotion === emotion) &&
        // Speech belongs to no face, and so to each.
        (faceId === null || segment.faceId === faceId || segment.faceId < 0),
    )
    .sort((a, b) => a.startSecs - b.startSecs || a.endSecs - b.endSecs)
}

/** Index of the segment that holds at an instant, the shortest of several; -1: none. */
export function segmentAt(
  segments: readonly Pick<ViewerSegment, 'startSecs' | 'endSecs'>[],
  secs: number,
): number {
  let found = -1
  segments.forEach(({ startSecs, endSecs }, index) => {
    if (secs < startSecs || secs >= endSecs) return
    const known = segments[found]
    if (!known || endSecs - startSecs < known.endSecs - known.startSecs) found = index
  })
  return found
}

/** The first begin after an instant; null: none. Begins closer than `apartSecs` are here already. */
export function nextStart(starts: readonly number[], secs: number, apartSecs: number): number | null {
  let found: number | null = null
  for (const start of starts) if (start > secs + apartSecs && (found === null || start < found)) found = start
  return found
}

/** The last begin before an instant; null: none. */
export function previousStart(starts: readonly number[], secs: number, apartSecs: number): number | null {
  let found: number | null = null
  for (const start of starts) if (start < secs - apartSecs && (found === null || start > found)) found = start
  return found
}
