import type { BaselineItem, CommentItem, ExclusionItem, ReviewItem } from '../../preload/contract/annotation'
import { t } from '../strings'
import { type EditContext, EditDraft, type MadeEdit } from './edit-draft'
import { snapStretch, snapToGrid } from './frame-grid'
import type { Stretch } from './tiers'

/** Time that counts nowhere, on whole frames. Exclusions may overlap: each has a reason of its own. */
export function addExclusion(context: EditContext, stretch: Stretch, reason: string): MadeEdit | null {
  const item: ExclusionItem = {
    ...baseOf(context),
    kind: 'exclusion',
    ...snapStretch(context.grid, stretch),
    reason,
  }
  return single(context, item, t('annotate.exclude'))
}

export function addBaseline(context: EditContext, stretch: Stretch, subjectId: string): MadeEdit | null {
  const item: BaselineItem = {
    ...baseOf(context),
    kind: 'baseline',
    subjectId,
    ...snapStretch(context.grid, stretch),
  }
  return single(context, item, t('annotate.baseline'))
}

/** Moves an edge of an exclusion or a baseline to the nearest frame; it keeps at least one frame. */
export function resizeStretch(
  context: EditContext,
  id: string,
  edges: { readonly startSecs?: number; readonly endSecs?: number },
): MadeEdit | null {
  const item = context.items.get(id)
  if (item?.observerId !== context.observerId) return null
  if (item.kind !== 'exclusion' && item.kind !== 'baseline') return null
  const place = snapStretch(context.grid, {
    startSecs: Math.min(edges.startSecs ?? item.startSecs, edges.endSecs ?? item.endSecs),
    endSecs: Math.max(edges.endSecs ?? item.endSecs, edges.startSecs ?? item.startSecs),
  })
  const title = t(edges.startSecs === undefined ? 'annotate.end' : 'annotate.start')
  return single(context, { ...item, ...place, editedAt: context.now() }, title)
}

/** @param atSecs null: about the clip as a whole */
export function addComment(context: EditContext, atSecs: number | null, text: string): MadeEdit | null {
  const item: CommentItem = {
    ...baseOf(context),
    kind: 'comment',
    atSecs: atSecs === null ? null : snapToGrid(context.grid, atSecs),
    text,
  }
  return single(context, item, t('annotate.comment'))
}

/** What was decided about a moment of the review queue; the observer's earlier decision about it is replaced. */
export function decideMoment(
  context: EditContext,
  moment: Pick<ReviewItem, 'momentKind' | 'faceId' | 'startSecs' | 'endSecs'>,
  outcome: ReviewItem['outcome'] | null,
): MadeEdit | null {
  const draft = new EditDraft(context)
  for (const item of context.items.values())
    if (item.kind === 'review' && item.observerId === context.observerId && isSameMoment(item, moment))
      draft.removeOther(item.id)
  const { momentKind, faceId, startSecs, endSecs } = moment
  if (outcome !== null)
    draft.putOther({ ...baseOf(context), kind: 'review', momentKind, faceId, startSecs, endSecs, outcome })
  return draft.finish(t('annotate.review'))
}

/** The moments of a clip are found anew each time; one is known again by kind, face and where it begins. */
export function isSameMoment(
  one: Pick<ReviewItem, 'momentKind' | 'faceId' | 'startSecs' | 'endSecs'>,
  other: Pick<ReviewItem, 'momentKind' | 'faceId' | 'startSecs' | 'endSecs'>,
): boolean {
  return (
    one.momentKind === other.momentKind &&
    one.faceId === other.faceId &&
    one.startSecs < other.endSecs &&
    other.startSecs < one.endSecs
  )
}

function baseOf({ observerId, newId, now }: EditContext): {
  id: string
  observerId: string
  editedAt: string
} {
  return { id: newId(), observerId, editedAt: now() }
}

function single(
  context: EditContext,
  item: ExclusionItem | BaselineItem | CommentItem,
  title: string,
): MadeEdit | null {
  const draft = new EditDraft(context)
  draft.putOther(item)
  return draft.finish(title, [item.id])
}

/** Several edits that are one step; later ones must not touch what earlier ones do. */
export function joinEdits(edits: readonly (MadeEdit | null)[], title: string): MadeEdit | null {
  const made = edits.filter((edit): edit is MadeEdit => edit !== null)
  if (made.length === 0) return null
  return {
    changes: made.flatMap(({ changes }) => changes),
    title,
    selects: made.flatMap(({ selects }) => selects),
  }
}
