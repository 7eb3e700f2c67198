import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  type Predictions,
  readPredictions,
  writePredictions,
} from '../../../../main/engine/learning/evaluation/predictions'
import { tempFolder } from '../../../support/temp-folder'

const predictions: Predictions = {
  labels: ['neutral', 'fear'],
  protocol: 'two items by hand',
  items: [
    { id: 'a', group: 'g1', truth: 0, logits: [1.25, -0.5] },
    { id: 'b', group: 'g1', truth: -1, logits: [0, 3] },
  ],
}

describe('predictions as a file', () => {
  it('reads back what was written', async () => {
    const path = join(await tempFolder(), 'p.json')
    await writePredictions(path, predictions)
    expect(await readPredictions(path)).toEqual(predictions)
  })

  const first = predictions.items[0]!
  it.each<[string, unknown]>([
    ['another label', { ...predictions, labels: ['neutral', 'bored'] }],
    ['a label twice', { ...predictions, labels: ['fear', 'fear'] }],
    ['too few logits', { ...predictions, items: [{ ...first, logits: [1] }] }],
    ['a truth beyond the labels', { ...predictions, items: [{ ...first, truth: 2 }] }],
    ['an item tested twice', { ...predictions, items: [first, first] }],
    ['no protocol', { ...predictions, protocol: '' }],
    ['a logit that is no number', { ...predictions, items: [{ ...first, logits: [1, null] }] }],
  ])('refuses %s', async (_, content) => {
    const path = join(await tempFolder(), 'bad.json')
    await writeFile(path, JSON.stringify(content))
    await expect(readPredictions(path)).rejects.toMatchObject({ code: 'data.invalid' })
  })

  it('refuses what is not JSON', async () => {
    const path = join(await tempFolder(), 'bad.json')
    await writeFile(path, '{')
    await expect(readPredictions(path)).rejects.toMatchObject({ code: 'data.invalid' })
  })

  it('refuses to write what it would not read', async () => {
    const bad = { ...predictions, items: [{ ...first, logits: [Number.NaN, 1] }] }
    await expect(writePredictions(join(await tempFolder(), 'x.json'), bad)).rejects.toMatchObject({
      code: 'data.invalid',
    })
  })
})
