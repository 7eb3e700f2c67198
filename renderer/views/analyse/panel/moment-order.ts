import type { MomentKind, ViewerMoment } from '../../../../preload/contract/viewer-port'

export type MomentOrder = 'weight' | 'time'

/**
 * Moments as a list to work off. By weight: disagreements of the surest readings first, then the least sure readings; by
 * time: as they come in the clip.
 */
export function orderMoments(
  moments: readonly ViewerMoment[],
  order: MomentOrder,
  kind: MomentKind | null,
): ViewerMoment[] {
  const kept = kind === null ? [...moments] : moments.filter((moment) => moment.kind === kind)
  if (order === 'time') return kept.sort((a, b) => a.atSecs - b.atSecs || a.faceId - b.faceId)
  return kept.sort(
    (a, b) =>
      rank(a) - rank(b) ||
      (a.kind === 'disagreement' ? b.value - a.value : a.value - b.value) ||
      a.atSecs - b.atSecs,
  )
}

function rank({ kind }: ViewerMoment): number {
  return kind === 'disagreement' ? 0 : 1
}

/** Index of the moment that the playhead is at: of those that hold, the one whose jump target is nearest; -1: none. */
export function momentAt(moments: readonly ViewerMoment[], secs: number): number {
  let found = -1
  moments.forEach(({ startSecs, endSecs, atSecs }, index) => {
    if (secs < startSecs || secs >= endSecs) return
    const known = moments[found]
    if (!known || Math.abs(atSecs - secs) < Math.abs(known.atSecs - secs)) found = index
  })
  return found
}
