import { basename, join, resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { openBackend } from '../../engine/inference/backend'
import { findNamedModel } from '../../engine/inference/model-choice'
import type { ModelFolder } from '../../engine/inference/model-folder'
import { loadFaceModel, loadSpeechModel } from '../../engine/inference/registry'
import { writeCardMarkdown } from '../../engine/learning/evaluation/card/card-markdown'
import { collectReports } from '../../engine/learning/evaluation/collect-reports'
import { readCurves } from '../../engine/learning/evaluation/curves'
import { writeIndex } from '../../engine/learning/evaluation/write-index'
import { writeReport } from '../../engine/learning/evaluation/write-report'
import type { AppPaths } from '../../host/app-paths'
import { currentCommit } from '../commit'

interface NamedPath {
  readonly name: string
  readonly path: string
}

/** What is made of evaluations that have been done: pages, the index, CARD.md. */
export function addReportCommands(evaluate: Command, paths: AppPaths): void {
  evaluate
    .command('page')
    .description('write report.html and its tables from evaluations in files (report.json, crossval.json)')
    .argument('<files...>', 'files with evaluations')
    .requiredOption('-o, --out <folder>', 'folder to write to')
    .requiredOption('--title <text>', 'title of the page')
    .option(
      '--curves <NAME=FILE>',
      'curves.csv of a run and what it trained; may be repeated',
      collectNamed,
      [],
    )
    .addHelpText(
      'after',
      `
Examples:
  unmask evaluate page crossval.json random-split.json --title "Speech" --curves Speech=curves.csv --out reports/speech`,
    )
    .action(async (files: string[], flags: { out: string; title: string; curves: NamedPath[] }) => {
      const curves = []
      for (const { name, path } of flags.curves) curves.push({ name, rows: await readCurves(resolve(path)) })
      const reports = await collectReports(files.map((file) => resolve(file)))
      const names = files.map((file) => basename(file)).join(' ')
      await writeReport(resolve(flags.out), reports, {
        title: flags.title,
        command: `unmask evaluate page ${names} --title "${flags.title}" --out ${basename(resolve(flags.out))}`,
        commit: currentCommit(paths.root),
        curves,
      })
      process.stdout.write(`Written to ${flags.out}\n`)
    })
  evaluate
    .command('index')
    .description('write index.html over the reports in a folder: all methods side by side')
    .option('--reports <folder>', 'the folder with a folder for each report', join(paths.root, 'reports'))
    .action(async ({ reports }: { readonly reports: string }) => {
      process.stdout.write(`${await writeIndex(resolve(reports))}\n`)
    })
  evaluate
    .command('card')
    .description('write CARD.md, which people read, from card.json and evaluations')
    .argument('<model>', 'a model folder or id')
    .option('--report <file...>', 'files with evaluations (report.json, crossval.json)', [])
    .option('--link <path>', 'where the whole report lies, seen from the model folder')
    .option('--models <folder>', 'folder of models', paths.modelsFolder)
    .action(async (model: string, flags: { report: string[]; link?: string; models: string }) => {
      const found = await findNamedModel(flags.models, model)
      const reports = await collectReports(flags.report.map((file) => resolve(file)))
      await openBackend('auto')
      const extra = { parameterCount: await countParameters(found), reportLink: flags.link }
      await writeCardMarkdown(found.folder, found.card, { reports, extra })
      process.stdout.write(`Written to ${found.folder}\n`)
    })
}

async function countParameters({ folder, card }: ModelFolder): Promise<number> {
  if (card.task === 'face-emotion') {
    const face = await loadFaceModel(folder)
    const count = face.network.countParams()
    face.dispose()
    return count
  }
  const speech = await loadSpeechModel(folder)
  const count = speech.networks.reduce((sum, network) => sum + network.countParams(), 0)
  speech.dispose()
  return count
}

function collectNamed(value: string, before: NamedPath[]): NamedPath[] {
  const [, name = '', path = ''] = /^([^=]+)=(.+)$/.exec(value) ?? []
  if (name === '') throw new InvalidArgumentError('It is a name and a file: Speech=curves.csv.')
  return [...before, { name, path }]
}
