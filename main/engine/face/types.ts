/** In upright source pixels, origin top left. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

export interface FaceObservation {
  /** Stable over the clip: 1, 2, 3 in order of first appearance. */
  readonly trackId: number
  readonly box: Box
  /** Detector score 0..1; interpolated between detections. */
  readonly score: number
  /** False where box and landmarks were interpolated between two detections. */
  readonly isDetected: boolean
  /** Whether the reading is to be trusted, or why not; exports.md 4.1 has these names. */
  readonly quality: 'ok' | 'low_score' | 'small_face' | 'edge'
  /** Head pose estimated from landmarks; degrees, 0 is frontal. */
  readonly yawDegrees: number
  readonly rollDegrees: number
  /** 0..1, 1 for a sharp crop (see sharpness.ts). */
  readonly sharpness: number
  /** Calibrated probabilities in the order of the face card's labels. */
  readonly modelProbs: Float32Array
  /** x, y pairs in upright source pixels, shape [68, 2]; only where they were asked for, and not where interpolated. */
  readonly landmarks?: Float32Array
}

/** What the face analysis says about one decoded frame; there is one for each frame, in order. */
export interface FaceFrame {
  readonly frameIndex: number
  readonly timeSecs: number
  /** False for frames left out by the fps setting. */
  readonly isAnalysed: boolean
  /** Sorted by trackId. */
  readonly faces: readonly FaceObservation[]
}
