import type { FaceSet } from '../../../../main/engine/learning/data/face-set'
import { Random } from '../../../../main/engine/learning/random'

/** Noise pictures, all different, with labels and splits in turn. */
export function faceSet(count: number, changes: Partial<FaceSet> = {}, sidePx = 8): FaceSet {
  const random = new Random(11)
  return {
    count,
    sidePx,
    pixels: Uint8Array.from({ length: count * sidePx * sidePx }, () => random.below(256)),
    labels: Int32Array.from({ length: count }, (_, item) => item % 7),
    votes: null,
    refusals: null,
    splits: Array.from({ length: count }, (_, item) => (item % 4 === 3 ? 'PublicTest' : 'Training')),
    ids: Array.from({ length: count }, (_, item) => `fer2013:${item}`),
    speakers: null,
    ...changes,
  }
}
