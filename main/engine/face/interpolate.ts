import type { Box } from './types'

/** What is known of a face at one moment, in pixels. */
export interface FacePlace {
  readonly timeSecs: number
  readonly box: Box
  readonly score: number
  /** x, y pairs, shape [68, 2]. */
  readonly landmarks: Float32Array
}

/**
 * A face between two detections, weighted by time from both sides: at a detection's own time it is exactly that
 * detection.
 * @param timeSecs within [before.timeSecs, after.timeSecs]
 */
export function interpolatePlace(before: FacePlace, after: FacePlace, timeSecs: number): FacePlace {
  const span = after.timeSecs - before.timeSecs
  const share = span > 0 ? Math.min(1, Math.max(0, (timeSecs - before.timeSecs) / span)) : 0
  const mix = (from: number, to: number): number => (1 - share) * from + share * to
  const landmarks = new Float32Array(before.landmarks.length)
  for (let i = 0; i < landmarks.length; i++)
    landmarks[i] = mix(before.landmarks[i] as number, after.landmarks[i] as number)
  return {
    timeSecs,
    box: {
      x: mix(before.box.x, after.box.x),
      y: mix(before.box.y, after.box.y),
      w: mix(before.box.w, after.box.w),
      h: mix(before.box.h, after.box.h),
    },
    score: mix(before.score, after.score),
    landmarks,
  }
}
