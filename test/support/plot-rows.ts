import { ROW_QUALITIES, type RowQuality } from '../../preload/contract/viewer-port'
import type { PlotRows } from '../../renderer/plots/types'

export interface RowFacts {
  readonly frame: number
  readonly timeSecs: number
  readonly durSecs: number
  /** Left out: no face. */
  readonly faceId?: number
  readonly quality?: RowQuality
  readonly areaPx?: number
  /** Shape [7]; left out: absent. */
  readonly face?: readonly number[]
  readonly speech?: readonly number[]
  readonly fusion?: readonly number[]
  readonly faceGate?: number
  /** 0, 1, or left out: no sound. */
  readonly speechActive?: number
  /** Index of the reason. */
  readonly fusionAbsent?: number
}

const ABSENT = Array.from({ length: 7 }, () => Number.NaN)

/** All of the probability on one emotion. */
export function sure(emotion: number): number[] {
  return Array.from({ length: 7 }, (_, other) => (other === emotion ? 1 : 0))
}

export function plotRows(facts: readonly RowFacts[]): PlotRows {
  const probs = (of: (row: RowFacts) => readonly number[] | undefined): Float32Array =>
    Float32Array.from(facts.flatMap((row) => of(row) ?? ABSENT))
  return {
    count: facts.length,
    frame: Int32Array.from(facts, (row) => row.frame),
    timeSecs: Float64Array.from(facts, (row) => row.timeSecs),
    durSecs: Float64Array.from(facts, (row) => row.durSecs),
    faceId: Int32Array.from(facts, (row) => row.faceId ?? -1),
    faceBox: Float32Array.from(
      facts.flatMap((row) =>
        row.faceId === undefined ? [NaN, NaN, NaN, NaN] : [0, 0, row.areaPx ?? 100, 1],
      ),
    ),
    quality: Uint8Array.from(facts, (row) =>
      ROW_QUALITIES.indexOf(row.quality ?? (row.faceId === undefined ? 'no_face' : 'ok')),
    ),
    faceProbs: probs((row) => row.face),
    speechProbs: probs((row) => row.speech),
    fusionProbs: probs((row) => row.fusion),
    faceProbsSmoothed: probs((row) => row.face),
    fusionProbsSmoothed: probs((row) => row.fusion),
    faceGate: Float32Array.from(facts, (row) => row.faceGate ?? Number.NaN),
    speechGate: Float32Array.from(facts, () => Number.NaN),
    fusionAbsent: Uint8Array.from(facts, (row) => row.fusionAbsent ?? 0),
    speechActive: Uint8Array.from(facts, (row) => row.speechActive ?? 255),
    disagree: Uint8Array.from(facts, () => 255),
  }
}
