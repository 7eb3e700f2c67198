import { FACE_PARAMETERS } from './parameters'
import type { Box, FaceObservation } from './types'

/**
 * Whether a face can be trusted, and if not why: the gravest reason of several.
 * @param box in source pixels
 */
export function judgeFace(
  box: Box,
  score: number,
  sourceWidthPx: number,
  sourceHeightPx: number,
): FaceObservation['quality'] {
  if (score < FACE_PARAMETERS.startScore) return 'low_score'
  if (Math.min(box.w, box.h) < FACE_PARAMETERS.smallFacePx) return 'small_face'
  const insideWidth = Math.min(sourceWidthPx, box.x + box.w) - Math.max(0, box.x)
  const insideHeight = Math.min(sourceHeightPx, box.y + box.h) - Math.max(0, box.y)
  const insideShare = (Math.max(0, insideWidth) * Math.max(0, insideHeight)) / (box.w * box.h)
  return 1 - insideShare > FACE_PARAMETERS.edgeShare ? 'edge' : 'ok'
}
