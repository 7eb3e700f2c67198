import type { Box } from './types'

/** Intersection over union, 0..1; 0 for boxes without area. */
export function intersectionOverUnion(a: Box, b: Box): number {
  const width = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y)
  if (width <= 0 || height <= 0) return 0
  const shared = width * height
  return shared / (a.w * a.h + b.w * b.h - shared)
}

export function scaleBox(box: Box, factorX: number, factorY: number): Box {
  return { x: box.x * factorX, y: box.y * factorY, w: box.w * factorX, h: box.h * factorY }
}

/** The smallest box around points. @param points x, y pairs, shape [count, 2] */
export function boundingBox(points: Float32Array): Box {
  let left = Number.POSITIVE_INFINITY
  let top = Number.POSITIVE_INFINITY
  let right = Number.NEGATIVE_INFINITY
  let bottom = Number.NEGATIVE_INFINITY
  for (let i = 0; i < points.length; i += 2) {
    const x = points[i] as number
    const y = points[i + 1] as number
    if (x < left) left = x
    if (x > right) right = x
    if (y < top) top = y
    if (y > bottom) bottom = y
  }
  return { x: left, y: top, w: right - left, h: bottom - top }
}

/**
 * Keeps the best of overlapping detections (greedy non-maximum suppression), best first.
 * @param maxOverlap intersection over union above which the weaker one goes
 */
export function suppressOverlaps<T extends { readonly box: Box; readonly score: number }>(
  detections: readonly T[],
  maxOverlap: number,
): T[] {
  const kept: T[] = []
  for (const candidate of [...detections].sort((a, b) => b.score - a.score))
    if (kept.every(({ box }) => intersectionOverUnion(box, candidate.box) <= maxOverlap)) kept.push(candidate)
  return kept
}
