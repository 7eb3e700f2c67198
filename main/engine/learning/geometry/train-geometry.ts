import { join } from 'node:path'
import { EMOTION_COUNT, EMOTIONS } from '../../emotions'
import { UnmaskError } from '../../errors'
import { AtomicFiles } from '../../export/atomic-file'
import { LANDMARK_COUNT } from '../../face/landmarks'
import { FACE_VOTE_COUNT, facesOfSplit, type FaceSet } from '../data/face-set'
import { openFaceData } from '../data/open-data'
import { leadingVotes, votesToShares } from '../data/votes'
import { buildDenseNet, runDenseNet, trainDenseNet, type VectorSet } from '../dense/dense-net'
import { measureColumns, standardise } from '../dense/standardise'
import { evaluatePredictions } from '../evaluation/evaluate-predictions'
import { type EpochRow, writeCurves } from '../evaluation/curves'
import type { Predictions } from '../evaluation/predictions'
import type { EvaluationReport } from '../evaluation/report-schema'
import { geometryFeatures, GEOMETRY_FEATURES, mirrorFeatures } from './geometry-features'
import { locateLandmarks } from './locate-landmarks'

/** Small enough for a processor, large enough that more units gained under a point. */
export const GEOMETRY_RECIPE = {
  hidden: [256, 128],
  epochs: 20,
  batchSize: 256,
  peakRate: 2e-3,
  weightDecay: 0.05,
  inputDropout: 0.1,
} as const

export interface TrainGeometryOptions {
  /** Labelled faces with a training and a test part. */
  readonly dataPath: string
  readonly dataName: string
  readonly trainSplit: string
  readonly testSplit: string
  readonly cacheFolder: string
  /** Receives config.json and the curves. */
  readonly runFolder: string
  readonly seed: number
  readonly command: string
  readonly commit: string
  readonly signal?: AbortSignal
  readonly onMessage?: (message: string) => void
}

type Target = 'label' | 'votes-7'

/**
 * The landmark-geometry baseline: 68 points, normalised geometry, a small dense network for each kind of label. The
 * training part trains, the test part is measured once at the end. The backend must be open.
 * @throws UnmaskError 'data.invalid' when a part is missing or lacks a class
 */
export async function trainGeometry(options: TrainGeometryOptions): Promise<EvaluationReport[]> {
  const { dataPath, trainSplit, testSplit, signal, onMessage } = options
  const data = await openFaceData(dataPath, { splits: [trainSplit, testSplit], signal })
  const training = await describeFaces(facesOfSplit(data, trainSplit), options)
  const test = await describeFaces(facesOfSplit(data, testSplit), options)
  const columns = measureColumns(training.vectors)
  const trainVectors = standardise(withMirrors(training.vectors), columns)
  const plain = standardise(test.vectors, columns)
  const mirrored = standardise(mirrorOf(test.vectors), columns)
  const reports: EvaluationReport[] = []
  const targets: readonly Target[] = data.votes ? ['label', 'votes-7'] : ['label']
  for (const target of targets) {
    onMessage?.(`${target}: ${training.set.count} faces and their mirror images train`)
    const curves: EpochRow[] = []
    const wanted = targetsOf(training.set, target)
    requireClasses(wanted, trainSplit)
    const network = buildDenseNet({
      width: GEOMETRY_FEATURES,
      hidden: GEOMETRY_RECIPE.hidden,
      classes: EMOTION_COUNT,
      seed: options.seed,
    })
    try {
      let startedMs = performance.now()
      trainDenseNet(
        network,
        { ...trainVectors, classes: EMOTION_COUNT, targets: twice(wanted) },
        {
          ...GEOMETRY_RECIPE,
          seed: options.seed,
          signal,
          onEpoch: ({ epoch, meanLoss, rate }) => {
            const nowMs = performance.now()
            curves.push({
              epoch,
              trainLoss: meanLoss,
              trainAccuracy: Number.NaN,
              validationLoss: null,
              validationAccuracy: null,
              learningRate: rate,
              secs: (nowMs - startedMs) / 1000,
            })
            startedMs = nowMs
          },
        },
      )
      const logits = meanOf(runDenseNet(network, plain), runDenseNet(network, mirrored))
      reports.push(measure(test.set, logits, target, options))
    } finally {
      network.dispose()
    }
    await writeCurves(join(options.runFolder, target), curves, `Landmark geometry, ${target}`)
  }
  await writeConfig(options, columns.mean.length)
  return reports
}

async function writeConfig(
  { runFolder, trainSplit, testSplit, dataName, seed, command, commit }: TrainGeometryOptions,
  width: number,
): Promise<void> {
  const config = {
    ...GEOMETRY_RECIPE,
    features: width,
    dataName,
    trainSplit,
    testSplit,
    seed,
    command,
    commit,
  }
  const files = new AtomicFiles(runFolder)
  await files.write('config.json', [`${JSON.stringify(config, null, 2)}\n`])
  await files.commit()
}

interface DescribedFaces {
  readonly set: FaceSet
  readonly vectors: VectorSet
}

async function describeFaces(set: FaceSet, options: TrainGeometryOptions): Promise<DescribedFaces> {
  if (set.count === 0)
    throw new UnmaskError(
      'data.invalid',
      `no faces of ${options.trainSplit} or of ${options.testSplit}; name the parts as the data set does: ${options.dataPath}`,
    )
  let said = 0
  const points = await locateLandmarks(set, {
    ...options,
    onProgress: (done, total) => {
      if (done < total && done - said < 4000) return
      said = done
      options.onMessage?.(`landmarks of ${done} of ${total} faces`)
    },
  })
  const inputs = new Float32Array(set.count * GEOMETRY_FEATURES)
  const values = LANDMARK_COUNT * 2
  for (let item = 0; item < set.count; item++)
    inputs.set(
      geometryFeatures(points.subarray(item * values, (item + 1) * values)),
      item * GEOMETRY_FEATURES,
    )
  return { set, vectors: { count: set.count, width: GEOMETRY_FEATURES, inputs } }
}

function mirrorOf({ count, width, inputs }: VectorSet): VectorSet {
  const mirrored = new Float32Array(inputs.length)
  for (let item = 0; item < count; item++)
    mirrored.set(mirrorFeatures(inputs.subarray(item * width, (item + 1) * width)), item * width)
  return { count, width, inputs: mirrored }
}

function withMirrors(vectors: VectorSet): VectorSet {
  const inputs = new Float32Array(vectors.inputs.length * 2)
  inputs.set(vectors.inputs)
  inputs.set(mirrorOf(vectors).inputs, vectors.inputs.length)
  return { ...vectors, count: vectors.count * 2, inputs }
}

function twice(values: Float32Array): Float32Array {
  const result = new Float32Array(values.length * 2)
  result.set(values)
  result.set(values, values.length)
  return result
}

/** One class for a label; shares of the seven emotions for votes; zeros, which carry no loss, where there is neither. */
function targetsOf(set: FaceSet, target: Target): Float32Array {
  const targets = new Float32Array(set.count * EMOTION_COUNT)
  const shares = target === 'votes-7' && set.votes ? votesToShares(set.votes) : null
  for (let item = 0; item < set.count; item++) {
    const row = targets.subarray(item * EMOTION_COUNT, (item + 1) * EMOTION_COUNT)
    if (shares) {
      row.set(shares.subarray(item * FACE_VOTE_COUNT, item * FACE_VOTE_COUNT + EMOTION_COUNT))
      const sum = row.reduce((total, value) => total + value, 0)
      if (sum > 0) row.forEach((value, index) => (row[index] = value / sum))
    } else if ((set.labels[item] ?? -1) >= 0) row[set.labels[item] ?? 0] = 1
  }
  return targets
}

function requireClasses(targets: Float32Array, split: string): void {
  EMOTIONS.forEach((emotion, index) => {
    if (!targets.some((value, at) => at % EMOTION_COUNT === index && value > 0))
      throw new UnmaskError('data.invalid', `no face of ${split} shows ${emotion}; every class is needed`)
  })
}

function meanOf(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, index) => (value + (b[index] ?? 0)) / 2)
}

function measure(
  set: FaceSet,
  logits: Float32Array,
  target: Target,
  { dataName, trainSplit, testSplit, seed }: TrainGeometryOptions,
): EvaluationReport {
  const truth = target === 'votes-7' && set.votes ? leadingVotes(set.votes) : set.labels
  const against = target === 'label' ? "the data set's own label" : 'the leading FER+ emotion of seven'
  const predictions: Predictions = {
    labels: EMOTIONS,
    items: Array.from(set.ids, (id, item) => ({
      id,
      group: set.speakers?.[item] || id,
      truth: truth[item] ?? -1,
      logits: Array.from(logits.subarray(item * EMOTION_COUNT, (item + 1) * EMOTION_COUNT)),
    })),
    protocol:
      `${dataName} ${testSplit} against ${against}; trained on ${trainSplit}, ${GEOMETRY_RECIPE.epochs} passes fixed beforehand, ` +
      `seed ${seed}; ${GEOMETRY_FEATURES} numbers from 68 landmarks of face-api's network (its training data are not published; ` +
      'whether it has seen these pictures is unknown), pictures given directly as crops; logits averaged with the mirror image',
  }
  return evaluatePredictions(predictions, {
    id: `geometry-${target}`,
    name: `Landmark geometry: ${target === 'label' ? 'own labels' : 'FER+ majority, 7 classes'}`,
    method: 'landmark-geometry',
    isHeadline: true,
    notes: [
      'A baseline: a dense network on the shape of the face alone, without a pixel of skin, teeth or wrinkles.',
    ],
    groupUnit: set.speakers ? 'speaker' : 'image',
    bootstrap: { seed: 1 },
  })
}
