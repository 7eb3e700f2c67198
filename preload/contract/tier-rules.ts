import type { AnnotationItem, Code, SegmentItem, Study, TrackItem } from './annotation'

/** Rules that window, engine and exports must hold alike. Pure; types and plain values only. */

/** The set of mutually exclusive states that new projects begin with. */
export const EMOTION_SET = 'emotion'
/** Who wins in the final tier, in words for users, tables and methods text. */
export const FINAL_RULE =
  'Manual over fused over single modality: where an observer coded or rejected, theirs counts (of several observers the ' +
  "first in the project's list); elsewhere the fused label; where fusion was not asked for, the face's, else the voice's."

/** Name of the subject in tiers: "clip" where a segment is about the clip as a whole. */
export const WHOLE_CLIP = 'clip'

/** Tier of a person's segments: "<subject>/manual/<observer>", with "/<set>" behind it for other sets, "/points" for points. */
export function manualTierName(
  subjectName: string,
  observerName: string,
  code: Pick<Code, 'kind' | 'set'>,
): string {
  const suffix = code.kind === 'point' ? '/points' : code.set === EMOTION_SET ? '' : `/${code.set}`
  return `${subjectName || WHOLE_CLIP}/manual/${observerName}${suffix}`
}

/** Who a face is at an instant; '' where nobody said. Of several items that hold, the one edited last counts. */
export function subjectOfFace(tracks: readonly TrackItem[], faceId: number, atSecs: number): string {
  let found: TrackItem | null = null
  for (const item of tracks) {
    if (item.faceId !== faceId) continue
    if (item.startSecs !== null && atSecs < item.startSecs) continue
    if (item.endSecs !== null && atSecs >= item.endSecs) continue
    if (found === null || item.editedAt >= found.editedAt) found = item
  }
  return found?.subjectId ?? ''
}

export interface LabelledStretch {
  readonly startSecs: number
  readonly endSecs: number
  /** Null: rejected; nothing holds here. */
  readonly label: string | null
}

export type FinalSource = 'manual' | 'fusion' | 'face' | 'speech'

export interface FinalStretch {
  readonly startSecs: number
  readonly endSecs: number
  readonly label: string
  readonly source: FinalSource
  /** Place of the layer it comes from. */
  readonly layer: number
}

export interface FinalLayer {
  readonly source: FinalSource
  /** By start, without overlaps. */
  readonly stretches: readonly LabelledStretch[]
}

/**
 * The final tier of one subject by FINAL_RULE: layers lie over each other, the first wins wherever it says something.
 * A rejected stretch hides what lies under it. Neighbours of one layer and label stay apart where they were apart.
 * @param layers the strongest first
 */
export function finalTier(layers: readonly FinalLayer[]): FinalStretch[] {
  const result: FinalStretch[] = []
  let taken: readonly Stretch[] = []
  for (const [layer, { source, stretches }] of layers.entries()) {
    // Both are by start: what ended before a stretch is out of the way of all that follow. Thousands are thousands of steps then.
    let from = 0
    for (const stretch of stretches) {
      while (from < taken.length && taken[from]!.endSecs <= stretch.startSecs) from++
      for (const free of without(stretch, taken, from))
        if (stretch.label !== null) result.push({ ...free, label: stretch.label, source, layer })
    }
    taken = union(taken, stretches)
  }
  return result.sort((a, b) => a.startSecs - b.startSecs)
}

interface Stretch {
  readonly startSecs: number
  readonly endSecs: number
}

/** Parts of a stretch that none of the others covers, beginning with the one at `first`. @param others by start, without overlaps */
function without({ startSecs, endSecs }: Stretch, others: readonly Stretch[], first: number): Stretch[] {
  const parts: Stretch[] = []
  let from = startSecs
  for (let at = first; at < others.length; at++) {
    const other = others[at]!
    if (other.endSecs <= from) continue
    if (other.startSecs >= endSecs) break
    if (other.startSecs > from) parts.push({ startSecs: from, endSecs: other.startSecs })
    from = Math.max(from, other.endSecs)
  }
  if (from < endSecs) parts.push({ startSecs: from, endSecs })
  return parts
}

/** What either list covers, without touching parts. @param one by start, without overlaps @param other by start */
function union(one: readonly Stretch[], other: readonly Stretch[]): Stretch[] {
  const result: { startSecs: number; endSecs: number }[] = []
  let [left, right] = [0, 0]
  while (left < one.length || right < other.length) {
    const isLeft =
      right >= other.length || (left < one.length && one[left]!.startSecs <= other[right]!.startSecs)
    const { startSecs, endSecs } = isLeft ? one[left++]! : other[right++]!
    // A point takes no time.
    if (endSecs <= startSecs) continue
    const last = result.at(-1)
    if (last && startSecs <= last.endSecs) last.endSecs = Math.max(last.endSecs, endSecs)
    else result.push({ startSecs, endSecs })
  }
  return result
}

/** A person's states of one set and subject as stretches, by start. */
export function manualStretches(
  items: readonly AnnotationItem[],
  study: Study,
  of: { readonly observerId: string; readonly subjectId: string; readonly set: string },
): LabelledStretch[] {
  const codes = new Map(study.scheme.codes.map((code) => [code.id, code]))
  return items
    .filter((item): item is SegmentItem => item.kind === 'segment')
    .filter(({ observerId, subjectId, codeId }) => {
      const code = codes.get(codeId)
      return (
        observerId === of.observerId &&
        subjectId === of.subjectId &&
        code?.kind === 'state' &&
        code.set === of.set
      )
    })
    .map(({ startSecs, endSecs, status, codeId }) => ({
      startSecs,
      endSecs,
      label: status === 'rejected' ? null : (codes.get(codeId)?.name ?? ''),
    }))
    .sort((a, b) => a.startSecs - b.startSecs)
}
