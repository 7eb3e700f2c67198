import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EMOTIONS, EMOTION_COUNT } from '../../emotions'
import { faceApiVersion } from '../../face/face-api-weights'
import {
  buildFaceApiNet,
  FACE_API_INPUT_PX,
  FACE_API_MEAN_RGB,
  FACE_API_SCALE,
} from '../../face/face-api-net'
import { type FaceCard, modelCardSchema } from '../../inference/card'
import { tf } from '../../inference/tf'
import {
  type ClassifierMetrics,
  type ClassifierOutput,
  fitTemperature,
  measureClassifier,
  selectItems,
} from './classifier-metrics'
import { type FerSplit, ferPlusMajority, readFer2013 } from './fer2013'
import { runOnFer2013 } from './fer2013-inference'

/**
 * One pass: averaging with the mirror image is worth one point of accuracy (see the card) and costs the analysis as much
 * again as everything but decoding.
 */
const MIRROR_AVERAGE = false

export interface ConvertFaceApiOptions {
  /** Where model.json, weights.bin and card.json are written. */
  readonly outFolder: string
  /** Folder with fer2013.csv.gz and fer2013new.csv, on which the card's figures are measured. */
  readonly ferFolder: string
  /** How the conversion was started and from which commit, for the card. */
  readonly command: string
  readonly commit: string
}

/**
 * Writes face-api's expression net as a model folder of standard layers, measured on FER2013 PublicTest. The backend
 * must be open.
 */
export async function convertFaceApi(options: ConvertFaceApiOptions): Promise<FaceCard> {
  const network = await buildFaceApiNet('face_expression')
  try {
    await mkdir(options.outFolder, { recursive: true })
    const files = await writeNetwork(network, options.outFolder)
    const measured = await measure(network, await readFer2013(options.ferFolder, 'PublicTest'))
    const card = modelCardSchema.parse({
      formatVersion: 1,
      id: 'face-expression-1',
      title: 'face-api expression net',
      description:
        'Depthwise-separable dense blocks, 112 x 112 RGB, 0.3 M parameters, dequantised from 8 bits. Crops follow the ' +
        "convention of face-api: the smallest box around the 68 landmarks, padded by 20%, with the picture's own surroundings " +
        'instead of black bars. It serves until the own network replaces it.',
      licence: 'MIT',
      attribution: `Vincent Muehler (face-api.js) and Vladimir Mandic (@vladmandic/face-api ${faceApiVersion()})`,
      task: 'face-emotion',
      labels: [...EMOTIONS],
      output: 'logits',
      outputIndex: 0,
      // What it was trained on is not published, so its class shares are unknown.
      prior: EMOTIONS.map(() => 1 / EMOTION_COUNT),
      calibration: measured.calibration,
      training: {
        data: 'undisclosed face images (the authors of face-api.js do not say which, so the prior is set uniform)',
        split: 'undisclosed; whether it has seen FER2013 images is unknown',
        seeds: [],
      },
      metrics: measured.metrics,
      provenance: { command: options.command, commit: options.commit },
      files,
      input: {
        widthPx: FACE_API_INPUT_PX,
        heightPx: FACE_API_INPUT_PX,
        colour: 'rgb',
        normalisation: { kind: 'fixed', mean: [...FACE_API_MEAN_RGB], scale: FACE_API_SCALE },
        crop: {
          reference: 'landmarks',
          boxCentreX: 0.5,
          boxCentreY: 0.5,
          boxSide: 1 / 1.2,
          levelEyes: false,
        },
        mirrorAverage: MIRROR_AVERAGE,
      },
    }) as FaceCard
    await writeFile(join(options.outFolder, 'card.json'), `${JSON.stringify(card, null, 2)}\n`)
    return card
  } finally {
    network.dispose()
  }
}

async function writeNetwork(network: tf.LayersModel, folder: string): Promise<FaceCard['files']> {
  const artifacts = await new Promise<tf.io.ModelArtifacts>((resolve, reject) => {
    const handler = tf.io.withSaveHandler((saved) => {
      resolve(saved)
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } })
    })
    network.save(handler).catch(reject)
  })
  const { modelTopology, weightSpecs, weightData } = artifacts
  const manifest = { modelTopology, weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }] }
  const contents: [string, Buffer][] = [
    ['model.json', Buffer.from(JSON.stringify(manifest))],
    ['weights.bin', Buffer.from(tf.io.CompositeArrayBuffer.join(weightData))],
  ]
  for (const [name, bytes] of contents) await writeFile(join(folder, name), bytes)
  return contents.map(([name, bytes]) => ({ name, sha256: createHash('sha256').update(bytes).digest('hex') }))
}

interface Measured {
  readonly calibration: FaceCard['calibration']
  readonly metrics: FaceCard['metrics']
}

async function measure(network: tf.LayersModel, split: FerSplit): Promise<Measured> {
  const plain = await runOnFer2013(network, split, { mirror: MIRROR_AVERAGE, degrade: false })
  const degraded = await runOnFer2013(network, split, { mirror: MIRROR_AVERAGE, degrade: true })
  const other = await runOnFer2013(network, split, { mirror: !MIRROR_AVERAGE, degrade: false })
  const majority = Int32Array.from({ length: split.count }, (_, item) => ferPlusMajority(split, item))
  const withMajority = (logits: Float32Array): ClassifierOutput =>
    selectItems({ classes: EMOTION_COUNT, logits, truth: majority }, (item) => majority[item] !== -1)
  const withLabel = (logits: Float32Array): ClassifierOutput => ({
    classes: EMOTION_COUNT,
    logits,
    truth: split.labels,
  })
  const temperature = Math.max(fitTemperature(withMajority(plain)), fitTemperature(withMajority(degraded)))
  const label = `FER2013 PublicTest, ${split.count} rows, FER2013 label, crops given directly (48 to 112 px), no seed`
  const votes = withMajority(plain)
  const vote = `FER2013 PublicTest, ${votes.truth.length} rows with one leading FER+ emotion of seven, that emotion, crops given directly (48 to 112 px), no seed`
  const round = (value: number): number => Number(value.toFixed(4))
  const entry = (name: string, value: number, protocol: string) => ({ name, value: round(value), protocol })
  const onLabel = measureClassifier(withLabel(plain))
  const onVotes = measureClassifier(votes)
  return {
    calibration: {
      temperature: round(temperature),
      protocol:
        'Least negative log-likelihood of the FER+ majority on PublicTest, all rows, one pass; the larger of the value on the ' +
        `images as they are (${round(fitTemperature(votes))}) and on degraded ones (half size, moved by up to 10%, darkened: ` +
        `${round(fitTemperature(withMajority(degraded)))})`,
    },
    metrics: [
      entry('accuracy', onLabel.accuracy, `${label}, one pass`),
      entry('UAR', onLabel.uar, `${label}, one pass`),
      entry('accuracy', measureClassifier(withLabel(other)).accuracy, `${label}, mirror average`),
      entry('accuracy', onVotes.accuracy, `${vote}, one pass`),
      entry('UAR', onVotes.uar, `${vote}, one pass`),
      entry('accuracy', measureClassifier(withMajority(other)).accuracy, `${vote}, mirror average`),
      entry('ECE', onVotes.ece, `${vote}, one pass, before calibration, 15 equal-width bins`),
      ...heldOut(votes, temperature).flatMap(({ protocol, metrics }) => [
        entry('ECE', metrics.ece, `${vote}, one pass, ${protocol}, 15 equal-width bins`),
        entry('NLL', metrics.nll, `${vote}, one pass, ${protocol}`),
      ]),
    ],
  }
}

/** Fitted on one half, reported on the other, both ways; and the shipped temperature on everything. */
function heldOut(
  output: ClassifierOutput,
  shipped: number,
): { readonly protocol: string; readonly metrics: ClassifierMetrics }[] {
  const even = selectItems(output, (item) => item % 2 === 0)
  const odd = selectItems(output, (item) => item % 2 === 1)
  return [
    {
      protocol: 'temperature fitted on even rows, odd rows reported',
      metrics: measureClassifier(odd, fitTemperature(even)),
    },
    {
      protocol: 'temperature fitted on odd rows, even rows reported',
      metrics: measureClassifier(even, fitTemperature(odd)),
    },
    { protocol: 'the shipped temperature, all rows', metrics: measureClassifier(output, shipped) },
  ]
}
