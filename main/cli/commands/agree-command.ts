import { basename, resolve } from 'node:path'
import type { Command } from 'commander'
import { alphaOfTiers } from '../../engine/agreement/alpha-of-tiers'
import { compareRatings, DEFAULT_RATING_STEP_SECS } from '../../engine/agreement/compare-ratings'
import { compareTiers, DEFAULT_AGREEMENT } from '../../engine/agreement/compare-tiers'
import type { AgreementOptions, PairAgreement, UnlabelledRule } from '../../engine/agreement/types'
import { UnmaskError } from '../../engine/errors'
import type { AgreementTables } from '../../engine/export/agreement-csv'
import { AGREEMENT_FILES, DICTIONARY_FILE, writeAgreement } from '../../engine/export/study-files'
import {
  chooseRaters,
  comparedAll,
  type ComparedClips,
  comparedPairs,
  comparedRatings,
  type ComparedSource,
} from '../../engine/study-data/compare-sources'
import { readStudyData } from '../../engine/study-data/read-study-data'
import { EXIT } from '../exit-codes'
import { onInterrupt } from '../interrupt'
import { parsePositiveSecs } from '../parse'
import {
  complain,
  parseNames,
  parseToleranceSecs,
  parseUnlabelled,
  readWeights,
  refuseToOverwrite,
} from '../study-options'
import { alphaText, pairText, ratingText } from '../views/agreement-text'

interface AgreeFlags {
  readonly tierA?: string
  readonly tierB?: string
  readonly step: number
  readonly ratingStep: number
  readonly tolerance: number
  readonly unlabelled: UnlabelledRule
  readonly weights?: string
  readonly scale?: string[]
  readonly out?: string
  readonly force?: boolean
  readonly json?: boolean
}

const EXAMPLES = `
Examples:
  unmask agree anna.segments.csv ben.segments.csv
  unmask agree anna.segments.csv ben.segments.csv carla.segments.csv --out agreement
  unmask agree results --tier-a face --tier-b speech
  unmask agree project --tier-a Anna --tier-b face --unlabelled skip --step 0.1
  unmask agree anna.segments.csv ben.segments.csv --weights linear --scale low,medium,high --unlabelled skip

Each path stands for one rater; a single path with --tier-a and --tier-b for two. It is a segments table, a results folder or a
project. Tiers are named as in segments.csv, or face, speech, fusion, final, or the observer's name. The end of a clip is known
from the meta.json beside its table; where there is none, the last label of any rater ends it.
Neighbouring time units are not independent: standard errors are too small.`

export function addAgreeCommand(program: Command): void {
  program
    .command('agree')
    .description('agreement of raters: kappa, AC1, alpha, paired events, confusion')
    .argument('<path...>', 'segments tables, results folders or projects, one a rater')
    .option('--tier-a <name>', 'tier of the first path')
    .option('--tier-b <name>', 'tier of the others')
    .option('--step <secs>', 'length of a time unit', parsePositiveSecs, DEFAULT_AGREEMENT.stepSecs)
    .option(
      '--rating-step <secs>',
      'the same for continuous ratings, where raters have any',
      parsePositiveSecs,
      DEFAULT_RATING_STEP_SECS,
    )
    .option(
      '--tolerance <secs>',
      'most that onsets of paired events may differ',
      parseToleranceSecs,
      DEFAULT_AGREEMENT.toleranceSecs,
    )
    .option(
      '--unlabelled <rule>',
      'time without a label: "category" (a label of its own) or "skip" (only what all labelled)',
      parseUnlabelled,
      DEFAULT_AGREEMENT.unlabelled,
    )
    .option('--weights <weights>', 'also weighted kappa: linear, quadratic, or a CSV table of credits')
    .option('--scale <labels>', 'order of the labels, for linear and quadratic', (value) => parseNames(value))
    .option('-o, --out <folder>', 'write agreement.csv and confusion.csv there')
    .option('--force', 'write over tables that are there')
    .option('--json', 'everything as JSON')
    .addHelpText('after', EXAMPLES)
    .action((paths: string[], flags: AgreeFlags) => run(paths, flags))
}

async function run(paths: readonly string[], flags: AgreeFlags): Promise<void> {
  const interrupt = onInterrupt()
  try {
    const options: AgreementOptions = {
      stepSecs: flags.step,
      toleranceSecs: flags.tolerance,
      unlabelled: flags.unlabelled,
      weights: flags.weights === undefined ? null : readWeights(flags.weights),
      labelOrder: flags.scale ?? [],
    }
    if ((options.weights === 'linear' || options.weights === 'quadratic') && options.labelOrder.length < 2)
      throw new UnmaskError(
        'usage.invalid',
        `--weights ${options.weights} needs the labels in their order: --scale low,medium,high`,
      )
    const names = [...AGREEMENT_FILES.keys(), DICTIONARY_FILE]
    if (flags.out !== undefined) refuseToOverwrite(resolve(flags.out), names, flags.force === true)
    const { sources, hasProblems } = await readSources(paths, flags, interrupt.signal)
    const compared = chooseRaters(sources, wantedTiers(sources, flags))
    const { tables, unpaired } = compare(compared, options, flags.ratingStep)
    for (const notice of [...compared.notices, ...unpaired]) complain(notice)
    if (flags.out !== undefined) await writeAgreement(resolve(flags.out), tables)
    process.stdout.write(flags.json ? `${JSON.stringify(tables)}\n` : describe(tables, flags.out))
    process.exitCode = hasProblems ? EXIT.someFailed : EXIT.done
  } finally {
    interrupt.release()
  }
}

async function readSources(
  paths: readonly string[],
  flags: AgreeFlags,
  signal: AbortSignal,
): Promise<{ sources: ComparedSource[]; hasProblems: boolean }> {
  if (paths.length === 1 && (flags.tierA === undefined || flags.tierB === undefined))
    throw new UnmaskError(
      'usage.invalid',
      'one path stands for one rater: give another, or name two tiers of it with --tier-a and --tier-b',
    )
  const sources: ComparedSource[] = []
  let hasProblems = false
  for (const path of paths) {
    const { clips, problems } = await readStudyData([path], { readings: false, signal })
    for (const { clipId, fault } of problems)
      complain(clipId === '' ? fault.message : `${clipId}: ${fault.message}`)
    if (problems.length > 0) hasProblems = true
    sources.push({ name: basename(resolve(path)), clips })
  }
  const first = sources[0]
  if (paths.length === 1 && first) sources.push(first)
  const there = sources.filter(({ clips }) => clips.length > 0)
  if (there.length >= 2) return { sources: there, hasProblems }
  throw new UnmaskError('data.invalid', 'fewer than two raters could be read')
}

function wantedTiers(sources: readonly ComparedSource[], { tierA, tierB }: AgreeFlags): (string | null)[] {
  return sources.map((_, index) => (index === 0 ? tierA : tierB) ?? null)
}

function compare(
  compared: ComparedClips,
  options: AgreementOptions,
  ratingStepSecs: number,
): { tables: AgreementTables; unpaired: string[] } {
  const pairs: PairAgreement[] = []
  const unpaired = new Set<string>()
  for (const [index, first] of compared.chosen.entries())
    for (const second of compared.chosen.slice(index + 1)) {
      const found = comparedPairs(compared, first, second)
      for (const { clipId, reason } of found.unpaired) unpaired.add(`${clipId} is left out: ${reason}`)
      if (found.pairs.length > 0) pairs.push(compareTiers(found.pairs, [first.title, second.title], options))
    }
  const titles = compared.chosen.map(({ title }) => title)
  const ratings = comparedRatings(compared).map(({ dimension, clips }) =>
    compareRatings(clips, titles, dimension, { stepSecs: ratingStepSecs }),
  )
  if (pairs.length === 0 && ratings.length === 0)
    throw new UnmaskError(
      'data.invalid',
      `there is no clip that two raters have: ${[...unpaired].join('; ')}`,
    )
  const alphas =
    titles.length > 2 && pairs.length > 0
      ? [
          alphaOfTiers(comparedAll(compared), titles, {
            stepSecs: options.stepSecs,
            unlabelled: options.unlabelled,
          }),
        ]
      : []
  // Who rated and labelled nothing is not missed among the labels.
  return { tables: { pairs, alphas, ratings }, unpaired: pairs.length > 0 ? [...unpaired] : [] }
}

function describe({ pairs, alphas, ratings }: AgreementTables, out: string | undefined): string {
  const notes = new Set([...pairs.map(({ pooled }) => pooled), ...ratings].flatMap((one) => one.notes))
  return [
    ...pairs.map(pairText),
    ...alphas.map(alphaText),
    ...ratings.map(ratingText),
    `${[...notes].join('\n')}\n`,
    ...(out === undefined ? [] : [`Written to ${out}: agreement.csv, confusion.csv, data_dictionary.csv\n`]),
  ].join('\n')
}
