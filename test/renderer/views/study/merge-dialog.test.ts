// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MergeConflict, MergeDone, MergePlanView } from '../../../../preload/contract/merging'
import { setBridge } from '../../../../renderer/bridge/bridge'
import { useToastStore } from '../../../../renderer/stores/toasts'
import MergeDialog from '../../../../renderer/views/study/merging/MergeDialog.vue'
import { askedConflicts, decideAll, undecided } from '../../../../renderer/views/study/merging/merge-choices'
import { type ScriptedBridge, scriptedBridge } from '../../../support/scripted-bridge'

const version = { what: 'anger', startSecs: 1, endSecs: 2, note: '', observer: 'Ann', editedAt: '' }
const conflict = (key: string, changes: Partial<MergeConflict> = {}): MergeConflict => ({
  key,
  reason: 'both-changed',
  clip: 'one.mp4',
  place: 'clip/manual/Ann',
  here: [version],
  there: [{ ...version, what: 'fear' }],
  opens: [],
  ...changes,
})
const recording = conflict('r', { reason: 'recording', opens: ['b'] })

describe('what is to be decided', () => {
  const conflicts = [conflict('a'), recording, conflict('b')]

  it('of a clip whose recordings differ comes up only when it is taken in', () => {
    const keys = (choices: [string, 'here' | 'there'][]) =>
      undecided(conflicts, new Map(choices)).map(({ key }) => key)
    expect(keys([])).toEqual(['a', 'r'])
    expect(keys([['r', 'here']])).toEqual(['a'])
    expect(keys([['r', 'there']])).toEqual(['a', 'b'])
    expect(askedConflicts(conflicts, decideAll(conflicts, 'there'))).toHaveLength(3)
    expect(undecided(conflicts, decideAll(conflicts, 'here'))).toEqual([])
  })
})

describe('MergeDialog', () => {
  const plan: MergePlanView = {
    otherName: 'Bob’s copy',
    otherPlace: '/media/stick/study',
    isNothingNew: false,
    clips: [{ clip: 'one.mp4', added: 3, changed: 1, removed: 0, conflicts: 2 }],
    added: [],
    changed: ['code anger'],
    removed: ['observer Eve'],
    mapped: ['subject Child 1'],
    notes: [],
    onlyThere: [{ clip: 'far.mp4', items: 4 }],
    conflicts: [conflict('a'), recording, conflict('b')],
    notices: [],
  }
  let scripted: ScriptedBridge
  let dialog: VueWrapper
  let fails = false
  let done: MergeDone = { added: 3, changed: 1, removed: 0, clips: 1, isStudyChanged: false }

  beforeEach(async () => {
    setActivePinia(createPinia())
    fails = false
    scripted = scriptedBridge({
      planMerge: () => plan,
      applyMerge: () => {
        if (fails) throw Object.assign(new Error('the disk is full'), { code: 'output.disk-full' })
        return done
      },
      dropMerge: () => null,
    })
    setBridge(scripted.bridge)
    dialog = mount(MergeDialog, { attachTo: document.body })
    await button('Choose the other copy…').trigger('click')
    await flushPromises()
  })
  afterEach(() => dialog.unmount())

  const button = (label: string) => {
    const found = dialog.findAll('button').find((one) => one.text() === label)
    if (!found) throw new Error(`there is no button ${label}`)
    return found
  }
  const choose = (at: number) => dialog.findAll('[role="radio"]')[at]!.trigger('click')

  it('says what comes, what is taken for one, and what stays behind', () => {
    expect(dialog.text()).toContain('Bob’s copy')
    expect(dialog.text()).toContain('subject Child 1')
    expect(dialog.text()).toContain('Changed in the study, as in the other copy: code anger')
    expect(dialog.text()).toContain('Taken out of the study, as in the other copy: observer Eve')
    expect(dialog.text()).toContain('far.mp4 is not in this project')
    expect(dialog.findAll('tbody td').map((cell) => cell.text())).toEqual(['3', '1', '0', '2'])
  })

  it('merges when the last conflict is decided, and not before', async () => {
    expect(button('Merge').attributes('disabled')).toBeDefined()
    await choose(0)
    expect(button('Merge').attributes('disabled')).toBeDefined()
    await choose(2)
    expect(button('Merge').attributes('disabled')).toBeUndefined()
    // Taken in after all, the clip has a conflict of its own.
    await choose(3)
    expect(button('Merge').attributes('disabled')).toBeDefined()
    await choose(5)
    await button('Merge').trigger('click')
    await flushPromises()
    expect(scripted.asked.find(({ verb }) => verb === 'applyMerge')?.ask).toEqual({
      choices: { a: 'here', r: 'there', b: 'there' },
    })
    expect(dialog.emitted('close')).toHaveLength(1)
  })

  it.each([
    [1, false, 'Merged: 3 added, 1 changed, 0 removed in 1 clip'],
    [2, true, 'Merged: 3 added, 1 changed, 0 removed in 2 clips; the study was changed'],
    [0, true, 'Merged: the study was changed, the clips stay as they were'],
    [0, false, 'Merged: everything stays as it was here'],
  ])('says what was done: %i clips, study changed %s', async (clips, isStudyChanged, words) => {
    done = { ...done, clips, isStudyChanged }
    await button('All from the other copy').trigger('click')
    await button('Merge').trigger('click')
    await flushPromises()
    expect(useToastStore().toasts.at(-1)?.text).toBe(words)
  })

  it('keeps the decisions where merging fails, and says why', async () => {
    fails = true
    await button('All from the other copy').trigger('click')
    await button('Merge').trigger('click')
    await flushPromises()
    expect(dialog.find('[role="alert"]').text()).toContain('the disk is full')
    expect(dialog.findAll('[role="radio"][aria-checked="true"]')).toHaveLength(3)
    expect(dialog.emitted('close')).toBeUndefined()
  })

  it('forgets the plan when it is left', async () => {
    dialog.unmount()
    await flushPromises()
    expect(scripted.asked.at(-1)?.verb).toBe('dropMerge')
  })
})
