import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { openBackend } from '../../inference/backend'
import type { tf } from '../../inference/tf'
import type { NetworkInputSpec } from '../../speech/network-input'
import type { SpeechClip } from './clip-features'
import { measureStandardisation } from './clip-input'
import { decodeClip } from './decode-clip'
import { loadClipFeatures } from './feature-cache'
import { ACTOR_FOLDS, splitByFold } from './folds'
import { buildNetA } from './net-a'
import { type ClipPrediction, predictClips } from './predict-clips'
import { listRavdess } from './ravdess'
import { CLASS_WEIGHTS, SPEECH_CLASSES, SPEECH_PLAN, SPEECH_RECIPE, unstandardisedSpec } from './recipe'
import { saveSpeechModel } from './save-model'
import { trainNetwork } from './train-network'

export interface TrainSpeechOptions {
  /** Folder with Actor_NN folders of RAVDESS speech clips. */
  readonly ravdessFolder: string
  /** The model folder to write, for example models/speech-mfcc-cnn-1. */
  readonly outFolder: string
  /** For features, checkpoints and out-of-fold predictions; an interrupted run goes on from them. */
  readonly cacheFolder: string
  readonly commit: string
  readonly command: string
  readonly seed?: number
  readonly epochs?: number
  readonly signal?: AbortSignal
  readonly onMessage?: (message: string) => void
}

/**
 * Trains the speech model with four folds by actor, fits its temperature on the out-of-fold predictions, trains again
 * on all twenty actors with the same number of epochs and writes the model folder.
 */
export async function trainSpeech(options: TrainSpeechOptions): Promise<void> {
  const { cacheFolder, seed = 1, epochs = SPEECH_RECIPE.epochs, onMessage = () => undefined } = options
  const backend = await openBackend('tensorflow')
  onMessage(`backend ${backend.description}`)
  const startedMs = performance.now()
  const files = await listRavdess(options.ravdessFolder)
  const { mfcc } = unstandardisedSpec()
  const clips = await loadClipFeatures(files, {
    cacheFolder,
    parameters: mfcc,
    decode: (path) => decodeClip(path, mfcc.sampleRateHz, options.signal),
    onClip: (done, total) => void (done % 100 === 0 && onMessage(`features ${done} of ${total}`)),
  })
  const runFolder = join(cacheFolder, `speech-training-seed${seed}-epochs${epochs}`)
  const context = { ...options, seed, epochs, runFolder, onMessage }
  const outOfFold: ClipPrediction[] = []
  for (let fold = 0; fold < ACTOR_FOLDS.length; fold++) {
    const { train, test } = splitByFold(clips, fold)
    outOfFold.push(...(await predictFold({ ...context, fold }, train, test)))
  }
  const actors = new Set(ACTOR_FOLDS.flat())
  const all = clips.filter(({ actor }) => actors.has(actor))
  const { network, spec } = await trainOn(all, { ...context, name: 'all' })
  try {
    const wallSecs = (performance.now() - startedMs) / 1000
    await saveSpeechModel(network, { ...context, spec, outOfFold, trainingClips: all, wallSecs })
  } finally {
    network.dispose()
  }
  onMessage(`wrote ${options.outFolder}`)
}

interface RunContext extends TrainSpeechOptions {
  readonly seed: number
  readonly epochs: number
  readonly runFolder: string
  readonly onMessage: (message: string) => void
}

/** Predictions for a test fold, kept in a file so that a finished fold is not trained again. */
async function predictFold(
  context: RunContext & { readonly fold: number },
  train: readonly SpeechClip[],
  test: readonly SpeechClip[],
): Promise<ClipPrediction[]> {
  const file = join(context.runFolder, `fold${context.fold}.json`)
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ClipPrediction[]
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const { network, spec } = await trainOn(train, { ...context, name: `fold${context.fold}` })
  try {
    const predictions = await predictClips(network, test, {
      spec,
      plan: SPEECH_PLAN,
      classes: SPEECH_CLASSES,
    })
    await mkdir(dirname(file), { recursive: true })
    await writeFile(`${file}.part`, JSON.stringify(predictions))
    await rename(`${file}.part`, file)
    return predictions
  } finally {
    network.dispose()
  }
}

async function trainOn(
  clips: readonly SpeechClip[],
  { seed, epochs, runFolder, name, signal, onMessage }: RunContext & { readonly name: string },
): Promise<{ network: tf.LayersModel; spec: NetworkInputSpec }> {
  const spec = { ...unstandardisedSpec(), ...measureStandardisation(clips, unstandardisedSpec()) }
  const { steps, coefficients } = spec
  const network = buildNetA({ steps, coefficients, classes: SPEECH_CLASSES, seed })
  await trainNetwork(network, clips, {
    ...SPEECH_RECIPE,
    epochs,
    seed,
    batch: { ...SPEECH_RECIPE, spec, ...SPEECH_PLAN, classes: SPEECH_CLASSES, classWeights: CLASS_WEIGHTS },
    checkpointFile: join(runFolder, `${name}.checkpoint`),
    signal,
    onEpoch: (epoch, loss, secs) =>
      onMessage(`${name} epoch ${epoch + 1} of ${epochs}: loss ${loss.toFixed(4)}, ${secs.toFixed(1)} s`),
  })
  return { network, spec }
}
