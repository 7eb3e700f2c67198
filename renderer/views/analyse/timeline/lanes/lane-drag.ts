import type { AnnotationItem, SegmentItem } from '../../../../../preload/contract/annotation'
import { type Edge, resizeEdge } from '../../../../annotate/edge-edits'
import type { EditContext, MadeEdit } from '../../../../annotate/edit-draft'
import { edgeSecs, nearestEdge, snapToGrid } from '../../../../annotate/frame-grid'
import { addBaseline, addExclusion, resizeStretch } from '../../../../annotate/other-edits'
import { createBout, createPoint, moveSegments } from '../../../../annotate/segment-edits'
import { t } from '../../../../strings'
import type { LaneSnap } from './lane-snap'

/** What a drag draws where nothing is. */
export type Brush =
  | { readonly kind: 'code'; readonly codeId: string }
  | { readonly kind: 'exclusion' }
  | { readonly kind: 'baseline' }

/** What is being dragged. */
export type LaneDrag =
  | { readonly kind: 'resize'; readonly item: AnnotationItem; readonly edge: Edge }
  | {
      readonly kind: 'move'
      readonly item: AnnotationItem
      /** All that move along, the item among them. */
      readonly ids: readonly string[]
      readonly fromSecs: number
    }
  | { readonly kind: 'create'; readonly brush: Brush; readonly subjectId: string; readonly fromSecs: number }

/** A drag where the pointer is now. */
export interface DragState {
  /** Null: nothing would change. */
  readonly edit: MadeEdit | null
  /** Where edges land. */
  readonly lines: readonly LaneSnap[]
  /** What the stage shows: a frame inside the bout, at the edge that is dragged. */
  readonly step: number
  /** The edge that the tip is about. */
  readonly atSecs: number
  readonly lengthSecs: number | null
}

export interface DragPointer {
  readonly secs: number
  readonly snap: (secs: number) => LaneSnap
  /** Edges that two bouts share move together. */
  readonly isShared: boolean
  /** Whose lane the pointer is over; null: no lane that what is dragged could go to. */
  readonly subjectId: string | null
}

/** What a drag has come to. Nothing is changed by it: the edit is done when the drag ends. */
export function dragTo(context: EditContext, drag: LaneDrag, pointer: DragPointer): DragState {
  switch (drag.kind) {
    case 'resize':
      return resizeTo(context, drag.item, drag.edge, pointer)
    case 'move':
      return moveTo(context, drag, pointer)
    case 'create':
      return createTo(context, drag, pointer)
  }
}

function resizeTo(context: EditContext, item: AnnotationItem, edge: Edge, pointer: DragPointer): DragState {
  const snapped = pointer.snap(pointer.secs)
  const edit =
    item.kind === 'segment'
      ? resizeEdge(context, item.id, edge, snapped.secs, { isShared: pointer.isShared })
      : resizeStretch(
          context,
          item.id,
          edge === 'start' ? { startSecs: snapped.secs } : { endSecs: snapped.secs },
        )
  const place = placeAfter(edit, item)
  const atSecs = edge === 'start' ? place.startSecs : place.endSecs
  const isReached = Math.abs(atSecs - snapped.secs) < 1e-9
  return {
    edit,
    lines: [{ secs: atSecs, isSnapped: snapped.isSnapped && isReached }],
    step: stepAt(context, atSecs, edge),
    atSecs,
    lengthSecs: place.endSecs - place.startSecs,
  }
}

function moveTo(
  context: EditContext,
  { item, ids, fromSecs }: Extract<LaneDrag, { kind: 'move' }>,
  pointer: DragPointer,
): DragState {
  const { grid } = context
  const from = placeOf(item)
  const bySecs = pointer.secs - fromSecs
  // Whichever of the two edges finds something to land on first leads.
  const start = pointer.snap(from.startSecs + bySecs)
  const end = from.endSecs > from.startSecs ? pointer.snap(from.endSecs + bySecs) : start
  const leadsEnd =
    end.isSnapped &&
    (!start.isSnapped ||
      Math.abs(end.secs - from.endSecs - bySecs) < Math.abs(start.secs - from.startSecs - bySecs))
  const frames = leadsEnd
    ? nearestEdge(grid, end.secs) - nearestEdge(grid, from.endSecs)
    : nearestEdge(grid, start.secs) - nearestEdge(grid, from.startSecs)
  const edit =
    item.kind === 'segment'
      ? moveSegments(context, ids, frames, pointer.subjectId ?? undefined)
      : moveOther(context, item, frames)
  const place = placeAfter(edit, item)
  return {
    edit,
    lines: [
      { secs: place.startSecs, isSnapped: start.isSnapped && !leadsEnd },
      ...(place.endSecs > place.startSecs
        ? [{ secs: place.endSecs, isSnapped: end.isSnapped && leadsEnd }]
        : []),
    ],
    step: stepAt(context, place.startSecs, 'start'),
    atSecs: place.startSecs,
    lengthSecs: place.endSecs > place.startSecs ? place.endSecs - place.startSecs : null,
  }
}

function createTo(
  context: EditContext,
  { brush, subjectId, fromSecs }: Extract<LaneDrag, { kind: 'create' }>,
  pointer: DragPointer,
): DragState {
  const from = pointer.snap(fromSecs)
  const to = pointer.snap(pointer.secs)
  const isBackwards = to.secs < from.secs
  const stretch = { startSecs: Math.min(from.secs, to.secs), endSecs: Math.max(from.secs, to.secs) }
  const edit = makeWith(context, brush, subjectId, stretch, pointer.secs)
  return {
    edit,
    lines: [from, to],
    step: stepAt(context, to.secs, isBackwards || isPoint(context, brush) ? 'start' : 'end'),
    atSecs: to.secs,
    lengthSecs: isPoint(context, brush) ? null : stretch.endSecs - stretch.startSecs,
  }
}

/** What a brush makes of a stretch; a point stands where the pointer is. */
export function makeWith(
  context: EditContext,
  brush: Brush,
  subjectId: string,
  stretch: { readonly startSecs: number; readonly endSecs: number },
  atSecs: number,
): MadeEdit | null {
  if (brush.kind === 'exclusion') return addExclusion(context, stretch, '')
  if (brush.kind === 'baseline') return addBaseline(context, stretch, subjectId)
  const { codeId } = brush
  return isPoint(context, brush)
    ? createPoint(context, { codeId, subjectId, atSecs })
    : createBout(context, { codeId, subjectId, ...stretch })
}

export function isPoint({ codes }: Pick<EditContext, 'codes'>, brush: Brush): boolean {
  return brush.kind === 'code' && codes.get(brush.codeId)?.kind === 'point'
}

interface Place {
  readonly startSecs: number
  readonly endSecs: number
}

export function placeOf(item: AnnotationItem): Place {
  if (item.kind === 'segment' || item.kind === 'exclusion' || item.kind === 'baseline') return item
  const secs = item.kind === 'comment' ? (item.atSecs ?? 0) : 0
  return { startSecs: secs, endSecs: secs }
}

function placeAfter(edit: MadeEdit | null, item: AnnotationItem): Place {
  for (const change of edit?.changes ?? [])
    if ('put' in change && change.put.id === item.id) return placeOf(change.put)
  return placeOf(item)
}

/** The frame that an edge shows: the first inside for a start, the last inside for an end. */
function stepAt({ grid }: EditContext, secs: number, edge: Edge): number {
  const at = nearestEdge(grid, secs)
  return Math.max(0, Math.min(grid.timesSecs.length - 1, edge === 'end' ? at - 1 : at))
}

/** Exclusions, baselines and comments move by frames too, and stay inside the clip. */
function moveOther(
  context: EditContext,
  item: Exclude<AnnotationItem, SegmentItem>,
  frames: number,
): MadeEdit | null {
  const { grid } = context
  if (item.observerId !== context.observerId || frames === 0) return null
  if (item.kind === 'comment') {
    if (item.atSecs === null) return null
    const atSecs = snapToGrid(grid, edgeSecs(grid, nearestEdge(grid, item.atSecs) + frames))
    const put = { ...item, atSecs, editedAt: context.now() }
    return { changes: [{ put }], title: t('lanes.moveComment'), selects: [item.id] }
  }
  if (item.kind !== 'exclusion' && item.kind !== 'baseline') return null
  const last = grid.timesSecs.length
  const start = nearestEdge(grid, item.startSecs)
  const end = nearestEdge(grid, item.endSecs)
  const by = Math.max(-start, Math.min(frames, last - end))
  return resizeStretch(context, item.id, {
    startSecs: edgeSecs(grid, start + by),
    endSecs: edgeSecs(grid, end + by),
  })
}
