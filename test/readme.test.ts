import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readFusionCard } from '../main/engine/fusion/card'
import { listModels } from '../main/engine/inference/model-folder'
import { readReport } from '../main/engine/learning/evaluation/write-report'
import { repositoryRoot } from './support/run-unmask'

const readme = readFileSync(join(repositoryRoot, 'README.md'), 'utf8')

describe('README.md', () => {
  it('quotes the figures of the model cards as they are', async () => {
    const cards = new Map(
      (await listModels(join(repositoryRoot, 'models'))).map(({ card }) => [card.task, card]),
    )
    const percent = (value: number) => `${(100 * value).toFixed(1)}%`
    const figures = (task: 'face-emotion', pattern: RegExp) =>
      (cards.get(task)?.metrics ?? [])
        .filter(({ name, protocol }) => pattern.test(`${name}: ${protocol}`))
        .map(({ value }) => percent(value))
    // From the report: a card's four decimals, rounded again, can differ in the last digit.
    const { reports } = await readReport(join(repositoryRoot, 'reports', 'speech', 'report.json'))
    const speech = reports.find(({ id }) => id === 'speech-crossval')
    const fusion = (await readFusionCard(join(repositoryRoot, 'models')))?.metrics.find(
      ({ name }) => name === 'accuracy (product, 8 classes)',
    )
    const quoted = [
      ...figures('face-emotion', /^accuracy: .*FER\+ majority, 7 classes.*mirror/),
      ...figures('face-emotion', /^accuracy: .*head for FER2013 labels.*mirror/),
      ...[speech?.seeds?.uar.mean, speech?.uar.value, speech?.seven?.uar.value, fusion?.value].map((value) =>
        percent(value ?? Number.NaN),
      ),
    ]
    expect(quoted).toHaveLength(6)
    for (const figure of quoted) expect(readme).toContain(figure)
  })

  it('names every command', () => {
    for (const command of [
      'label',
      'probe',
      'features',
      'doctor',
      'models',
      'train',
      'evaluate',
      'crossval',
      'data',
      'agree',
      'stats',
      'merge',
    ])
      expect(readme).toMatch(new RegExp(`(run |\`)${command}\\b`))
  })

  it('says that weights trained on RAVDESS are for non-commercial research', () => {
    expect(readme).toMatch(/CC BY-NC-SA 4\.0: non-commercial research only/)
  })
})
