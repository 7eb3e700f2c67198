import type { ViewerMoment, ViewerSegment } from '../../../../../preload/contract/viewer-port'

/** agreed, unclear: of moments; confirmed, edited: of proposals; rejected: of both. */
export type ReviewOutcome = 'agreed' | 'corrected' | 'unclear' | 'confirmed' | 'edited' | 'rejected'

/** One thing to look at, with what was decided about it. */
export interface ReviewEntry {
  readonly key: string
  readonly startSecs: number
  readonly endSecs: number
  /** Where to look first. */
  readonly atSecs: number
  readonly title: string
  /** What tells it from others, for instance its confidence. */
  readonly detail: string
  readonly colour: string
  /** Null: nobody looked at it yet. */
  readonly outcome: ReviewOutcome | null
  readonly subject:
    | { readonly kind: 'moment'; readonly moment: ViewerMoment }
    | { readonly kind: 'proposal'; readonly segment: ViewerSegment }
}

export const isOpen = ({ outcome }: ReviewEntry): boolean => outcome === null

/** The next open entry after one, from the beginning again where there is none behind; null: all are done. */
export function nextOpen(entries: readonly ReviewEntry[], afterKey: string | null): ReviewEntry | null {
  const at = entries.findIndex(({ key }) => key === afterKey)
  return [...entries.slice(at + 1), ...entries.slice(0, at + 1)].find(isOpen) ?? null
}

/** The neighbour in a list; the ends stay where they are. */
export function neighbour(
  entries: readonly ReviewEntry[],
  key: string | null,
  by: 1 | -1,
): ReviewEntry | null {
  const at = entries.findIndex((entry) => entry.key === key)
  if (at < 0) return (by === 1 ? entries[0] : entries.at(-1)) ?? null
  return entries[Math.max(0, Math.min(at + by, entries.length - 1))] ?? null
}
