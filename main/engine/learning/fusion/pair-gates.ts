import { Random } from '../random'
import type { Pair, PairSet } from './pair-set'

/** How far each side of a pair is believed, 0..1. */
export interface PairGates {
  readonly face: number
  readonly voice: number
}

/** A way to gate pairs, with the words that must stand beside its figures. */
export interface GateSource {
  readonly name: string
  readonly note: string
  readonly of: (pair: Pair, set: PairSet) => PairGates
}

export const GATES_OFF: GateSource = {
  name: 'off',
  note: 'gates off (both 1)',
  of: () => ({ face: 1, voice: 1 }),
}

/** Knows which faces are wrong: the best that any gate could do. */
export const ORACLE_GATE: GateSource = {
  name: 'oracle',
  note: 'face gate of an oracle: 0 where the face is wrong, else 1',
  of: (pair) => ({ face: pair.isFaceWrong ? 0 : 1, voice: 1 }),
}

/** What the outputs themselves tell: an undecided face counts less. */
export const CONFIDENCE_GATE: GateSource = {
  name: 'confidence',
  note: "face gate from the face's own posterior: its highest value, scaled from 1/n..1 to 0..1",
  of: ({ face }) => ({ face: (Math.max(...face) - 1 / face.length) / (1 - 1 / face.length), voice: 1 }),
}

/** Normal quantile by bisection of the error function's series; good to 1e-9 for 0.5..0.9999. */
function normalQuantile(probability: number): number {
  let low = 0
  let high = 6
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2
    if (normalShare(middle) < probability) low = middle
    else high = middle
  }
  return (low + high) / 2
}

function normalShare(x: number): number {
  let term = x
  let sum = x
  for (let k = 1; k < 200; k++) {
    term *= (-x * x) / (2 * k)
    sum += term / (2 * k + 1)
  }
  return 0.5 + sum / Math.sqrt(2 * Math.PI)
}

/**
 * A simulated quality score: normal with SD 1 around +d/2 for right and -d/2 for wrong faces, d = sqrt(2) times the
 * normal quantile of `auc`, the chance that a right face scores above a wrong one. The gate is the probability that the
 * face is right, given its score and the share of wrong ones. Drawn by seed and the pair's place in the set.
 */
export function qualityGate(options: {
  readonly auc: number
  readonly wrongShare: number
  readonly seed: number
}): GateSource {
  const { auc, wrongShare, seed } = options
  const distance = Math.SQRT2 * normalQuantile(auc)
  const offset = Math.log((1 - wrongShare) / wrongShare)
  const drawn = new WeakMap<PairSet, Map<Pair, number>>()
  const drawAll = (set: PairSet): Map<Pair, number> => {
    const random = new Random(seed, 0x9a7e)
    const gates = new Map<Pair, number>()
    for (const pair of set.pairs) {
      const score = random.gaussian() + (pair.isFaceWrong ? -distance / 2 : distance / 2)
      gates.set(pair, 1 / (1 + Math.exp(-(distance * score + offset))))
    }
    drawn.set(set, gates)
    return gates
  }
  return {
    name: `quality ${auc}`,
    note: `face gate from a simulated quality score that ranks a right face above a wrong one with chance ${auc} (seed ${seed})`,
    of: (pair, set) => ({ face: (drawn.get(set) ?? drawAll(set)).get(pair) ?? 1, voice: 1 }),
  }
}
