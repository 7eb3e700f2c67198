import type { SegmentItem } from '../../preload/contract/annotation'
import { t } from '../strings'
import { type EditContext, EditDraft, type MadeEdit, ownSegments } from './edit-draft'
import { edgeSecs, lastEdge, nearestEdge, SAME_SECS, snapStretch, snapToGrid } from './frame-grid'
import { laneKey, type Stretch } from './tiers'

/** What a new segment is about. */
export interface NewSegment extends Stretch {
  readonly codeId: string
  readonly subjectId: string
}

/** A segment made by hand, not put anywhere yet. */
export function newSegment(
  context: EditContext,
  { codeId, subjectId, startSecs, endSecs }: NewSegment,
): SegmentItem {
  return {
    id: context.newId(),
    kind: 'segment',
    observerId: context.observerId,
    subjectId,
    codeId,
    startSecs,
    endSecs,
    status: 'added',
    orig: null,
    confidence: null,
    comment: '',
    editedAt: context.now(),
  }
}

/** A new bout, at least a frame long; it cuts what it covers. Null: the scheme has no such state. */
export function createBout(context: EditContext, wanted: NewSegment): MadeEdit | null {
  const code = context.codes.get(wanted.codeId)
  if (code?.kind !== 'state') return null
  const draft = new EditDraft(context)
  const item = newSegment(context, { ...wanted, ...snapStretch(context.grid, wanted) })
  draft.place(item)
  return draft.finish(t('annotate.create', { label: code.name }), [item.id])
}

/** A new point. Null: the scheme has no such point, or it is there already. */
export function createPoint(
  context: EditContext,
  {
    codeId,
    subjectId,
    atSecs,
  }: { readonly codeId: string; readonly subjectId: string; readonly atSecs: number },
): MadeEdit | null {
  const code = context.codes.get(codeId)
  if (code?.kind !== 'point') return null
  const secs = snapToFrame(context, atSecs)
  const draft = new EditDraft(context)
  const item = newSegment(context, { codeId, subjectId, startSecs: secs, endSecs: secs })
  const isThere = draft
    .lane(draft.laneOf(item))
    .some((other) => other.codeId === codeId && Math.abs(other.startSecs - secs) <= SAME_SECS)
  if (isThere) return null
  draft.put(item)
  return draft.finish(t('annotate.point', { label: code.name }), [item.id])
}

/** A point lies on a frame, never on the clip's end. */
function snapToFrame({ grid }: EditContext, secs: number): number {
  return edgeSecs(grid, Math.min(nearestEdge(grid, secs), Math.max(0, lastEdge(grid) - 1)))
}

/**
 * Moves segments by frames, all by the same count, as far as the clip goes; each keeps its length in frames. They cut what they cover; what
 * moves along is not cut.
 * @param subjectId to whom they are moved; left out: they stay where they are
 */
export function moveSegments(
  context: EditContext,
  ids: Iterable<string>,
  frames: number,
  subjectId?: string,
): MadeEdit | null {
  const moving = ownSegments(context, ids)
  const { grid } = context
  const last = lastEdge(grid)
  const places = moving.map((item) => {
    const start = nearestEdge(grid, item.startSecs)
    const isPoint = item.startSecs === item.endSecs
    return {
      item,
      start,
      end: isPoint ? start : Math.max(start + 1, nearestEdge(grid, item.endSecs)),
      isPoint,
    }
  })
  if (places.length === 0) return null
  const least = -Math.min(...places.map(({ start }) => start))
  const most = Math.min(...places.map(({ end, isPoint }) => (isPoint ? last - 1 : last) - end))
  const by = Math.max(least, Math.min(Math.round(frames), most))
  const isElsewhere = subjectId !== undefined && moving.some((item) => item.subjectId !== subjectId)
  if (by === 0 && !isElsewhere) return null
  const draft = new EditDraft(context)
  for (const { item } of places) draft.remove(item)
  for (const { item, start, end } of places)
    draft.place(
      draft.changed(item, {
        startSecs: edgeSecs(grid, start + by),
        endSecs: edgeSecs(grid, end + by),
        subjectId: subjectId ?? item.subjectId,
      }),
    )
  return draft.finish(
    t('annotate.move', { count: moving.length }),
    moving.map(({ id }) => id),
  )
}

/** Cuts bouts in two at an instant; the first part keeps the bout's identity. Bouts without that instant inside stay whole. */
export function splitAt(context: EditContext, ids: Iterable<string>, atSecs: number): MadeEdit | null {
  const secs = snapToGrid(context.grid, atSecs)
  const draft = new EditDraft(context)
  const selects: string[] = []
  for (const item of ownSegments(context, ids)) {
    if (secs <= item.startSecs + SAME_SECS || secs >= item.endSecs - SAME_SECS) continue
    const right = draft.changed(item, { id: context.newId(), startSecs: secs })
    draft.put(draft.changed(item, { endSecs: secs }))
    draft.put(right)
    selects.push(right.id)
  }
  return draft.finish(t('annotate.split'), selects)
}

/**
 * Makes one bout of several in one lane, from the first start to the last end; what lies between is covered. It has the label and identity
 * of the first one, the lowest confidence, and all comments. A single bout is merged with the next one where the two touch or have one label.
 */
export function mergeSegments(context: EditContext, ids: Iterable<string>): MadeEdit | null {
  const draft = new EditDraft(context)
  const chosen = ownSegments(context, ids).filter((item) => draft.laneOf(item).kind === 'state')
  const [first] = chosen
  if (!first) return null
  const together = chosen.length === 1 ? [first, ...nextToMerge(draft, first)] : chosen
  const keys = new Set(together.map((item) => laneKey(draft.laneOf(item))))
  if (together.length < 2 || keys.size > 1) return null
  const stated = together.flatMap(({ confidence }) => (confidence === null ? [] : [confidence]))
  for (const item of together.slice(1)) draft.remove(item)
  draft.place(
    draft.changed(first, {
      endSecs: Math.max(...together.map(({ endSecs }) => endSecs)),
      confidence: stated.length === 0 ? null : Math.min(...stated),
      comment: together
        .map(({ comment }) => comment)
        .filter((comment) => comment !== '')
        .join('; '),
    }),
  )
  return draft.finish(t('annotate.merge', { count: together.length }), [first.id])
}

function nextToMerge(draft: EditDraft, first: SegmentItem): SegmentItem[] {
  const next = draft
    .lane(draft.laneOf(first))
    .filter((item) => item.id !== first.id && item.startSecs >= first.endSecs - SAME_SECS)
    .sort((a, b) => a.startSecs - b.startSecs)[0]
  if (!next) return []
  return next.startSecs <= first.endSecs + SAME_SECS || next.codeId === first.codeId ? [next] : []
}

/** Takes own items away, of any kind. */
export function deleteItems(context: EditContext, ids: Iterable<string>): MadeEdit | null {
  const changes = [...new Set(ids)].flatMap((id) =>
    context.items.get(id)?.observerId === context.observerId ? [{ remove: id }] : [],
  )
  if (changes.length === 0) return null
  return { changes, title: t('annotate.delete', { count: changes.length }), selects: [] }
}

/**
 * Gives segments another label. A label of another set takes them there, where they cut what they cover. Bouts take states only, points
 * only points.
 */
export function relabelSegments(
  context: EditContext,
  ids: Iterable<string>,
  codeId: string,
): MadeEdit | null {
  const code = context.codes.get(codeId)
  if (!code) return null
  const draft = new EditDraft(context)
  const fitting = ownSegments(context, ids).filter(
    (item) => (item.startSecs === item.endSecs) === (code.kind === 'point'),
  )
  for (const item of fitting) {
    if (item.codeId === codeId && item.status !== 'rejected') continue
    // A rejected proposal that gets a label is not rejected any more.
    const open = item.status === 'rejected' ? { ...item, status: 'edited' as const } : item
    draft.place(draft.changed({ ...open, codeId }, {}))
  }
  return draft.finish(
    t('annotate.relabel', { label: code.name }),
    fitting.map(({ id }) => id),
  )
}

/**
 * Copies segments, also of others, into the observer's own tiers; the copies cut what they cover.
 * @param target.codeId another label, and so another set; left out: theirs @param target.subjectId left out: theirs
 */
export function copySegments(
  context: EditContext,
  ids: Iterable<string>,
  target: { readonly subjectId?: string; readonly codeId?: string },
): MadeEdit | null {
  const draft = new EditDraft(context)
  const selects: string[] = []
  for (const id of new Set(ids)) {
    const item = context.items.get(id)
    if (item?.kind !== 'segment' || item.status === 'rejected') continue
    const codeId = target.codeId ?? item.codeId
    const isPoint = item.startSecs === item.endSecs
    if ((context.codes.get(codeId)?.kind === 'point') !== isPoint) continue
    const place = isPoint
      ? { startSecs: snapToFrame(context, item.startSecs), endSecs: snapToFrame(context, item.startSecs) }
      : snapStretch(context.grid, item)
    const copy = {
      ...newSegment(context, { ...place, codeId, subjectId: target.subjectId ?? item.subjectId }),
      confidence: item.observerId === context.observerId ? item.confidence : null,
      comment: item.comment,
    }
    // A copy onto itself is no copy.
    const isSamePlace = item.observerId === copy.observerId && item.subjectId === copy.subjectId
    if (
      isSamePlace &&
      laneKey(draft.laneOf(item)) === laneKey(draft.laneOf(copy)) &&
      item.codeId === copy.codeId
    )
      continue
    draft.place(copy)
    selects.push(copy.id)
  }
  return draft.finish(t('annotate.copy', { count: selects.length }), selects)
}

/** @param confidence 0..1; null: not stated */
export function setConfidence(
  context: EditContext,
  ids: Iterable<string>,
  confidence: number | null,
): MadeEdit | null {
  const draft = new EditDraft(context)
  const value = confidence === null ? null : Math.max(0, Math.min(1, confidence))
  const chosen = ownSegments(context, ids)
  for (const item of chosen)
    if (item.confidence !== value) draft.put({ ...item, confidence: value, editedAt: context.now() })
  return draft.finish(
    t('annotate.confidence'),
    chosen.map(({ id }) => id),
  )
}

export function setComment(context: EditContext, ids: Iterable<string>, comment: string): MadeEdit | null {
  const draft = new EditDraft(context)
  const chosen = ownSegments(context, ids)
  for (const item of chosen)
    if (item.comment !== comment) draft.put({ ...item, comment, editedAt: context.now() })
  return draft.finish(
    t('annotate.comment'),
    chosen.map(({ id }) => id),
  )
}
