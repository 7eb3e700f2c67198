import { describe, expect, it } from 'vitest'
import { studySchema } from '../../../main/engine/annotation/schema'
import { NO_HISTORY } from '../../../main/engine/annotation/study-history'
import { mergeStudies, settleStudy } from '../../../main/engine/merging/merge-study'
import { translatedItem } from '../../../main/engine/merging/study-ids'
import type { Code, Study, Subject } from '../../../preload/contract/annotation'
import { sampleStudy, segmentItem, trackItem } from '../../support/study'

const base = sampleStudy()
const code = (changes: Partial<Code>): Code => ({ ...base.scheme.codes[0]!, ...changes })
const withCodes = (...codes: Code[]): Study => ({
  ...base,
  scheme: { ...base.scheme, codes: [...base.scheme.codes, ...codes] },
})
const subject = (id: string, name: string, variables: Subject['variables'] = {}): Subject => ({
  id,
  name,
  description: '',
  variables,
})

/** Studies of which nothing is known but what they say, and which nothing refers to. */
const merge = (here: Study, there: Study) =>
  mergeStudies({ study: here, history: NO_HISTORY }, { study: there, history: NO_HISTORY }, () => false)

describe('two studies without a history', () => {
  it('that are the same have nothing to say to each other', () => {
    expect(merge(base, structuredClone(base))).toMatchObject({
      study: base,
      mapped: [],
      added: [],
      conflicts: [],
      notes: [],
    })
  })

  it('keep what is here and gain what only the other has', () => {
    const there = sampleStudy({ observers: [...base.observers, { id: 'eve', name: 'Eve', isBlind: false }] })
    const { study, added } = merge(base, there)
    expect(study.observers.map(({ name }) => name)).toEqual(['Ann', 'Bob', 'Eve'])
    expect(added).toEqual([{ list: 'observers', name: 'Eve' }])
    expect(merge(there, base).study).toEqual(there)
  })

  it('take entries of one name for one, whatever their ids and letter case', () => {
    const here = withCodes(code({ id: 'x', name: 'smile', key: 'Q' }))
    const there = withCodes(code({ id: 'y', name: 'Smile', key: 'Q' }))
    const { mapped, study, conflicts, ids } = merge(here, there)
    expect(mapped).toEqual([{ list: 'codes', name: 'Smile', hereId: 'x', thereId: 'y' }])
    expect(study).toEqual(here)
    // The spelling differs, and only a person knows which is right.
    expect(conflicts).toMatchObject([{ list: 'codes', fields: ['name'], there: { id: 'x', name: 'Smile' } }])
    const item = translatedItem(segmentItem('y', 1, 2), ids)
    expect(item).toMatchObject({ codeId: 'x' })
  })

  it('ask about an entry that is not the same in both, and do as they are told', () => {
    const here = withCodes(code({ id: 'x', name: 'smile', key: 'Q' }))
    const there = withCodes(code({ id: 'x', name: 'grin', key: 'Q', description: 'teeth' }))
    const merged = merge(here, there)
    expect(merged.conflicts).toMatchObject([{ key: 'codes x', fields: ['name', 'description'] }])
    expect(settleStudy(merged, () => 'here', 'r').study).toEqual(here)
    expect(settleStudy(merged, () => 'there', 'r').study).toEqual(there)
  })

  it('never come to two entries of one name or key', () => {
    const here = withCodes(code({ id: 'x', name: 'smile', key: 'Q', kind: 'point', set: '' }))
    const there = withCodes(code({ id: 'y', name: 'smile', key: 'Q' }))
    const { study, notes } = merge(here, there)
    expect(studySchema.safeParse(study).success).toBe(true)
    expect(study.scheme.codes.at(-1)).toMatchObject({ id: 'y', name: 'smile 2', key: null })
    expect(notes).toHaveLength(2)
  })

  it('bring subjects’ variables together, and ask where both gave one of them another value', () => {
    const variable = {
      id: 'age',
      name: 'age',
      scope: 'subject',
      kind: 'number',
      choices: [],
      description: '',
    } as const
    const study = (variables: Subject['variables']) =>
      sampleStudy({ subjects: [subject('s1', 'Child 1', variables)], variables: [variable] })
    const joined = merge(study({ age: '4' }), study({ group: 'a' }))
    expect(joined.conflicts).toEqual([])
    expect(joined.study.subjects[0]?.variables).toEqual({ age: '4', group: 'a' })
    expect(merge(study({ age: '4' }), study({ age: '5' })).conflicts).toMatchObject([
      { list: 'subjects', fields: ['variables'] },
    ])
  })

  it('translate every reference of an item', () => {
    const here = sampleStudy({ subjects: [subject('h', 'Mother')] })
    const there = sampleStudy({
      subjects: [subject('t', 'Mother')],
      observers: [{ id: 'a2', name: 'ann', isBlind: false }],
    })
    const { ids } = merge(here, there)
    expect(translatedItem({ ...trackItem(1, 't'), observerId: 'a2' }, ids)).toMatchObject({
      subjectId: 'h',
      observerId: 'ann',
    })
    expect(
      translatedItem(segmentItem('anger', 1, 2, { subjectId: 't', observerId: 'a2' }), ids),
    ).toMatchObject({
      subjectId: 'h',
      observerId: 'ann',
    })
  })
})
