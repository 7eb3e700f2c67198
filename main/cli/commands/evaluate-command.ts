import { readFile } from 'node:fs/promises'
import { basename, isAbsolute, join, resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { UnmaskError } from '../../engine/errors'
import { openBackend } from '../../engine/inference/backend'
import { findNamedModel } from '../../engine/inference/model-choice'
import type { ModelFolder } from '../../engine/inference/model-folder'
import { loadFaceModel, loadSpeechModel } from '../../engine/inference/registry'
import { listVoiceData, openFaceData } from '../../engine/learning/data/open-data'
import { recogniseData } from '../../engine/learning/data/recognise'
import { readCurves } from '../../engine/learning/evaluation/curves'
import { evaluateFace } from '../../engine/learning/evaluation/evaluate-face'
import { evaluateSpeech } from '../../engine/learning/evaluation/evaluate-speech'
import type { EvaluationReport } from '../../engine/learning/evaluation/report-schema'
import type { SampleFace } from '../../engine/learning/evaluation/sample-faces'
import { writeReport } from '../../engine/learning/evaluation/write-report'
import type { AppPaths } from '../../host/app-paths'
import { currentCommit } from '../commit'
import { onInterrupt } from '../interrupt'
import { evaluationText } from '../views/evaluation-view'
import { progressLine } from '../views/progress-line'
import { addReportCommands } from './evaluate-report-commands'

interface EvaluateFlags {
  readonly data?: string
  readonly split?: string
  readonly speakers?: string[]
  readonly out?: string
  readonly json?: boolean
  /** Undefined: as the card says. */
  readonly mirror?: boolean
  readonly spoiled: boolean
  readonly samples: number | false
  readonly curves?: string
  readonly exclude?: string
  readonly allowTrainingData: boolean
  readonly resamples: number
  readonly seed: number
  readonly models: string
}

const EXAMPLES = `
Examples:
  unmask evaluate face --data fer2013 --split PublicTest --out reports/face
  unmask evaluate models/face --data fer2013 --split PublicTest --no-mirror
  unmask evaluate my-speech-model --data my-clips.csv --split test --json
  unmask evaluate index --reports reports

MODEL is a folder or the id of a model. What its card says it was trained on is refused as a test.`

const DEFAULT_SAMPLES = 24

export function addEvaluateCommand(program: Command, paths: AppPaths): Command {
  const evaluate = program
    .command('evaluate')
    .description('measure a model on labelled faces or recordings it was not trained on')
    .argument('<model>', 'a model folder or id')
    // Options behind a subcommand's name are the subcommand's, though some are called like these.
    .enablePositionalOptions()
    // Not a required one: commander would then want it of every subcommand too.
    .option('--data <path>', 'FER2013, RAVDESS, pictures in a folder a class, or a manifest')
    .option('--split <name>', 'only this part of the data set, as the data set spells it')
    .option('--speakers <list>', 'only these speakers, separated by commas (recordings)', parseNames)
    .option('-o, --out <folder>', 'write report.html, report.json and tables there')
    .option('--json', 'print the reports as JSON')
    .option('--mirror', 'average each face with its mirror image (default: as the card says)')
    .option('--no-mirror', 'one pass for each face')
    .option('--spoiled', 'measure also on spoiled faces: blurred, small, misplaced, dark', false)
    .option('--samples <N>', 'test faces shown in the report', parseSamples, DEFAULT_SAMPLES)
    .option('--no-samples', 'a report without pictures of the data set, which can be passed on')
    .option(
      '--curves <file>',
      'curves.csv of the training, drawn in the report (default: the one in the model folder)',
    )
    .option('--exclude <file>', 'leave out the items whose ids stand in this file, one a line')
    .option('--allow-training-data', 'test on rows of training too; the report says so', false)
    .option('--resamples <N>', 'of the bootstrap', parseResamples, 2000)
    .option('--seed <N>', 'of the bootstrap and of the samples', parseSeed, 1)
    .option('--models <folder>', 'folder of models', paths.modelsFolder)
    .addHelpText('after', EXAMPLES)
    .action((model: string, flags: EvaluateFlags) => runEvaluate(model, flags, paths))
  addReportCommands(evaluate, paths)
  return evaluate
}

async function runEvaluate(model: string, given: EvaluateFlags, paths: AppPaths): Promise<void> {
  if (given.data === undefined)
    throw new UnmaskError(
      'usage.invalid',
      'unmask evaluate needs --data: FER2013, RAVDESS, pictures or a manifest',
    )
  const flags: WithData = { ...given, data: given.data }
  const interrupt = onInterrupt()
  try {
    const found = await findNamedModel(flags.models, model)
    await openBackend('auto')
    const curves = await findCurves(found, flags.curves)
    const { reports, samples } = await measure(found, flags, interrupt.signal)
    if (flags.out !== undefined) {
      const isFace = found.card.task === 'face-emotion'
      await writeReport(resolve(flags.out), reports, {
        title: `${found.card.title}: how well it reads ${isFace ? 'faces' : 'voices'}`,
        command: describeCommand(model, flags),
        commit: currentCommit(paths.root),
        curves: curves ? [{ name: isFace ? 'Face' : 'Speech', rows: curves }] : [],
        ...(isFace
          ? { samples, samplesCommand: describeCommand(model, { ...flags, samples: DEFAULT_SAMPLES }) }
          : {}),
      })
    }
    process.stdout.write(
      flags.json ? `${JSON.stringify(reports, null, 2)}\n` : evaluationText(reports, flags.out ?? null),
    )
  } finally {
    interrupt.release()
  }
}

type WithData = EvaluateFlags & { readonly data: string }

interface Measured {
  readonly reports: EvaluationReport[]
  readonly samples: SampleFace[]
}

async function measure(found: ModelFolder, flags: WithData, signal: AbortSignal): Promise<Measured> {
  const data = resolve(flags.data)
  const { kind } = await recogniseData(data)
  const dataSet = kind === 'fer2013' || kind === 'ravdess' ? kind : basename(data)
  const names: Record<string, string> = { fer2013: 'FER2013', ravdess: 'RAVDESS speech' }
  const part = [flags.split, flags.speakers && `speakers ${flags.speakers.join(' ')}`]
    .filter(Boolean)
    .join(', ')
  const common = {
    dataSet,
    dataName: `${names[dataSet] ?? dataSet}${part ? ` ${part}` : ''}`,
    isTrainingDataAllowed: flags.allowTrainingData,
    excludeIds: flags.exclude === undefined ? undefined : await readIds(resolve(flags.exclude)),
    seed: flags.seed,
    resamples: flags.resamples,
    signal,
  }
  if (found.card.task === 'face-emotion') {
    const splits = flags.split === undefined ? undefined : [flags.split]
    const set = await openFaceData(data, { signal, splits })
    const model = await loadFaceModel(found.folder)
    try {
      return await evaluateFace(model, set, {
        ...common,
        isMirrored: flags.mirror ?? model.card.input.mirrorAverage,
        isSpoiledToo: flags.spoiled,
        samples: flags.samples === false || flags.out === undefined ? 0 : flags.samples,
        onProgress: progressLine('faces'),
      })
    } finally {
      model.dispose()
    }
  }
  const clips = (await listVoiceData(data, { signal }))
    .filter(({ split }) => flags.split === undefined || split === flags.split)
    .filter(({ speaker }) => flags.speakers === undefined || flags.speakers.includes(speaker))
  if (clips.length === 0)
    throw new UnmaskError('data.invalid', `no recording of ${part || 'any split'}; check its name in ${data}`)
  const model = await loadSpeechModel(found.folder)
  try {
    const { reports, failures } = await evaluateSpeech(model, clips, {
      ...common,
      onClip: progressLine('clips'),
    })
    for (const { path, reason } of failures) process.stderr.write(`left out: ${reason}: ${path}\n`)
    return { reports, samples: [] }
  } finally {
    model.dispose()
  }
}

/** Curves that are named must be there; those of the model folder need not. */
async function findCurves({ folder }: ModelFolder, named: string | undefined) {
  if (named !== undefined) return readCurves(resolve(named))
  try {
    return await readCurves(join(folder, 'curves.csv'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

async function readIds(path: string): Promise<ReadonlySet<string>> {
  const lines = (await readFile(path, 'utf8')).split(/\r?\n/).map((line) => line.trim())
  return new Set(lines.filter((line) => line !== ''))
}

/** The command as a report quotes it, without the folders of this machine. */
function describeCommand(model: string, flags: WithData): string {
  const name = (path: string) => (isAbsolute(path) ? basename(path) : path)
  return [
    `unmask evaluate ${name(model)} --data ${basename(resolve(flags.data))}`,
    ...(flags.split === undefined ? [] : [`--split ${flags.split}`]),
    ...(flags.speakers === undefined ? [] : [`--speakers ${flags.speakers.join(',')}`]),
    ...(flags.mirror === undefined ? [] : [flags.mirror ? '--mirror' : '--no-mirror']),
    ...(flags.spoiled ? ['--spoiled'] : []),
    ...(flags.exclude === undefined ? [] : [`--exclude ${name(flags.exclude)}`]),
    ...(flags.allowTrainingData ? ['--allow-training-data'] : []),
    ...(flags.samples === false
      ? ['--no-samples']
      : flags.samples === DEFAULT_SAMPLES
        ? []
        : [`--samples ${flags.samples}`]),
    ...(flags.seed === 1 ? [] : [`--seed ${flags.seed}`]),
    ...(flags.out === undefined ? [] : [`--out ${name(flags.out)}`]),
  ].join(' ')
}

function parseNames(value: string): string[] {
  const names = value.split(',').map((name) => name.trim())
  if (names.includes('')) throw new InvalidArgumentError('It is a list of names, separated by commas.')
  return names
}

const wholeNumber = (low: number, high: number) => (value: string) => {
  const number = Number(value)
  if (!/^\d+$/.test(value) || number < low || number > high)
    throw new InvalidArgumentError(`It is a whole number from ${low} to ${high}.`)
  return number
}

const parseSamples = wholeNumber(0, 200)
const parseResamples = wholeNumber(100, 100_000)
const parseSeed = wholeNumber(0, 2 ** 31 - 1)
