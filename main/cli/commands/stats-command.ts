import { resolve } from 'node:path'
import type { Command } from 'commander'
import { behaviourOf } from '../../engine/behaviour/behaviour'
import { BEHAVIOUR_FILES, DICTIONARY_FILE, writeBehaviour } from '../../engine/export/study-files'
import { UnmaskError } from '../../engine/errors'
import { readStudyData } from '../../engine/study-data/read-study-data'
import { EXIT } from '../exit-codes'
import { onInterrupt } from '../interrupt'
import { parsePositiveSecs } from '../parse'
import { complain, parseNames, refuseToOverwrite } from '../study-options'
import { behaviourText } from '../views/behaviour-text'

interface StatsFlags {
  readonly by?: string
  readonly bin?: number
  readonly tier?: string[]
  readonly baseline?: boolean
  readonly out?: string
  readonly force?: boolean
  readonly json?: boolean
}

const EXAMPLES = `
Examples:
  unmask stats results                          time budget of every tier, over all clips
  unmask stats project --tier Anna,face --bin 60 --out statistics
  unmask stats project --by condition           the same for each value of an independent variable
  unmask stats project --baseline --json        probabilities and ratings minus each person's mean at rest

With --out: summary_long.csv (each clip, subject, label and bin), transitions.csv, continuous.csv (probabilities and ratings),
groups.csv and data_dictionary.csv, which says how each figure is defined.`

export function addStatsCommand(program: Command): void {
  program
    .command('stats')
    .description('time budgets, bouts, latencies, rates, transitions of a results folder or project')
    .argument('<path...>', 'a results folder, a project, or segments tables')
    .option('--by <variable>', 'group by an independent variable of clips or subjects')
    .option('--bin <secs>', 'width of time bins in the tables (default: the whole clip)', parsePositiveSecs)
    .option(
      '--tier <raters>',
      'only these: face, speech, fusion, final, names of observers; may be repeated',
      parseNames,
    )
    .option('--baseline', "also subtract each person's mean over their baseline stretches")
    .option('-o, --out <folder>', 'write the tables there')
    .option('--force', 'write over tables that are there')
    .option('--json', 'everything as JSON')
    .addHelpText('after', EXAMPLES)
    .action((paths: string[], flags: StatsFlags) => run(paths, flags))
}

async function run(paths: readonly string[], flags: StatsFlags): Promise<void> {
  const interrupt = onInterrupt()
  try {
    const names = [...BEHAVIOUR_FILES.keys(), DICTIONARY_FILE]
    if (flags.out !== undefined) refuseToOverwrite(resolve(flags.out), names, flags.force === true)
    const data = await readStudyData(paths, { readings: true, signal: interrupt.signal })
    for (const { clipId, fault } of data.problems)
      complain(clipId === '' ? fault.message : `${clipId}: ${fault.message}`)
    if (data.clips.length === 0) throw new UnmaskError('data.invalid', 'no clip could be read')
    const result = behaviourOf(data, {
      binSecs: flags.bin ?? null,
      groupBy: flags.by ?? null,
      baseline: flags.baseline === true,
      raters: flags.tier ?? null,
    })
    if (flags.out !== undefined) await writeBehaviour(resolve(flags.out), result)
    if (flags.json) process.stdout.write(`${JSON.stringify(result)}\n`)
    else {
      process.stdout.write(behaviourText(result))
      if (flags.out !== undefined) process.stdout.write(`Written to ${flags.out}: ${names.join(', ')}\n`)
    }
    process.exitCode = data.problems.length > 0 ? EXIT.someFailed : EXIT.done
  } finally {
    interrupt.release()
  }
}
