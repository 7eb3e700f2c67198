/**
 * Where edges may lie: on the decoded time of a frame, or on the clip's end. Edge k is the time of frame k; edge `frameCount` is the
 * end. A start on edge k takes frame k in, an end on edge k leaves it out.
 */
export interface FrameGrid {
  /** Ascending. */
  readonly timesSecs: Float64Array
  readonly durationSecs: number
}

/** Instants closer than this are one: tables have six decimals. */
export const SAME_SECS = 1e-6

/** The last edge, which is the clip's end. */
export const lastEdge = ({ timesSecs }: FrameGrid): number => timesSecs.length

/** Time of an edge; beyond the clip its beginning or end. */
export function edgeSecs(grid: FrameGrid, edge: number): number {
  const { timesSecs } = grid
  return timesSecs[Math.max(0, edge)] ?? endSecs(grid)
}

function endSecs({ timesSecs, durationSecs }: FrameGrid): number {
  return Math.max(durationSecs, timesSecs[timesSecs.length - 1] ?? 0)
}

/** The edge that is nearest to an instant; of two equally near the earlier one. */
export function nearestEdge(grid: FrameGrid, secs: number): number {
  const after = firstEdgeFrom(grid, secs)
  if (after === 0) return 0
  return secs - edgeSecs(grid, after - 1) <= edgeSecs(grid, after) - secs ? after - 1 : after
}

/** The first edge at an instant or later; the clip's end where there is none. */
export function firstEdgeFrom(grid: FrameGrid, secs: number): number {
  const { timesSecs } = grid
  let low = 0
  let high = timesSecs.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (timesSecs[middle]! >= secs - SAME_SECS) high = middle
    else low = middle + 1
  }
  return low
}

/** The last edge at an instant or earlier; the clip's first where there is none. */
export function lastEdgeTo(grid: FrameGrid, secs: number): number {
  const edge = firstEdgeFrom(grid, secs)
  return edge > 0 && edgeSecs(grid, edge) > secs + SAME_SECS ? edge - 1 : edge
}

/** The time of the nearest edge. */
export const snapToGrid = (grid: FrameGrid, secs: number): number => edgeSecs(grid, nearestEdge(grid, secs))

/** A stretch on the grid, at least a frame long, inside the clip. */
export function snapStretch(
  grid: FrameGrid,
  stretch: { readonly startSecs: number; readonly endSecs: number },
): { readonly startSecs: number; readonly endSecs: number } {
  const last = lastEdge(grid)
  const start = Math.min(
    nearestEdge(grid, Math.min(stretch.startSecs, stretch.endSecs)),
    Math.max(0, last - 1),
  )
  const end = Math.max(
    nearestEdge(grid, Math.max(stretch.startSecs, stretch.endSecs)),
    Math.min(start + 1, last),
  )
  return { startSecs: edgeSecs(grid, start), endSecs: edgeSecs(grid, end) }
}

/** Whether an instant is an edge, to the last digit that tables keep. */
export const isOnGrid = (grid: FrameGrid, secs: number): boolean =>
  Math.abs(snapToGrid(grid, secs) - secs) <= SAME_SECS
