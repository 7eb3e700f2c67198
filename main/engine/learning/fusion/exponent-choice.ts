import { topIndex } from '../evaluation/softmax'
import { engineRule, weightedSumRule } from './fusion-rules'
import type { FusionRule, PairSet } from './pair-set'

export interface GridPoint {
  readonly faceExponent: number
  readonly speechExponent: number
  /** Share 0..1 of pairs right. */
  readonly accuracy: number
}

export interface ExponentChoice {
  readonly faceExponent: number
  readonly speechExponent: number
  readonly atOne: GridPoint
  readonly best: GridPoint
  readonly grid: readonly GridPoint[]
  /** Share of the face in a weighted sum of posteriors that did best. */
  readonly faceWeight: number
  readonly protocol: string
}

const EXPONENTS = [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.5] as const
const FACE_WEIGHTS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const
/** Another pair of exponents than 1, 1 must win by more than this share. */
const NEEDED_GAIN = 0.01

/** Accuracy of the product over the grid of both exponents. */
export function exponentGrid(set: PairSet): GridPoint[] {
  return EXPONENTS.flatMap((faceExponent) =>
    EXPONENTS.map((speechExponent) => ({
      faceExponent,
      speechExponent,
      accuracy: accuracyOf(set, engineRule({ faceExponent, speechExponent })),
    })),
  )
}

/** The best of a grid; among equals the one nearest to 1, 1. */
export function bestOf(grid: readonly GridPoint[]): GridPoint {
  const distance = ({ faceExponent, speechExponent }: GridPoint) =>
    Math.hypot(faceExponent - 1, speechExponent - 1)
  return [...grid].sort((a, b) => b.accuracy - a.accuracy || distance(a) - distance(b))[0] as GridPoint
}

/**
 * Chooses the exponents, which must never be done on the pairs that are reported: 1, 1 unless another point of the grid
 * wins by more than a point (models.md section 5).
 */
export function chooseExponents(set: PairSet): ExponentChoice {
  const grid = exponentGrid(set)
  const best = bestOf(grid)
  const atOne = grid.find((point) => point.faceExponent === 1 && point.speechExponent === 1) as GridPoint
  const chosen = best.accuracy - atOne.accuracy > NEEDED_GAIN ? best : atOne
  const faceWeight = [...FACE_WEIGHTS]
    .map((weight) => ({ weight, accuracy: accuracyOf(set, weightedSumRule(weight)) }))
    .sort((a, b) => b.accuracy - a.accuracy || Math.abs(a.weight - 0.5) - Math.abs(b.weight - 0.5))[0]
  return {
    faceExponent: chosen.faceExponent,
    speechExponent: chosen.speechExponent,
    atOne,
    best,
    grid,
    faceWeight: faceWeight?.weight ?? 0.5,
    protocol: `Grid of b from ${EXPONENTS[0]} to ${EXPONENTS.at(-1)} in steps of 0.1, both at 1 unless another point wins by more than ${100 * NEEDED_GAIN} point; chosen on ${set.protocol}`,
  }
}

export function accuracyOf(set: PairSet, rule: FusionRule): number {
  const right = set.pairs.filter((pair) => topIndex(rule(pair, set)) === pair.truth).length
  return right / set.pairs.length
}
