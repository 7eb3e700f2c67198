import type { FaceCard } from '../../inference/card'
import type { LoadedModel } from '../../inference/registry'
import { UnmaskError } from '../../errors'
import { type FaceSet, selectFaces } from '../data/face-set'
import { degradeFaces } from './degrade-face'
import { evaluatePredictions } from './evaluate-predictions'
import { readFaceLogits } from './face-logits'
import {
  type FaceHead,
  facePredictions,
  type FaceTarget,
  headsOf,
  priorFor,
  targetsFor,
} from './face-predictions'
import type { EvaluationReport } from './report-schema'
import { drawSamples, type SampleFace } from './sample-faces'
import { guardTrainingData } from './training-guard'

export interface EvaluateFaceOptions {
  /** For the guard: "fer2013" and so on. */
  readonly dataSet: string
  /** "FER2013 PublicTest" */
  readonly dataName: string
  readonly isMirrored: boolean
  readonly isTrainingDataAllowed?: boolean
  /** Ids of faces to leave out, such as those that also stand in the training part. */
  readonly excludeIds?: ReadonlySet<string>
  /** Of the bootstrap and of the sample. Default 1. */
  readonly seed?: number
  readonly resamples?: number
  /** Measure also on spoiled faces (degrade-face.ts): blurred, halved in size, misplaced, darkened, in turn. */
  readonly isSpoiledToo?: boolean
  /** Faces to show in the report; default none. */
  readonly samples?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

export interface FaceEvaluation {
  readonly reports: EvaluationReport[]
  readonly samples: SampleFace[]
}

/**
 * Measures a face model as the engine runs it: each head against the set's labels and, where there are votes, against
 * their majority. The backend must be open.
 * @throws UnmaskError 'data.invalid' for training data, and when nothing has a known truth
 */
export async function evaluateFace(
  model: LoadedModel<FaceCard>,
  allFaces: FaceSet,
  options: EvaluateFaceOptions,
): Promise<FaceEvaluation> {
  const { card } = model
  const { excludeIds, isMirrored, signal, onProgress, seed = 1 } = options
  const kept = Array.from(allFaces.ids.keys()).filter((item) => !excludeIds?.has(allFaces.ids[item]!))
  const set = kept.length < allFaces.count ? selectFaces(allFaces, kept) : allFaces
  const guard = guardTrainingData(
    card,
    sourcesOf(set, options.dataSet),
    options.isTrainingDataAllowed ?? false,
  )
  const notes = [...guard.notes]
  if (set.count < allFaces.count) notes.push(`Left out by request: ${allFaces.count - set.count} faces.`)
  const passes = options.isSpoiledToo ? 2 : 1
  const run = (faces: FaceSet, pass: number) =>
    readFaceLogits(model, faces, {
      isMirrored,
      signal,
      onProgress: (done) => onProgress?.(pass * set.count + done, passes * set.count),
    })
  const logits = await run(set, 0)
  const how =
    `the pictures given directly as crops (${set.sidePx} to ${card.input.widthPx} px), ` +
    `${isMirrored ? 'logits averaged with the mirror image' : 'one pass'}, no seed`
  const heads = headsOf(card)
  const report = (
    head: FaceHead,
    target: FaceTarget,
    own: Float32Array,
    isSpoiled: boolean,
  ): EvaluationReport => {
    const spoiling = `${how}; each face spoiled (blurred, halved in size, misplaced by 10% or dark with noise, in turn, seed ${seed})`
    const predictions = facePredictions(set, head, {
      logits: own,
      target,
      data: options.dataName,
      how: isSpoiled ? spoiling : how,
    })
    return evaluatePredictions(predictions, {
      ...describe(card, head, target, { hasOthers: heads.length > 1, isSpoiled }),
      method: 'face-cnn',
      isProductFigure: guard.trainingItems === 0,
      modelId: card.id,
      notes,
      prior: priorFor(head, predictions.labels),
      shippedTemperature: head === heads[0] ? card.calibration.temperature : undefined,
      groupUnit: set.speakers ? 'speaker' : 'image',
      bootstrap: { seed, resamples: options.resamples },
    })
  }
  const reports = heads.flatMap((head, index) =>
    targetsFor(set, head.labels)
      .filter((target) => index === 0 || target === 'label')
      .map((target) => report(head, target, logits[head.outputIndex]!, false)),
  )
  if (reports.length === 0)
    throw new UnmaskError('data.invalid', `no face has a known label or leading vote (${options.dataName})`)
  if (options.isSpoiledToo) {
    const spoiled = await run(degradeFaces(set, seed).set, 1)
    const target = targetsFor(set, heads[0]!.labels).includes('votes-7') ? 'votes-7' : 'label'
    reports.push(report(heads[0]!, target, spoiled[heads[0]!.outputIndex]!, true))
  }
  const samples = drawSamples({
    set,
    head: heads[0]!,
    card,
    logits: logits[heads[0]!.outputIndex]!,
    wanted: options.samples ?? 0,
    seed,
  })
  return { reports, samples }
}

function sourcesOf(set: FaceSet, dataSet: string) {
  return set.ids.map((id, item) => ({
    id,
    dataSet,
    split: set.splits[item] || null,
    speaker: set.speakers?.[item] || null,
  }))
}

/** The head trained on the labels stands for them where there is one; the votes always belong to the application's head. */
function describe(
  card: FaceCard,
  head: FaceHead,
  target: FaceTarget,
  { hasOthers, isSpoiled }: { readonly hasOthers: boolean; readonly isSpoiled: boolean },
) {
  const against = {
    label: 'own labels',
    'votes-7': 'FER+ majority, 7 classes',
    'votes-8': 'FER+ majority, 8 classes',
  }
  const isApplication = head.name === ''
  const headName = isApplication ? (hasOthers ? ', head of the application' : '') : `, head for ${head.name}`
  return {
    id: `face-${target}${isApplication ? '' : `-head-${head.outputIndex}`}${isSpoiled ? '-spoiled' : ''}`,
    name: `${card.title}: ${against[target]}${headName}${isSpoiled ? ', spoiled pictures' : ''}`,
    isHeadline:
      !isSpoiled && (target === 'votes-7' || (target === 'label' && (!isApplication || !hasOthers))),
  }
}
