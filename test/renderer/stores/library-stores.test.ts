// @vitest-environment happy-dom
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BatchChoices, BatchQueue, BatchStart } from '../../../preload/contract/batch'
import type { OpenProject, ProjectClip } from '../../../preload/contract/project'
import { setBridge } from '../../../renderer/bridge/bridge'
import { useBatchStore } from '../../../renderer/stores/batch'
import { useProjectStore } from '../../../renderer/stores/project'
import { useToastStore } from '../../../renderer/stores/toasts'
import { type ScriptedBridge, scriptedBridge } from '../../support/scripted-bridge'
import { projectClip } from '../../support/project-clips'

const study: OpenProject = { name: 'Study', place: '/study', notices: [{ kind: 'info', text: 'moved' }] }
const choices: BatchChoices = {
  modalities: ['face', 'speech'],
  framesPerSec: 'all',
  windowSecs: 2.5,
  hopSecs: 0.25,
  fusionMethod: 'product',
  exports: { long: false, eaf: false, textgrid: false, boris: false, landmarks: false, bom: false },
  jobs: null,
  backend: 'auto',
  detector: 'tiny',
  faceModel: null,
  speechModel: null,
  stallSecs: 60,
}
const queue: BatchQueue = {
  phase: 'waiting',
  waiting: ['a', 'b'],
  done: [],
  failed: [],
  backend: null,
  restoredCount: 2,
  trouble: null,
}
const progress = { running: [], fraction: 0, framesPerSec: null, elapsedSecs: 0, remainingSecs: null }
const differs: BatchStart = { kind: 'differs', differences: [], doneCount: 3, keepRefusal: null }

let main: ScriptedBridge
let clips: ProjectClip[]
let open: OpenProject | null
let start: () => BatchStart

function fault(code: string, message: string): never {
  throw Object.assign(new Error(message), { code })
}

beforeEach(() => {
  setActivePinia(createPinia())
  clips = [projectClip('a'), projectClip('b', { status: 'done' })]
  open = null
  start = () => ({ kind: 'started', clips: 2 })
  main = scriptedBridge({
    recentProjects: () => [],
    currentProject: () => open,
    takeHanded: () => null,
    listClips: () => clips,
    chooseProject: () => fault('cancelled', 'Cancelled'),
    createProject: () => fault('output.unwritable', 'cannot be written: /study'),
    addDropped: () => ({ opened: null, added: { added: 2, known: 1, problems: ['no permission: /x'] } }),
    removeClips: () => null,
    batchQueue: () => ({ queue, progress }),
    batchOffer: () => ({
      choices,
      faceModels: [],
      speechModels: [],
      cores: 2,
      defaultJobs: 1,
      hasResults: false,
    }),
    queueClips: () => ({ queued: 2 }),
    startBatch: () => start(),
  })
  setBridge(main.bridge)
})
afterEach(() => setBridge(null))

const toasts = () => useToastStore().toasts.map(({ kind, text }) => [kind, text])
const settled = () => new Promise((resolve) => setTimeout(resolve, 0))

describe('useProjectStore', () => {
  it('asks what is open, and takes the clips of the one that is', async () => {
    open = study
    const store = useProjectStore()
    await store.load()
    expect(store.project?.name).toBe('Study')
    expect(store.counts).toMatchObject({ all: 2, done: 1, open: 1 })
    expect(store.notices).toHaveLength(1)
    store.dismissNotice(store.notices[0]!)
    expect(store.notices).toEqual([])
  })

  it('follows clips that change, come and go, and forgets them with the project', async () => {
    const store = useProjectStore()
    main.tell('projectChanged', { project: study })
    await settled()
    main.tell('clipsChanged', {
      clips: [projectClip('a', { status: 'failed' }), projectClip('c')],
      gone: ['b'],
    })
    expect(store.clips.map(({ token, status }) => [token, status])).toEqual([
      ['a', 'failed'],
      ['c', 'new'],
    ])
    main.tell('projectChanged', { project: null })
    await settled()
    expect(store.clips).toEqual([])
    expect(store.project).toBeNull()
  })

  it('says nothing of what the user cancelled, and everything else', async () => {
    const store = useProjectStore()
    await store.choose()
    expect(toasts()).toEqual([])
    await store.create()
    expect(toasts()).toEqual([['error', 'cannot be written: /study']])
    expect(store.isBusy).toBe(false)
  })

  it('is not busy because it looks again: a button would lose the click that brought the focus', async () => {
    const store = useProjectStore()
    const looking = store.refresh()
    expect(store.isBusy).toBe(false)
    await looking
  })

  it('passes on what was dropped as tokens, and tells what came of it', async () => {
    const store = useProjectStore()
    await store.drop([new File([], 'x.mp4')])
    expect(main.asked.at(-1)).toEqual({ verb: 'addDropped', ask: { tokens: ['drop:x.mp4'] } })
    expect(toasts()).toEqual([
      ['error', 'no permission: /x'],
      ['good', '2 clips added'],
    ])
  })

  it('ends its listening with its scope', () => {
    const store = useProjectStore()
    expect(main.listeners('clipsChanged')).toBe(1)
    store.$dispose()
    expect(main.listeners('clipsChanged')).toBe(0)
  })
})

describe('useBatchStore', () => {
  it('takes queue and choices, and counts what stands anywhere', async () => {
    const store = useBatchStore()
    await store.load()
    expect(store.total).toBe(2)
    expect(store.isWorking).toBe(false)
    main.tell('batchQueueChanged', { ...queue, phase: 'running', waiting: ['b'], done: ['x'] })
    main.tell('batchProgressChanged', {
      ...progress,
      running: [{ token: 'a', stage: 'face', fraction: 0.5, framesPerSec: 20 }],
    })
    expect(store.total).toBe(3)
    expect(store.isWorking).toBe(true)
    expect(store.running.get('a')?.fraction).toBe(0.5)
  })

  it('sends what was chosen, as plain data', async () => {
    const store = useBatchStore()
    await store.load()
    store.choose({ jobs: 2, exports: { ...choices.exports, eaf: true } })
    await store.start()
    expect(main.asked.find(({ verb }) => verb === 'startBatch')?.ask).toEqual({
      choices: { ...choices, jobs: 2, exports: { ...choices.exports, eaf: true } },
      onDifference: 'ask',
    })
  })

  it('asks about a difference, and starts as decided', async () => {
    start = () => differs
    const store = useBatchStore()
    await store.load()
    await store.start()
    expect(store.difference).toEqual(differs)
    start = () => ({ kind: 'started', clips: 1 })
    await store.start('keep')
    expect(store.difference).toBeNull()
    expect(main.asked.findLast(({ verb }) => verb === 'startBatch')?.ask).toMatchObject({
      onDifference: 'keep',
    })
  })

  it('forgets everything with the project', async () => {
    start = () => differs
    const store = useBatchStore()
    await store.load()
    await store.start()
    main.tell('projectChanged', { project: null })
    expect(store.difference).toBeNull()
    expect(store.choices).toBeNull()
    expect(store.total).toBe(0)
  })

  it('reports what could not be done', async () => {
    const store = useBatchStore()
    await store.load()
    start = () => fault('model.not-found', 'no model is called x')
    await store.start()
    expect(toasts()).toEqual([['error', 'no model is called x']])
    expect(store.isAsking).toBe(false)
  })
})
