import type { FaceCard } from '../../inference/card'
import type { LoadedModel } from '../../inference/registry'
import { UnmaskError } from '../../errors'
import type { FaceSet } from '../data/face-set'
import { degradeFaces, FACE_DEGRADATIONS, type FaceDegradation } from './degrade-face'
import { evaluatePredictions, fitOnAll } from './evaluate-predictions'
import { readFaceLogits } from './face-logits'
import { type FaceHead, facePredictions, headsOf, targetsFor } from './face-predictions'
import type { Predictions } from './predictions'

export interface FaceCalibration {
  /** Fitted on the faces as they are, and spoiled; the larger one is shipped, since the application sees the second kind. */
  readonly temperatureClean: number
  readonly temperatureDegraded: number
  readonly temperature: number
  /** On each half with the temperature of the other, faces as they are. */
  readonly halves: readonly {
    readonly temperature: number
    readonly eceEqualWidth: number
    readonly eceEqualCount: number
  }[]
  /** Accuracy on spoiled faces: of all, and of each way of spoiling. */
  readonly degradedAccuracy: number
  readonly degradedAccuracies: Readonly<Record<FaceDegradation, number>>
  /** For the card. */
  readonly protocol: string
}

export interface CalibrateFaceOptions {
  readonly isMirrored: boolean
  /** "FER2013 PublicTest" */
  readonly data: string
  /** Of the spoiling. Default 1. */
  readonly seed?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

/**
 * Fits the temperature of a face model's application head (models.md section 4) by least NLL of the FER+ majority, or of
 * the labels where the set has no votes. The backend must be open.
 * @param set faces that the model was not trained on
 * @throws UnmaskError 'data.invalid' when no face has a known truth
 */
export async function calibrateFace(
  model: LoadedModel<FaceCard>,
  set: FaceSet,
  options: CalibrateFaceOptions,
): Promise<FaceCalibration> {
  const { isMirrored, data, seed = 1, signal, onProgress } = options
  const half = (offset: number) => (done: number) => onProgress?.(offset + done, 2 * set.count)
  const head = headsOf(model.card)[0]!
  const clean = await readFaceLogits(model, set, { isMirrored, signal, onProgress: half(0) })
  const degraded = degradeFaces(set, seed)
  const spoiled = await readFaceLogits(model, degraded.set, {
    isMirrored,
    signal,
    onProgress: half(set.count),
  })
  const { outputIndex } = head
  return fitFaceTemperatures({
    set,
    head,
    clean: clean[outputIndex]!,
    spoiled: spoiled[outputIndex]!,
    kinds: degraded.kinds,
    data,
    isMirrored,
    seed,
  })
}

interface FitInput {
  readonly set: FaceSet
  readonly head: FaceHead
  /** Logits of the head, shape [count, labels]. */
  readonly clean: Float32Array
  readonly spoiled: Float32Array
  readonly kinds: readonly FaceDegradation[]
  readonly data: string
  readonly isMirrored: boolean
  readonly seed: number
}

function fitFaceTemperatures({
  set,
  head,
  clean,
  spoiled,
  kinds,
  data,
  isMirrored,
  seed,
}: FitInput): FaceCalibration {
  const targets = targetsFor(set, head.labels)
  const target = targets.includes('votes-7') ? 'votes-7' : targets[0]
  if (!target)
    throw new UnmaskError('data.invalid', `no face has a label or leading vote to calibrate on (${data})`)
  const how = isMirrored ? 'mirror average' : 'one pass'
  const cleanPredictions = facePredictions(set, head, { logits: clean, target, data, how })
  const spoiledPredictions = facePredictions(set, head, { logits: spoiled, target, data, how })
  const temperatureClean = fitOnAll(cleanPredictions)
  const temperatureDegraded = fitOnAll(spoiledPredictions)
  const report = evaluatePredictions(cleanPredictions, REPORT_OPTIONS)
  const accuracyOf = (predictions: Predictions) =>
    evaluatePredictions(predictions, { ...REPORT_OPTIONS, calibration: { kind: 'none' } }).accuracy.value
  return {
    temperatureClean,
    temperatureDegraded,
    temperature: Math.max(temperatureClean, temperatureDegraded),
    halves: report.calibration.folds.map(({ temperature, eceEqualWidth, eceEqualCount }) => ({
      temperature,
      eceEqualWidth,
      eceEqualCount,
    })),
    degradedAccuracy: accuracyOf(spoiledPredictions),
    degradedAccuracies: Object.fromEntries(
      FACE_DEGRADATIONS.map((kind) => {
        const items = spoiledPredictions.items.filter((_, item) => kinds[item] === kind)
        return [
          kind,
          items.some(({ truth }) => truth >= 0) ? accuracyOf({ ...spoiledPredictions, items }) : Number.NaN,
        ]
      }),
    ) as Record<FaceDegradation, number>,
    protocol:
      `Least negative log-likelihood. ${cleanPredictions.protocol}. The larger of the temperature on the faces as they are ` +
      `(${temperatureClean.toFixed(4)}) and on spoiled ones (${temperatureDegraded.toFixed(4)}; each blurred, halved in size, ` +
      `misplaced by 10% or darkened with noise, in turn, seed ${seed})`,
  }
}

const REPORT_OPTIONS = {
  id: 'calibration',
  name: 'Calibration',
  method: 'face-cnn',
  groupUnit: 'image',
  bootstrap: null,
} as const
