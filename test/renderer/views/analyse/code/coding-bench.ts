import { mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { onTestFinished, vi } from 'vitest'
import { type Component, nextTick } from 'vue'
import type {
  AnnotationChange,
  AnnotationEdit,
  AnnotationItem,
  Study,
} from '../../../../../preload/contract/annotation'
import { setBridge } from '../../../../../renderer/bridge/bridge'
import { useAnnotationStore } from '../../../../../renderer/stores/annotation'
import { useCodingStore } from '../../../../../renderer/stores/coding'
import { useStudyStore } from '../../../../../renderer/stores/study'
import { useTransportStore } from '../../../../../renderer/stores/transport'
import { scriptedBridge } from '../../../../support/scripted-bridge'
import { sampleStudy } from '../../../../support/study'

export interface BenchOptions {
  readonly study?: Study
  readonly observerId?: string | null
  readonly items?: readonly AnnotationItem[]
  readonly isBlind?: boolean
  readonly readOnlyReason?: string | null
}

const FRAME_SECS = 0.04
const FRAMES = 250

/** Components of coding over the real stores, and a main process that keeps what it is given: 250 frames, 25 a second. */
export async function codingBench(options: BenchOptions = {}) {
  let study = options.study ?? sampleStudy()
  let observerId = options.observerId === undefined ? 'ann' : options.observerId
  const kept = new Map((options.items ?? []).map((item) => [item.id, item]))
  const edits: AnnotationEdit[] = []
  const main = { isDiskFull: false }
  const tellStudy = () =>
    scripted.tell('studyChanged', {
      open: { study, observerId, readOnlyReason: options.readOnlyReason ?? null, notices: [] },
    })
  const scripted = scriptedBridge({
    openStudy: () => ({ study, observerId, readOnlyReason: options.readOnlyReason ?? null, notices: [] }),
    changeStudy: (ask: { study: Study }) => {
      study = ask.study
      tellStudy()
      return null
    },
    chooseObserver: (ask: { observerId: string | null }) => {
      observerId = ask.observerId
      tellStudy()
      return null
    },
    openAnnotations: () => ({ items: [...kept.values()], isBlind: options.isBlind ?? false, notices: [] }),
    closeAnnotations: () => null,
    editAnnotations: ({ edit }: { edit: AnnotationEdit }) => {
      if (main.isDiskFull) throw Object.assign(new Error('the disk is full.'), { code: 'output.full' })
      edits.push(edit)
      for (const change of edit.changes)
        if ('put' in change) kept.set(change.put.id, change.put)
        else kept.delete(change.remove)
      return null
    },
  })
  setBridge(scripted.bridge)
  localStorage.clear()
  const pinia = createPinia()
  setActivePinia(pinia)
  const transport = useTransportStore()
  transport.setSteps({
    timesSecs: Float64Array.from({ length: FRAMES }, (_, at) => at * FRAME_SECS),
    durationSecs: FRAMES * FRAME_SECS,
    areFrames: true,
  })
  const player = {
    play: vi.fn(() => Promise.resolve()),
    pause: vi.fn(),
    moveTo: vi.fn(),
    setSpeed: vi.fn(),
    setSound: vi.fn(),
  }
  transport.attach(player)
  const [studies, annotations, coding] = [useStudyStore(), useAnnotationStore(), useCodingStore()]
  await studies.load()
  await annotations.open('clip')
  onTestFinished(() => setBridge(null))

  return {
    scripted,
    studies,
    annotations,
    coding,
    transport,
    player,
    main,
    edits,
    study: () => study,
    /** What stands on the disk. */
    kept: () => [...kept.values()],
    /** Brings in what somebody else, or this observer, made before. */
    bring: (changes: readonly AnnotationChange[]) => annotations.apply({ changes, title: 'brought' }),
    /** The player shows a frame. */
    shows: (frame: number) => transport.shown(frame * FRAME_SECS, frame),
    mount: (component: Component, props: Record<string, unknown> = {}): VueWrapper => {
      const wrapper = mount(component, { props, global: { plugins: [pinia] }, attachTo: document.body })
      onTestFinished(() => wrapper.unmount())
      return wrapper
    },
  }
}

/** Everything that was asked and drawn has settled. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 8; round++) {
    await Promise.resolve()
    await nextTick()
  }
}

/** Types into a field as a person does: input, then change. */
export async function type(
  wrapper: { element: Element; trigger(name: string): Promise<void> },
  text: string,
) {
  ;(wrapper.element as HTMLInputElement).value = text
  await wrapper.trigger('input')
  await wrapper.trigger('change')
  await settled()
}
