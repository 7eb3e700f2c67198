import { pxFromSecs, secsFromPx, spanOf, type TimeScale } from '../time-scale'
import { POINT_REACH_PX } from './draw-points'
import { firstReaching, type LaneBar, type LaneIndex } from './lane-index'

/** Edges are caught this far from where they are, inside the bar and beyond it. */
export const GRIP_PX = 6

export type BarPart = 'start' | 'end' | 'body' | 'point'

export interface BarHit {
  readonly bar: LaneBar
  /** Its place in the index. */
  readonly at: number
  readonly part: BarPart
  /** The bar on the other side of the edge that is caught, where the two touch; null: none does. */
  readonly neighbour: LaneBar | null
}

/**
 * What lies under a place of a lane. Of a narrow bar the inner grips leave a third of it to take hold of; where two bars
 * touch, the one under the pointer is caught. Points win over bars, and the nearest wins of several.
 * @param xPx on the scale's axis
 */
export function hitTest(index: LaneIndex, scale: TimeScale, xPx: number): BarHit | null {
  const reachSecs = (Math.max(GRIP_PX, POINT_REACH_PX) / scale.widthPx) * spanOf(scale.range)
  const secs = secsFromPx(scale, xPx)
  let best: { at: number; part: BarPart; distancePx: number } | null = null
  for (let at = firstReaching(index, secs - reachSecs); at < index.bars.length; at++) {
    const startSecs = index.startSecs[at]!
    if (startSecs > secs + reachSecs) break
    const endSecs = index.endSecs[at]!
    const found =
      startSecs === endSecs
        ? pointPart(xPx - pxFromSecs(scale, startSecs))
        : barPart(xPx, pxFromSecs(scale, startSecs), pxFromSecs(scale, endSecs))
    if (found && (!best || found.distancePx <= best.distancePx)) best = { at, ...found }
  }
  if (!best) return null
  const { at, part } = best
  return { bar: index.bars[at]!, at, part, neighbour: touching(index, at, part) }
}

interface Part {
  readonly part: BarPart
  /** How far outside of the bar; inside it is below 0, so that inside wins. */
  readonly distancePx: number
}

function pointPart(offPx: number): Part | null {
  const distancePx = Math.abs(offPx)
  return distancePx <= POINT_REACH_PX ? { part: 'point', distancePx: distancePx - 100 } : null
}

function barPart(xPx: number, startX: number, endX: number): Part | null {
  const innerPx = Math.min(GRIP_PX, (endX - startX) / 3)
  if (xPx >= startX && xPx < endX) {
    if (xPx - startX < innerPx) return { part: 'start', distancePx: -1 }
    if (endX - xPx <= innerPx) return { part: 'end', distancePx: -1 }
    return { part: 'body', distancePx: -1 }
  }
  if (xPx < startX && startX - xPx <= GRIP_PX) return { part: 'start', distancePx: startX - xPx }
  if (xPx >= endX && xPx - endX <= GRIP_PX) return { part: 'end', distancePx: xPx - endX }
  return null
}

/** Times closer than this are one: tables round to microseconds. */
const SAME_SECS = 2e-6

function touching(index: LaneIndex, at: number, part: BarPart): LaneBar | null {
  if (part === 'start' && at > 0 && Math.abs(index.endSecs[at - 1]! - index.startSecs[at]!) < SAME_SECS)
    return index.bars[at - 1]!
  if (
    part === 'end' &&
    at + 1 < index.bars.length &&
    Math.abs(index.startSecs[at + 1]! - index.endSecs[at]!) < SAME_SECS
  )
    return index.bars[at + 1]!
  return null
}

/** Places in the index of all bars that touch a stretch of time. */
export function barsBetween(index: LaneIndex, fromSecs: number, toSecs: number): number[] {
  const found: number[] = []
  for (let at = firstReaching(index, fromSecs); at < index.bars.length; at++) {
    if (index.startSecs[at]! > toSecs) break
    const isPoint = index.startSecs[at]! === index.endSecs[at]!
    if (isPoint ? index.startSecs[at]! >= fromSecs : index.endSecs[at]! > fromSecs) found.push(at)
  }
  return found
}
