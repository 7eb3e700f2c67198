import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { UnmaskError } from '../../engine/errors'
import { openBackend } from '../../engine/inference/backend'
import { writeReport } from '../../engine/learning/evaluation/write-report'
import { crossvalSpeech } from '../../engine/learning/speech/crossval'
import { type CrossvalSummary, writeCrossval } from '../../engine/learning/speech/crossval-report'
import { loadSpeechData } from '../../engine/learning/speech/load-data'
import type { AppPaths } from '../../host/app-paths'
import { parseCount } from '../parse'
import { defaultSpeechCache, withSpeechTraining } from './speech-training'

interface CrossvalFlags {
  readonly data: string
  readonly config?: string
  readonly cache: string
  readonly out: string
  readonly seeds: string
  readonly epochs?: number
  readonly randomSplit: boolean
}

const EXAMPLES = `
Examples:
  unmask crossval speech --data ravdess
  unmask crossval speech --data ravdess --seeds 1 --random-split --out random-split

Four folds by actor (RAVDESS: the published ones), no speaker on both sides. Finished folds are kept in the cache folder;
started again, the command goes on where it was cut off. --random-split deals the clips at random, as much of the
literature does: every voice is on both sides, and the report says that the figure is not the product's.`

export function addCrossvalCommand(program: Command, paths: AppPaths): void {
  const crossval = program
    .command('crossval')
    .description('train and test a model in folds that no speaker crosses')
  crossval
    .command('speech')
    .description('the speech networks, four folds by actor')
    .requiredOption('--data <path>', 'the RAVDESS folder or a manifest')
    .option('--config <file>', "the configuration (default: the shipped model's, models/speech/config.json)")
    .option('--seeds <list>', 'one run of all folds for each', '1,2,3')
    .option('--cache <folder>', 'features, checkpoints and predictions', defaultSpeechCache(paths))
    .option('-o, --out <folder>', 'where the figures go', join(paths.root, 'reports', 'speech'))
    .option('--epochs <N>', "passes over the data, instead of the configuration's", parseCount)
    .option('--random-split', 'the leaky split of the literature, to show the difference', false)
    .addHelpText('after', EXAMPLES)
    .action((flags: CrossvalFlags) => {
      const seeds = parseSeeds(flags.seeds)
      return withSpeechTraining(paths, flags, describeCommand(flags, seeds), async (context) => {
        const backend = await openBackend('tensorflow')
        context.onMessage(`backend ${backend.description}`)
        const data = await loadSpeechData({ ...context, path: resolve(flags.data) })
        const isRandomSplit = flags.randomSplit
        const result = await crossvalSpeech({ ...context, data, seeds, isRandomSplit })
        const summary = await writeCrossval(resolve(flags.out), { ...context, data, result, isRandomSplit })
        await writeReport(resolve(flags.out), [summary.report], {
          title: isRandomSplit ? 'Speech, random split' : 'Speech, cross-validation',
          ...context.provenance,
        })
        process.stdout.write(summaryText(summary))
      })
    })
}

/** @throws UnmaskError 'usage.invalid' */
function parseSeeds(list: string): number[] {
  const seeds = list.split(',').map(Number)
  if (seeds.length === 0 || seeds.some((seed) => !Number.isInteger(seed) || seed < 1))
    throw new UnmaskError('usage.invalid', `--seeds is "${list}"; give whole numbers from 1, as in 1,2,3`)
  if (new Set(seeds).size !== seeds.length)
    throw new UnmaskError('usage.invalid', `--seeds is "${list}"; each seed can stand once`)
  return seeds
}

function describeCommand({ config, epochs, randomSplit }: CrossvalFlags, seeds: readonly number[]): string {
  const parts = ['unmask crossval speech --data DATA']
  if (config !== undefined) parts.push('--config CONFIG')
  parts.push(`--seeds ${seeds.join(',')}`)
  if (epochs !== undefined) parts.push(`--epochs ${epochs}`)
  if (randomSplit) parts.push('--random-split')
  return parts.join(' ')
}

function summaryText({ uar, report, temperature, isRandomSplit, protocol }: CrossvalSummary): string {
  const percent = ({ mean, sd, runs }: CrossvalSummary['uar']['noise']) =>
    `${(100 * mean).toFixed(1)}% (SD ${(100 * sd).toFixed(1)}; ${runs.map((run) => (100 * run).toFixed(1)).join(', ')})`
  const lines = [
    ...(isRandomSplit ? ["Random split: not the product's figure, every voice is on both sides."] : []),
    protocol,
    `UAR, ensemble  ${percent(uar.ensemble)}`,
    ...Object.entries(uar.members).map(([name, figures]) => `UAR, ${name}  ${percent(figures)}`),
    `UAR, noise 10 dB  ${percent(uar.noise)}`,
    `UAR, room  ${percent(uar.room)}`,
    `UAR, seven classes  ${report.seven ? `${(100 * report.seven.uar.value).toFixed(1)}%` : '-'}`,
    `ECE  ${report.eceEqualWidth.toFixed(4)} (equal width), ${report.eceEqualCount.toFixed(4)} (equal count)`,
    `temperature  ${temperature.clean.toFixed(3)} clean, ${temperature.degraded.toFixed(3)} degraded`,
  ]
  return `${lines.join('\n')}\n`
}
