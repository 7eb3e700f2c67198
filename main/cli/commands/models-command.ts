import type { Command } from 'commander'
import { type FusionCard, readFusionCard } from '../../engine/fusion/card'
import type { ModelCard } from '../../engine/inference/card'
import { chooseModel } from '../../engine/inference/model-choice'
import { listModels, type ModelFolder } from '../../engine/inference/model-folder'
import type { AppPaths } from '../../host/app-paths'

interface ModelsFlags {
  readonly models: string
  readonly json?: boolean
}

const EXAMPLES = `
Examples:
  unmask models                 the cards: what each model is, its figures and their protocols
  unmask models --json          the same for scripts`

export function addModelsCommand(program: Command, paths: AppPaths): void {
  program
    .command('models')
    .description('show the model cards: labels, training data, figures with their protocol, licence')
    .option('--models <folder>', 'folder of models', paths.modelsFolder)
    .option('--json', 'the whole cards as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: ModelsFlags) => {
      const models = await listModels(flags.models)
      const fusion = await readFusionCard(flags.models)
      if (flags.json) {
        const cards = [...models.map(({ card }) => card), ...(fusion ? [fusion] : [])]
        process.stdout.write(`${JSON.stringify(cards, null, 2)}\n`)
        return
      }
      const defaults = new Set<string>()
      for (const task of new Set(models.map(({ card }) => card.task)))
        defaults.add((await chooseModel(flags.models, task)).card.id)
      const texts = models.map((model) => describe(model, defaults.has(model.card.id)))
      process.stdout.write([...texts, ...(fusion ? [describeFusion(fusion)] : [])].join('\n'))
    })
}

function describe({ folder, card }: ModelFolder, isDefault: boolean): string {
  const lines = [
    `${card.id}${isDefault ? '  (used by default)' : ''}`,
    `  ${card.title}`,
    `  ${card.description}`,
    `  task        ${card.task}`,
    `  labels      ${card.labels.join(', ')}`,
    `  input       ${describeInput(card)}`,
    `  trained on  ${card.training.data}; ${card.training.split}`,
    `  calibrated  temperature ${card.calibration.temperature}: ${card.calibration.protocol}`,
    ...card.metrics.map(describeMetric),
    `  licence     ${card.licence}`,
    `  made by     ${card.provenance.command} (commit ${card.provenance.commit})`,
    ...card.files.map(({ name, sha256 }) => `  sha256      ${sha256}  ${name}`),
    `  folder      ${folder}`,
  ]
  return `${lines.join('\n')}\n`
}

function describeMetric({ name, value, interval, protocol }: ModelCard['metrics'][number]): string {
  const range = interval ? ` [${interval[0]}, ${interval[1]}]` : ''
  return `  ${name.padEnd(10)}  ${value}${range}: ${protocol}`
}

function describeFusion(card: FusionCard): string {
  const { method, faceExponent, speechExponent, prior } = card.parameters
  const lines = [
    `${card.id}  (used by default)`,
    `  ${card.title}`,
    `  ${card.description}`,
    `  task        ${card.task}`,
    `  labels      ${card.labels.join(', ')}`,
    `  parameters  ${method}, b ${faceExponent} (face) and ${speechExponent} (speech), prior ${prior.map((share) => share.toFixed(3)).join(' ')}`,
    `  chosen      ${card.choice.protocol}`,
    ...card.metrics.map(describeMetric),
    `  licence     ${card.licence}`,
    `  made by     ${card.provenance.command} (commit ${card.provenance.commit})`,
  ]
  return `${lines.join('\n')}\n`
}

function describeInput(card: ModelCard): string {
  if (card.task === 'face-emotion') {
    const { widthPx, heightPx, colour } = card.input
    return `${widthPx} x ${heightPx} px, ${colour}`
  }
  const { sampleRateHz, windowSecs, hopSecs } = card.input
  const coefficients = card.members.map((member) => member.coefficients).join(' and ')
  return `${sampleRateHz} Hz, windows of ${windowSecs} s every ${hopSecs} s, ${coefficients} coefficients`
}
