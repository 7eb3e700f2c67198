import { defineStore } from 'pinia'
import { computed, onScopeDispose, shallowRef } from 'vue'
import type {
  AddedClips,
  HandedClips,
  OpenProject,
  ProjectClip,
  ProjectNotice,
  RecentProject,
} from '../../preload/contract/project'
import { bridge, unwrap } from '../bridge/bridge'
import { t } from '../strings'
import { useToastStore } from './toasts'

/** The open project and its clips, as the main process tells them. */
export const useProjectStore = defineStore('project', () => {
  const project = shallowRef<OpenProject | null>(null)
  const notices = shallowRef<readonly ProjectNotice[]>([])
  const recent = shallowRef<readonly RecentProject[]>([])
  const byToken = shallowRef<ReadonlyMap<string, ProjectClip>>(new Map())
  const handed = shallowRef<HandedClips | null>(null)
  /** A project is being opened or made. */
  const isBusy = shallowRef(false)
  const isLoaded = shallowRef(false)

  const clips = computed(() => [...byToken.value.values()])
  const counts = computed(() => countClips(clips.value))
  const toasts = useToastStore()

  const stops = [
    bridge().on('projectChanged', (event) => void take(event.project)),
    bridge().on('clipsChanged', ({ clips: changed, gone }) => {
      const next = new Map(byToken.value)
      for (const token of gone) next.delete(token)
      for (const clip of changed) next.set(clip.token, clip)
      byToken.value = next
    }),
    bridge().on('clipsHanded', () => void takeHanded()),
    bridge().on('projectTrouble', ({ message }) => toasts.show('error', message)),
  ]
  onScopeDispose(() => stops.forEach((stop) => stop()))

  /** Asks what is open; safe to call again. */
  async function load(): Promise<void> {
    await attempt(async () => {
      recent.value = unwrap(await bridge().recentProjects(null))
      const open = unwrap(await bridge().currentProject(null))
      if (open) await take(open)
    })
    isLoaded.value = true
    await takeHanded()
  }

  async function take(open: OpenProject | null): Promise<void> {
    if (!open) byToken.value = new Map()
    const list = open ? await bridge().listClips(null) : null
    if (list?.ok) byToken.value = new Map(list.value.map((clip) => [clip.token, clip]))
    project.value = open
    notices.value = open?.notices ?? []
    const known = await bridge().recentProjects(null)
    if (known.ok) recent.value = known.value
  }

  const choose = () => opening(async () => unwrap(await bridge().chooseProject(null)))
  const create = () => opening(async () => unwrap(await bridge().createProject(null)))
  const openRecent = (token: string) => opening(async () => unwrap(await bridge().openRecent({ token })))
  const close = () => opening(async () => unwrap(await bridge().closeProject(null)))

  async function forget(token: string): Promise<void> {
    await attempt(async () => {
      unwrap(await bridge().forgetRecent({ token }))
      recent.value = unwrap(await bridge().recentProjects(null))
    })
  }

  const addClips = () => attempt(async () => tellAdded(unwrap(await bridge().addClips(null))))
  const addFolder = (isRecursive = true) =>
    attempt(async () => tellAdded(unwrap(await bridge().addFolder({ isRecursive }))))

  /** Files of a drop; a project among them is opened. */
  async function drop(files: readonly File[]): Promise<void> {
    await attempt(async () => addTokens(unwrap(await bridge().takeDropped(files))))
  }

  async function addHanded(): Promise<void> {
    const waiting = handed.value
    handed.value = null
    if (waiting) await attempt(() => addTokens(waiting.tokens))
  }

  function refuseHanded(): void {
    handed.value = null
  }

  async function remove(tokens: readonly string[]): Promise<void> {
    await attempt(async () => void unwrap(await bridge().removeClips({ tokens: [...tokens] })))
  }

  const relink = (token: string) => attempt(async () => void unwrap(await bridge().relinkClip({ token })))
  const reveal = (token: string) => attempt(async () => void unwrap(await bridge().revealClip({ token })))
  const revealResults = () => attempt(async () => void unwrap(await bridge().revealResults(null)))
  const refresh = () => attempt(async () => void unwrap(await bridge().refreshProject(null)))

  function dismissNotice(notice: ProjectNotice): void {
    notices.value = notices.value.filter((other) => other !== notice)
  }

  async function addTokens(tokens: readonly string[]): Promise<void> {
    if (tokens.length === 0) return
    tellAdded(unwrap(await bridge().addDropped({ tokens: [...tokens] })).added)
  }

  async function takeHanded(): Promise<void> {
    const reply = await bridge().takeHanded(null)
    if (reply.ok && reply.value) handed.value = reply.value
  }

  function tellAdded(added: AddedClips | null): void {
    if (!added) return
    const [first] = added.problems
    if (first !== undefined) {
      const count = added.problems.length
      toasts.show('error', t('library.problems', { count, first, more: count - 1 }))
    }
    if (added.added > 0) toasts.show('good', t('library.added', { count: added.added }))
    else if (first === undefined) toasts.show('info', t('library.addedNone'))
  }

  async function attempt(task: () => Promise<void>): Promise<void> {
    try {
      await task()
    } catch (error) {
      toasts.report(error)
    }
  }

  /** What changes the project; a second click meanwhile would do it twice. */
  async function opening(task: () => Promise<unknown>): Promise<void> {
    isBusy.value = true
    await attempt(async () => void (await task()))
    isBusy.value = false
  }

  return {
    project,
    notices,
    recent,
    clips,
    byToken,
    counts,
    handed,
    isBusy,
    isLoaded,
    load,
    choose,
    create,
    openRecent,
    close,
    forget,
    addClips,
    addFolder,
    drop,
    addHanded,
    refuseHanded,
    remove,
    relink,
    reveal,
    revealResults,
    refresh,
    dismissNotice,
  }
})

export interface ClipCounts {
  readonly all: number
  readonly done: number
  /** Not labelled and not in the queue; could be labelled now. */
  readonly open: number
  readonly failed: number
  readonly missing: number
  readonly durationSecs: number
}

export function countClips(clips: readonly ProjectClip[]): ClipCounts {
  const counts = { all: clips.length, done: 0, open: 0, failed: 0, missing: 0, durationSecs: 0 }
  for (const { status, durationSecs } of clips) {
    counts.durationSecs += durationSecs ?? 0
    if (status === 'done') counts.done++
    if (status === 'new' || status === 'failed') counts.open++
    if (status === 'failed') counts.failed++
    if (status === 'missing') counts.missing++
  }
  return counts
}
