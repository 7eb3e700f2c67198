// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AnnotationEdit, OpenStudy, Study } from '../../../../preload/contract/annotation'
import type { OpenedClip } from '../../../../preload/contract/viewer-port'
import { setBridge } from '../../../../renderer/bridge/bridge'
import { useAnalysisStore } from '../../../../renderer/stores/analysis'
import { useAnnotationStore } from '../../../../renderer/stores/annotation'
import { useStudyStore } from '../../../../renderer/stores/study'
import { useTransportStore } from '../../../../renderer/stores/transport'
import { setViewerLink } from '../../../../renderer/stores/viewer-link'
import FaceTracksDialog from '../../../../renderer/views/study/faces/FaceTracksDialog.vue'
import { useSubjectOfFace } from '../../../../renderer/views/study/faces/use-subject-of-face'
import { scriptedBridge } from '../../../support/scripted-bridge'
import { sampleStudy } from '../../../support/study'

const face = (faceId: number, firstSecs: number, lastSecs: number) => ({
  faceId,
  subjectId: '',
  firstSecs,
  lastSecs,
  seenSecs: lastSecs - firstSecs,
})
const opened = {
  clip: { fileName: 'two people.mp4', video: null, modalities: [] },
  rows: { count: 0, faceId: new Int32Array(0) },
  segments: [],
  faces: [face(2, 4, 9), face(1, 0, 6)],
} as unknown as OpenedClip

let open: OpenStudy
let edits: AnnotationEdit[]
let dialog: VueWrapper

beforeEach(async () => {
  setActivePinia(createPinia())
  open = { study: sampleStudy(), observerId: 'ann', readOnlyReason: null, notices: [] }
  edits = []
  const { bridge } = scriptedBridge({
    openStudy: () => open,
    changeStudy: ({ study }: { study: Study }) => {
      open = { ...open, study }
      return null
    },
    openAnnotations: () => ({ items: [], isBlind: false, notices: [] }),
    editAnnotations: ({ edit }: { edit: AnnotationEdit }) => {
      edits.push(edit)
      return null
    },
  })
  setBridge(bridge)
  setViewerLink({
    request: () => Promise.reject(new Error('there are no pictures here')),
    on: () => () => undefined,
    onRestart: () => () => undefined,
  })
  await useStudyStore().load()
  const analysis = useAnalysisStore()
  analysis.token = 't'
  analysis.opened = opened
  useTransportStore().setSteps(
    {
      timesSecs: Float64Array.from({ length: 100 }, (_, index) => index / 10),
      durationSecs: 10,
      areFrames: true,
    },
    { isSameClip: false },
  )
  dialog = mount(FaceTracksDialog, { attachTo: document.body })
  await flushPromises()
})
afterEach(() => {
  dialog.unmount()
  setViewerLink(null)
})

const nameOf = (faceId: number, atSecs: number) => useSubjectOfFace().nameOf(faceId, atSecs)
const selectOf = (label: string) => dialog.find(`select[aria-label="${label}"]`)
const button = (text: string) => {
  const found = dialog.findAll('button').find((one) => one.text() === text)
  if (!found) throw new Error(`there is no button ${text}`)
  return found
}

describe('FaceTracksDialog', () => {
  it('lists the faces as they come, and names them', async () => {
    expect(dialog.findAll('[data-face]').map((row) => row.attributes('data-face'))).toEqual(['1', '2'])
    expect(dialog.find('[data-face="2"]').text()).toContain('from 0:04.000 to 0:09.000')
    await selectOf('Who face 1 is').setValue('s1')
    expect(nameOf(1, 3)).toBe('Child 1')
    expect(nameOf(2, 5)).toBe('')
    await flushPromises()
    expect(edits.map(({ title }) => title)).toEqual(['face 1: Child 1'])
    await button('Undo: face 1: Child 1').trigger('click')
    expect(nameOf(1, 3)).toBe('')
  })

  it('makes two tracks one person, by a new name, in one step that can be undone', async () => {
    for (const box of dialog.findAll('input[type="checkbox"]')) await box.setValue(true)
    const merging = selectOf('These are one person…')
    const asked = merging.findAll('option').at(-1)!
    expect(asked.text()).toBe('New subject…')
    await asked.setValue()
    await dialog.find('form input').setValue('Mother')
    await dialog.find('form').trigger('submit')
    await flushPromises()
    expect([nameOf(1, 1), nameOf(2, 5)]).toEqual(['Mother', 'Mother'])
    useAnnotationStore().undo()
    expect([nameOf(1, 1), nameOf(2, 5)]).toEqual(['', ''])
  })

  it('shows who a face is again where a new name was asked for and not given', async () => {
    await selectOf('Who face 1 is').setValue('s1')
    await selectOf('Who face 1 is').findAll('option').at(-1)!.setValue()
    const cancel = dialog.findAll('dialog dialog button').find((one) => one.text() === 'Cancel')
    await cancel!.trigger('click')
    expect((selectOf('Who face 1 is').element as HTMLSelectElement).value).toBe('s1')
    expect(nameOf(1, 3)).toBe('Child 1')
  })

  it('splits at the playhead inside a face, and joins again', async () => {
    useTransportStore().goToStep(50)
    await flushPromises()
    const splits = dialog.findAll('button').filter((one) => one.text() === 'Split at 0:05.000')
    expect(splits.map((one) => one.attributes('disabled'))).toEqual([undefined, undefined])
    await splits[0]!.trigger('click')
    await selectOf('Who face 1 is from 0:05.000 to 0:06.000').setValue('s1')
    expect([nameOf(1, 4.9), nameOf(1, 5)]).toEqual(['', 'Child 1'])
    await button('Join with the part before').trigger('click')
    expect([nameOf(1, 4.9), nameOf(1, 5)]).toEqual(['Child 1', 'Child 1'])
    useTransportStore().goToStep(80)
    await flushPromises()
    const later = dialog.findAll('button').filter((one) => one.text() === 'Split at 0:08.000')
    expect(later.map((one) => one.attributes('disabled'))).toEqual(['', undefined])
  })
})
