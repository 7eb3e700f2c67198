import type { SegmentItem } from '../../../../preload/contract/annotation'
import { type AnnotationTier, byStart } from '../../../annotate/tiers'

/** Whoever codes' own segments of all tiers, by start, then end. */
export function ownSegments(tiers: readonly AnnotationTier[]): readonly SegmentItem[] {
  const own = tiers.filter(({ isOwn }) => isOwn).map(({ segments }) => segments)
  return own.length === 1 ? own[0]! : own.flat().sort(byStart)
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
