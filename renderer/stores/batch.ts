import { defineStore } from 'pinia'
import { computed, onScopeDispose, shallowRef } from 'vue'
import type {
  BatchChoices,
  BatchOffer,
  BatchProgress,
  BatchQueue,
  BatchStart,
} from '../../preload/contract/batch'
import { bridge, unwrap } from '../bridge/bridge'
import { useToastStore } from './toasts'

const NO_QUEUE: BatchQueue = {
  phase: 'idle',
  waiting: [],
  done: [],
  failed: [],
  backend: null,
  restoredCount: 0,
  trouble: null,
}

const NO_PROGRESS: BatchProgress = {
  running: [],
  fraction: 0,
  framesPerSec: null,
  elapsedSecs: 0,
  remainingSecs: null,
}

const WORKING = new Set(['starting', 'running', 'pausing', 'stopping'])

/** The batch of the open project: its queue, how far it is, and what is chosen for the next one. */
export const useBatchStore = defineStore('batch', () => {
  const queue = shallowRef<BatchQueue>(NO_QUEUE)
  const progress = shallowRef<BatchProgress>(NO_PROGRESS)
  const offer = shallowRef<BatchOffer | null>(null)
  const choices = shallowRef<BatchChoices | null>(null)
  /** What stands between a start and the results that are there. */
  const difference = shallowRef<Extract<BatchStart, { kind: 'differs' }> | null>(null)
  const isAsking = shallowRef(false)
  const toasts = useToastStore()

  const isWorking = computed(() => WORKING.has(queue.value.phase))
  const running = computed(() => new Map(progress.value.running.map((clip) => [clip.token, clip])))
  const total = computed(() => {
    const { waiting, done, failed } = queue.value
    return waiting.length + done.length + failed.length + progress.value.running.length
  })

  const stops = [
    bridge().on('batchQueueChanged', (next) => (queue.value = next)),
    bridge().on('batchProgressChanged', (next) => (progress.value = next)),
    bridge().on('projectChanged', ({ project }) => {
      difference.value = null
      queue.value = NO_QUEUE
      progress.value = NO_PROGRESS
      offer.value = null
      choices.value = null
      if (project) void load()
    }),
    // What is chosen by default follows the settings until the project has choices of its own.
    bridge().on('settingsChanged', () => void loadOffer()),
  ]
  onScopeDispose(() => stops.forEach((stop) => stop()))

  /** Asks how things stand; without an open project nothing does. */
  async function load(): Promise<void> {
    const reply = await bridge().batchQueue(null)
    if (!reply.ok) return
    queue.value = reply.value.queue
    progress.value = reply.value.progress
    await loadOffer()
  }

  async function loadOffer(): Promise<void> {
    const reply = await bridge().batchOffer(null)
    if (!reply.ok) return
    offer.value = reply.value
    choices.value = reply.value.choices
  }

  function choose(change: Partial<BatchChoices>): void {
    if (choices.value) choices.value = { ...choices.value, ...change }
  }

  /** @param tokens null: every clip that is not labelled. @returns how many were queued */
  async function add(tokens: readonly string[] | null): Promise<number> {
    return attempt(async () => {
      const { queued } = unwrap(await bridge().queueClips({ tokens: tokens && [...tokens] }))
      await catchUp()
      return queued
    }, 0)
  }

  async function start(onDifference: 'ask' | 'relabel' | 'keep' = 'ask'): Promise<void> {
    const wanted = choices.value
    if (!wanted) return
    difference.value = null
    await attempt(async () => {
      const answer = unwrap(await bridge().startBatch({ choices: plain(wanted), onDifference }))
      if (answer.kind === 'differs') difference.value = answer
      else await loadOffer()
    }, undefined)
  }

  function forgetDifference(): void {
    difference.value = null
  }

  const pause = () => attempt(async () => void unwrap(await bridge().pauseBatch(null)), undefined)
  const resume = () => attempt(async () => void unwrap(await bridge().resumeBatch(null)), undefined)
  const stop = () => attempt(async () => void unwrap(await bridge().stopBatch(null)), undefined)
  const cancel = (tokens: readonly string[]) =>
    attempt(async () => void unwrap(await bridge().cancelClips({ tokens: [...tokens] })), undefined)
  const retry = (tokens: readonly string[] | null) =>
    attempt(async () => {
      const { queued } = unwrap(await bridge().retryClips({ tokens: tokens && [...tokens] }))
      await catchUp()
      return queued
    }, 0)

  /** @param index among the waiting clips that are not moved */
  const move = (tokens: readonly string[], index: number) =>
    attempt(async () => void unwrap(await bridge().moveClips({ tokens: [...tokens], index })), undefined)

  async function catchUp(): Promise<void> {
    queue.value = unwrap(await bridge().batchQueue(null)).queue
  }

  async function attempt<T>(task: () => Promise<T>, otherwise: T): Promise<T> {
    isAsking.value = true
    try {
      return await task()
    } catch (error) {
      toasts.report(error)
      return otherwise
    } finally {
      isAsking.value = false
    }
  }

  return {
    queue,
    progress,
    offer,
    choices,
    difference,
    isAsking,
    isWorking,
    running,
    total,
    load,
    choose,
    add,
    start,
    forgetDifference,
    pause,
    resume,
    stop,
    cancel,
    retry,
    move,
  }
})

/** Without what only looks like data: nothing reactive passes the bridge. */
function plain(choices: BatchChoices): BatchChoices {
  return { ...choices, modalities: [...choices.modalities], exports: { ...choices.exports } }
}
