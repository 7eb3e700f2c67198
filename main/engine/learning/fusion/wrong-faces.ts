import { Random } from '../random'
import type { Pair, PairSet } from './pair-set'

/**
 * The same pairs with a share of the faces exchanged for another pair's face of another class, as happens when the
 * wrong person of a room was found. The donor comes from the same part, so that cross-fitting stays clean.
 * @param share 0..1 of the pairs; exactly round(share x pairs) faces are exchanged
 */
export function withWrongFaces(
  set: PairSet,
  { share, seed }: { readonly share: number; readonly seed: number },
): PairSet {
  const random = new Random(seed, 0x0fac)
  const order = random.shuffle(set.pairs.map((_, index) => index))
  const chosen = new Set(order.slice(0, Math.round(share * set.pairs.length)))
  const byPart = new Map<string, Pair[]>()
  for (const pair of set.pairs) {
    const own = byPart.get(pair.part)
    if (own) own.push(pair)
    else byPart.set(pair.part, [pair])
  }
  return {
    ...set,
    pairs: set.pairs.map((pair, index) => {
      if (!chosen.has(index)) return pair
      const candidates = byPart.get(pair.part) ?? []
      if (candidates.every((other) => other.truth === pair.truth))
        throw new RangeError(`part ${pair.part} has no face of another class than that of ${pair.id}`)
      let donor = pair
      while (donor.truth === pair.truth) donor = candidates[random.below(candidates.length)] as Pair
      return { ...pair, face: donor.face, isFaceWrong: true }
    }),
    protocol: `${set.protocol}; ${chosen.size} of ${set.pairs.length} faces (${Math.round(100 * share)}%) exchanged for one of another class, seed ${seed}`,
  }
}
