import type { AnnotationItem, SegmentItem, SegmentStatus } from '../../../../preload/contract/annotation'

export interface OwnFilter {
  /** '': all. */
  readonly codeId: string
  readonly status: SegmentStatus | ''
}

/** An observer's segments that fit, by start, then end. */
export function ownSegments(
  items: readonly AnnotationItem[],
  observerId: string | null,
  { codeId, status }: OwnFilter,
): SegmentItem[] {
  return items
    .filter(
      (item): item is SegmentItem =>
        item.kind === 'segment' &&
        item.observerId === observerId &&
        (codeId === '' || item.codeId === codeId) &&
        (status === '' || item.status === status),
    )
    .sort((a, b) => a.startSecs - b.startSecs || a.endSecs - b.endSecs || (a.id < b.id ? -1 : 1))
}

/**
 * What is chosen after a click on a row.
 * @param anchor the row that a range begins at; null: none was clicked yet
 */
export function chooseRows(
  rows: readonly { readonly id: string }[],
  chosen: ReadonlySet<string>,
  clicked: string,
  how: { readonly isToggle: boolean; readonly isRange: boolean },
  anchor: string | null,
): string[] {
  const at = rows.findIndex(({ id }) => id === clicked)
  const from = rows.findIndex(({ id }) => id === anchor)
  if (how.isRange && from >= 0) {
    const range = rows.slice(Math.min(at, from), Math.max(at, from) + 1).map(({ id }) => id)
    return how.isToggle ? [...new Set([...chosen, ...range])] : range
  }
  if (!how.isToggle) return [clicked]
  return chosen.has(clicked) ? [...chosen].filter((id) => id !== clicked) : [...chosen, clicked]
}
