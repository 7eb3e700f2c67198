import { edgeSecs, type FrameGrid, nearestEdge } from './frame-grid'
import type { AnnotationTier } from './tiers'

export type SnapKind = 'frame' | 'edge' | 'playhead'

export interface Snap {
  /** On a frame, or the clip's end. */
  readonly secs: number
  readonly kind: SnapKind
}

/** Edges of all tiers, ascending, each once. */
export function edgesOf(
  tiers: readonly AnnotationTier[],
  isLeftOut: (id: string) => boolean = () => false,
): Float64Array {
  const edges: number[] = []
  for (const { segments } of tiers)
    for (const { id, startSecs, endSecs } of segments) if (!isLeftOut(id)) edges.push(startSecs, endSecs)
  const sorted = Float64Array.from(edges).sort()
  return sorted.filter((secs, at) => at === 0 || secs !== sorted[at - 1])
}

/**
 * Where a dragged edge lands: on the nearest edge of another segment or on the playhead where one is within reach, else on the nearest
 * frame. Of both in reach the nearer one counts, the playhead first where they are equally near.
 * @param options.edges ascending @param options.reachPx 0: frames alone
 */
export function snap(
  secs: number,
  options: {
    readonly grid: FrameGrid
    readonly edges: Float64Array
    readonly playheadSecs: number | null
    readonly pxPerSec: number
    readonly reachPx: number
  },
): Snap {
  const { grid, edges, playheadSecs, pxPerSec, reachPx } = options
  const onFrame = (target: number, kind: SnapKind): Snap => ({
    secs: edgeSecs(grid, nearestEdge(grid, target)),
    kind,
  })
  const reachSecs = pxPerSec > 0 ? reachPx / pxPerSec : 0
  const edge = nearestOf(edges, secs)
  const edgeAway = edge === null ? Infinity : Math.abs(edge - secs)
  const headAway = playheadSecs === null ? Infinity : Math.abs(playheadSecs - secs)
  if (reachSecs > 0 && playheadSecs !== null && headAway <= reachSecs && headAway <= edgeAway)
    return onFrame(playheadSecs, 'playhead')
  if (reachSecs > 0 && edge !== null && edgeAway <= reachSecs) return onFrame(edge, 'edge')
  return onFrame(secs, 'frame')
}

function nearestOf(sorted: Float64Array, secs: number): number | null {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < secs) low = middle + 1
    else high = middle
  }
  const after = sorted[low]
  const before = sorted[low - 1]
  if (before === undefined) return after ?? null
  return after === undefined || secs - before <= after - secs ? before : after
}
