// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { effectScope, nextTick, shallowRef } from 'vue'
import { clipMenuItems } from '../../../../renderer/views/library/clip-menu-items'
import { chooseClips, FILTERS, SORTS } from '../../../../renderer/views/library/clip-order'
import {
  durationText,
  spanText,
  spokenClip,
  statusBadge,
} from '../../../../renderer/views/library/clip-wording'
import ClipList from '../../../../renderer/views/library/ClipList.vue'
import { useClipSelection } from '../../../../renderer/views/library/use-clip-selection'
import { queueRows } from '../../../../renderer/views/batch/queue-rows'
import { projectClip } from '../../../support/project-clips'

const all = { search: '', filter: 'all', sort: 'name' } as const

describe('chooseClips', () => {
  const clips = [
    projectClip('b', { name: 'clip 10.mp4', durationSecs: 5, dominant: 'anger', faceCoverage: 0.2 }),
    projectClip('a', { name: 'Clip 9.mp4', durationSecs: 50, status: 'done', faceCoverage: 0.9 }),
    projectClip('c', { name: 'Élan.mp4', folder: 'day two', durationSecs: null, status: 'failed' }),
  ]
  const order = (choice: Partial<Parameters<typeof chooseClips>[1]>) =>
    chooseClips(clips, { ...all, ...choice })
      .map(({ token }) => token)
      .join('')

  it.each([
    [{ search: 'elan' }, 'c'],
    [{ search: 'TWO  ela' }, 'c'],
    [{ search: 'anger' }, 'b'],
    [{ search: 'nothing' }, ''],
    [{ sort: 'name' }, 'abc'],
    [{ sort: 'duration' }, 'abc'],
    [{ sort: 'status' }, 'cba'],
    [{ sort: 'coverage' }, 'bac'],
    [{ sort: 'emotion' }, 'bac'],
    [{ filter: 'failed' }, 'c'],
    [{ filter: 'done' }, 'a'],
  ] as const)('%j: %s', (choice, expected) => expect(order(choice)).toBe(expected))

  it('loses no clip to any order, and leaves the list itself alone', () => {
    const before = [...clips]
    for (const sort of SORTS) expect([...order({ sort })].sort().join('')).toBe('abc')
    for (const filter of FILTERS) expect(order({ filter }).length).toBeLessThanOrEqual(3)
    expect(clips).toEqual(before)
  })
})

describe('useClipSelection', () => {
  const layout = { columns: 3, pageRows: 2 }
  const key = (name: string, held: { shift?: boolean; ctrl?: boolean } = {}) => ({
    key: name,
    shiftKey: held.shift ?? false,
    ctrlKey: held.ctrl ?? false,
    metaKey: false,
  })
  const none = { shiftKey: false, ctrlKey: false, metaKey: false }

  function selectionOf(text = 'abcdefgh') {
    const tokens = shallowRef([...text])
    const scope = effectScope()
    const selection = scope.run(() => useClipSelection(tokens))!
    return { tokens, selection, chosen: () => selection.chosen.value.join('') }
  }

  it('selects by click, Ctrl and Shift', () => {
    const { selection, chosen } = selectionOf()
    selection.click('b', none)
    selection.click('d', { ...none, shiftKey: true })
    expect(chosen()).toBe('bcd')
    selection.click('g', { ...none, ctrlKey: true })
    selection.click('c', { ...none, ctrlKey: true })
    expect(chosen()).toBe('bdg')
    selection.click('a', none)
    expect(chosen()).toBe('a')
  })

  it.each([
    [['ArrowRight'], 'a'],
    [['ArrowRight', 'ArrowRight'], 'b'],
    [['Home', 'ArrowDown'], 'd'],
    [['End', 'ArrowUp'], 'e'],
    [['Home', 'PageDown'], 'g'],
    [['End', 'ArrowRight'], 'h'],
    [['Home', 'ArrowLeft'], 'a'],
  ])('goes by keys %j to %s', (keys, expected) => {
    const { selection, chosen } = selectionOf()
    for (const name of keys) expect(selection.press(key(name), layout)).toBe(true)
    expect(chosen()).toBe(expected)
    expect(selection.current.value).toBe(expected)
  })

  it('extends with Shift, moves without selecting with Ctrl, toggles with Space, takes all with Ctrl+A', () => {
    const { selection, chosen } = selectionOf()
    selection.click('b', none)
    selection.press(key('ArrowRight', { shift: true }), layout)
    selection.press(key('ArrowRight', { shift: true }), layout)
    expect(chosen()).toBe('bcd')
    selection.press(key('End', { ctrl: true }), layout)
    expect(chosen()).toBe('bcd')
    selection.press(key(' '), layout)
    expect(chosen()).toBe('bcdh')
    selection.press(key('a', { ctrl: true }), layout)
    expect(chosen()).toBe('abcdefgh')
    selection.press(key('Escape'), layout)
    expect(chosen()).toBe('')
    expect(selection.press(key('Escape'), layout)).toBe(false)
    expect(selection.press(key('x'), layout)).toBe(false)
  })

  it('lets go of clips that a search hides', async () => {
    const { tokens, selection, chosen } = selectionOf()
    selection.press(key('a', { ctrl: true }), layout)
    selection.click('h', { ...none, ctrlKey: true })
    tokens.value = ['c', 'd']
    await nextTick()
    expect(chosen()).toBe('cd')
    expect(selection.current.value).toBe('c')
  })
})

describe('ClipList', () => {
  it('draws a few of many thousand clips, and says how many there are', async () => {
    const clips = Array.from({ length: 5000 }, (_, index) => projectClip(`t${index}`))
    const scope = effectScope()
    const selection = scope.run(() => useClipSelection(shallowRef(clips.map(({ token }) => token))))!
    const list = mount(ClipList, { props: { clips, mode: 'table', selection }, attachTo: document.body })
    await nextTick()
    const options = list.findAll('[role="option"]')
    expect(options.length).toBeGreaterThan(0)
    expect(options.length).toBeLessThan(60)
    expect(options[0]!.attributes()).toMatchObject({ 'aria-setsize': '5000', 'aria-posinset': '1' })
    await options[2]!.trigger('click')
    await options[2]!.trigger('dblclick')
    expect(list.emitted('open')).toEqual([['t2']])
    const box = list.get('[role="listbox"]')
    expect(box.attributes('aria-activedescendant')).toContain('t2')
    await box.trigger('keydown', { key: 'Enter' })
    await box.trigger('keydown', { key: 'Delete' })
    await box.trigger('keydown', { key: 'F10', shiftKey: true })
    expect(list.emitted('open')).toHaveLength(2)
    expect(list.emitted('remove')).toHaveLength(1)
    expect(list.emitted('menu')).toHaveLength(1)
    list.unmount()
    scope.stop()
  })
})

describe('wording', () => {
  it.each([
    [null, ''],
    [0, '0:00'],
    [59.6, '1:00'],
    [125, '2:05'],
    [3723, '1:02:03'],
  ])('lasts %d s: %j', (secs, text) => expect(durationText(secs)).toBe(text))

  it.each([
    [40, '40 sec'],
    [125, '2 min 5 sec'],
    [1205, '20 min'],
    [12_000, '3 hr 20 min'],
  ])('takes %d s: %j', (secs, text) => expect(spanText(secs)).toBe(text))

  it('says of a clip what a sighted user sees', () => {
    const clip = projectClip('a', { status: 'done', dominant: 'fear', faceCoverage: 0.5, durationSecs: 65 })
    expect(spokenClip(clip)).toBe('a.mp4, Labelled, 1:05, Mostly Fear, Face in 50% of the time')
    expect(statusBadge(projectClip('a', { isOutdated: true })).text).toBe('Changed since')
  })
})

describe('clipMenuItems', () => {
  const offered = (...clips: ReturnType<typeof projectClip>[]) => clipMenuItems(clips).map(({ id }) => id)

  it.each([
    ['new', ['open', 'label', 'reveal', 'remove']],
    ['done', ['open', 'label', 'reveal', 'remove']],
    ['running', ['open', 'cancel', 'reveal', 'remove']],
    ['missing', ['relink', 'remove']],
  ] as const)('offers what a %s clip allows', (status, expected) => {
    expect(offered(projectClip('a', { status }))).toEqual(expected)
  })

  it('offers for many what goes for many', () => {
    expect(offered(projectClip('a'), projectClip('b', { status: 'queued' }))).toEqual([
      'label',
      'cancel',
      'remove',
    ])
  })
})

describe('queueRows', () => {
  it('shows each clip once, those under way first and the last done first', () => {
    const clips = new Map([...'abcdef'].map((token) => [token, projectClip(token)]))
    const running = [{ token: 'a', stage: 'face', fraction: 0.5, framesPerSec: 9 }] as const
    const rows = queueRows(
      {
        phase: 'running',
        waiting: ['d', 'e', 'gone'],
        done: ['a', 'b', 'c'],
        failed: ['f'],
        backend: null,
        restoredCount: 0,
        trouble: null,
      },
      { running, fraction: 0, framesPerSec: null, elapsedSecs: 0, remainingSecs: null },
      clips,
    )
    expect(rows.map(({ clip, group, place }) => `${clip.token} ${group} ${place}`)).toEqual([
      'a running 0',
      'f failed 0',
      'd waiting 1',
      'e waiting 2',
      'c done 0',
      'b done 0',
    ])
    expect(rows[0]!.running).toEqual(running[0])
  })
})
