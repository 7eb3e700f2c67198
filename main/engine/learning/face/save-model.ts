import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { EMOTION_COUNT, EMOTIONS } from '../../emotions'
import { writeAtomic } from '../../export/atomic-file'
import { makeFolder } from '../../export/make-folder'
import { FaceLandmarker } from '../../face/landmarks'
import { TinyDetector } from '../../face/tiny-detector'
import { type FaceCard, modelCardSchema } from '../../inference/card'
import { type LoadedModel, loadFaceModel } from '../../inference/registry'
import type { tf } from '../../inference/tf'
import { FACE_VOTE_COUNT, FACE_VOTE_LABELS, type FaceSet, selectFaces } from '../data/face-set'
import { votesToShares } from '../data/votes'
import { calibrateFace } from '../evaluation/calibrate-face'
import { writeCurves } from '../evaluation/curves'
import { evaluateFace } from '../evaluation/evaluate-face'
import type { EvaluationReport } from '../evaluation/report-schema'
import { UnmaskError } from '../../errors'
import { saveNetwork } from '../training/save-network'
import type { Provenance } from '../training/run-folder'
import type { FaceConfig } from './config'
import { cropGeometry, findFaces, type FoundFace } from './crop-geometry'
import { foldFaceNet } from './net'
import { predictFaces } from './predict-faces'
import { recropFaces } from './recrop'
import type { TrainedFace } from './train'
import { FACE_NORMALISATION } from './training-batch'
import { isTrainingSplit } from './training-rows'

/** Where the data comes from, for the card and the guard of evaluations. */
export interface FaceDataSource {
  /** "fer2013", or the name of a lab's own set. */
  readonly dataSet: string
  /** "FER2013 with FER+ votes" */
  readonly name: string
  readonly attribution: string
}

export interface SaveFaceModelOptions {
  readonly trained: TrainedFace
  readonly set: FaceSet
  readonly config: FaceConfig
  readonly source: FaceDataSource
  readonly provenance: Provenance
  readonly outFolder: string
  readonly id: string
  readonly title: string
  readonly licence: string
  /** Where the set has no part to measure on, these are taken over from the model that was tuned. */
  readonly base: FaceCard | null
  readonly signal?: AbortSignal
  readonly onMessage: (message: string) => void
}

/** Average the logits of crop and mirror image: half a point of accuracy for a millisecond a face. */
const MIRROR_AVERAGE = true

/** Faces that the place of the crop is measured on: every so manieth of the held out ones. */
const GEOMETRY_FACES = 600
const FEWEST_FACES_FOUND = 30

/**
 * Folds the network, measures it on the parts of the set that it was not trained on, and writes the model folder: network,
 * configuration, curves and, last, the card.
 */
export async function saveFaceModel(options: SaveFaceModelOptions): Promise<FaceCard> {
  const { trained, set, config, outFolder, onMessage } = options
  await makeFolder(outFolder)
  const netOptions = {
    sidePx: set.sidePx,
    heads: [EMOTION_COUNT, FACE_VOTE_COUNT] as const,
    network: config.network,
    seed: config.seed,
  }
  const folded = trained.form === 'training' ? foldFaceNet(trained.network, netOptions) : trained.network
  try {
    if (folded !== trained.network) checkFolding(trained.network, folded, set)
    const files = await saveNetwork(folded, outFolder)
    await writeAtomic(join(outFolder, 'config.json'), [`${JSON.stringify(config, null, 2)}\n`])
    await writeCurves(outFolder, trained.curves, options.title)
    const held = heldOut(set)
    const cropping = await measureCrop(held, options)
    const crop = cropping?.crop ?? options.base?.input.crop
    if (!crop)
      throw new UnmaskError(
        'data.invalid',
        'the data has no part but the training one with faces to measure the place of the crop on; name a part "test" or start from a model with --from',
      )
    // A first card with temperature 1, so that what is measured is what the engine will load and run.
    const draft = faceCard(options, { files, crop, parameterCount: folded.countParams() })
    const write = (card: FaceCard) =>
      writeAtomic(join(outFolder, 'card.json'), [`${JSON.stringify(modelCardSchema.parse(card), null, 2)}\n`])
    await write(draft)
    const card = await measure(draft, { held, cropping }, options)
    await write(card)
    onMessage(`written: ${outFolder}`)
    return card
  } catch (error) {
    // Without its card the folder is no model: a half-measured one must not be taken for one.
    await rm(join(outFolder, 'card.json'), { force: true })
    throw error
  } finally {
    if (folded !== trained.network) folded.dispose()
  }
}

function heldOut(set: FaceSet): FaceSet {
  const items = [...set.splits.keys()].filter(
    (item) => !isTrainingSplit(set.splits[item]!) && set.labels[item]! >= 0,
  )
  return selectFaces(set, items)
}

/** Folding is algebra: what differs by more than rounding is a mistake. */
function checkFolding(network: tf.LayersModel, folded: tf.LayersModel, set: FaceSet): void {
  const items = Array.from({ length: Math.min(64, set.count) }, (_, index) => index)
  const before = predictFaces(network, set, items)
  const after = predictFaces(folded, set, items)
  before.forEach((values, head) =>
    values.forEach((value, index) => {
      if (!(Math.abs(value - after[head]![index]!) < 1e-2))
        throw new UnmaskError('internal', `folding changed logit ${index} of head ${head} from ${value}`)
    }),
  )
}

interface CropMeasurement {
  readonly crop: FaceCard['input']['crop']
  /** The faces that were found, each cut as the card says. */
  readonly found: readonly FoundFace[]
}

async function measureCrop(
  held: FaceSet,
  { signal, onMessage }: SaveFaceModelOptions,
): Promise<CropMeasurement | null> {
  if (held.count === 0) return null
  const step = Math.max(1, Math.floor(held.count / GEOMETRY_FACES))
  const items = Array.from({ length: Math.floor(held.count / step) }, (_, index) => index * step)
  const detector = await TinyDetector.open({})
  const landmarker = await FaceLandmarker.open()
  try {
    const found = await findFaces(held, items, { detector, landmarker, signal })
    if (found.length < FEWEST_FACES_FOUND) return null
    const { boxCentreX, boxCentreY, boxSide, spread } = cropGeometry(found, 'landmarks')
    onMessage(
      `crop: the box around the landmarks spans ${boxSide.toFixed(3)} of the picture, centre ${boxCentreX.toFixed(3)}, ${boxCentreY.toFixed(3)} (half the distance of the quartiles: ${spread.side.toFixed(3)}, ${spread.x.toFixed(3)}, ${spread.y.toFixed(3)}); found in ${found.length} of ${items.length}`,
    )
    const crop = {
      reference: 'landmarks' as const,
      boxCentreX: round(boxCentreX),
      boxCentreY: round(boxCentreY),
      boxSide: round(boxSide),
      levelEyes: false,
    }
    return { crop, found }
  } finally {
    detector.dispose()
    landmarker.dispose()
  }
}

/** What the application's own cropping costs, on the same faces: given directly, cut anew, cut anew with level eyes. */
async function measureCropping(
  model: LoadedModel<FaceCard>,
  held: FaceSet,
  { crop, found }: CropMeasurement,
  { source, signal, onMessage }: SaveFaceModelOptions,
): Promise<FaceCard['metrics']> {
  const direct = selectFaces(
    held,
    found.map(({ item }) => item),
  )
  const ways = [
    { name: 'given directly', set: direct },
    { name: 'found and cut anew', set: recropFaces(held, found, crop) },
    { name: 'found and cut anew, eyes level', set: recropFaces(held, found, { ...crop, levelEyes: true }) },
  ]
  const metrics: FaceCard['metrics'] = []
  for (const { name, set } of ways) {
    const { reports } = await evaluateFace(model, set, {
      dataSet: source.dataSet,
      dataName: `${source.name}, ${found.length} faces in which the detector found one, enlarged on a grey canvas, ${name}`,
      isMirrored: MIRROR_AVERAGE,
      signal,
    })
    const report = reports.find(({ id }) => id === 'face-votes-7') ?? reports[0]!
    onMessage(`${(100 * report.accuracy.value).toFixed(2)}% ${name}`)
    metrics.push({
      name: `accuracy, ${name}`,
      value: round(report.accuracy.value),
      protocol: report.protocol,
    })
  }
  return metrics
}

function faceCard(
  { trained, set, config, source, provenance, id, title, licence, base }: SaveFaceModelOptions,
  {
    files,
    crop,
    parameterCount,
  }: { files: FaceCard['files']; crop: FaceCard['input']['crop']; parameterCount: number },
): FaceCard {
  const trainingSplits = [...new Set(Array.from(trained.items, (item) => set.splits[item]!))]
  const ownRows = { dataSet: source.dataSet, splits: trainingSplits }
  return {
    formatVersion: 1,
    id,
    title,
    description:
      `Residual CNN with squeeze-and-excitation, ${set.sidePx} x ${set.sidePx} grey, ${parameterCount} parameters, one trunk ` +
      'with two heads: the application reads the one trained on the votes of ten raters (FER+, eight classes, contempt ' +
      'dropped), the other says FER2013 labels for comparison with published figures.',
    licence,
    attribution: source.attribution,
    task: 'face-emotion',
    labels: [...FACE_VOTE_LABELS],
    output: 'logits',
    outputIndex: 1,
    prior: votePrior(set, trained.items),
    otherHeads: [
      {
        outputIndex: 0,
        labels: [...EMOTIONS],
        target: 'FER2013 labels',
        prior: normalised(trained.shares.map((share) => share ** (1 - config.priorAdjustment))),
      },
    ],
    calibration: base?.calibration ?? { temperature: 1, protocol: 'not calibrated yet' },
    training: {
      data: base ? `${source.name}, after ${base.id} (${base.training.data})` : source.name,
      split: `${trained.items.length} pictures of the part ${trainingSplits.join(', ')}, ${config.epochs} epochs fixed beforehand; ${trained.leaked.length} left out because the same picture stands in another part; the part measured on drew the curves and chose nothing but the temperature`,
      seeds: [config.seed],
      rows: [...(base?.training.rows ?? []), ownRows],
    },
    metrics: [],
    provenance,
    files,
    input: {
      widthPx: set.sidePx,
      heightPx: set.sidePx,
      colour: 'grey',
      normalisation: { ...FACE_NORMALISATION },
      crop,
      mirrorAverage: MIRROR_AVERAGE,
    },
  }
}

async function measure(
  draft: FaceCard,
  { held, cropping }: { held: FaceSet; cropping: CropMeasurement | null },
  options: SaveFaceModelOptions,
): Promise<FaceCard> {
  if (held.count === 0) return draft
  const { source, outFolder, signal, onMessage } = options
  const model = await loadFaceModel(outFolder)
  try {
    const parts = [...new Set(held.splits)].join(', ')
    const data = `${source.name}, ${parts}`
    const calibration = await calibrateFace(model, held, { isMirrored: MIRROR_AVERAGE, data, signal })
    onMessage(`temperature ${calibration.temperature.toFixed(4)}`)
    const metrics: FaceCard['metrics'] = []
    for (const isMirrored of [true, false]) {
      const { reports } = await evaluateFace(model, held, {
        dataSet: source.dataSet,
        dataName: data,
        isMirrored,
        signal,
      })
      for (const report of reports) metrics.push(...metricsOf(report))
    }
    metrics.push({
      name: 'accuracy on spoiled faces',
      value: round(calibration.degradedAccuracy),
      protocol: calibration.protocol,
    })
    if (cropping) metrics.push(...(await measureCropping(model, held, cropping, options)))
    for (const metric of metrics)
      if (metric.name === 'accuracy') onMessage(`${(100 * metric.value).toFixed(2)}% ${metric.protocol}`)
    const { temperature, protocol } = calibration
    return { ...draft, metrics, calibration: { temperature: round(temperature), protocol } }
  } finally {
    model.dispose()
  }
}

function metricsOf(report: EvaluationReport): FaceCard['metrics'] {
  const protocol = `${report.name}; ${report.protocol}`
  const interval = (figure: { interval: [number, number] | null }) =>
    figure.interval ? { interval: figure.interval.map(round) as [number, number] } : {}
  const calibrated = `${protocol}; ${report.calibration.protocol}`
  return [
    { name: 'accuracy', value: round(report.accuracy.value), ...interval(report.accuracy), protocol },
    { name: 'UAR', value: round(report.uar.value), ...interval(report.uar), protocol },
    { name: 'macro-F1', value: round(report.macroF1.value), ...interval(report.macroF1), protocol },
    { name: 'ECE', value: round(report.eceEqualWidth), protocol: `${calibrated}; 15 equal-width bins` },
    { name: 'NLL', value: round(report.nll.value), protocol: calibrated },
  ]
}

/** Mean of the vote shares that the head was trained on; of the labels where there are no votes. */
function votePrior(set: FaceSet, items: Int32Array): number[] {
  const sums = new Array<number>(FACE_VOTE_COUNT).fill(0)
  const shares = set.votes && votesToShares(set.votes)
  for (const item of items)
    if (shares) for (let k = 0; k < FACE_VOTE_COUNT; k++) sums[k]! += shares[item * FACE_VOTE_COUNT + k]!
    else sums[set.labels[item]!]! += 1
  return normalised(sums.map((sum) => Math.max(sum, 1e-3)))
}

function normalised(values: readonly number[]): number[] {
  const total = values.reduce((sum, value) => sum + value, 0)
  return values.map((value) => Number((value / total).toFixed(6)))
}

function round(value: number): number {
  return Number(value.toFixed(4))
}
