import type { Code, SegmentItem } from '../../preload/contract/annotation'
import { t } from '../strings'
import { type EditContext, EditDraft, type MadeEdit } from './edit-draft'
import { SAME_SECS, snapStretch } from './frame-grid'
import { newSegment } from './segment-edits'
import { type CodeById, laneOf, type Stretch } from './tiers'

/** A model's segment as it was found; what people decide about it never changes it. */
export interface Proposal extends Stretch {
  /** Id in segments.csv. */
  readonly id: string
  readonly tier: string
  readonly label: string
  /** Mean probability of its label, 0..1; null: not known. */
  readonly meanValue: number | null
}

export type Decision = 'confirmed' | 'edited' | 'rejected'

/** The code of a model's label; null: the scheme has none of that name, or it is a point. */
export function codeOfLabel(codes: CodeById, label: string): Code | null {
  for (const code of codes.values()) if (code.kind === 'state' && code.name === label) return code
  return null
}

/** Everything that the observer made from a proposal. */
export function decidedItems(
  { items, observerId }: Pick<EditContext, 'items' | 'observerId'>,
  proposal: Pick<Proposal, 'id' | 'tier'>,
): SegmentItem[] {
  const found: SegmentItem[] = []
  for (const item of items.values())
    if (
      item.kind === 'segment' &&
      item.observerId === observerId &&
      item.orig?.segmentId === proposal.id &&
      item.orig.tier === proposal.tier
    )
      found.push(item)
  return found
}

/** What was decided about each proposal that an observer took up, by proposalKey(). */
export function decisions(items: Iterable<SegmentItem>, observerId: string): ReadonlyMap<string, Decision> {
  const found = new Map<string, Decision>()
  for (const { observerId: who, orig, status } of items) {
    if (who !== observerId || !orig) continue
    const key = proposalKey({ id: orig.segmentId, tier: orig.tier })
    // Of several parts one that was changed tells most.
    const decision: Decision = status === 'added' ? 'edited' : status
    if (found.get(key) !== 'edited') found.set(key, decision)
  }
  return found
}

export const proposalKey = ({ id, tier }: Pick<Proposal, 'id' | 'tier'>): string => `${tier}|${id}`

/** Takes a proposal over as it is; what it covers of the observer's own is cut. Null: the scheme has no code for its label. */
export function confirmProposal(
  context: EditContext,
  proposal: Proposal,
  subjectId: string,
): MadeEdit | null {
  const code = codeOfLabel(context.codes, proposal.label)
  return code && decide(context, proposal, subjectId, code, t('annotate.confirm', { label: code.name }))
}

/** Takes a proposal over with another label. */
export function relabelProposal(
  context: EditContext,
  proposal: Proposal,
  subjectId: string,
  codeId: string,
): MadeEdit | null {
  const code = context.codes.get(codeId)
  if (code?.kind !== 'state') return null
  return decide(
    context,
    proposal,
    subjectId,
    code,
    t('annotate.correct', { from: proposal.label, label: code.name }),
  )
}

function decide(
  context: EditContext,
  proposal: Proposal,
  subjectId: string,
  code: Code,
  title: string,
): MadeEdit | null {
  const draft = new EditDraft(context)
  withdraw(draft, proposal)
  const item = fromProposal(draft, proposal, subjectId, code)
  draft.place(item)
  return draft.finish(title, [item.id])
}

/**
 * Says that a proposal is wrong and nothing takes its place. What the observer has coded there themselves stays: theirs counts already, so
 * the rejection takes the rest. Null: the scheme has no code for its label, or all of it is coded otherwise.
 */
export function rejectProposal(context: EditContext, proposal: Proposal, subjectId: string): MadeEdit | null {
  const code = codeOfLabel(context.codes, proposal.label)
  if (!code) return null
  const draft = new EditDraft(context)
  withdraw(draft, proposal)
  const whole = { ...fromProposal(draft, proposal, subjectId, code), status: 'rejected' as const }
  const parts = draft.freeParts(draft.laneOf(whole), whole)
  const items = parts.map((part, at) => ({ ...whole, ...part, id: at === 0 ? whole.id : context.newId() }))
  if (items.length === 0) return null
  for (const item of items) draft.put(item)
  return draft.finish(
    t('annotate.reject', { label: code.name }),
    items.map(({ id }) => id),
  )
}

/** Takes back what was decided about a proposal: it is open again. */
export function withdrawDecision(context: EditContext, proposal: Proposal): MadeEdit | null {
  const draft = new EditDraft(context)
  withdraw(draft, proposal)
  return draft.finish(t('annotate.withdraw', { label: proposal.label }))
}

/**
 * Takes over all proposals that are at least so sure, in one edit. Those that were decided already, and those where the observer has coded
 * something, are left alone.
 * @param leastValue 0..1; proposals whose probability is not known are left alone unless it is 0
 */
export function acceptProposals(
  context: EditContext,
  proposals: readonly Proposal[],
  subjectOf: (proposal: Proposal) => string,
  leastValue: number,
): MadeEdit | null {
  const draft = new EditDraft(context)
  const decided = new Set<string>()
  for (const item of context.items.values())
    if (item.kind === 'segment' && item.observerId === context.observerId && item.orig)
      decided.add(proposalKey({ id: item.orig.segmentId, tier: item.orig.tier }))
  const selects: string[] = []
  for (const proposal of proposals) {
    const code = codeOfLabel(context.codes, proposal.label)
    if (!code || decided.has(proposalKey(proposal)) || (proposal.meanValue ?? 0) < leastValue) continue
    const item = fromProposal(draft, proposal, subjectOf(proposal), code)
    const isTaken = draft
      .lane(draft.laneOf(item))
      .some(
        (other) => other.startSecs < item.endSecs - SAME_SECS && other.endSecs > item.startSecs + SAME_SECS,
      )
    if (isTaken) continue
    draft.put(item)
    selects.push(item.id)
  }
  return draft.finish(t('annotate.accept', { count: selects.length }), selects)
}

/** Confirms own segments that were proposals: label and times are the model's again. */
export function confirmItems(context: EditContext, ids: Iterable<string>): MadeEdit | null {
  return eachOriginal(context, ids, t('annotate.confirmAgain'), (draft, item, code) => {
    const place = snapStretch(context.grid, item.orig ?? item)
    draft.place(draft.changed({ ...item, status: 'edited' }, { ...place, codeId: code.id }))
  })
}

/** Rejects own segments that were proposals; they keep their place and have the model's label. */
export function rejectItems(context: EditContext, ids: Iterable<string>): MadeEdit | null {
  return eachOriginal(context, ids, t('annotate.rejectAgain'), (draft, item, code) => {
    draft.place({ ...item, codeId: code.id, status: 'rejected', editedAt: context.now() })
  })
}

function eachOriginal(
  context: EditContext,
  ids: Iterable<string>,
  title: string,
  run: (draft: EditDraft, item: SegmentItem, code: Code) => void,
): MadeEdit | null {
  const draft = new EditDraft(context)
  const selects: string[] = []
  for (const id of new Set(ids)) {
    const item = context.items.get(id)
    if (item?.kind !== 'segment' || item.observerId !== context.observerId || !item.orig) continue
    const code = codeOfLabel(context.codes, item.orig.label)
    if (!code) continue
    run(draft, item, code)
    selects.push(id)
  }
  return draft.finish(title, selects)
}

function withdraw(draft: EditDraft, proposal: Proposal): void {
  for (const item of decidedItems(draft.context, proposal)) draft.remove(item)
}

function fromProposal(draft: EditDraft, proposal: Proposal, subjectId: string, code: Code): SegmentItem {
  const { id: segmentId, tier, label, startSecs, endSecs } = proposal
  const item = newSegment(draft.context, {
    codeId: code.id,
    subjectId,
    ...snapStretch(draft.context.grid, proposal),
  })
  return draft.changed({ ...item, orig: { segmentId, tier, label, startSecs, endSecs } }, {})
}

/** Whether an observer has coded all of a proposal otherwise: then nothing is left to decide. */
export function isCodedOver(context: EditContext, proposal: Proposal, subjectId: string): boolean {
  const code = codeOfLabel(context.codes, proposal.label)
  if (!code) return false
  const lane = laneOf({ observerId: context.observerId, subjectId, codeId: code.id }, context.codes)
  return new EditDraft(context).freeParts(lane, snapStretch(context.grid, proposal)).length === 0
}
