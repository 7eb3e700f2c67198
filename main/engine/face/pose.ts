/** Head pose in the picture plane and about the vertical; degrees. */
export interface HeadPose {
  /** Positive: the face turns towards the right side of the picture; 0 is frontal. */
  readonly yawDegrees: number
  /** Positive: the head tilts clockwise as seen in the picture. */
  readonly rollDegrees: number
}

/** Landmarks of the iBUG 300-W scheme; left and right as seen in the picture. */
const LEFT_EYE = [36, 37, 38, 39, 40, 41] as const
const RIGHT_EYE = [42, 43, 44, 45, 46, 47] as const
const LEFT_CORNER = 36
const RIGHT_CORNER = 45
const NOSE_TIP = 30

/**
 * How far the tip of the nose stands out before the outer eye corners, in half distances between them: 135 / 225 in the
 * generic head model that head-pose solvers use (S. Mallick, Head pose estimation using OpenCV and dlib, 2016).
 */
const NOSE_DEPTH = 135 / 225

/**
 * Roll is the slope of the line between the eyes' centres. Yaw follows from where the tip of the nose lies between the
 * outer eye corners along that line: under parallel projection its offset from their middle, in half distances, is
 * NOSE_DEPTH x tan(yaw).
 * @param landmarks x, y pairs, shape [68, 2]
 */
export function estimatePose(landmarks: Float32Array): HeadPose {
  const left = meanPoint(landmarks, LEFT_EYE)
  const right = meanPoint(landmarks, RIGHT_EYE)
  const roll = Math.atan2(right.y - left.y, right.x - left.x)
  const along = (point: number): number =>
    (landmarks[point * 2] as number) * Math.cos(roll) + (landmarks[point * 2 + 1] as number) * Math.sin(roll)
  const halfDistance = (along(RIGHT_CORNER) - along(LEFT_CORNER)) / 2
  const middle = (along(RIGHT_CORNER) + along(LEFT_CORNER)) / 2
  const yaw = Math.atan2(along(NOSE_TIP) - middle, NOSE_DEPTH * Math.max(halfDistance, 1e-6))
  return { yawDegrees: degrees(yaw), rollDegrees: degrees(roll) }
}

function meanPoint(landmarks: Float32Array, points: readonly number[]): { x: number; y: number } {
  let x = 0
  let y = 0
  for (const point of points) {
    x += landmarks[point * 2] as number
    y += landmarks[point * 2 + 1] as number
  }
  return { x: x / points.length, y: y / points.length }
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI
}
