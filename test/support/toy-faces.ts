import { Random } from '../../main/engine/learning/random'
import type { FaceSet } from '../../main/engine/learning/data/face-set'

/** Pictures that a network can tell apart: a bright bar whose place is the label, in noise. */
export function toyFaces(
  count: number,
  { sidePx = 48, seed = 1, split = 'Training', hasVotes = true } = {},
): FaceSet {
  const random = new Random(seed)
  const pixels = new Uint8Array(count * sidePx * sidePx)
  const labels = Int32Array.from({ length: count }, (_, item) => item % 7)
  const votes = hasVotes ? new Float32Array(count * 8) : null
  labels.forEach((label, item) => {
    if (votes) votes[item * 8 + label] = 10
    const top = Math.floor((label * sidePx) / 7)
    for (let row = 0; row < sidePx; row++)
      for (let column = 0; column < sidePx; column++) {
        const bar = row >= top && row < top + sidePx / 7 ? 120 : 0
        pixels[(item * sidePx + row) * sidePx + column] = 60 + bar + random.below(40)
      }
  })
  return {
    count,
    sidePx,
    pixels,
    labels,
    votes,
    refusals: null,
    splits: Array.from({ length: count }, () => split),
    ids: Array.from({ length: count }, (_, item) => `toy:${split}:${item}`),
    speakers: null,
  }
}

/** Two sets as one. */
export function joinFaces(a: FaceSet, b: FaceSet): FaceSet {
  const both = <T extends Uint8Array | Int32Array | Float32Array>(
    first: T,
    second: T,
    make: (n: number) => T,
  ): T => {
    const joined = make(first.length + second.length)
    joined.set(first)
    joined.set(second, first.length)
    return joined
  }
  return {
    ...a,
    count: a.count + b.count,
    pixels: both(a.pixels, b.pixels, (n) => new Uint8Array(n)),
    labels: both(a.labels, b.labels, (n) => new Int32Array(n)),
    votes: a.votes && b.votes && both(a.votes, b.votes, (n) => new Float32Array(n)),
    splits: [...a.splits, ...b.splits],
    ids: [...a.ids, ...b.ids],
  }
}
