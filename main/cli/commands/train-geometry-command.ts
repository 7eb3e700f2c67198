import { basename, join, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { openBackend } from '../../engine/inference/backend'
import { recogniseData } from '../../engine/learning/data/recognise'
import { writeReport } from '../../engine/learning/evaluation/write-report'
import { trainGeometry } from '../../engine/learning/geometry/train-geometry'
import type { AppPaths } from '../../host/app-paths'
import { currentCommit } from '../commit'
import { onInterrupt } from '../interrupt'
import { parseCount } from '../parse'
import { evaluationText } from '../views/evaluation-view'

interface TrainGeometryFlags {
  readonly data: string
  readonly out: string
  readonly cache: string
  readonly trainSplit: string
  readonly testSplit: string
  readonly seed: number
}

const EXAMPLES = `
Examples:
  unmask train geometry --data fer2013

A baseline to compare with: 68 landmarks of each face, their geometry, a small dense network. It is measured and not kept.
Landmarks of 32,000 faces take about a minute with native TensorFlow and are kept in the cache folder.`

export function addTrainGeometryCommand(train: Command, paths: AppPaths): void {
  train
    .command('geometry')
    .description('the landmark-geometry baseline for faces: train, measure, report')
    .requiredOption('--data <path>', 'FER2013, or a manifest of faces with splits')
    .option('-o, --out <folder>', 'report and curves', join(paths.root, 'reports', 'geometry'))
    .option('--cache <folder>', 'landmarks', join(paths.root, '.cache', 'geometry'))
    .option('--train-split <name>', 'faces to train on', 'Training')
    .option('--test-split <name>', 'faces to measure on, once', 'PublicTest')
    .addOption(new Option('--seed <N>', 'of weights, order and dropout').argParser(parseCount).default(1))
    .addHelpText('after', EXAMPLES)
    .action((flags: TrainGeometryFlags) => run(flags, paths))
}

async function run(flags: TrainGeometryFlags, paths: AppPaths): Promise<void> {
  const interrupt = onInterrupt()
  try {
    const dataPath = resolve(flags.data)
    const { kind } = await recogniseData(dataPath)
    await openBackend('auto')
    const provenance = { command: describeCommand(flags), commit: currentCommit(paths.root) }
    const out = resolve(flags.out)
    const reports = await trainGeometry({
      dataPath,
      dataName: kind === 'fer2013' ? 'FER2013' : basename(dataPath),
      trainSplit: flags.trainSplit,
      testSplit: flags.testSplit,
      cacheFolder: resolve(flags.cache),
      runFolder: out,
      seed: flags.seed,
      ...provenance,
      signal: interrupt.signal,
      onMessage: (message) => process.stderr.write(`${message}\n`),
    })
    await writeReport(out, reports, {
      title: 'Landmark geometry: how well the shape of a face is read',
      ...provenance,
    })
    process.stdout.write(evaluationText(reports, flags.out))
  } finally {
    interrupt.release()
  }
}

function describeCommand({ data, trainSplit, testSplit, seed }: TrainGeometryFlags): string {
  const parts = [`unmask train geometry --data ${basename(resolve(data))}`]
  if (trainSplit !== 'Training') parts.push(`--train-split ${trainSplit}`)
  if (testSplit !== 'PublicTest') parts.push(`--test-split ${testSplit}`)
  if (seed !== 1) parts.push(`--seed ${seed}`)
  return parts.join(' ')
}
