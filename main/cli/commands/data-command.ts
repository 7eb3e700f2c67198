import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { UnmaskError } from '../../engine/errors'
import { writeAtomic } from '../../engine/export/atomic-file'
import { checkData } from '../../engine/learning/data/check-data'
import type { DataReport } from '../../engine/learning/data/data-report'
import { EXIT } from '../exit-codes'
import { onInterrupt } from '../interrupt'
import { dataReportText } from '../views/data-report-text'

interface CheckFlags {
  readonly json?: boolean
  readonly writeShared?: string
  readonly near?: boolean
  readonly force?: boolean
}

const EXAMPLES = `
Examples:
  unmask data check fer2013             counts, duplicates, leaks between splits
  unmask data check ravdess --json      the whole report, with the ids of all items concerned
  unmask data check recordings/manifest.csv
  unmask data check fer2013 --write-shared shared.txt
                                        ids of test items that stand in training too, for
                                        unmask evaluate face --exclude shared.txt

PATH is FER2013 (fer2013.csv, plain or .gz, or the folder with it and fer2013new.csv), RAVDESS
(WAV, FLAC or MP4), pictures in a folder for each class (train/angry/1.jpg), or a manifest:
a CSV with the columns path,label,speaker,split, paths taken from its own folder.
Exits with 1 where rows or files cannot be read, or where splits share items or speakers.`

export function addDataCommand(program: Command): void {
  const data = program.command('data').description('look at data sets before training and testing')
  data
    .command('check')
    .description('counts per class, split and speaker; duplicates, unreadable files, leaks between splits')
    .argument('<path>', 'a data set')
    .option('--json', 'the report as JSON')
    .option(
      '--write-shared <file>',
      'write the ids of items that an earlier split (training first) holds too, one a line',
    )
    .option('--near', 'with --write-shared: those that only look alike, too', false)
    .option('--force', 'write an existing file anew')
    .addHelpText('after', EXAMPLES)
    .action(async (path: string, flags: CheckFlags) => {
      const { writeShared } = flags
      if (writeShared !== undefined && !flags.force && existsSync(writeShared))
        throw new UnmaskError(
          'output.exists',
          `the file is there already; --force writes it anew: ${writeShared}`,
        )
      const interrupt = onInterrupt()
      try {
        const report = await checkData(resolve(path), {
          signal: interrupt.signal,
          onProgress: process.stderr.isTTY ? showProgress : undefined,
        })
        if (writeShared !== undefined)
          await writeAtomic(writeShared, sharedLines(report, flags.near === true))
        process.stdout.write(flags.json ? `${JSON.stringify(report, null, 2)}\n` : dataReportText(report))
        const hasErrors = report.findings.some(({ severity }) => severity === 'error')
        process.exitCode = hasErrors ? EXIT.someFailed : EXIT.done
      } finally {
        interrupt.release()
      }
    })
}

function sharedLines({ findings }: DataReport, isNearToo: boolean): string[] {
  const ids = findings
    .filter(({ kind }) => kind === 'shared-items' || (isNearToo && kind === 'near-duplicates'))
    .flatMap((finding) => finding.ids)
  return [...new Set(ids)].map((id) => `${id}\n`)
}

function showProgress(done: number, total: number): void {
  process.stderr.write(done === total ? '\r\u001b[K' : `\r${done} of ${total} recordings`)
}
