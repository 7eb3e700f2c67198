import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { UnmaskError } from '../../engine/errors'
import { openFaceData } from '../../engine/learning/data/open-data'
import { faceConfigSchema, type FaceConfig } from '../../engine/learning/face/config'
import { trainFace } from '../../engine/learning/face/train'
import type { StepProgress } from '../../engine/learning/face/train-network'
import type { AppPaths } from '../app-paths'
import { currentCommit } from '../commit'
import { onInterrupt } from '../interrupt'
import { runWithKeptMemory } from '../kept-memory'
import { parseCount } from '../parse'

interface TrainFaceFlags {
  readonly data: string
  readonly config?: string
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
    .option('--config <file>', 'settings that differ from the recipe, as JSON')
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
        const config = await readFaceConfig(flags)
        const set = await openFaceData(resolve(flags.data), { signal: interrupt.signal })
        const trained = await trainFace({
          set,
          config,
          runFolder: resolve(flags.run),
          provenance: { command: describeCommand(flags), commit: currentCommit(paths.root) },
          isResumed: flags.resume,
          signal: interrupt.signal,
          onMessage: (message) => process.stderr.write(`${message}\n`),
          onStep: showStep(config),
        })
        trained.network.dispose()
      } finally {
        interrupt.release()
      }
    })
}

async function readFaceConfig({ config, seed, epochs }: TrainFaceFlags): Promise<FaceConfig> {
  const given = config === undefined ? {} : await readJson(resolve(config))
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
    throw new UnmaskError('usage.invalid', `--config is not a readable JSON file: ${file}`, { cause: error })
  }
}

/** The command as the card quotes it, without paths of this machine. */
function describeCommand({ config, seed, epochs }: TrainFaceFlags): string {
  const parts = ['unmask train face --data fer2013']
  if (config !== undefined) parts.push('--config CONFIG')
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
