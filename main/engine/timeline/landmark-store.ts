import type { FaceFrame } from '../face/types'
import { GrowableRows } from '../speech/growable'
import type { LandmarkTable } from './types'

const NUMBERS = 2 * 68

/** Collects the landmarks that frames bring along: about half a kilobyte a face and look. */
export class LandmarkStore {
  readonly #frames: number[] = []
  readonly #timesSecs: number[] = []
  readonly #faceIds: number[] = []
  #points: GrowableRows | null = null

  get count(): number {
    return this.#frames.length
  }

  add({ frameIndex, timeSecs, faces }: FaceFrame): void {
    for (const { trackId, landmarks } of faces) {
      if (!landmarks) continue
      this.#points ??= new GrowableRows(NUMBERS)
      this.#points.push(landmarks)
      this.#frames.push(frameIndex)
      this.#timesSecs.push(timeSecs)
      this.#faceIds.push(trackId)
    }
  }

  finish(): LandmarkTable {
    return {
      count: this.count,
      frame: Int32Array.from(this.#frames),
      timeSecs: Float64Array.from(this.#timesSecs),
      faceId: Int32Array.from(this.#faceIds),
      points: this.#points?.view() ?? new Float32Array(0),
    }
  }
}
