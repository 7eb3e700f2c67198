import type { SegmentItem } from '../../preload/contract/annotation'
import { t } from '../strings'
import { type EditContext, EditDraft, type MadeEdit, ownSegments } from './edit-draft'
import { edgeSecs, firstEdgeFrom, lastEdge, lastEdgeTo, nearestEdge, SAME_SECS } from './frame-grid'

export type Edge = 'start' | 'end'

/**
 * Moves one edge of a bout to the frame that is nearest to an instant. It stops at its neighbour in the lane, and a frame before its own other
 * edge. An edge that two bouts share can be moved as one: it stops a frame before the neighbour's other edge.
 * @param options.isShared where a neighbour touches, its edge goes along
 */
export function resizeEdge(
  context: EditContext,
  id: string,
  edge: Edge,
  toSecs: number,
  { isShared = false }: { readonly isShared?: boolean } = {},
): MadeEdit | null {
  const draft = new EditDraft(context)
  const [item] = ownSegments(context, [id])
  if (!item || item.startSecs === item.endSecs) return null
  moveEdge(draft, item, edge, nearestEdge(context.grid, toSecs), isShared)
  return draft.finish(t(edge === 'start' ? 'annotate.start' : 'annotate.end'), [id])
}

/** Moves an edge of each bout by frames, by the rule of resizeEdge. */
export function nudgeEdges(
  context: EditContext,
  ids: Iterable<string>,
  edge: Edge,
  frames: number,
): MadeEdit | null {
  return eachEdge(context, ids, edge, (secs) => nearestEdge(context.grid, secs) + frames)
}

/** Moves an edge of each bout to an instant, by the rule of resizeEdge; those that lie wholly beyond it stay as they are. */
export function extendEdges(
  context: EditContext,
  ids: Iterable<string>,
  edge: Edge,
  toSecs: number,
): MadeEdit | null {
  const target = nearestEdge(context.grid, toSecs)
  return eachEdge(context, ids, edge, (_, item) => {
    const other = nearestEdge(context.grid, edge === 'start' ? item.endSecs : item.startSecs)
    return (edge === 'start' ? target < other : target > other) ? target : null
  })
}

function eachEdge(
  context: EditContext,
  ids: Iterable<string>,
  edge: Edge,
  targetOf: (secs: number, item: SegmentItem) => number | null,
): MadeEdit | null {
  const draft = new EditDraft(context)
  const chosen = ownSegments(context, ids).filter(({ startSecs, endSecs }) => endSecs > startSecs)
  // In the direction they move, so that one makes room for the next.
  const first = chosen[0]
  const isLater =
    first !== undefined &&
    (targetOf(edgeOf(first, edge), first) ?? 0) > nearestEdge(context.grid, edgeOf(first, edge))
  for (const item of isLater ? chosen.reverse() : chosen) {
    const target = targetOf(edgeOf(item, edge), item)
    if (target !== null) moveEdge(draft, item, edge, target, false)
  }
  return draft.finish(
    t(edge === 'start' ? 'annotate.start' : 'annotate.end'),
    chosen.map(({ id }) => id),
  )
}

const edgeOf = (item: SegmentItem, edge: Edge): number => (edge === 'start' ? item.startSecs : item.endSecs)

function moveEdge(draft: EditDraft, item: SegmentItem, edge: Edge, target: number, isShared: boolean): void {
  const { grid } = draft.context
  const neighbour = neighbourOf(draft, item, edge)
  const isTouching =
    neighbour !== null &&
    Math.abs(edge === 'start' ? neighbour.endSecs - item.startSecs : neighbour.startSecs - item.endSecs) <=
      SAME_SECS
  const moves = isShared && isTouching
  if (edge === 'start') {
    const least = !neighbour
      ? 0
      : moves
        ? lastEdgeTo(grid, neighbour.startSecs) + 1
        : firstEdgeFrom(grid, neighbour.endSecs)
    const most = firstEdgeFrom(grid, item.endSecs) - 1
    if (least > most) return
    const startSecs = edgeSecs(grid, Math.max(least, Math.min(target, most)))
    if (moves) draft.put(draft.changed(neighbour, { endSecs: startSecs }))
    draft.put(draft.changed(item, { startSecs }))
    return
  }
  const least = lastEdgeTo(grid, item.startSecs) + 1
  const most = !neighbour
    ? lastEdge(grid)
    : moves
      ? firstEdgeFrom(grid, neighbour.endSecs) - 1
      : lastEdgeTo(grid, neighbour.startSecs)
  if (least > most) return
  const endSecs = edgeSecs(grid, Math.max(least, Math.min(target, most)))
  if (moves) draft.put(draft.changed(neighbour, { startSecs: endSecs }))
  draft.put(draft.changed(item, { endSecs }))
}

/** The bout before a start, or after an end, in the same lane. */
function neighbourOf(draft: EditDraft, item: SegmentItem, edge: Edge): SegmentItem | null {
  let found: SegmentItem | null = null
  for (const other of draft.lane(draft.laneOf(item))) {
    if (other.id === item.id) continue
    if (edge === 'start') {
      if (other.startSecs < item.startSecs && (!found || other.startSecs > found.startSecs)) found = other
    } else if (other.startSecs > item.startSecs && (!found || other.startSecs < found.startSecs))
      found = other
  }
  return found
}
