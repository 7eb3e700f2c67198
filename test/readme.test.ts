import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listModels } from '../main/engine/inference/registry'
import { repositoryRoot } from './support/run-unmask'

const readme = readFileSync(join(repositoryRoot, 'README.md'), 'utf8')

describe('README.md', () => {
  it('quotes the figures of the model cards as they are', async () => {
    const cards = new Map(
      (await listModels(join(repositoryRoot, 'models'))).map(({ card }) => [card.id, card]),
    )
    const figures = (id: string, pattern: RegExp) =>
      (cards.get(id)?.metrics ?? [])
        .filter(({ name, protocol }) => pattern.test(`${name}: ${protocol}`))
        .map(({ value }) => `${(100 * value).toFixed(1)}%`)
    const quoted = [
      ...figures(
        'face-expression-1',
        /^accuracy: .*FER2013 label.*one pass|^accuracy: .*FER\+ emotion.*one pass/,
      ),
      ...figures('speech-mfcc-cnn-1', /^UAR \([87] classes\)/),
    ]
    expect(quoted).toHaveLength(4)
    for (const figure of quoted) expect(readme).toContain(figure)
  })

  it('names every command', () => {
    for (const command of ['label', 'probe', 'features', 'doctor', 'models', 'train'])
      expect(readme).toMatch(new RegExp(`(run |\`)${command}\\b`))
  })

  it('says that weights trained on RAVDESS are for non-commercial research', () => {
    expect(readme).toMatch(/CC BY-NC-SA 4\.0: non-commercial research only/)
  })
})
