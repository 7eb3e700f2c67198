import { readdir } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { UnmaskError } from '../../engine/errors'
import { openBackend } from '../../engine/inference/backend'
import { chooseModel } from '../../engine/inference/model-choice'
import { loadFaceModel } from '../../engine/inference/registry'
import { facesOfSplit } from '../../engine/learning/data/face-set'
import { openFaceData } from '../../engine/learning/data/open-data'
import { writeCurves } from '../../engine/learning/evaluation/curves'
import { readPredictions } from '../../engine/learning/evaluation/predictions'
import { writeReport } from '../../engine/learning/evaluation/write-report'
import { evaluateFusion, type FusionEvaluation } from '../../engine/learning/fusion/evaluate-fusion'
import { fusionCard, writeFusionCard } from '../../engine/learning/fusion/fusion-card'
import { isKeptWhole, writeFusionEvaluation } from '../../engine/learning/fusion/write-fusion'
import type { AppPaths } from '../../host/app-paths'
import { currentCommit } from '../commit'
import { onInterrupt } from '../interrupt'

interface EvaluateFusionFlags {
  readonly avTable: string
  readonly speech: string
  readonly fer: string
  readonly faceModel?: string
  readonly speechModel?: string
  readonly models: string
  readonly out: string
  readonly card?: string
  readonly cache: string
}

const EXAMPLES = `
Examples:
  unmask evaluate fusion --av-table ravdess-av-posteriors.csv --fer fer2013
  unmask evaluate fusion --av-table ravdess-av-posteriors.csv --fer fer2013 --card models/fusion

The speech predictions are those of unmask crossval speech. Exponents are chosen on simulated pairs; with --card the
choice and the figures become the fusion's card.`

const FUSION_ID = 'fusion-product-1'
/** The split of FER2013 that tests, and the one whose faces the concatenation is trained on. */
const TEST_SPLIT = 'PublicTest'
const TRAINING_SPLIT = 'Training'

export function addEvaluateFusionCommand(evaluate: Command, paths: AppPaths): void {
  evaluate
    .command('fusion')
    .description('face and speech together: real pairs, simulated pairs, gates, wrong faces, concatenation')
    .requiredOption('--av-table <file>', 'outputs of published models on audio-visual RAVDESS clips (CSV)')
    .requiredOption('--fer <path>', 'FER2013 with FER+, for simulated pairs')
    .option(
      '--speech <path>',
      'out-of-fold speech predictions: a file, or a folder with out-of-fold.json and its other seeds',
      join(paths.root, 'reports', 'speech'),
    )
    .option('--face-model <model>', 'folder or id (default: the one in use)')
    .option('--speech-model <model>', 'whose predictions these are: folder or id (default: the one in use)')
    .option('--models <folder>', 'folder of models', paths.modelsFolder)
    .option('-o, --out <folder>', 'where the figures go', join(paths.root, 'reports', 'fusion'))
    .option('--card <folder>', "also write the fusion's card there")
    .option('--cache <folder>', 'outputs of the face model', join(paths.root, '.cache', 'fusion'))
    .addHelpText('after', EXAMPLES)
    .action((_flags: unknown, command: Command) => run(command.opts<EvaluateFusionFlags>(), paths))
}

async function run(flags: EvaluateFusionFlags, paths: AppPaths): Promise<void> {
  const interrupt = onInterrupt()
  const { signal } = interrupt
  const say = (message: string) => process.stderr.write(`${message}\n`)
  try {
    const speech = await readSeeds(resolve(flags.speech))
    const speechCard = (await chooseModel(flags.models, 'speech-emotion', flags.speechModel)).card
    const faceFolder = (await chooseModel(flags.models, 'face-emotion', flags.faceModel)).folder
    const faces = await openFaceData(resolve(flags.fer), { splits: [TRAINING_SPLIT, TEST_SPLIT], signal })
    await openBackend('auto')
    const face = await loadFaceModel(faceFolder)
    try {
      const evaluation = await evaluateFusion({
        avTable: resolve(flags.avTable),
        speech,
        voicePrior: speech[0]!.predictions.labels.map(
          (label) => speechCard.prior[speechCard.labels.indexOf(label)] ?? Number.NaN,
        ),
        voiceName: speechCard.id,
        face,
        testFaces: facesOfSplit(faces, TEST_SPLIT),
        testFacesName: `FER2013 ${TEST_SPLIT}`,
        trainingFaces: facesOfSplit(faces, TRAINING_SPLIT),
        modelId: FUSION_ID,
        cacheFolder: resolve(flags.cache),
        signal,
        onMessage: say,
      })
      const provenance = { command: describeCommand(flags), commit: currentCommit(paths.root) }
      await writeAll(evaluation, flags, {
        ...provenance,
        models: { face: face.card.id, speech: speechCard.id },
      })
      process.stdout.write(figuresText(evaluation))
    } finally {
      face.dispose()
    }
  } finally {
    interrupt.release()
  }
}

async function writeAll(
  evaluation: FusionEvaluation,
  flags: EvaluateFusionFlags,
  { command, commit, models }: { command: string; commit: string; models: { face: string; speech: string } },
): Promise<void> {
  const out = resolve(flags.out)
  await writeFusionEvaluation(out, evaluation)
  await writeCurves(out, evaluation.curves, 'Face and voice concatenated, simulated pairs, first fold')
  await writeReport(
    out,
    evaluation.figures.filter(isKeptWhole).map(({ report }) => report),
    {
      title: 'Face and speech together: how well fusion reads',
      command,
      commit,
      curves: [{ name: 'Video', rows: evaluation.curves }],
      introduction:
        'Real pairs join own out-of-fold speech outputs with published outputs of a visual model on the same clips; simulated pairs ' +
        'join a face and an utterance of one class that have nothing else in common. fusion.csv has every way, gate and share of ' +
        'wrong faces, exponents.json how the exponents were chosen.',
    },
  )
  if (flags.card === undefined) return
  const card = fusionCard({ evaluation, id: FUSION_ID, models, command, commit })
  await writeFusionCard(resolve(flags.card), card, evaluation)
}

/** One file is one run; a folder holds out-of-fold.json (the first seed) and out-of-fold-seedN.json. */
async function readSeeds(path: string) {
  if (path.endsWith('.json')) return [{ seed: 1, predictions: await readPredictions(path) }]
  let names: string[]
  try {
    names = await readdir(path)
  } catch (error) {
    throw new UnmaskError(
      'input.not-found',
      `no speech predictions are there; make them with unmask crossval speech: ${path}`,
      { cause: error },
    )
  }
  const runs: { seed: number; name: string }[] = []
  for (const name of names.sort()) {
    const match = /^out-of-fold(?:-seed(\d+))?\.json$/.exec(name)
    if (match) runs.push({ seed: Number(match[1] ?? 1), name })
  }
  if (runs.length === 0)
    throw new UnmaskError(
      'input.not-found',
      `no out-of-fold.json is there; make it with unmask crossval speech: ${path}`,
    )
  return Promise.all(
    runs
      .sort((a, b) => a.seed - b.seed)
      .map(async ({ seed, name }) => ({ seed, predictions: await readPredictions(join(path, name)) })),
  )
}

function describeCommand({ avTable, fer, card }: EvaluateFusionFlags): string {
  const parts = [`unmask evaluate fusion --av-table ${basename(avTable)} --fer ${basename(resolve(fer))}`]
  if (card !== undefined) parts.push(`--card models/${basename(resolve(card))}`)
  return parts.join(' ')
}

function figuresText({ figures, choice, sensitivity }: FusionEvaluation): string {
  const percent = (value: number) => (100 * value).toFixed(1).padStart(5)
  const lines = figures.map(({ report }) => {
    const { accuracy, uar, eceEqualWidth, seeds } = report
    const spread = seeds ? `  mean ${percent(seeds.accuracy.mean)} SD ${percent(seeds.accuracy.sd)}` : ''
    return `${report.id.padEnd(36)}${percent(accuracy.value)}  UAR ${percent(uar.value)}  ECE ${eceEqualWidth.toFixed(3)}${spread}`
  })
  return [
    ...lines,
    `exponents: ${choice.faceExponent} face, ${choice.speechExponent} speech (best of the grid ${choice.best.faceExponent}, ${choice.best.speechExponent})`,
    `the real pairs would have preferred ${sensitivity.best.faceExponent}, ${sensitivity.best.speechExponent}: ${percent(sensitivity.best.accuracy)} against ${percent(sensitivity.atOne.accuracy)}`,
    '',
  ].join('\n')
}
