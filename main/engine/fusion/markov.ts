import { EMOTION_COUNT } from '../emotions'
import type { SmoothingParameters } from './parameters'

/** A sequence of moments without absent ones; gaps show in the times. */
export interface ScoreSequence {
  /** Ascending. Shape [n]. */
  readonly timesSecs: ArrayLike<number>
  /** Log-likelihoods, already tempered so that correlated frames count once. Shape [n, 7]. */
  readonly logLikelihoods: ArrayLike<number>
  /** Prior at the start and after a restart. Shape [7]. */
  readonly prior: ArrayLike<number>
}

/**
 * Hidden Markov filter over the emotions: one is kept over dt with probability exp(-dt / dwell), the six others share
 * the rest equally. After a gap longer than `restartGapSecs` it starts anew.
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
  const forward = new Float64Array(count * EMOTION_COUNT)
  const previous = Float64Array.from({ length: EMOTION_COUNT }, (_, emotion) => sequence.prior[emotion] ?? 0)
  for (let index = 0; index < count; index++) {
    const stay = index === 0 ? 0 : stayProbability(sequence, index, parameters)
    if (stay === 0) for (let e = 0; e < EMOTION_COUNT; e++) previous[e] = sequence.prior[e] ?? 0
    else transition(previous, stay)
    weigh(previous, sequence.logLikelihoods, index)
    forward.set(previous, index * EMOTION_COUNT)
  }
  if (isTwoWay) addBackward(forward, sequence, parameters)
  return forward
}

/** 0 stands for a restart. */
function stayProbability(sequence: ScoreSequence, index: number, parameters: SmoothingParameters): number {
  const elapsedSecs = (sequence.timesSecs[index] ?? 0) - (sequence.timesSecs[index - 1] ?? 0)
  return elapsedSecs > parameters.restartGapSecs ? 0 : Math.exp(-elapsedSecs / parameters.dwellSecs)
}

/** In place; the transition matrix is symmetric, so it serves both directions. Expects values that sum to 1. */
function transition(belief: Float64Array, stay: number): void {
  const share = (1 - stay) / (EMOTION_COUNT - 1)
  let sum = 0
  for (const value of belief) sum += value
  for (let e = 0; e < EMOTION_COUNT; e++)
    belief[e] = stay * (belief[e] ?? 0) + share * (sum - (belief[e] ?? 0))
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
    const stay = stayProbability(sequence, index, parameters)
    if (stay === 0) message.fill(1 / EMOTION_COUNT)
    else {
      weigh(message, sequence.logLikelihoods, index)
      transition(message, stay)
    }
  }
}
