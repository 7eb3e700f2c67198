import { describe, expect, it } from 'vitest'
import { changesForValues, readTableText, variableTable } from '../../../main/app/study/clip-variables'
import type { AnnotationItem, VariableItem } from '../../../preload/contract/annotation'

const by = { observerId: 'ann', at: '2026-03-03T00:00:00.000Z', newId: () => 'new' }
const item = (id: string, value: string, editedAt: string, variableId = 'v'): VariableItem => ({
  id,
  kind: 'variable',
  observerId: 'bob',
  editedAt,
  variableId,
  value,
})

describe('values of a clip', () => {
  const items: AnnotationItem[] = [item('old', 'a', '2026-03-01'), item('late', 'b', '2026-03-02')]

  it('are put where there are none', () => {
    expect(changesForValues([], [{ variableId: 'v', value: 'x' }], by)).toEqual([
      { put: { ...item('new', 'x', by.at), observerId: 'ann' } },
    ])
  })

  it('take the place of the latest, and of what was left of others', () => {
    expect(changesForValues(items, [{ variableId: 'v', value: 'x' }], by)).toEqual([
      { put: { ...item('late', 'x', by.at), observerId: 'ann' } },
      { remove: 'old' },
    ])
    expect(changesForValues(items, [{ variableId: 'v', value: '' }], by)).toEqual([
      { remove: 'late' },
      { remove: 'old' },
    ])
  })

  it('that are there already change nothing; of two for one variable the last counts', () => {
    expect(changesForValues(items.slice(1), [{ variableId: 'v', value: 'b' }], by)).toEqual([])
    const values = ['x', 'b'].map((value) => ({ variableId: 'v', value }))
    expect(changesForValues(items.slice(1), values, by)).toEqual([])
    expect(changesForValues([], [{ variableId: 'w', value: '' }], by)).toEqual([])
  })
})

describe('the table', () => {
  const variables = [
    { id: 'v', name: 'condition, first' },
    { id: 'w', name: 'note' },
  ]
  const values = new Map([
    ['v', 'say "hi"'],
    ['w', '=1+1'],
  ])

  it('comes back as it went out, formulas and quotes too', () => {
    const text = [...variableTable(variables, [{ clipId: 'one', fileName: 'one, two.mp4', values }])].join('')
    expect(text).toContain(`"'=1+1"`.replaceAll('"', ''))
    expect(readTableText(text, 'x.csv')).toEqual([
      ['clip_id', 'file', 'condition, first', 'note'],
      ['one', 'one, two.mp4', 'say "hi"', '=1+1'],
    ])
  })

  it.each([
    [
      'a;b\n1,5;2\n',
      [
        ['a', 'b'],
        ['1,5', '2'],
      ],
    ],
    [
      'a\tb\n1\t"x\ty"\n',
      [
        ['a', 'b'],
        ['1', 'x\ty'],
      ],
    ],
    [
      '\uFEFFa,b\r\n1,2\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
  ])('is read whatever separates its cells: %j', (text, rows) => {
    expect(readTableText(text, 'x.csv')).toEqual(rows)
  })

  it.each(['', 'one column\n1\n'])('is refused where it is none: %j', (text) => {
    expect(() => readTableText(text, 'x.csv')).toThrow('no table: x.csv')
  })
})
