import { EMOTIONS } from '../../../../main/engine/emotions'
import type { Pair, PairSet } from '../../../../main/engine/learning/fusion/pair-set'
import type { Side } from '../../../../main/engine/learning/fusion/simulated-pairs'
import { Random } from '../../../../main/engine/learning/random'

/** A posterior that favours `truth` on average; its sharpness is random. */
export function noisyPosterior(truth: number, random: Random, classes = 7): Float64Array {
  const scores = Float64Array.from(
    { length: classes },
    (_, label) => random.gaussian() + (label === truth ? 1.5 : 0),
  )
  const powers = scores.map(Math.exp)
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map((value) => value / sum)
}

export function uniform(classes = 7): Float64Array {
  return new Float64Array(classes).fill(1 / classes)
}

/** `perPart` pairs of random classes in each of four parts. */
export function randomPairs(perPart: number, seed: number): PairSet {
  const random = new Random(seed)
  return {
    labels: EMOTIONS,
    facePrior: uniform(),
    voicePrior: uniform(),
    protocol: 'random pairs',
    pairs: Array.from({ length: 4 * perPart }, (_, index): Pair => {
      const truth = random.below(7)
      return {
        id: `pair ${index}`,
        group: `actor ${index % 8}`,
        part: String(index % 4),
        truth,
        face: noisyPosterior(truth, random),
        voice: noisyPosterior(truth, random),
        isFaceWrong: false,
      }
    }),
  }
}

/** `perClass` items of every class, in two parts. */
export function randomSide(name: string, perClass: number, seed: number): Side {
  const random = new Random(seed)
  return {
    name,
    prior: uniform(),
    items: Array.from({ length: 7 * perClass }, (_, index) => ({
      id: `${name} ${index}`,
      group: `${name} ${index % 5}`,
      part: String(index % 2),
      truth: index % 7,
      probs: noisyPosterior(index % 7, random),
    })),
  }
}
