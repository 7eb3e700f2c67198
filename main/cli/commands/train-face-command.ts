import { readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { EMOTIONS } from '../../engine/emotions'
import { UnmaskError } from '../../engine/errors'
import type { FaceCard } from '../../engine/inference/card'
import { openBackend } from '../../engine/inference/backend'
import { chooseModel } from '../../engine/inference/model-choice'
import { type LoadedModel, loadFaceModel } from '../../engine/inference/registry'
import { type FaceSet, selectFaces } from '../../engine/learning/data/face-set'
import { openFaceData } from '../../engine/learning/data/open-data'
import { requireTrainable } from '../../engine/learning/data/trainable'
import { faceConfigSchema, type FaceConfig } from '../../engine/learning/face/config'
import type { FaceDataSource } from '../../engine/learning/face/face-card'
import { saveFaceModel } from '../../engine/learning/face/save-model'
import { trainingRows } from '../../engine/learning/face/training-rows'
import { trainFace } from '../../engine/learning/face/train'
import type { StepProgress } from '../../engine/learning/face/train-network'
import { type Provenance, readProvenance } from '../../engine/learning/training/run-folder'
import type { AppPaths } from '../../host/app-paths'
import { currentCommit } from '../commit'
import { onInterrupt } from '../interrupt'
import { runWithKeptMemory } from '../kept-memory'
import { parseCount } from '../parse'

interface TrainFaceFlags {
  readonly data: string
  readonly config?: string
  readonly out: string
  readonly id?: string
  readonly licence?: string
  readonly from?: string
  readonly after?: string
  readonly run: string
  readonly resume: boolean
  readonly seed?: number
  readonly epochs?: number
}

const EXAMPLES = `
Examples:
  unmask train face --data fer2013 --out models/face
  unmask train face --data fer2013 --out models/face --resume

The data is a folder with fer2013.csv (or .csv.gz) and, beside it, fer2013new.csv with the votes of FER+; a folder with
one folder a class; or a manifest. Needs native TensorFlow (npm run setup:tensorflow). Each epoch is kept: a run
that was cut off goes on with --resume.`

export function addTrainFaceCommand(train: Command, paths: AppPaths): void {
  train
    .command('face')
    .description('the face network: FER2013 labels and FER+ votes, two heads on one trunk')
    .requiredOption('--data <path>', 'FER2013 (CSV or folders) or a manifest')
    .requiredOption('-o, --out <folder>', 'the model folder to write')
    .option('--id <id>', "the model's name in exports (default: the name of its folder)")
    .option('--licence <text>', 'licence of the model, for its card')
    .option('--from <model>', 'go on from this model folder or id instead of random weights')
    .option('--config <file>', 'settings that differ from the recipe, as JSON')
    .option(
      '--after <folder>',
      'go on from the averaged weights of another run of the same network: a second stage',
    )
    .option('--run <folder>', 'checkpoints and curves of this run', join(paths.root, '.cache', 'train-face'))
    .option('--resume', 'go on with the run in that folder', false)
    .option('--seed <N>', 'of weights, order and augmentation', parseCount)
    .option('--epochs <N>', 'passes over the data', parseCount)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: TrainFaceFlags) => {
      const status = await runWithKeptMemory()
      if (status !== null) {
        process.exitCode = status
        return
      }
      const interrupt = onInterrupt()
      try {
        await trainAndSave(flags, paths, interrupt.signal)
      } finally {
        interrupt.release()
      }
    })
}

async function trainAndSave(flags: TrainFaceFlags, paths: AppPaths, signal: AbortSignal): Promise<void> {
  const onMessage = (message: string) => void process.stderr.write(`${message}\n`)
  const runFolder = resolve(flags.run)
  const outFolder = resolve(flags.out)
  const id = flags.id ?? basename(outFolder).toLowerCase()
  if (!MODEL_ID.test(id))
    throw new UnmaskError(
      'usage.invalid',
      `"${id}" is no model id (small letters, digits, dots, hyphens; a letter or digit first); give one with --id`,
    )
  await openBackend('tensorflow')
  const base =
    flags.from === undefined
      ? null
      : await loadFaceModel((await chooseModel(paths.modelsFolder, 'face-emotion', flags.from)).folder)
  const config = await readFaceConfig(flags, base)
  const set = await openFaceData(resolve(flags.data), { signal })
  requireTrainable(selectFaces(set, [...trainingRows(set).items]), {
    path: flags.data,
    // What a model already knows can be tuned on a few pictures of some of the emotions.
    ...(base ? { minimumPerClass: 2, classes: occurring(set) } : { minimumPerClass: 8 }),
  })
  const trained = await trainFace({
    set,
    config,
    runFolder,
    provenance: await provenanceOf(flags, paths),
    isResumed: flags.resume,
    base: base ?? undefined,
    afterRun: flags.after === undefined ? undefined : resolve(flags.after),
    signal,
    onMessage,
    onStep: showStep(config),
  })
  try {
    const isFer2013 = set.ids[0]?.startsWith('fer2013:') === true
    await saveFaceModel({
      trained,
      set,
      config,
      source: isFer2013 ? FER2013_SOURCE : ownSource(flags.data),
      provenance: await readProvenance(runFolder),
      outFolder,
      id,
      title: isFer2013 ? 'Face CNN, FER2013 and FER+' : `Face CNN, ${basename(resolve(flags.data))}`,
      licence: flags.licence ?? (isFer2013 ? FER2013_LICENCE : 'as its training data allows'),
      base: base?.card ?? null,
      signal,
      onMessage,
    })
  } finally {
    trained.network.dispose()
    base?.dispose()
  }
}

function occurring(set: FaceSet): string[] {
  return EMOTIONS.filter((_, emotion) => set.labels.includes(emotion))
}

const FER2013_SOURCE: FaceDataSource = {
  dataSet: 'fer2013',
  name: 'FER2013 with the votes of FER+',
  attribution:
    'Goodfellow et al. (2013) Challenges in representation learning, FER2013; Barsoum et al. (2016) Training deep networks for facial expression recognition with crowd-sourced label distribution, FER+ (MIT)',
}

const FER2013_LICENCE =
  'MIT for code and weights; the pictures of FER2013, gathered from the web for research, are not included'

function ownSource(data: string): FaceDataSource {
  const name = basename(resolve(data))
  return { dataSet: name, name, attribution: '' }
}

const MODEL_ID = /^[a-z0-9][a-z0-9.-]*$/

/** What a model that exists is tuned with: few epochs at a low rate, no mixing. */
const TUNING = { epochs: 10, peakRate: 0.005, lastRate: 0.0001, warmUpEpochs: 0.5, mixupChance: 0 }

async function readFaceConfig(
  { config, seed, epochs }: TrainFaceFlags,
  base: LoadedModel<FaceCard> | null,
): Promise<FaceConfig> {
  const recipe = base ? { ...(await readJson(join(base.folder, 'config.json'))), ...TUNING } : {}
  const given = { ...recipe, ...(config === undefined ? {} : await readJson(resolve(config))) }
  const parsed = faceConfigSchema.safeParse(given)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new UnmaskError('usage.invalid', `${issue?.path.join('.') ?? ''}: ${issue?.message}: ${config}`)
  }
  return {
    ...parsed.data,
    ...(seed === undefined ? {} : { seed }),
    ...(epochs === undefined ? {} : { epochs }),
  }
}

async function readJson(file: string): Promise<object> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as object
  } catch (error) {
    throw new UnmaskError('usage.invalid', `not a readable JSON file of settings: ${file}`, { cause: error })
  }
}

/** With the command of the first stage, where there was one. */
async function provenanceOf(flags: TrainFaceFlags, paths: AppPaths): Promise<Provenance> {
  const own = { command: describeCommand(flags), commit: currentCommit(paths.root) }
  if (flags.after === undefined) return own
  const first = await readProvenance(resolve(flags.after))
  return {
    command: `${first.command}; ${own.command}`,
    commit: first.commit === own.commit ? own.commit : `${first.commit}; ${own.commit}`,
  }
}

/** The command as the card quotes it, without paths of this machine. */
function describeCommand({ data, from, after, config, seed, epochs }: TrainFaceFlags): string {
  const parts = [`unmask train face --data ${basename(resolve(data))}`]
  if (from !== undefined) parts.push(`--from ${basename(from)}`)
  if (after !== undefined) parts.push('--after FIRST_RUN')
  if (config !== undefined) parts.push(`--config ${basename(config)}`)
  if (seed !== undefined) parts.push(`--seed ${seed}`)
  if (epochs !== undefined) parts.push(`--epochs ${epochs}`)
  return parts.join(' ')
}

/** On a terminal one line that is written over; into a file, nothing between the epochs. */
function showStep(config: FaceConfig): (progress: StepProgress) => void {
  if (!process.stderr.isTTY) return () => undefined
  return ({ epoch, step, stepsPerEpoch, meanLoss, accuracy, epochsDone, elapsedSecs }) => {
    const remainingSecs = (elapsedSecs / epochsDone) * (config.epochs - epoch - (step + 1) / stepsPerEpoch)
    const line = `epoch ${epoch + 1}, step ${step + 1} of ${stepsPerEpoch}: loss ${meanLoss.toFixed(3)}, accuracy ${(100 * accuracy).toFixed(1)}%, ${Math.ceil(remainingSecs / 60)} min left`
    process.stderr.write(`\r${line.padEnd(90)}${step + 1 === stepsPerEpoch ? '\r' : ''}`)
  }
}
