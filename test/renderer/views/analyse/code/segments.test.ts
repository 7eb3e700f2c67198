// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import type { SegmentItem } from '../../../../../preload/contract/annotation'
import CommentList from '../../../../../renderer/views/analyse/code/CommentList.vue'
import OwnSegmentList from '../../../../../renderer/views/analyse/code/OwnSegmentList.vue'
import { chooseRows } from '../../../../../renderer/views/analyse/code/own-segments'
import SegmentInspector from '../../../../../renderer/views/analyse/code/SegmentInspector.vue'
import SeveralSegments from '../../../../../renderer/views/analyse/code/SeveralSegments.vue'
import StretchList from '../../../../../renderer/views/analyse/code/StretchList.vue'
import VariableFields from '../../../../../renderer/views/analyse/code/VariableFields.vue'
import { sampleStudy, segmentItem } from '../../../../support/study'
import { codingBench, settled, type } from './coding-bench'

const proposal = { segmentId: 'm7', tier: 'clip/fusion', label: 'anger', startSecs: 1, endSecs: 2 }

async function inspect(item: SegmentItem, others: readonly SegmentItem[] = []) {
  const bench = await codingBench({ items: [item, ...others] })
  const isFixed = item.observerId !== 'ann'
  const view = bench.mount(SegmentInspector, { segment: item, isFixed })
  const now = () => bench.kept().find(({ id }) => id === item.id) as SegmentItem
  const press = async (label: string) => {
    await view.get(`button[aria-label="${label}"]`).trigger('click')
    await settled()
  }
  return { bench, view, now, press }
}

describe('the inspector', () => {
  it('takes exact edges as times and as frames, on frames', async () => {
    const { view, now } = await inspect(segmentItem('anger', 1, 2))
    await type(view.findAll('.time-field input')[0]!, '1.21')
    expect(now().startSecs).toBe(1.2)
    await view.get('select.unit').setValue('frame')
    await type(view.findAll('.time-field input')[1]!, '#45')
    expect(now().endSecs).toBeCloseTo(1.8, 9)
  })

  it('says why an edge cannot be, and changes nothing', async () => {
    const { bench, view, now } = await inspect(segmentItem('anger', 1, 2))
    await type(view.findAll('.time-field input')[0]!, '2.5')
    expect(view.get('[role="alert"]').text()).toBe('The start has to lie before the end, 0:02.000.')
    await type(view.findAll('.time-field input')[1]!, 'soon')
    expect(view.findAll('[role="alert"]')[1]!.text()).toContain('“soon” is no time')
    expect(now()).toMatchObject({ startSecs: 1, endSecs: 2 })
    expect(bench.edits).toEqual([])
  })

  it('cuts the neighbour that a typed edge covers, so that no two hold at once', async () => {
    const next = segmentItem('fear', 2, 3)
    const { bench, view, now } = await inspect(segmentItem('anger', 1, 2), [next])
    await type(view.findAll('.time-field input')[1]!, '2.4')
    expect(now().endSecs).toBeCloseTo(2.4, 9)
    expect((bench.kept().find(({ id }) => id === next.id) as SegmentItem).startSecs).toBeCloseTo(2.4, 9)
    // One step of undo for both.
    bench.annotations.undo()
    expect(bench.annotations.byId.get(next.id)).toMatchObject({ startSecs: 2 })
  })

  it('tells what the model said, and confirms or rejects it', async () => {
    const item = segmentItem('fear', 1, 2, { orig: proposal, status: 'edited' })
    const { view, now, press } = await inspect(item)
    expect(view.text()).toContain('Anger, 0:01.000 to 0:02.000 (clip/fusion)')
    expect(view.text()).toContain('Changed')
    await press('Reject')
    expect(now()).toMatchObject({ status: 'rejected', codeId: 'anger', orig: proposal })
    await press('Confirm')
    expect(now()).toMatchObject({ status: 'confirmed', codeId: 'anger', startSecs: 1, endSecs: 2 })
  })

  it('offers states for bouts, and neither confirming nor rejecting of what was made by hand', async () => {
    const { view, now } = await inspect(segmentItem('anger', 1, 2))
    expect(view.find('button[aria-label="Confirm"]').exists()).toBe(false)
    await view.get('select.label').setValue('disgust')
    await settled()
    expect(now()).toMatchObject({ codeId: 'disgust', status: 'added' })
  })

  it('splits at the playhead, copies to another subject, deletes', async () => {
    const { bench, view, now, press } = await inspect(segmentItem('anger', 1, 2))
    const split = view.get('button[aria-label="Split at the playhead"]')
    expect(split.attributes('disabled')).toBeDefined()
    bench.transport.goToStep(35)
    await settled()
    await press('Split at the playhead')
    expect(now().endSecs).toBeCloseTo(1.4, 9)
    const copy = view.get('select[aria-label="Copy to the subject"]')
    ;(copy.element as HTMLSelectElement).selectedIndex = 1
    await copy.trigger('change')
    await settled()
    expect(bench.kept().filter((item) => item.kind === 'segment' && item.subjectId === 's1')).toHaveLength(1)
    await press('Delete')
    expect(now()).toBeUndefined()
    expect(bench.kept()).toHaveLength(2)
  })

  it('keeps confidence and comment, and confidence can be taken back', async () => {
    const { view, now } = await inspect(segmentItem('anger', 1, 2))
    await view.get('input[type="range"]').setValue('0.6')
    await settled()
    expect(now().confidence).toBe(0.6)
    await view.get('textarea').setValue('brows')
    await view.get('textarea').trigger('change')
    await settled()
    expect(now().comment).toBe('brows')
  })

  it('shows what others coded, without a way to change it', async () => {
    const { view } = await inspect(segmentItem('anger', 1, 2, { observerId: 'bob' }))
    for (const field of view.findAll('.time-field input, textarea, select.label, input[type="range"]'))
      expect(field.attributes('disabled')).toBeDefined()
    expect(view.get('button[aria-label="Delete"]').attributes('disabled')).toBeDefined()
    // Taking it over into one's own tier is not changing it.
    expect(view.get('select[aria-label="Copy to the subject"]').attributes('disabled')).toBeUndefined()
  })

  it('relabels and merges several at once', async () => {
    const items = [segmentItem('anger', 1, 2), segmentItem('fear', 2, 3)]
    const bench = await codingBench({ items })
    const view = bench.mount(SeveralSegments, { segments: items, isFixed: false })
    expect(view.text()).toContain('2 segments chosen')
    expect(view.get('select').text()).toContain('Different labels')
    await view.get('select').setValue('sadness')
    await settled()
    expect(bench.kept()).toMatchObject([{ codeId: 'sadness' }, { codeId: 'sadness' }])
    await view.get('button[aria-label="Merge"]').trigger('click')
    await settled()
    expect(bench.kept()).toMatchObject([{ startSecs: 1, endSecs: 3 }])
  })
})

describe('the list of own segments', () => {
  it('chooses one, some and a range', () => {
    const rows = ['a', 'b', 'c', 'd'].map((id) => ({ id }))
    const [plain, toggle, range] = [
      { isToggle: false, isRange: false },
      { isToggle: true, isRange: false },
      { isToggle: false, isRange: true },
    ]
    expect(chooseRows(rows, new Set(['a']), 'b', plain, null)).toEqual(['b'])
    expect(chooseRows(rows, new Set(['a']), 'c', toggle, 'a')).toEqual(['a', 'c'])
    expect(chooseRows(rows, new Set(['a', 'c']), 'c', toggle, 'a')).toEqual(['a'])
    expect(chooseRows(rows, new Set(['c']), 'a', range, 'c')).toEqual(['a', 'b', 'c'])
    // Without an anchor a range is what was clicked.
    expect(chooseRows(rows, new Set(), 'c', range, null)).toEqual(['c'])
  })

  it('has one’s own only, by label and status, and goes to what is chosen', async () => {
    const bench = await codingBench({
      items: [
        segmentItem('fear', 4, 5),
        segmentItem('anger', 1, 2, { status: 'rejected', orig: proposal }),
        segmentItem('anger', 2, 3, { observerId: 'bob' }),
      ],
    })
    const view = bench.mount(OwnSegmentList)
    const list = () =>
      view.findAllComponents({ name: 'VirtualList' })[0]?.props('items') as SegmentItem[] | undefined
    expect(list()?.map(({ codeId }) => codeId)).toEqual(['anger', 'fear'])
    await view.findAll('select')[1]!.setValue('rejected')
    expect(list()?.map(({ codeId }) => codeId)).toEqual(['anger'])
    await view.findAll('select')[0]!.setValue('fear')
    expect(view.text()).toContain('No segment fits')
    await view.findAll('select')[1]!.setValue('')
    view.findAllComponents({ name: 'VirtualList' })[0]!.vm.$emit('choose', list()![0], {
      isToggle: false,
      isRange: false,
    })
    expect(bench.transport.timeSecs).toBe(4)
    expect([...bench.annotations.selection]).toEqual([list()![0]!.id])
  })
})

describe('what else belongs to a clip', () => {
  it('excludes the loop, with a reason and other edges, and takes it back', async () => {
    const bench = await codingBench()
    bench.transport.setLoop({ fromSecs: 1, toSecs: 2 })
    const view = bench.mount(StretchList, { kind: 'exclusion' })
    await view.get('button.add').trigger('click')
    await settled()
    expect(bench.kept()).toMatchObject([{ kind: 'exclusion', startSecs: 1, endSecs: 2, reason: '' }])
    await view.get('input[aria-label="Reason"]').setValue('hand before the face')
    await view.get('input[aria-label="Reason"]').trigger('change')
    await type(view.findAll('.time-field input')[1]!, '0.5')
    expect(view.get('[role="alert"]').text()).toContain('after the start')
    await type(view.findAll('.time-field input')[1]!, '#60')
    expect(bench.kept()).toMatchObject([{ endSecs: 2.4, reason: 'hand before the face' }])
    await view.get('button[aria-label="Remove"]').trigger('click')
    await settled()
    expect(bench.kept()).toEqual([])
  })

  it('lets everybody change excluded time, and nobody another’s baseline', async () => {
    const base = { observerId: 'bob', editedAt: '2026-01-01T00:00:00.000Z', startSecs: 1, endSecs: 2 }
    const bench = await codingBench({
      items: [
        { ...base, id: 'x', kind: 'exclusion', reason: 'noise' },
        { ...base, id: 'b', kind: 'baseline', subjectId: '' },
      ],
    })
    const exclusions = bench.mount(StretchList, { kind: 'exclusion' })
    expect(exclusions.get('button[aria-label="Remove"]').attributes('disabled')).toBeUndefined()
    expect(exclusions.text()).toContain('by Bob')
    const baselines = bench.mount(StretchList, { kind: 'baseline' })
    expect(baselines.get('button[aria-label="Remove"]').attributes('disabled')).toBeDefined()
  })

  it('keeps comments about an instant or the clip, and an emptied one goes', async () => {
    const bench = await codingBench()
    bench.transport.goToStep(50)
    const view = bench.mount(CommentList, { asks: false })
    await view.get('form textarea').setValue('smiles at the other')
    await view.get('form button').trigger('click')
    await view.get('form select').setValue('clip')
    await view.get('form textarea').setValue('dark picture')
    await view.get('form textarea').trigger('keydown', { key: 'Enter' })
    await settled()
    expect(bench.kept()).toMatchObject([
      { kind: 'comment', atSecs: 2, text: 'smiles at the other' },
      { kind: 'comment', atSecs: null, text: 'dark picture' },
    ])
    const first = view.get('li textarea')
    await first.setValue('  ')
    await first.trigger('change')
    await settled()
    expect(bench.kept()).toMatchObject([{ text: 'smiles at the other' }])
  })

  it('has a field for each variable of clips by its kind, and refuses what is no number', async () => {
    const variable = (id: string, kind: 'text' | 'number' | 'choice', choices: string[] = []) =>
      ({ id, name: id, scope: 'clip', kind, choices, description: '' }) as const
    const bench = await codingBench({
      study: sampleStudy({
        variables: [
          variable('age', 'number'),
          variable('group', 'choice', ['control', 'therapy']),
          { ...variable('of a subject', 'text'), scope: 'subject' },
        ],
      }),
    })
    const view = bench.mount(VariableFields)
    expect(view.findAll('.variable')).toHaveLength(2)
    await type(view.get('input'), 'old')
    expect(view.get('[role="alert"]').text()).toContain('“old” is not a number')
    await type(view.get('input'), '12,5')
    await view.get('select').setValue('therapy')
    await settled()
    expect(bench.kept()).toMatchObject([
      { kind: 'variable', variableId: 'age', value: '12.5' },
      { kind: 'variable', variableId: 'group', value: 'therapy' },
    ])
    await view.findAll('button[aria-label="Remove"]')[1]!.trigger('click')
    await settled()
    expect(bench.kept()).toMatchObject([{ variableId: 'age' }])
  })
})
