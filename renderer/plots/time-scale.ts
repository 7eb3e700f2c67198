/** A stretch of the clip's time in seconds, half-open; toSecs > fromSecs. */
export interface TimeRange {
  readonly fromSecs: number
  readonly toSecs: number
}

/** What may be looked at: never outside `fromSecs`..`toSecs`, never less than `minimumSpanSecs` at once. */
export interface RangeLimits extends TimeRange {
  readonly minimumSpanSecs: number
}

/** A time range laid over pixels: `range.fromSecs` at `leftPx`, `range.toSecs` at `leftPx + widthPx`. */
export interface TimeScale {
  readonly range: TimeRange
  readonly leftPx: number
  readonly widthPx: number
}

export function spanOf(range: TimeRange): number {
  return range.toSecs - range.fromSecs
}

export function pxFromSecs(scale: TimeScale, secs: number): number {
  return scale.leftPx + ((secs - scale.range.fromSecs) / spanOf(scale.range)) * scale.widthPx
}

export function secsFromPx(scale: TimeScale, px: number): number {
  return scale.range.fromSecs + ((px - scale.leftPx) / scale.widthPx) * spanOf(scale.range)
}

/** The nearest range inside the limits; its span is kept where the limits have room for it. */
export function clampRange(range: TimeRange, limits: RangeLimits): TimeRange {
  const wholeSecs = spanOf(limits)
  const spanSecs = Math.min(wholeSecs, Math.max(spanOf(range), Math.min(limits.minimumSpanSecs, wholeSecs)))
  // A span that had to change grows or shrinks about the middle.
  const wantedFromSecs = range.fromSecs + (spanOf(range) - spanSecs) / 2
  const fromSecs = Math.min(Math.max(wantedFromSecs, limits.fromSecs), limits.toSecs - spanSecs)
  return { fromSecs, toSecs: fromSecs + spanSecs }
}

/**
 * Zooms about an instant, which stays at its place as long as no edge of the limits is met.
 * @param factor above 1: closer; the span is divided by it
 */
export function zoomRange(
  range: TimeRange,
  zoom: { readonly aboutSecs: number; readonly factor: number },
  limits: RangeLimits,
): TimeRange {
  const wholeSecs = spanOf(limits)
  const leastSecs = Math.min(limits.minimumSpanSecs, wholeSecs)
  const spanSecs = Math.min(wholeSecs, Math.max(leastSecs, spanOf(range) / zoom.factor))
  const share = (zoom.aboutSecs - range.fromSecs) / spanOf(range)
  const fromSecs = zoom.aboutSecs - share * spanSecs
  return clampRange({ fromSecs, toSecs: fromSecs + spanSecs }, limits)
}

/** @param bySecs above 0: later */
export function panRange(range: TimeRange, bySecs: number, limits: RangeLimits): TimeRange {
  return clampRange({ fromSecs: range.fromSecs + bySecs, toSecs: range.toSecs + bySecs }, limits)
}

/**
 * The range moved no further than needed to show an instant with `marginShare` of the span around it; the same object
 * where it shows already.
 */
export function keepInView(
  range: TimeRange,
  secs: number,
  limits: RangeLimits,
  marginShare = 0.08,
): TimeRange {
  const marginSecs = spanOf(range) * marginShare
  if (secs >= range.fromSecs + marginSecs && secs <= range.toSecs - marginSecs) return range
  const isBefore = secs < range.fromSecs + marginSecs
  const bySecs = isBefore ? secs - marginSecs - range.fromSecs : secs + marginSecs - range.toSecs
  const moved = panRange(range, bySecs, limits)
  return isSameRange(moved, range) ? range : moved
}

/**
 * Turns the page while playing: when the instant has run past 92% of the view, the view starts again with it at 8%, which
 * asks for far fewer redraws than a view that moves with every frame.
 */
export function turnPage(range: TimeRange, secs: number, limits: RangeLimits, marginShare = 0.08): TimeRange {
  const spanSecs = spanOf(range)
  if (secs >= range.fromSecs && secs <= range.toSecs - spanSecs * marginShare) return range
  const fromSecs = secs - spanSecs * marginShare
  const moved = clampRange({ fromSecs, toSecs: fromSecs + spanSecs }, limits)
  return isSameRange(moved, range) ? range : moved
}

export function isSameRange(a: TimeRange, b: TimeRange): boolean {
  return a.fromSecs === b.fromSecs && a.toSecs === b.toSecs
}
