import { EMOTIONS, type ModelLabel } from '../../emotions'
import { createLabelMap } from '../../fusion/label-map'
import type { Prediction, Predictions } from '../evaluation/predictions'

/** A face and a voice that are to be fused, both read by their own model and calibrated. */
export interface Pair {
  /** Unique in its set. */
  readonly id: string
  /** Pairs of one group are not independent: the actor. */
  readonly group: string
  /** Fold of cross-fitting: whatever was fitted for this pair was fitted on other parts. */
  readonly part: string
  /** Index into the set's labels. */
  readonly truth: number
  /** Posteriors in label order. */
  readonly face: Float64Array
  readonly voice: Float64Array
  /** True where the face was put there on purpose from an item of another class. */
  readonly isFaceWrong: boolean
}

export interface PairSet {
  readonly labels: readonly ModelLabel[]
  /** Class priors that training left in the two models, in label order. */
  readonly facePrior: Float64Array
  readonly voicePrior: Float64Array
  readonly pairs: readonly Pair[]
  /** Data, number of pairs and how both sides were read: no figure stands alone. */
  readonly protocol: string
}

/** What a rule of fusion says about one pair: a distribution over the set's labels. */
export type FusionRule = (pair: Pair, set: PairSet) => Float64Array

/** Fused log-probabilities of every pair, as figures are computed from. */
export function predictPairs(set: PairSet, rule: FusionRule, protocol: string): Predictions {
  const items = set.pairs.map((pair): Prediction => ({
    id: pair.id,
    group: pair.group,
    truth: pair.truth,
    logits: logOf(rule(pair, set)),
  }))
  return { labels: set.labels, items, protocol }
}

/** Natural logarithms, never minus infinity. */
export function logOf(probs: ArrayLike<number>): number[] {
  return Array.from(probs, (value) => Math.log(Math.max(value, 1e-12)))
}

/** The same pairs over the canonical seven: calm counts as neutral, in posteriors and priors alike. */
export function toSevenClasses(set: PairSet): PairSet {
  const mapOf = (prior: Float64Array) =>
    createLabelMap({ id: 'pairs', labels: set.labels, prior: Array.from(prior) })
  const faceMap = mapOf(set.facePrior)
  const voiceMap = mapOf(set.voicePrior)
  const mapped = (map: typeof faceMap, probs: Float64Array): Float64Array => {
    const out = new Float64Array(EMOTIONS.length)
    map.map(probs, out)
    return out
  }
  return {
    labels: EMOTIONS,
    facePrior: faceMap.prior,
    voicePrior: voiceMap.prior,
    pairs: set.pairs.map((pair) => ({
      ...pair,
      truth: canonicalTruth(set.labels, pair.truth),
      face: mapped(faceMap, pair.face),
      voice: mapped(voiceMap, pair.voice),
    })),
    protocol: `${set.protocol}; seven classes: p(calm) added to p(neutral)`,
  }
}

/** Index among the canonical seven, calm as neutral; -1 for contempt and for an unknown truth. */
export function canonicalTruth(labels: readonly ModelLabel[], truth: number): number {
  const label = labels[truth]
  if (label === undefined || label === 'contempt') return -1
  return EMOTIONS.indexOf(label === 'calm' ? 'neutral' : label)
}
