import { describe, expect, it } from 'vitest'
import { guardTrainingData, trainedOnItems } from '../../../../main/engine/learning/evaluation/training-guard'
import type { ModelCard } from '../../../../main/engine/inference/card'

type Rows = NonNullable<ModelCard['training']['rows']>

const cardWith = (rows: Rows | undefined): ModelCard =>
  ({ id: 'm', training: { data: 'some pictures', split: 'some', seeds: [], rows } }) as unknown as ModelCard

const item = (split: string | null, speaker: string | null = null, dataSet = 'fer2013') => ({
  id: `${split}/${speaker}`,
  dataSet,
  split,
  speaker,
})

describe('trainedOnItems', () => {
  it.each([
    ['a split of the data set', [{ dataSet: 'fer2013', splits: ['Training'] }], item('training'), true],
    ['another split', [{ dataSet: 'fer2013', splits: ['Training'] }], item('PublicTest'), false],
    ['that split of other data', [{ dataSet: 'other', splits: ['Training'] }], item('Training'), false],
    ['a speaker, with or without the zero', [{ dataSet: 'r', speakers: ['1'] }], item(null, '01', 'r'), true],
    ['another speaker', [{ dataSet: 'r', speakers: ['01'] }], item(null, '10', 'r'), false],
    ['anything of data that was used whole', [{ dataSet: 'fer2013' }], item('PublicTest'), true],
    ['the second of two', [{ dataSet: 'a' }, { dataSet: 'fer2013', splits: ['x'] }], item('x'), true],
  ] as const)('%s', (_, rows, tested, isSeen) => {
    expect(trainedOnItems(cardWith([...rows] as Rows), [tested]).length).toBe(isSeen ? 1 : 0)
  })
})

describe('guardTrainingData', () => {
  const card = cardWith([{ dataSet: 'fer2013', splits: ['Training'] }])
  const items = [item('PublicTest'), item('Training')]

  it('refuses, naming how many and what to do', () => {
    expect(() => guardTrainingData(card, items, false)).toThrow(/1 of 2 items.*--allow-training-data/)
  })

  it('lets through on request, and the report says so', () => {
    const { trainingItems, notes } = guardTrainingData(card, items, true)
    expect(trainingItems).toBe(1)
    expect(notes.join()).toMatch(/how well it remembers/)
  })

  it('has nothing to say of a clean test, and says where a card cannot be checked', () => {
    expect(guardTrainingData(card, [items[0]!], false)).toEqual({ trainingItems: 0, notes: [] })
    expect(guardTrainingData(cardWith(undefined), items, false).notes.join()).toMatch(/some pictures/)
  })
})
