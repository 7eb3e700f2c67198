// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ClipCoding, OpenStudy, Study } from '../../../../preload/contract/annotation'
import { setBridge } from '../../../../renderer/bridge/bridge'
import { useNavigationStore } from '../../../../renderer/stores/navigation'
import { useProjectStore } from '../../../../renderer/stores/project'
import { useStudyStore } from '../../../../renderer/stores/study'
import { useToastStore } from '../../../../renderer/stores/toasts'
import ObserversSection from '../../../../renderer/views/study/people/ObserversSection.vue'
import ProgressSection from '../../../../renderer/views/study/progress/ProgressSection.vue'
import SchemeSection from '../../../../renderer/views/study/scheme/SchemeSection.vue'
import { projectClip } from '../../../support/project-clips'
import { type ScriptedBridge, scriptedBridge } from '../../../support/scripted-bridge'
import { sampleStudy } from '../../../support/study'

let open: OpenStudy
let refusal: string | null
let coding: ClipCoding[]
let scripted: ScriptedBridge
let wrapper: VueWrapper | null = null

beforeEach(async () => {
  setActivePinia(createPinia())
  open = { study: sampleStudy(), observerId: 'ann', readOnlyReason: null, notices: [] }
  refusal = null
  coding = []
  scripted = scriptedBridge({
    openStudy: () => open,
    changeStudy: ({ study }: { study: Study }) => {
      if (refusal !== null) throw Object.assign(new Error(refusal), { code: 'usage.invalid' })
      open = { ...open, study }
      return null
    },
    chooseObserver: ({ observerId }: { observerId: string | null }) => {
      open = { ...open, observerId }
      return null
    },
    replaceCode: () => {
      refusal = null
      return { clips: 2, segments: 5 }
    },
    listCoding: () => coding,
    currentProject: () => ({ name: 'Study', place: '/study', notices: [] }),
    recentProjects: () => [],
    takeHanded: () => null,
    listClips: () => [projectClip('t10', { name: 'clip 10.mp4' }), projectClip('t2', { name: 'clip 2.mp4' })],
  })
  setBridge(scripted.bridge)
  await useStudyStore().load()
  await useProjectStore().load()
})
afterEach(() => {
  wrapper?.unmount()
  wrapper = null
})

/** Shows a section with the study as it is; what was changed is shown by `again`. */
function show(section: typeof SchemeSection): VueWrapper {
  wrapper = mount(section, { props: { study: open.study }, attachTo: document.body })
  return wrapper
}
const again = () => flushPromises().then(() => wrapper?.setProps({ study: open.study }))
const byLabel = (label: string) => wrapper!.find(`[aria-label="${label}"]`)
const codeOf = (name: string) => open.study.scheme.codes.find((code) => code.name === name)

async function type(label: string, text: string): Promise<void> {
  const input = byLabel(label).element as HTMLInputElement
  input.value = text
  input.dispatchEvent(new Event('input'))
  input.dispatchEvent(new Event('change'))
  await again()
}

/** Presses the button of a code's key and then a key. */
async function press(name: string, key: string): Promise<void> {
  const code = codeOf(name)
  await byLabel(`Key of ${name}: ${code?.key ?? 'No key'}. Press to change`).trigger('click')
  await wrapper!.find('[role="textbox"]').trigger('keydown', { key, code: `Key${key.toUpperCase()}` })
  await again()
}

describe('the coding scheme', () => {
  it('takes a name when it is typed, and refuses one that is taken or missing', async () => {
    show(SchemeSection)
    await type('Name of fear', 'Angst')
    expect(open.study.scheme.codes[4]?.name).toBe('Angst')
    await type('Name of Angst', 'ANGER')
    expect(wrapper!.find('[role="alert"]').text()).toBe('“ANGER” is taken')
    await type('Name of Angst', ' ')
    expect(wrapper!.find('[role="alert"]').text()).toBe('Give a name')
    expect(open.study.scheme.codes[4]?.name).toBe('Angst')
  })

  it('keeps all of several changes that are made before the first is answered', async () => {
    show(SchemeSection)
    for (const name of ['fear', 'anger', 'disgust']) {
      const input = byLabel(`Description of ${name}`)
      await input.setValue(`about ${name}`)
      await input.trigger('change')
    }
    await again()
    const described = open.study.scheme.codes.filter(({ description }) => description !== '')
    expect(described.map(({ description }) => description)).toEqual([
      'about anger',
      'about fear',
      'about disgust',
    ])
  })

  it('takes a key from another code only when it is told to', async () => {
    show(SchemeSection)
    await press('fear', 'e')
    expect(codeOf('fear')?.key).toBe('E')
    await press('anger', 'e')
    expect(codeOf('anger')?.key).toBe('4')
    expect(wrapper!.find('[role="alert"]').text()).toContain('E is the key of “fear”')
    await wrapper!.find('[role="alert"] button').trigger('click')
    await again()
    expect([codeOf('anger')?.key, codeOf('fear')?.key]).toEqual(['E', null])
    await press('anger', 'Delete')
    expect(codeOf('anger')?.key).toBeNull()
  })

  it('tells what else a key means while nobody codes, and which key remains for that', async () => {
    show(SchemeSection)
    await press('fear', 'l')
    expect(wrapper!.text()).toContain(
      'While coding is on, L means this code and not “Play; faster while playing”',
    )
  })

  it('offers another code where one is in use, replaces it everywhere, and then deletes it', async () => {
    show(SchemeSection)
    refusal = 'code "fear" is in use in clip one; remove or relabel what uses it first, or keep the code'
    await byLabel('Delete fear').trigger('click')
    await flushPromises()
    expect(wrapper!.find('dialog').text()).toContain('is in use in clip one')
    await wrapper!.find('dialog select').setValue('anger')
    const replace = wrapper!.findAll('dialog button').find((one) => one.text() === 'Replace and delete')
    await replace!.trigger('click')
    await again()
    expect(scripted.asked.find(({ verb }) => verb === 'replaceCode')?.ask).toEqual({
      from: 'fear',
      to: 'anger',
    })
    expect(codeOf('fear')).toBeUndefined()
    expect(wrapper!.find('dialog').exists()).toBe(false)
    expect(useToastStore().toasts.at(-1)?.text).toBe('5 segments in 2 clips became “anger”')
  })

  it('shows everything and changes nothing while it is locked', () => {
    open = { ...open, study: { ...open.study, scheme: { ...open.study.scheme, isLocked: true } } }
    show(SchemeSection)
    const inputs = wrapper!.findAll('input:not([role="switch"])')
    expect(inputs.length).toBeGreaterThan(14)
    expect(inputs.every((input) => input.attributes('disabled') !== undefined)).toBe(true)
    expect(wrapper!.findAll('button').map((one) => one.text())).toContain('Export scheme…')
    expect(byLabel('Delete fear').exists()).toBe(false)
    expect(wrapper!.find('[role="switch"]').attributes('disabled')).toBeUndefined()
  })
})

describe('observers', () => {
  it('are added, the first of all codes here at once', async () => {
    open = { ...open, study: sampleStudy({ observers: [] }), observerId: null }
    await useStudyStore().load()
    show(ObserversSection)
    await byLabel('Name of the new observer').setValue(' Eve ')
    await wrapper!.find('form').trigger('submit')
    await again()
    expect(open.study.observers).toMatchObject([{ name: 'Eve', isBlind: false }])
    expect(open.observerId).toBe(open.study.observers[0]?.id)
    await byLabel('Name of the new observer').setValue('eve')
    await wrapper!.find('form').trigger('submit')
    expect(wrapper!.find('[role="alert"]').text()).toBe('“eve” is taken')
  })

  it('change places: the first one leads, and the rule is quoted', async () => {
    show(ObserversSection)
    expect(wrapper!.text()).toContain('Manual over fused over single modality')
    await byLabel('Move Bob up').trigger('click')
    await again()
    expect(wrapper!.findAll('[data-observer]').map((row) => row.attributes('data-observer'))).toEqual([
      'Bob',
      'Ann',
    ])
    expect(wrapper!.find('[data-observer="Bob"]').text()).toContain('Lead')
  })
})

describe('progress', () => {
  const of = (observerId: string, segmentCount: number, isDone: boolean) => ({
    observerId,
    segmentCount,
    isDone,
    editedAt: '2026-03-02T10:00:00.000Z',
  })

  it('is a table of clips, in the order people count, by observers; a click opens the clip', async () => {
    coding = [{ token: 't2', observers: [of('ann', 3, true), of('bob', 1, false)], isBlind: false }]
    show(ProgressSection)
    await flushPromises()
    const rows = wrapper!.findAll('tbody tr').map((row) => row.findAll('button').map((one) => one.text()))
    expect(rows[0]?.[0]).toBe('clip 2.mp4')
    expect(rows[0]?.[1]).toContain('3 segments')
    expect(rows[0]?.[2]).toContain('1 segment')
    expect(rows[1]).toEqual(['clip 10.mp4', 'Not begun', 'Not begun'])
    expect(wrapper!.findAll('thead th')[1]?.text()).toContain('1 of 2 done')
    await wrapper!.findAll('tbody button')[0]!.trigger('click')
    expect(useNavigationStore()).toMatchObject({ view: 'analyse', clipToken: 't2' })
  })

  it('says nothing of others while blind, not even that there is nothing', async () => {
    coding = [{ token: 't2', observers: [of('ann', 3, false)], isBlind: true }]
    show(ProgressSection)
    await flushPromises()
    const cells = wrapper!.findAll('tbody tr:first-child td').map((cell) => cell.text())
    expect(cells[0]).toContain('3 segments')
    expect(cells[1]).toBe('Hidden while blind')
  })
})
