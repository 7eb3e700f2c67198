import { EMOTION_COUNT } from '../emotions'
import type { SmoothingParameters } from './parameters'

/** A sequence of moments without absent ones; gaps show in the times. */
export interface ScoreSequence {
  /** Ascending. Shape [n]. */
  readonly timesSecs: ArrayLike<number>
  /** Log-likelihoods, already tempered so that correlated frames count once. Shape [n, 7]. */
  readonly logLikelihoods: ArrayLike<number>
  /** Prior at the start and after a restart, and what is believed again where evidence stays away. Shape [7]. */
  readonly prior: ArrayLike<number>
}

/**
 * Hidden Markov filter over the emotions. Over dt an emotion is kept or drawn anew from the prior, so that the prior is
 * what the chain returns to, as it is in a single moment's posterior. The chance of drawing anew is such that under a
 * uniform prior an emotion is kept with probability exp(-dt / dwell) and the six others share the rest equally. After a
 * gap longer than `restartGapSecs` the filter starts anew.
 * @param isTwoWay forward-backward (offline, without lag) instead of forward only
 * @returns posteriors, shape [n, 7]
 * Reference: Rabiner, Proceedings of the IEEE 77(2), 1989, 257-286, with scaling.
 */
export function markovFilter(
  sequence: ScoreSequence,
  parameters: SmoothingParameters,
  isTwoWay: boolean,
): Float64Array {
  const count = sequence.timesSecs.length
  const prior = Float64Array.from({ length: EMOTION_COUNT }, (_, emotion) => sequence.prior[emotion] ?? 0)
  const forward = new Float64Array(count * EMOTION_COUNT)
  const belief = prior.slice()
  for (let index = 0; index < count; index++) {
    const renewal = index === 0 ? 1 : renewalProbability(sequence, index, parameters)
    for (let e = 0; e < EMOTION_COUNT; e++)
      belief[e] = (1 - renewal) * (belief[e] ?? 0) + renewal * (prior[e] ?? 0)
    weigh(belief, sequence.logLikelihoods, index)
    forward.set(belief, index * EMOTION_COUNT)
  }
  if (isTwoWay) addBackward(forward, { ...sequence, prior }, parameters)
  return forward
}

/**
 * Chance that the emotion is drawn from the prior between a moment and the one before; 1 is a restart. A draw may give
 * the old emotion again, so it happens a little more often than a change.
 */
function renewalProbability(sequence: ScoreSequence, index: number, parameters: SmoothingParameters): number {
  const elapsedSecs = (sequence.timesSecs[index] ?? 0) - (sequence.timesSecs[index - 1] ?? 0)
  if (elapsedSecs > parameters.restartGapSecs) return 1
  const change = 1 - Math.exp(-elapsedSecs / parameters.dwellSecs)
  return Math.min(1, (change * EMOTION_COUNT) / (EMOTION_COUNT - 1))
}

/** Multiplies by the likelihood of one moment and normalises. */
function weigh(belief: Float64Array, logLikelihoods: ArrayLike<number>, index: number): void {
  let top = Number.NEGATIVE_INFINITY
  for (let e = 0; e < EMOTION_COUNT; e++) top = Math.max(top, logLikelihoods[index * EMOTION_COUNT + e] ?? 0)
  let sum = 0
  for (let e = 0; e < EMOTION_COUNT; e++) {
    belief[e] = (belief[e] ?? 0) * Math.exp((logLikelihoods[index * EMOTION_COUNT + e] ?? 0) - top)
    sum += belief[e] ?? 0
  }
  for (let e = 0; e < EMOTION_COUNT; e++) belief[e] = (belief[e] ?? 0) / sum
}

function addBackward(forward: Float64Array, sequence: ScoreSequence, parameters: SmoothingParameters): void {
  const message = new Float64Array(EMOTION_COUNT).fill(1 / EMOTION_COUNT)
  for (let index = sequence.timesSecs.length - 1; index >= 0; index--) {
    let sum = 0
    for (let e = 0; e < EMOTION_COUNT; e++)
      sum += (forward[index * EMOTION_COUNT + e] ?? 0) * (message[e] ?? 0)
    for (let e = 0; e < EMOTION_COUNT; e++) {
      const cell = index * EMOTION_COUNT + e
      forward[cell] = ((forward[cell] ?? 0) * (message[e] ?? 0)) / sum
    }
    if (index === 0) return
    const renewal = renewalProbability(sequence, index, parameters)
    weigh(message, sequence.logLikelihoods, index)
    let expected = 0
    for (let e = 0; e < EMOTION_COUNT; e++) expected += (sequence.prior[e] ?? 0) * (message[e] ?? 0)
    for (let e = 0; e < EMOTION_COUNT; e++)
      message[e] = (1 - renewal) * (message[e] ?? 0) + renewal * expected
  }
}
