import { fuse, type ModalityReading } from '../../fusion/fuse'
import { type FusionParameters, fusionParametersSchema } from '../../fusion/parameters'
import { GATES_OFF, type GateSource } from './pair-gates'
import type { FusionRule, Pair, PairSet } from './pair-set'

/** Parameters that the program's own function takes; the prior of the result is uniform in evaluations. */
export type RuleParameters = Partial<Omit<FusionParameters, 'prior'>>

const defaults = fusionParametersSchema.parse({})

/** Fusion of a pair by the function that the program runs, over as many classes as the set has. */
export function engineRule(parameters: RuleParameters = {}, gates: GateSource = GATES_OFF): FusionRule {
  return (pair, set) => runEngine(pair, set, { parameters, ...gates.of(pair, set) })
}

/** One side alone, by the same formula: calibrated, its prior taken out, a uniform one put in. */
export function singleRule(side: 'face' | 'voice', parameters: RuleParameters = {}): FusionRule {
  return (pair, set) => runEngine(pair, set, { parameters, face: null, voice: null, [side]: 1 })
}

/** The posterior of the surer side as it is. */
export const surerRule: FusionRule = ({ face, voice }) =>
  Float64Array.from(Math.max(...face) > Math.max(...voice) ? face : voice)

/** Mean of the two posteriors, `faceWeight` on the face; priors stay in. */
export function weightedSumRule(faceWeight: number, gates: GateSource = GATES_OFF): FusionRule {
  return engineRule({ method: 'weighted-sum', faceWeight, speechWeight: 1 - faceWeight }, gates)
}

interface EngineRun {
  readonly parameters: RuleParameters
  /** Gates; null where the side is absent. */
  readonly face: number | null
  readonly voice: number | null
}

function runEngine(pair: Pair, set: PairSet, { parameters, face, voice }: EngineRun): Float64Array {
  const count = set.labels.length
  const prior = new Array<number>(count).fill(1 / count)
  const out = new Float64Array(count)
  const reading = (gate: number | null, probs: Float64Array, own: Float64Array): ModalityReading | null =>
    gate === null ? null : { probs, prior: own, gate }
  const isFused = fuse(
    reading(face, pair.face, set.facePrior),
    reading(voice, pair.voice, set.voicePrior),
    { ...defaults, ...parameters, prior },
    out,
  )
  // The program leaves such a moment empty; a figure needs an answer, and knows nothing better than the prior.
  return isFused ? out : out.fill(1 / count)
}
