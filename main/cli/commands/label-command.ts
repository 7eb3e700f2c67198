import { cpus } from 'node:os'
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { type BatchRequest, type BatchResult, runBatch } from '../../engine/batch/run-batch'
import { toFault, UnmaskError } from '../../engine/errors'
import { BACKEND_CHOICES, type BackendChoice } from '../../engine/inference/backend-choice'
import { writeBatchResults } from '../../engine/batch/write-batch-results'
import { findMedia } from '../../engine/media/find-media'
import { HostClient } from '../../host/host-client'
import { type LabelWish, planHost, planSettings, shareCores } from '../../host/label-plan'
import type { HostConfig } from '../../host/protocol'
import { type AppPaths, readAppVersion } from '../../host/app-paths'
import { EXIT } from '../exit-codes'
import { onInterrupt } from '../interrupt'
import {
  type ModalityName,
  parseCount,
  parseFps,
  parseModalities,
  parsePositiveSecs,
  readSettingsFile,
} from '../parse'
import { createBarsView } from '../views/bars-view'
import type { BatchView } from '../views/batch-view'
import { createJsonView } from '../views/json-view'
import { createLinesView } from '../views/lines-view'

interface LabelFlags {
  readonly out: string
  readonly recursive?: boolean
  readonly fps?: 'all' | number
  readonly modality?: ModalityName[]
  readonly backend: BackendChoice
  readonly jobs?: number
  readonly resume?: boolean
  readonly force?: boolean
  readonly json?: boolean
  readonly stallTimeout: number
  readonly models: string
  readonly faceModel?: string
  readonly speechModel?: string
  readonly detector: HostConfig['detector']
  readonly fusion?: 'product' | 'weighted-sum'
  readonly window?: number
  readonly hop?: number
  readonly settings?: string
  readonly long?: boolean
  readonly eaf?: boolean
  readonly textgrid?: boolean
  readonly boris?: boolean
  readonly landmarks?: boolean
  readonly bom?: boolean
}

const EXAMPLES = `
Examples:
  unmask label interviews --out results               every clip in the folder
  unmask label a.mp4 b.wav --out results --eaf        two clips, with ELAN files
  unmask label study --recursive --out results --jobs 4 --fps 10
  unmask label study --out results --resume           go on after an interruption
  unmask label talk.wav --out results --modality speech

Exit status: 0 all done, 1 some clips failed (see errors.csv), 2 the command was wrong, 130 interrupted.`

export function addLabelCommand(program: Command, paths: AppPaths): void {
  program
    .command('label')
    .description('label clips: what face, voice and both express at every moment, as CSV')
    .argument('<path...>', 'clips, or folders of clips')
    .requiredOption('-o, --out <folder>', 'where the results go; made if it is not there')
    .option('-r, --recursive', 'look into folders inside the folders too')
    .option('--fps <all|N>', 'read faces on every frame, or on N frames a second (default: all)', parseFps)
    .option('--modality <list>', 'any of face,speech,fusion (default: all three)', parseModalities)
    .addOption(
      new Option('--backend <name>', 'what runs the networks; a named one never falls back')
        .choices(BACKEND_CHOICES)
        .default('auto'),
    )
    .option('-j, --jobs <N>', 'clips at a time (default: by cores and backend)', parseCount)
    .option('--resume', 'go on with an interrupted batch; finished clips are kept')
    .option('--force', 'write existing results anew')
    .option('--json', 'events as JSON lines on standard output, for scripts')
    .option('--stall-timeout <s>', 'give a clip up after so long without progress', parsePositiveSecs, 60)
    .option('--models <folder>', 'folder of models', paths.modelsFolder)
    .option('--face-model <id|folder>', 'another face model')
    .option('--speech-model <id|folder>', 'another speech model')
    .addOption(
      new Option('--detector <name>', 'face detector: tiny is quick, ssd finds harder faces')
        .choices(['tiny', 'ssd'])
        .default('tiny'),
    )
    .addOption(
      new Option('--fusion <method>', 'how face and voice are combined (default: product)').choices([
        'product',
        'weighted-sum',
      ]),
    )
    .option('--window <s>', 'length of a speech window (default: 2.5)', parsePositiveSecs)
    .option('--hop <s>', 'from one speech window to the next (default: 0.25)', parsePositiveSecs)
    .option('--settings <file>', 'JSON with any other settings; the settings of a meta.json will do')
    .option('--long', 'also NAME.long.csv: one row a value, tidy')
    .option('--eaf', 'also NAME.eaf for ELAN')
    .option('--textgrid', 'also NAME.TextGrid for Praat')
    .option('--boris', 'also NAME.boris and a plot table for BORIS')
    .option('--landmarks', 'also NAME.landmarks.csv: 68 points of each face, where it was looked at')
    .option('--bom', 'begin CSV files with a byte order mark, for Excel')
    .addHelpText('after', EXAMPLES)
    .action(async (inputs: string[], flags: LabelFlags) => {
      // Whatever ends the process before the batch is done, it must not look like success.
      process.exitCode = EXIT.interrupted
      process.exitCode = await label(inputs, flags, paths)
    })
}

async function label(inputs: readonly string[], flags: LabelFlags, paths: AppPaths): Promise<number> {
  if (flags.resume && flags.force)
    throw new UnmaskError('usage.invalid', '--resume keeps results and --force does not: give one of them')
  const wish = wishOf(flags)
  const settings = await planSettings(wish)
  const appVersion = readAppVersion(paths.root)
  const { files, problems } = await findMedia(
    inputs.map((input) => resolve(input)),
    { recursive: flags.recursive === true },
  )
  if (files.length === 0 && problems.length === 0)
    throw new UnmaskError(
      'usage.invalid',
      `no media files there${flags.recursive ? '' : ' (--recursive looks into folders inside)'}: ${inputs.join(', ')}`,
    )

  const view = createView(flags)
  const interrupt = onInterrupt(() =>
    view.note('stopping: finished clips are kept (Ctrl-C again to stop at once)'),
  )
  try {
    const { host, fingerprints } = await planHost(wish, settings, appVersion)
    const result = await runInHosts(paths, host, flags, {
      files,
      problems,
      outFolder: resolve(flags.out),
      options: { settings, exports: exportsOf(flags) },
      onExisting: flags.force ? 'force' : flags.resume ? 'resume' : 'refuse',
      models: fingerprints,
      signal: interrupt.signal,
      view,
    })
    if (result.isInterrupted) return EXIT.interrupted
    return result.failed.length > 0 ? EXIT.someFailed : EXIT.done
  } finally {
    interrupt.release()
    view.stop()
  }
}

type HostBatch = Pick<
  BatchRequest,
  'files' | 'problems' | 'outFolder' | 'options' | 'onExisting' | 'signal'
> & {
  readonly models: BatchRequest['identity']['models']
  readonly view: BatchView
}

/** Runs the batch in analysis hosts; the first one also tells which backend there is. */
async function runInHosts(
  paths: AppPaths,
  config: HostConfig,
  flags: LabelFlags,
  { models, view, ...batch }: HostBatch,
): Promise<BatchResult> {
  const { appVersion } = config
  const { jobs, threads } = shareCores(cpus().length, batch.files.length, flags.jobs)
  const createHost = () =>
    new HostClient({ script: paths.hostScript, config, stallSecs: flags.stallTimeout, threads })
  const first = createHost()
  const spare = [first]
  let hasStarted = false
  try {
    const { backend } = await first.whenReady()
    view.note(`${backend.description}, tfjs ${backend.tfjsVersion}`)
    const request: BatchRequest = {
      ...batch,
      jobs,
      identity: { appVersion, backend: backend.description, models },
      createWorker: () => spare.pop() ?? createHost(),
      onEvent: (event) => {
        hasStarted = true
        view.onEvent(event)
      },
    }
    const tables = { bom: flags.bom === true, appVersion }
    return await runBatch(request, async () => void (await writeBatchResults(batch.outFolder, tables)))
  } catch (error) {
    throw asUsageFault(error, hasStarted)
  } finally {
    await first.close()
  }
}

/** An --out that cannot be used at all is a wrong command; one that fails later costs clips. */
function asUsageFault(error: unknown, hasStarted: boolean): unknown {
  const { code, message } = toFault(error)
  if (hasStarted || code !== 'output.unwritable') return error
  return new UnmaskError('usage.invalid', message, { cause: error })
}

function wishOf(flags: LabelFlags): LabelWish {
  const { models, modality, fps, window, hop, fusion, settings } = flags
  return {
    modelsFolder: models,
    faceModel: flags.faceModel,
    speechModel: flags.speechModel,
    backend: flags.backend,
    detector: flags.detector,
    modalities: modality,
    framesPerSec: fps,
    windowSecs: window,
    hopSecs: hop,
    fusionMethod: fusion,
    ...(settings !== undefined && { settings: readSettingsFile(settings) }),
  }
}

function exportsOf(flags: LabelFlags): BatchRequest['options']['exports'] {
  const { long = false, eaf = false, textgrid = false, boris = false, landmarks = false, bom = false } = flags
  return { long, eaf, textgrid, boris, landmarks, bom }
}

function createView(flags: LabelFlags): BatchView {
  if (flags.json) return createJsonView((line) => process.stdout.write(line))
  if (process.stderr.isTTY) return createBarsView(process.stderr)
  return createLinesView((line) => process.stderr.write(line))
}
