import { edgeSecs, type FrameGrid, nearestEdge } from '../../../../annotate/frame-grid'
import { type LaneIndex, nearestEdge as nearestBarEdge } from '../../../../plots/lanes/lane-index'

export interface LaneSnap {
  /** On a frame, or the clip's end. */
  readonly secs: number
  /** It lies on another edge or the playhead, and not just on a frame. */
  readonly isSnapped: boolean
}

export interface SnapOptions {
  readonly grid: FrameGrid
  /** Of all lanes shown, those of others and of the model among them. */
  readonly lanes: readonly LaneIndex[]
  readonly playheadSecs: number
  /** Edges and playhead attract from so far; 0: frames alone. */
  readonly reachSecs: number
  readonly isLeftOut: (id: string) => boolean
}

/**
 * Where an edge lands: on the nearest edge of a bar or on the playhead where one is within reach, else on the nearest frame. The rule
 * of annotate/snapping.ts, without collecting the edges of every bar for each drag.
 */
export function snapOnLanes(secs: number, options: SnapOptions): LaneSnap {
  const { grid, playheadSecs, reachSecs } = options
  const onFrame = (target: number, isSnapped: boolean): LaneSnap => ({
    secs: edgeSecs(grid, nearestEdge(grid, target)),
    isSnapped,
  })
  if (reachSecs <= 0) return onFrame(secs, false)
  let best: number | null = Math.abs(playheadSecs - secs) <= reachSecs ? playheadSecs : null
  for (const lane of options.lanes) {
    const withinSecs = best === null ? reachSecs : Math.abs(best - secs)
    const edge = nearestBarEdge(lane, secs, withinSecs, options.isLeftOut)
    if (edge !== null && (best === null || Math.abs(edge - secs) < withinSecs)) best = edge
  }
  return best === null ? onFrame(secs, false) : onFrame(best, true)
}
