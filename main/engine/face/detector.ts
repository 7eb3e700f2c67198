import type { Picture } from './resample'
import type { Box } from './types'

/** A face in one picture. */
export interface Detection {
  /** In pixels of the picture given; it may reach a little over the edge. */
  readonly box: Box
  /** 0..1. */
  readonly score: number
}

/** Finds faces. Whoever opens it disposes it. */
export interface FaceDetector {
  /** For metadata, for example "face-api tiny 224". */
  readonly name: string
  /** Several pictures in one pass of the network where it can; one list of faces a picture, best first. */
  detect(pictures: readonly Picture[]): Promise<Detection[][]>
  /** Detectors that miss small faces look closer here: faces that `detect` may not have found, at a higher cost. */
  detectSmall?(pictures: readonly Picture[]): Promise<Detection[][]>
  dispose(): void
}

export const DETECTOR_KINDS = ['tiny', 'ssd'] as const
export type DetectorKind = (typeof DETECTOR_KINDS)[number]

export interface DetectorSettings {
  readonly kind: DetectorKind
  /** Side of the tiny detector's square input, a multiple of 32: 224 by default. Ignored by the other. */
  readonly inputSidePx?: number
  /** Weaker detections are left out, 0..1. */
  readonly minimumScore?: number
}
