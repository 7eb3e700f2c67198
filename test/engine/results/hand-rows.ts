import { EMOTION_COUNT } from '../../../main/engine/emotions'
import type { ClipRows } from '../../../main/engine/results/clip-rows'
import { type Quality, QUALITIES } from '../../../main/engine/timeline/types'

/** One row by hand; what is left out is absent. Emotions are indices, with their probability. */
export interface HandRow {
  readonly frame: number
  readonly secs: number
  readonly durSecs?: number
  readonly faceId?: number
  readonly quality?: Quality
  readonly face?: readonly [emotion: number, p: number]
  readonly speech?: readonly [emotion: number, p: number]
  readonly fusion?: readonly [emotion: number, p: number]
  readonly disagree?: 0 | 1
  readonly active?: 0 | 1
  /** Side of the face box. */
  readonly sizePx?: number
  readonly isExcluded?: boolean
}

/** A frames table as it comes from its file. The label to use is the fused one, else the face's, else the voice's. */
export function handRows(rows: readonly HandRow[]): ClipRows {
  const probs = (pick: (row: HandRow) => HandRow['face']): Float32Array => {
    const values = new Float32Array(rows.length * EMOTION_COUNT).fill(Number.NaN)
    rows.forEach((row, index) => {
      const reading = pick(row)
      if (!reading) return
      const [emotion, p] = reading
      values.fill((1 - p) / (EMOTION_COUNT - 1), index * EMOTION_COUNT, (index + 1) * EMOTION_COUNT)
      values[index * EMOTION_COUNT + emotion] = p
    })
    return values
  }
  const labels = (pick: (row: HandRow) => number | undefined) =>
    Int8Array.from(rows, (row) => pick(row) ?? -1)
  const numbers = (value: number) => new Float32Array(rows.length).fill(value)
  const box = new Float32Array(4 * rows.length).fill(Number.NaN)
  rows.forEach(({ faceId, sizePx = 100 }, row) => {
    if (faceId !== undefined) box.set([0, 0, sizePx, sizePx], 4 * row)
  })
  return {
    count: rows.length,
    frame: Int32Array.from(rows, ({ frame }) => frame),
    timeSecs: Float64Array.from(rows, ({ secs }) => secs),
    durSecs: Float64Array.from(rows, ({ durSecs }) => durSecs ?? 1),
    faceCount: new Int32Array(rows.length),
    faceId: Int32Array.from(rows, ({ faceId }) => faceId ?? -1),
    faceScore: numbers(0.9),
    faceBox: box,
    quality: Uint8Array.from(rows, ({ quality, faceId }) =>
      QUALITIES.indexOf(quality ?? (faceId === undefined ? 'no_face' : 'ok')),
    ),
    faceProbs: probs(({ face }) => face),
    speechProbs: probs(({ speech }) => speech),
    fusionProbs: probs(({ fusion }) => fusion),
    faceProbsSmoothed: probs(() => undefined),
    fusionProbsSmoothed: probs(() => undefined),
    faceGate: numbers(1),
    speechGate: numbers(1),
    speechActive: Uint8Array.from(rows, ({ active }) => active ?? 255),
    speechStartSecs: new Float64Array(rows.length).fill(Number.NaN),
    speechEndSecs: new Float64Array(rows.length).fill(Number.NaN),
    faceLabel: labels(({ face }) => face?.[0]),
    speechLabel: labels(({ speech }) => speech?.[0]),
    fusionLabel: labels(({ fusion }) => fusion?.[0]),
    displayedLabel: labels(() => undefined),
    finalLabel: labels(({ fusion, face, speech }) => (fusion ?? face ?? speech)?.[0]),
    finalSource: Uint8Array.from(rows, ({ fusion, face, speech }) =>
      fusion ? 3 : face ? 1 : speech ? 2 : 0,
    ),
    fusionAbsent: new Uint8Array(rows.length),
    disagree: Uint8Array.from(rows, ({ disagree }) => disagree ?? 255),
    excluded: Uint8Array.from(rows, ({ isExcluded }) => (isExcluded ? 1 : 0)),
    missing: [],
  }
}
