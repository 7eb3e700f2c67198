import { describe, expect, it } from 'vitest'
import type { VariableDefinition } from '../../../../preload/contract/annotation'
import {
  cellsOfPaste,
  placePaste,
  readTable,
  readValue,
} from '../../../../renderer/views/study/variables/variable-values'

const variable = (id: string, changes: Partial<VariableDefinition> = {}): VariableDefinition => ({
  id,
  name: id,
  scope: 'clip',
  kind: 'text',
  choices: [],
  description: '',
  ...changes,
})
const age = variable('age', { kind: 'number' })
const group = variable('group', { kind: 'choice', choices: ['control', 'treatment'] })
const note = variable('note')

describe('readValue', () => {
  it.each([
    [age, ' 4,5 ', '4.5'],
    [age, '-3', '-3'],
    [age, '1e3', '1e3'],
    [age, '', ''],
    [group, 'Control', 'control'],
    [note, ' a b ', 'a b'],
  ])('%o takes "%s"', (definition, text, value) => expect(readValue(definition, text)).toEqual({ value }))

  it.each([
    [age, '4 years', '“4 years” is not a number'],
    [age, '1,234,567', '“1,234,567” is not a number'],
    [group, 'placebo', '“placebo” is none of the choices'],
  ])('%o refuses "%s"', (definition, text, error) => expect(readValue(definition, text)).toEqual({ error }))
})

describe('a paste', () => {
  it('is read as spreadsheets write it', () => {
    expect(cellsOfPaste('a\tb\r\nc\td\r\n')).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
    expect(cellsOfPaste('"two\nlines"\t"say ""hi"""')).toEqual([['two\nlines', 'say "hi"']])
    expect(cellsOfPaste('alone')).toEqual([['alone']])
    expect(cellsOfPaste('a\n\nb')).toEqual([['a'], [''], ['b']])
  })

  it('fills cells to the right and down, leaves out what fits nowhere and says so', () => {
    const cells = cellsOfPaste('12\tcontrol\tx\nmany\ttreatment\n9\tcontrol')
    expect(placePaste(cells, ['t1', 't2'], [age, group])).toEqual({
      changes: [
        { token: 't1', variableId: 'age', value: '12' },
        { token: 't1', variableId: 'group', value: 'control' },
        { token: 't2', variableId: 'group', value: 'treatment' },
      ],
      errors: ['“many” is not a number'],
      beyondRows: 1,
    })
  })
})

describe('a table from a file', () => {
  const clips = [
    { token: 't1', clipId: 'one', name: 'one.mp4' },
    { token: 't2', clipId: 'two', name: 'same.mp4' },
    { token: 't3', clipId: 'three', name: 'same.mp4' },
  ]

  it('finds clips by id, else by a file name that is one of a kind', () => {
    const read = readTable(
      [
        ['file', 'Age', 'clip_id', 'colour'],
        ['elsewhere.mp4', '3', 'two', 'red'],
        ['one.mp4', '4', '', ''],
        ['same.mp4', '5', '', ''],
        ['', '', '', ''],
        ['one.mp4', 'old', '', ''],
      ],
      clips,
      [age, group],
    )
    expect(read).toEqual({
      changes: [
        { token: 't2', variableId: 'age', value: '3' },
        { token: 't1', variableId: 'age', value: '4' },
      ],
      errors: ['one.mp4, age: “old” is not a number'],
      beyondRows: 0,
      unknownClips: ['same.mp4'],
      unknownColumns: ['colour'],
    })
  })

  it('needs a column that says which clip', () => {
    expect(readTable([['age'], ['3']], clips, [age])).toBeNull()
    expect(readTable([], clips, [age])).toBeNull()
  })
})
