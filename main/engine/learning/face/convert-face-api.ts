import { join } from 'node:path'
import { EMOTIONS, EMOTION_COUNT } from '../../emotions'
import { writeAtomic } from '../../export/atomic-file'
import { makeFolder } from '../../export/make-folder'
import {
  buildFaceApiNet,
  FACE_API_INPUT_PX,
  FACE_API_MEAN_RGB,
  FACE_API_SCALE,
} from '../../face/face-api-net'
import { faceApiVersion } from '../../face/face-api-weights'
import { type FaceCard, modelCardSchema } from '../../inference/card'
import { loadFaceModel } from '../../inference/registry'
import { openFaceData } from '../data/open-data'
import { calibrateFace } from '../evaluation/calibrate-face'
import { cardMetrics } from '../evaluation/card-metrics'
import { evaluateFace } from '../evaluation/evaluate-face'
import { saveNetwork } from '../training/save-network'

/**
 * One pass: averaging with the mirror image is worth one point of accuracy (see the card) and costs the analysis as much
 * again as everything but decoding.
 */
const MIRROR_AVERAGE = false

export interface ConvertFaceApiOptions {
  /** Where model.json, weights.bin and card.json are written. */
  readonly outFolder: string
  /** FER2013 with FER+, on which the card's figures are measured. */
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
    await makeFolder(options.outFolder)
    const draft = faceApiCard(options, await saveNetwork(network, options.outFolder))
    await writeCard(options.outFolder, draft)
    const card = await measure(draft, options)
    await writeCard(options.outFolder, card)
    return card
  } finally {
    network.dispose()
  }
}

function writeCard(folder: string, card: FaceCard): Promise<void> {
  return writeAtomic(join(folder, 'card.json'), [`${JSON.stringify(modelCardSchema.parse(card), null, 2)}\n`])
}

function faceApiCard({ command, commit }: ConvertFaceApiOptions, files: FaceCard['files']): FaceCard {
  return {
    formatVersion: 1,
    id: 'face-expression-1',
    title: 'face-api expression net',
    description:
      'Depthwise-separable dense blocks, 112 x 112 RGB, 0.3 M parameters, dequantised from 8 bits. Crops follow the ' +
      "convention of face-api: the smallest box around the 68 landmarks, padded by 20%, with the picture's own surroundings " +
      'instead of black bars.',
    licence: 'MIT',
    attribution: `Vincent Muehler (face-api.js) and Vladimir Mandic (@vladmandic/face-api ${faceApiVersion()})`,
    task: 'face-emotion',
    labels: [...EMOTIONS],
    output: 'logits',
    outputIndex: 0,
    // What it was trained on is not published, so its class shares are unknown.
    prior: EMOTIONS.map(() => 1 / EMOTION_COUNT),
    calibration: { temperature: 1, protocol: 'not calibrated yet' },
    training: {
      data: 'undisclosed face images (the authors of face-api.js do not say which, so the prior is set uniform)',
      split: 'undisclosed; whether it has seen FER2013 images is unknown',
      seeds: [],
    },
    metrics: [],
    provenance: { command, commit },
    files,
    input: {
      widthPx: FACE_API_INPUT_PX,
      heightPx: FACE_API_INPUT_PX,
      colour: 'rgb',
      normalisation: { kind: 'fixed', mean: [...FACE_API_MEAN_RGB], scale: FACE_API_SCALE },
      crop: { reference: 'landmarks', boxCentreX: 0.5, boxCentreY: 0.5, boxSide: 1 / 1.2, levelEyes: false },
      mirrorAverage: MIRROR_AVERAGE,
    },
  }
}

/** Fills in the temperature and the figures, of one pass and of the mirror average. */
async function measure(draft: FaceCard, { ferFolder, outFolder }: ConvertFaceApiOptions): Promise<FaceCard> {
  const set = await openFaceData(ferFolder, { splits: ['PublicTest'] })
  const data = 'FER2013 PublicTest'
  const model = await loadFaceModel(outFolder)
  try {
    const { temperature, protocol } = await calibrateFace(model, set, { isMirrored: MIRROR_AVERAGE, data })
    const metrics: FaceCard['metrics'] = []
    for (const isMirrored of [false, true]) {
      const options = { dataSet: 'fer2013', dataName: data, isMirrored }
      const { reports } = await evaluateFace(model, set, options)
      metrics.push(...reports.flatMap(cardMetrics))
    }
    return { ...draft, metrics, calibration: { temperature: Number(temperature.toFixed(4)), protocol } }
  } finally {
    model.dispose()
  }
}
