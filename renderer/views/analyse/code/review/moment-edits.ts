import type { ReviewItem, SegmentItem } from '../../../../../preload/contract/annotation'
import type { ViewerMoment, ViewerSegment } from '../../../../../preload/contract/viewer-port'
import { codeOfLabel } from '../../../../annotate/corrections'
import { type EditContext, EditDraft, type MadeEdit } from '../../../../annotate/edit-draft'
import { SAME_SECS, snapStretch } from '../../../../annotate/frame-grid'
import { isSameMoment } from '../../../../annotate/other-edits'
import { newSegment } from '../../../../annotate/segment-edits'
import { t } from '../../../../strings'

export type MomentDecision =
  | { readonly kind: 'agreed' }
  | { readonly kind: 'unclear' }
  | { readonly kind: 'rejected' }
  | { readonly kind: 'relabelled'; readonly codeId: string }

const MODALITIES = ['fusion', 'face', 'speech']

/** The model's segment that a moment is about: the fused one at its instant, else the face's, else the voice's; null: none. */
export function segmentOfMoment(
  segments: readonly ViewerSegment[],
  { atSecs, faceId }: Pick<ViewerMoment, 'atSecs' | 'faceId'>,
): ViewerSegment | null {
  const there = segments.filter(
    (segment) =>
      segment.source === 'model' &&
      segment.startSecs <= atSecs + SAME_SECS &&
      segment.endSecs > atSecs &&
      (segment.faceId < 0 || segment.faceId === faceId),
  )
  const place = ({ modality }: ViewerSegment) => MODALITIES.indexOf(modality)
  return there.filter((segment) => place(segment) >= 0).sort((a, b) => place(a) - place(b))[0] ?? null
}

export function itemOfMoment({ kind, faceId, startSecs, endSecs }: ViewerMoment): {
  readonly momentKind: ReviewItem['momentKind']
  readonly faceId: number
  readonly startSecs: number
  readonly endSecs: number
} {
  return { momentKind: kind, faceId, startSecs, endSecs }
}

/**
 * Decides about a moment. Another label, and a rejection, become a segment of the observer's over the moment; what was made of it before
 * goes. Null: the scheme has no code for what is decided.
 * @param proposal what the model said there; null: nothing, so that there is nothing to reject
 */
export function reviewMoment(
  context: EditContext,
  moment: ViewerMoment,
  proposal: ViewerSegment | null,
  subjectId: string,
  decision: MomentDecision,
): MadeEdit | null {
  const draft = new EditDraft(context)
  const place = snapStretch(context.grid, moment)
  forgetReview(draft, moment)
  for (const item of madeOf(context, place, proposal)) draft.remove(item)

  const code =
    decision.kind === 'relabelled'
      ? (context.codes.get(decision.codeId) ?? null)
      : decision.kind === 'rejected' && proposal
        ? codeOfLabel(context.codes, proposal.label)
        : null
  const needsCode = decision.kind === 'relabelled' || decision.kind === 'rejected'
  if (needsCode && code?.kind !== 'state') return null
  const selects: string[] = []
  if (code) {
    const { id: segmentId = '', tier = '', label = '', startSecs = 0, endSecs = 0 } = proposal ?? {}
    const orig = proposal ? { segmentId, tier, label, startSecs, endSecs } : null
    const item = { ...newSegment(context, { codeId: code.id, subjectId, ...place }), orig }
    // A rejection takes only what the observer has not coded otherwise.
    const stretches = decision.kind === 'rejected' ? draft.freeParts(draft.laneOf(item), place) : [place]
    for (const [at, stretch] of stretches.entries()) {
      const part = { ...item, ...stretch, id: at === 0 ? item.id : context.newId() }
      draft.place(decision.kind === 'rejected' ? { ...part, status: 'rejected' } : draft.changed(part, {}))
      selects.push(part.id)
    }
  }
  const outcome = needsCode ? 'corrected' : decision.kind === 'agreed' ? 'agreed' : 'unclear'
  draft.putOther({
    id: context.newId(),
    kind: 'review',
    observerId: context.observerId,
    editedAt: context.now(),
    ...itemOfMoment(moment),
    outcome,
  })
  return draft.finish(t(`review.title.${decision.kind}`), selects)
}

/** Takes back what was decided about a moment, and what was made of it. */
export function withdrawReview(
  context: EditContext,
  moment: ViewerMoment,
  proposal: ViewerSegment | null,
): MadeEdit | null {
  const draft = new EditDraft(context)
  forgetReview(draft, moment)
  for (const item of madeOf(context, snapStretch(context.grid, moment), proposal)) draft.remove(item)
  return draft.finish(t('review.title.withdrawn'))
}

function forgetReview(draft: EditDraft, moment: ViewerMoment): void {
  const { items, observerId } = draft.context
  for (const item of items.values())
    if (item.kind === 'review' && item.observerId === observerId && isSameMoment(item, itemOfMoment(moment)))
      draft.removeOther(item.id)
}

/** Segments that an earlier decision about the moment made: in its very place, from the same proposal. */
function madeOf(
  { items, observerId }: EditContext,
  place: { readonly startSecs: number; readonly endSecs: number },
  proposal: ViewerSegment | null,
): SegmentItem[] {
  if (!proposal) return []
  return [...items.values()].filter(
    (item): item is SegmentItem =>
      item.kind === 'segment' &&
      item.observerId === observerId &&
      item.orig?.segmentId === proposal.id &&
      item.orig.tier === proposal.tier &&
      Math.abs(item.startSecs - place.startSecs) <= SAME_SECS &&
      Math.abs(item.endSecs - place.endSecs) <= SAME_SECS,
  )
}
