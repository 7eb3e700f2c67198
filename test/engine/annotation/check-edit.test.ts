import { describe, expect, it } from 'vitest'
import type { AnnotationItem, RatingItem, Study } from '../../../preload/contract/annotation'
import { checkEdit } from '../../../main/engine/annotation/check-edit'
import { defaultScheme } from '../../../main/engine/annotation/default-study'
import { AnnotationDocument } from '../../../main/engine/annotation/document'
import { EMOTIONS } from '../../../main/engine/emotions'
import { DEFAULT_COLOURS } from '../../../main/app/settings/settings-schema'
import { sampleStudy, segmentItem, trackItem } from '../../support/study'
import { put, remove } from './store-support'

const [anger, joy] = sampleStudy().scheme.codes
if (!anger || !joy) throw new Error('the sample has codes')
const study: Study = sampleStudy({
  scheme: {
    ...sampleStudy().scheme,
    codes: [
      ...sampleStudy().scheme.codes,
      { ...anger, id: 'blink', name: 'blink', kind: 'point', set: '', key: 'b' },
      { ...anger, id: 'left', name: 'left', set: 'gaze', key: 'l' },
    ],
    dimensions: defaultScheme().dimensions,
  },
  variables: [
    { id: 'age', name: 'age', scope: 'clip', kind: 'number', choices: [], description: '' },
    { id: 'group', name: 'group', scope: 'clip', kind: 'choice', choices: ['a', 'b'], description: '' },
    { id: 'sex', name: 'sex', scope: 'subject', kind: 'text', choices: [], description: '' },
  ],
})

function check(
  edit: ReturnType<typeof put>,
  there: readonly AnnotationItem[] = [],
  observerId: string | null = 'ann',
) {
  const document = new AnnotationDocument(there.map((item) => ({ item, clock: { here: 1 } })))
  return () => checkEdit(document, edit.changes, { study, observerId })
}

const base = { observerId: 'ann', editedAt: '2026-03-02T10:00:00.000Z' }
const rating = (changes: Partial<RatingItem>): RatingItem => ({
  ...base,
  id: 'rating',
  kind: 'rating',
  subjectId: '',
  dimensionId: 'rating-valence',
  timesSecs: [0, 1, 2],
  values: [0, 0.5, -1],
  reactionTimeSecs: 0,
  endSecs: 3,
  comment: '',
  ...changes,
})
const variable = (variableId: string, value: string): AnnotationItem => ({
  ...base,
  id: `v-${variableId}`,
  kind: 'variable',
  variableId,
  value,
})

describe('checkEdit', () => {
  it('knows codes, subjects, observers, ratings and variables', () => {
    expect(check(put(segmentItem('anger', 0, 1)))).not.toThrow()
    expect(check(put(segmentItem('none', 0, 1)))).toThrow('codeId "none" is no code of the scheme')
    expect(check(put(segmentItem('anger', 0, 1, { subjectId: 'nobody' })))).toThrow('subjectId "nobody"')
    expect(check(put(segmentItem('anger', 0, 1, { observerId: 'eve' })), [], null)).toThrow(
      'observerId "eve"',
    )
    expect(check(put(rating({ dimensionId: 'pain' })))).toThrow('dimensionId "pain"')
    expect(check(put(variable('sex', 'f')))).toThrow('"sex" is no variable of clips')
  })

  it('tells points from states', () => {
    expect(check(put(segmentItem('blink', 1, 1)))).not.toThrow()
    expect(check(put(segmentItem('blink', 1, 2)))).toThrow('blink is a point')
    expect(check(put(segmentItem('anger', 1, 1)))).toThrow('anger is a state')
  })

  it('lets states of one set, observer and subject touch, but not overlap', () => {
    const there = [segmentItem('anger', 1, 2, { id: 'there' })]
    expect(check(put(segmentItem('fear', 2, 3), segmentItem('fear', 0, 1)), there)).not.toThrow()
    expect(check(put(segmentItem('fear', 1.9, 3, { id: 'new' })), there)).toThrow(
      'segments there and new of one observer, subject and set overlap from 1.9 s',
    )
    expect(check(put(segmentItem('fear', 1.9, 3, { status: 'rejected' })), there)).toThrow('overlap')
    expect(check(put(segmentItem('fear', 0, 9, { subjectId: 's1' })), there)).not.toThrow()
    expect(check(put(segmentItem('left', 0, 9)), there)).not.toThrow()
    expect(check(put(segmentItem('blink', 1.5, 1.5)), there)).not.toThrow()
    // One edit takes effect whole: what gives way in it is not in the way.
    const both = [...remove('there').changes, ...put(segmentItem('fear', 1.9, 3)).changes]
    expect(check({ changes: both, title: '' }, there)).not.toThrow()
    expect(check(put(segmentItem('fear', 1, 2, { id: 'there' })), there)).not.toThrow()
  })

  it('refuses a touch on what belongs to another observer, except what all share', () => {
    const bobs = segmentItem('anger', 1, 2, { id: 'bobs', observerId: 'bob' })
    expect(check(put(segmentItem('fear', 5, 6, { observerId: 'bob' })))).toThrow(
      'belongs to another observer',
    )
    expect(check(remove('bobs'), [bobs])).toThrow('belongs to another observer')
    expect(check(put({ ...bobs, observerId: 'ann' } as AnnotationItem), [bobs])).toThrow('belongs to another')
    expect(check(remove('bobs'), [bobs], null)).not.toThrow()
    const track = { ...trackItem(0, 's1'), observerId: 'bob', id: 'track' } as AnnotationItem
    expect(check(remove('track'), [track])).not.toThrow()
    expect(check(put({ ...track, observerId: 'ann' } as AnnotationItem), [track])).not.toThrow()
  })

  it('takes ratings within their range, ascending', () => {
    expect(check(put(rating({})))).not.toThrow()
    expect(check(put(rating({ values: [0, 1.5, 0] })))).toThrow('1.5 at 1 s is outside of valence, -1 to 1')
    expect(check(put(rating({ timesSecs: [0, 2, 2] })))).toThrow('must ascend')
    expect(check(put(rating({ endSecs: 1 })))).toThrow('before its last value at 2 s')
    expect(check(put(rating({ timesSecs: [], values: [] })))).toThrow('no values')
    // Another copy of the project may have been rated in another range.
    expect(check(put(rating({ values: [0, 1.5, 0] })), [], null)).not.toThrow()
  })

  it('takes values that a variable can have', () => {
    expect(check(put(variable('age', '7.5'), variable('group', 'b')))).not.toThrow()
    expect(check(put(variable('age', ''), variable('group', '')))).not.toThrow()
    expect(check(put(variable('age', 'seven')))).toThrow('"seven" is no value of age: it takes a number')
    expect(check(put(variable('group', 'c')))).toThrow('"c" is no value of group: it takes one of a, b')
  })

  it('lets an observer mark a clip as done once', () => {
    const done = (id: string, observerId = 'ann'): AnnotationItem => ({
      ...base,
      id,
      kind: 'done',
      observerId,
    })
    expect(check(put(done('one')))).not.toThrow()
    expect(check(put(done('two')), [done('one')])).toThrow('marked as done already')
    expect(check(put(done('one')), [done('one')])).not.toThrow()
    expect(check(put(done('mine')), [done('bobs', 'bob')])).not.toThrow()
  })

  it('does not let an item become another kind, nor remove what is not there', () => {
    const there = segmentItem('anger', 1, 2, { id: 'there' })
    expect(check(put({ ...base, id: 'there', kind: 'done' }), [there])).toThrow('cannot become a done')
    expect(check(remove('nothing'))).toThrow('there is no item nothing to remove')
  })

  it('checks 50,000 segments within the time of a key press', () => {
    const many = Array.from({ length: 50_000 }, (_, at) =>
      segmentItem('anger', at, at + 0.5, { id: `s${at}`, subjectId: at % 2 ? 's1' : '' }),
    )
    const document = new AnnotationDocument(many.map((item) => ({ item, clock: { here: 1 } })))
    const edit = put(segmentItem('fear', 99.6, 99.7))
    const startMs = performance.now()
    for (let times = 0; times < 5; times++) checkEdit(document, edit.changes, { study, observerId: 'ann' })
    // Far above what it takes, for machines that do other things too.
    expect((performance.now() - startMs) / 5).toBeLessThan(250)
  })
})

describe('the study of a new project', () => {
  it('has the seven emotions in canonical order on keys 1 to 7, in the colours of the window', () => {
    const { codes, dimensions } = defaultScheme()
    expect(codes.map(({ name, key, colour }) => [name, key, colour])).toEqual(
      EMOTIONS.map((name, index) => [name, String(index + 1), DEFAULT_COLOURS[name]]),
    )
    expect(codes.every(({ kind, set }) => kind === 'state' && set === 'emotion')).toBe(true)
    expect(dimensions.map(({ name, minimum, maximum }) => [name, minimum, maximum])).toEqual([
      ['valence', -1, 1],
      ['arousal', -1, 1],
    ])
  })
})
