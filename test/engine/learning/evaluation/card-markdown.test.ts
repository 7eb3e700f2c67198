import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  type CardSubject,
  cardMarkdown,
  writeCardMarkdown,
} from '../../../../main/engine/learning/evaluation/card/card-markdown'
import { tempFolder } from '../../../support/temp-folder'
import { sampleReport } from './sample-reports'

const CARD: CardSubject = {
  id: 'voice-1',
  title: 'A voice model',
  description: 'Two layers.',
  licence: 'MIT',
  attribution: 'Nobody',
  task: 'speech-emotion',
  labels: ['neutral', 'fear'],
  training: { data: 'some clips', split: 'half of them', seeds: [1] },
  calibration: { temperature: 1.25, protocol: 'least NLL' },
  metrics: [
    { name: 'UAR', value: 0.6, protocol: 'on the card' },
    { name: 'accuracy in a room', value: 0.5, interval: [0.4, 0.6], protocol: 'echo' },
  ],
  provenance: { command: 'unmask train speech', commit: 'abc' },
  files: [{ name: 'model.json', sha256: 'f'.repeat(64) }],
}

describe('cardMarkdown', () => {
  const text = cardMarkdown(CARD, [sampleReport({}, true)], {
    parameterCount: 95189,
    tried: ['Deeper was no better.'],
    commands: ['unmask evaluate voice-1 --data d'],
  })

  it('has every part that a reader looks for', () => {
    const titles = [...text.matchAll(/^## (.+)$/gm)].map((match) => match[1])
    expect(titles).toEqual([
      'What it is',
      'Data',
      'Figures',
      'Confidence',
      'Limits',
      'Who is missing',
      'Made for',
      'Not made for',
      'Licence',
      'Made again',
      'Tried without gain',
    ])
    for (const part of ['95,189 parameters', 'unmask evaluate voice-1 --data d', 'f'.repeat(64), '1.250'])
      expect(text).toContain(part)
  })

  it('gives the figures of the reports with their protocol, and by emotion', () => {
    const report = sampleReport({}, true)
    expect(text).toContain(`${(100 * report.uar.value).toFixed(1)}% [`)
    expect(text).toContain('as seven emotions')
    expect(text).toContain('rawn <items>, seed 3')
    for (const { label, support } of report.classes) expect(text).toContain(`| ${label} | ${support} |`)
  })

  it('keeps what only the card knows, and the rest of the card where there is no report', () => {
    expect(text).toContain('accuracy in a room')
    expect(text).not.toContain('on the card')
    expect(cardMarkdown(CARD, [])).toContain('| UAR | 0.6 | on the card |')
  })

  it('leaves out figures that flatter', () => {
    const leaky = sampleReport({ id: 'leaky', name: 'Leaky', isProductFigure: false })
    expect(cardMarkdown(CARD, [sampleReport(), leaky])).not.toContain('Leaky')
  })

  it.each(['face-emotion', 'speech-emotion', 'fusion'] as const)('warns of misuse: %s', (task) => {
    const own = cardMarkdown({ ...CARD, task }, [])
    expect(own).toMatch(/hiring/)
    expect(own).toMatch(/lies/)
    expect(own).toMatch(/police/)
  })

  it('is written beside the card', async () => {
    const folder = await tempFolder()
    await writeCardMarkdown(folder, CARD, { reports: [] })
    expect(await readFile(join(folder, 'CARD.md'), 'utf8')).toBe(cardMarkdown(CARD, []))
  })
})
