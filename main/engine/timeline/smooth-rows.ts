import { EMOTION_COUNT } from '../emotions'
import { evidence, fuse, productScores, softmax } from '../fusion/fuse'
import { markovFilter } from '../fusion/markov'
import { ExponentialSmoother } from '../fusion/smoothing'
import { rowsByFace } from './readings'
import type { AnalysisSettings } from './settings'
import type { TimelineRows } from './types'

export interface SmoothingContext {
  readonly rows: TimelineRows
  /** Shape [7]; null where the modality is not there. */
  readonly facePrior: ArrayLike<number> | null
  readonly speechPrior: ArrayLike<number> | null
  readonly settings: AnalysisSettings
}

/**
 * Fills `faceProbsSmoothed` and `fusionProbsSmoothed` from the raw columns, each face by itself. Evidence is smoothed,
 * with the model's prior taken out; every method then puts back the prior of the raw column, so that smoothed and raw
 * differ by smoothing alone: the face model's own prior for faces, `fusion.prior` for the fused result.
 */
export function addSmoothedProbs(context: SmoothingContext): void {
  switch (context.settings.smoothing.method) {
    case 'none':
      return
    case 'exponential':
      return addExponential(context)
    case 'markov-forward':
      return addMarkov(context, false)
    case 'markov':
      return addMarkov(context, true)
  }
}

function isAbsent(probs: Float32Array, row: number): boolean {
  return Number.isNaN(probs[row * EMOTION_COUNT] ?? Number.NaN)
}

function addExponential({ rows, facePrior, speechPrior, settings }: SmoothingContext): void {
  const smoothers = new Map<number, ExponentialSmoother>()
  const raw = new Float64Array(EMOTION_COUNT)
  const scores = new Float64Array(EMOTION_COUNT)
  const spoken = new Float64Array(EMOTION_COUNT)
  const { floor } = settings.fusion
  for (let row = 0; row < rows.count; row++) {
    const offset = row * EMOTION_COUNT
    let mean: Float64Array | null = null
    if (facePrior && !isAbsent(rows.faceProbs, row)) {
      const faceId = rows.faceId[row] ?? -1
      const smoother = smoothers.get(faceId) ?? new ExponentialSmoother(settings.smoothing)
      smoothers.set(faceId, smoother)
      evidence({ probs: rows.faceProbs, offset, prior: facePrior }, floor, raw)
      mean = smoother.next(raw, rows.timeSecs[row] ?? 0)
      for (let e = 0; e < EMOTION_COUNT; e++)
        scores[e] = (mean[e] ?? 0) + Math.log(facePrior[e] ?? Number.NaN)
      softmax(scores, rows.faceProbsSmoothed, offset)
    }
    if (isAbsent(rows.fusionProbs, row)) continue
    const hasSpeech = speechPrior !== null && !isAbsent(rows.speechProbs, row)
    if (settings.fusion.method === 'product') {
      if (hasSpeech) evidence({ probs: rows.speechProbs, offset, prior: speechPrior }, floor, spoken)
      productScores(
        mean && { evidence: mean, gate: rows.faceGate[row] ?? 0 },
        hasSpeech ? { evidence: spoken, gate: rows.speechGate[row] ?? 0 } : null,
        settings.fusion,
        scores,
      )
      softmax(scores, rows.fusionProbsSmoothed, offset)
      continue
    }
    fuse(
      mean &&
        facePrior && {
          probs: rows.faceProbsSmoothed,
          offset,
          prior: facePrior,
          gate: rows.faceGate[row] ?? 0,
        },
      hasSpeech
        ? { probs: rows.speechProbs, offset, prior: speechPrior, gate: rows.speechGate[row] ?? 0 }
        : null,
      settings.fusion,
      rows.fusionProbsSmoothed,
      offset,
    )
  }
}

function addMarkov(context: SmoothingContext, isTwoWay: boolean): void {
  const { rows } = context
  for (const list of rowsByFace(rows).values()) {
    filterRows(
      context,
      list.filter((row) => !isAbsent(rows.faceProbs, row)),
      'face',
      isTwoWay,
    )
    filterRows(
      context,
      list.filter((row) => !isAbsent(rows.fusionProbs, row)),
      'fusion',
      isTwoWay,
    )
  }
}

/**
 * Neighbouring frames show the same face and overlapping windows hold the same sound. Evidence is therefore raised to
 * the share of an independent observation that dt brings: dt / 0.5 s for a face, dt / window for the voice (which is
 * hop / window where rows are hops, and splits a window's share among the frames that repeat it).
 */
function filterRows(
  context: SmoothingContext,
  list: readonly number[],
  modality: 'face' | 'fusion',
  isTwoWay: boolean,
): void {
  const { rows, facePrior, speechPrior, settings } = context
  const { fusion, smoothing } = settings
  const times = new Float64Array(list.length)
  const logLikelihoods = new Float64Array(list.length * EMOTION_COUNT)
  const single = new Float64Array(EMOTION_COUNT)
  list.forEach((row, index) => {
    times[index] = rows.timeSecs[row] ?? 0
    const elapsedSecs = index === 0 ? (rows.durSecs[row] ?? 0) : (times[index] ?? 0) - (times[index - 1] ?? 0)
    const offset = row * EMOTION_COUNT
    const add = (probs: Float32Array, prior: ArrayLike<number>, weight: number): void => {
      evidence({ probs, offset, prior }, fusion.floor, single)
      for (let e = 0; e < EMOTION_COUNT; e++) {
        const cell = index * EMOTION_COUNT + e
        logLikelihoods[cell] = (logLikelihoods[cell] ?? 0) + weight * (single[e] ?? 0)
      }
    }
    if (facePrior && !isAbsent(rows.faceProbs, row)) {
      const gated = modality === 'fusion' ? fusion.faceExponent * (rows.faceGate[row] ?? 0) : 1
      add(rows.faceProbs, facePrior, gated * Math.min(1, elapsedSecs / smoothing.faceEvidenceSecs))
    }
    if (modality === 'fusion' && speechPrior && !isAbsent(rows.speechProbs, row)) {
      const gated = fusion.speechExponent * (rows.speechGate[row] ?? 0)
      add(rows.speechProbs, speechPrior, gated * Math.min(1, elapsedSecs / settings.speech.windowSecs))
    }
  })
  // A smoothed column keeps the prior of its raw one: the face model's own, or the one set for the fusion.
  const prior = modality === 'face' ? (facePrior ?? fusion.prior) : fusion.prior
  const posteriors = markovFilter({ timesSecs: times, logLikelihoods, prior }, smoothing, isTwoWay)
  const out = modality === 'face' ? rows.faceProbsSmoothed : rows.fusionProbsSmoothed
  list.forEach((row, index) => {
    out.set(posteriors.subarray(index * EMOTION_COUNT, (index + 1) * EMOTION_COUNT), row * EMOTION_COUNT)
  })
}
