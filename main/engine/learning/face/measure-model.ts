import { FaceLandmarker } from '../../face/landmarks'
import { TinyDetector } from '../../face/tiny-detector'
import type { FaceCard } from '../../inference/card'
import { type LoadedModel, loadFaceModel } from '../../inference/registry'
import { type FaceSet, selectFaces } from '../data/face-set'
import { calibrateFace } from '../evaluation/calibrate-face'
import { cardMetrics } from '../evaluation/card-metrics'
import { evaluateFace } from '../evaluation/evaluate-face'
import { cropGeometry, findFaces, type FoundFace } from './crop-geometry'
import { type FaceDataSource, MIRROR_AVERAGE, type SaveFaceModelOptions } from './face-card'
import { recropFaces } from './recrop'

/** Faces that the place of the crop is measured on: every so manieth of the held out ones. */
const GEOMETRY_FACES = 600
const FEWEST_FACES_FOUND = 30

/** Turning the crop costs time: the eyes are levelled only where accuracy gains this much. */
const LEVEL_EYES_GAIN = 0.005

export interface CropMeasurement {
  readonly crop: FaceCard['input']['crop']
  /** The faces that were found, each cut as the card says. */
  readonly found: readonly FoundFace[]
}

/** Where the box around the landmarks lies in the held out pictures; null where too few faces are found. */
export async function measureCrop(
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
): Promise<{ metrics: FaceCard['metrics']; levelEyes: boolean }> {
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
  const accuracies: number[] = []
  for (const { name, set } of ways) {
    const { reports } = await evaluateFace(model, set, {
      dataSet: source.dataSet,
      dataName: `${source.name}, ${found.length} faces in which the detector found one, enlarged on a grey canvas, ${name}`,
      isMirrored: MIRROR_AVERAGE,
      signal,
    })
    const report = reports.find(({ id }) => id === 'face-votes-7') ?? reports[0]!
    accuracies.push(report.accuracy.value)
    onMessage(`${(100 * report.accuracy.value).toFixed(2)}% ${name}`)
    metrics.push({
      name: `accuracy, ${name}`,
      value: round(report.accuracy.value),
      protocol: report.protocol,
    })
  }
  return { metrics, levelEyes: accuracies[2]! - accuracies[1]! >= LEVEL_EYES_GAIN }
}

/** Fills a card with the temperature and the figures of the model in the out folder. */
export async function measureFaceModel(
  draft: FaceCard,
  { held, cropping }: { held: FaceSet; cropping: CropMeasurement | null },
  options: SaveFaceModelOptions,
): Promise<FaceCard> {
  if (held.count === 0) return draft
  const { source, outFolder, signal, onMessage } = options
  const model = await loadFaceModel(outFolder)
  try {
    const data = dataOf(held, source)
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
      for (const report of reports) metrics.push(...cardMetrics(report))
    }
    metrics.push({
      name: 'accuracy on spoiled faces',
      value: round(calibration.degradedAccuracy),
      protocol: calibration.protocol,
    })
    const measured = cropping && (await measureCropping(model, held, cropping, options))
    if (measured) metrics.push(...measured.metrics)
    for (const metric of metrics)
      if (metric.name === 'accuracy') onMessage(`${(100 * metric.value).toFixed(2)}% ${metric.protocol}`)
    const { temperature, protocol } = calibration
    const { input } = draft
    const levelEyes = measured?.levelEyes ?? input.crop.levelEyes
    return {
      ...draft,
      input: { ...input, crop: { ...input.crop, levelEyes } },
      metrics,
      calibration: { temperature: round(temperature), protocol },
    }
  } finally {
    model.dispose()
  }
}

function round(value: number): number {
  return Number(value.toFixed(4))
}

export function dataOf(held: FaceSet, source: FaceDataSource): string {
  return `${source.name}, ${[...new Set(held.splits)].join(', ')}`
}
