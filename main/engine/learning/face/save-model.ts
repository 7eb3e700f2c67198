import { join } from 'node:path'
import { EMOTION_COUNT } from '../../emotions'
import { UnmaskError } from '../../errors'
import { writeAtomic } from '../../export/atomic-file'
import { type FaceCard, modelCardSchema } from '../../inference/card'
import { loadFaceModel } from '../../inference/registry'
import { tf } from '../../inference/tf'
import { FACE_VOTE_COUNT, type FaceSet, selectFaces } from '../data/face-set'
import { calibrateFace } from '../evaluation/calibrate-face'
import { writeCurves } from '../evaluation/curves'
import { saveNetwork } from '../training/save-network'
import { writeFolderWhole } from '../training/whole-folder'
import { faceCard, MIRROR_AVERAGE, type SaveFaceModelOptions } from './face-card'
import { dataOf, measureCrop, measureFaceModel } from './measure-model'
import { buildFaceNet, type FaceNetOptions, foldFaceNet } from './net'
import { predictFaces } from './predict-faces'
import { isTrainingSplit } from './training-rows'

/**
 * Part of the class shares of FER+ that is taken out of the application's head (logit adjustment after training, Menon et
 * al., ICLR 2021). They are those of pictures found on the web: 34% neutral, 1% disgust. With half of them gone the shipped
 * model agrees with half a point fewer of PublicTest's majorities (85.1 to 84.6) and finds more of the rare ones (an earlier
 * epoch: mean recall 64.0 to 68.3).
 */
const PRIOR_REMOVED = 0.5

/** Where the box around the landmarks lies in FER2013's pictures: medians over 503 of PublicTest. */
const FER2013_CROP: FaceCard['input']['crop'] = {
  reference: 'landmarks',
  boxCentreX: 0.488,
  boxCentreY: 0.602,
  boxSide: 0.846,
  levelEyes: false,
}

/**
 * Folds the network, measures it on the parts of the set that it was not trained on, and writes the model folder: network,
 * configuration, curves and, last, the card.
 */
export async function saveFaceModel(options: SaveFaceModelOptions): Promise<FaceCard> {
  return writeFolderWhole(options.outFolder, 'card.json', async (stage) => {
    const card = await writeFaceModel({ ...options, outFolder: stage })
    options.onMessage(`written: ${options.outFolder}`)
    return card
  })
}

async function writeFaceModel(options: SaveFaceModelOptions): Promise<FaceCard> {
  const { trained, set, config, outFolder, onMessage } = options
  const netOptions = {
    sidePx: set.sidePx,
    heads: [EMOTION_COUNT, FACE_VOTE_COUNT] as const,
    network: config.network,
    seed: config.seed,
  }
  const folded =
    trained.form === 'training'
      ? foldFaceNet(trained.network, netOptions)
      : copyOf(trained.network, netOptions)
  try {
    checkFolding(trained.network, folded, set)
    // The head for comparison answers at the data set's own class shares, as published figures do.
    shiftBias(folded, 'fer2013_logits', trained.shares, -config.priorAdjustment)
    const files = await saveNetwork(folded, outFolder)
    await writeAtomic(join(outFolder, 'config.json'), [`${JSON.stringify(config, null, 2)}\n`])
    await writeCurves(outFolder, trained.curves, options.title)
    const held = heldOut(set)
    const cropping = await measureCrop(held, options)
    const crop = cropping?.crop ?? options.base?.input.crop ?? FER2013_CROP
    if (!cropping)
      onMessage(
        `too few faces were found in held out pictures to measure the place of the crop; it is taken from ${options.base?.id ?? 'FER2013'}`,
      )
    const parameterCount = folded.countParams()
    // A first card with temperature 1, so that what is measured is what the engine will load and run.
    let draft = faceCard(options, { files, crop, parameterCount, priorRemoved: 0 })
    const write = (card: FaceCard) =>
      writeAtomic(join(outFolder, 'card.json'), [`${JSON.stringify(modelCardSchema.parse(card), null, 2)}\n`])
    await write(draft)
    // Only votes carry the shares of the web; a lab's own labels are as frequent as the lab has them.
    if (held.count > 0 && set.votes) {
      const { temperatureClean } = await calibrateDraft(held, options)
      shiftBias(folded, 'ferplus_logits', draft.prior, PRIOR_REMOVED * temperatureClean)
      const shifted = await saveNetwork(folded, outFolder)
      draft = faceCard(options, { files: shifted, crop, parameterCount, priorRemoved: PRIOR_REMOVED })
      await write(draft)
    }
    const card = await measureFaceModel(draft, { held, cropping }, options)
    await write(card)
    return card
  } finally {
    folded.dispose()
  }
}

/** In the form that ships: without dropout, and nobody else's to change. */
function copyOf(network: tf.LayersModel, options: Omit<FaceNetOptions, 'form' | 'stream'>): tf.LayersModel {
  const copy = buildFaceNet({ ...options, form: 'folded', stream: null })
  copy.setWeights(network.getWeights())
  return copy
}

function heldOut(set: FaceSet): FaceSet {
  const items = [...set.splits.keys()].filter(
    (item) => !isTrainingSplit(set.splits[item]!) && set.labels[item]! >= 0,
  )
  return selectFaces(set, items)
}

async function calibrateDraft(held: FaceSet, { outFolder, source, signal }: SaveFaceModelOptions) {
  const model = await loadFaceModel(outFolder)
  try {
    return await calibrateFace(model, held, {
      isMirrored: MIRROR_AVERAGE,
      data: dataOf(held, source),
      signal,
    })
  } finally {
    model.dispose()
  }
}

/** Takes `strength` x log prior from the logits of a head. */
function shiftBias(network: tf.LayersModel, name: string, prior: readonly number[], strength: number): void {
  const layer = network.getLayer(name)
  const [kernel, bias] = layer.getWeights() as [tf.Tensor, tf.Tensor]
  const shift = tf.tensor1d(prior.map((share) => strength * Math.log(Math.max(share, 1e-6))))
  const shifted = tf.sub(bias, shift)
  layer.setWeights([kernel, shifted])
  tf.dispose([shift, shifted])
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
