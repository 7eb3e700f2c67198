import type {
  BatchChoices,
  BatchPhase,
  BatchProgress,
  BatchQueue,
  BatchStart,
} from '../../../preload/contract/batch'
import type { ClipWorker } from '../../engine/batch/clip-worker'
import { ClipQueue, type QueuedClip } from '../../engine/batch/clip-queue'
import { type BatchEvent, runBatch } from '../../engine/batch/run-batch'
import { writeBatchResults } from '../../engine/batch/write-batch-results'
import { type Fault, toFault, UnmaskError } from '../../engine/errors'
import type { ProjectSession } from '../projects/project-session'
import { BatchMeter, type ClipLoad } from './batch-meter'
import type { BatchPlan, BatchPlanner, Comparison } from './batch-plan'

const TELL_INTERVAL_MS = 200

/** An analysis host that tells what it runs on once its models are loaded. */
export interface BatchWorker extends ClipWorker {
  whenReady(): Promise<{ readonly backend: { readonly description: string } }>
}

export interface BatchServiceOptions {
  readonly session: ProjectSession
  readonly planner: Pick<BatchPlanner, 'share' | 'plan' | 'compare' | 'requireSameBackend'>
  readonly startWorker: (plan: BatchPlan, threads: number) => BatchWorker
  readonly cores: number
  readonly onQueue: (queue: BatchQueue) => void
  readonly onProgress: (progress: BatchProgress) => void
  readonly nowMs?: () => number
}

/** A batch that is under way, from loading the models to writing the folder's tables. */
interface Run {
  readonly abort: AbortController
  readonly ended: Promise<void>
}

/**
 * Labels the clips of the open project: a queue that the user steers, worked off by hosts as the command does it. What it
 * must not forget stands in project file and journal.
 */
export class BatchService {
  readonly #options: BatchServiceOptions
  readonly #queue = new ClipQueue()
  readonly #meter: BatchMeter
  readonly #running = new Map<string, QueuedClip>()
  #done: string[] = []
  #failed: string[] = []
  #run: Run | null = null
  #plan: BatchPlan | null = null
  #phase: BatchPhase = 'idle'
  #backend: string | null = null
  #restoredCount = 0
  #trouble: Fault | null = null
  /** 'force' until the results of before are gone. */
  #onExisting: 'resume' | 'force' = 'resume'
  #jobs = 1
  #timer: NodeJS.Timeout | null = null
  #isQueueNews = false

  constructor(options: BatchServiceOptions) {
    this.#options = options
    this.#meter = new BatchMeter(options.nowMs)
    this.#restore()
  }

  /** What an earlier session left. */
  #restore(): void {
    const { session } = this.#options
    const left = session.project.file.queue.filter(
      (clipId) => session.isThere(clipId) && session.stateOf(clipId).kind !== 'done',
    )
    this.#enqueue(left)
    this.#restoredCount = left.length
    if (left.length > 0) this.#phase = 'waiting'
  }

  get queue(): BatchQueue {
    const { session } = this.#options
    const tokens = (clipIds: readonly string[]) =>
      clipIds.map((clipId) => session.tokenOf(clipId)).filter(Boolean)
    return {
      phase: this.#phase,
      waiting: tokens(this.#queue.waiting.map(({ clipId }) => clipId)),
      done: tokens(this.#done),
      failed: tokens(this.#failed),
      backend: this.#backend,
      restoredCount: this.#restoredCount,
      trouble: this.#trouble,
    }
  }

  get progress(): BatchProgress {
    const { session } = this.#options
    const waiting = this.#queue.waiting.map(({ clipId }) => this.#loadOf(clipId))
    const isWorking = this.#running.size > 0
    return {
      running: [...this.#running.values()].map(({ clipId }) => ({
        token: session.tokenOf(clipId),
        stage: this.#meter.stageOf(clipId),
        fraction: this.#meter.fractionOf(clipId),
        framesPerSec: this.#meter.framesPerSecOf(clipId),
      })),
      fraction: this.#meter.fraction(waiting),
      framesPerSec: isWorking ? this.#meter.framesPerSec : null,
      elapsedSecs: this.#meter.elapsedSecs,
      remainingSecs: isWorking ? this.#meter.remainingSecs(waiting, this.#jobs) : null,
    }
  }

  get isBusy(): boolean {
    return this.#run !== null
  }

  /** @returns how many were put at the end of the queue */
  add(clipIds: readonly string[]): number {
    const before = this.#queue.waiting.length
    this.#enqueue(clipIds.filter((clipId) => this.#options.session.isThere(clipId)))
    const added = this.#queue.waiting.length - before
    if (added > 0 && (this.#phase === 'idle' || this.#phase === 'finished')) {
      this.#done = []
      this.#failed = []
      this.#meter.reset()
      this.#phase = 'waiting'
    }
    this.#changed()
    return added
  }

  /** Clips that are not done: new, changed since, begun and stopped, or failed. */
  addUnfinished(): number {
    return this.add(this.#clipIds().filter((clipId) => this.#options.session.stateOf(clipId).kind !== 'done'))
  }

  /** Clips that failed. @param clipIds null: all of them */
  retry(clipIds: readonly string[] | null): number {
    const { session } = this.#options
    const wanted = (clipIds ?? this.#clipIds()).filter((clipId) => session.stateOf(clipId).kind === 'failed')
    this.#failed = this.#failed.filter((clipId) => !wanted.includes(clipId))
    return this.add(wanted)
  }

  cancel(clipIds: readonly string[]): void {
    const paths = this.#pathsOf(clipIds)
    const left = this.#queue.waiting.filter(({ path }) => paths.has(path))
    this.#queue.remove(paths)
    for (const { clipId } of left) this.#options.session.setLive(clipId, null)
    if (!this.#run && this.#queue.waiting.length === 0) this.#phase = 'idle'
    this.#changed()
  }

  move(clipIds: readonly string[], index: number): void {
    this.#queue.move(this.#pathsOf(clipIds), index)
    this.#changed()
  }

  /** What runs is finished; then the folder is free for others until the batch goes on. */
  pause(): void {
    if (!this.#run || this.#phase !== 'running') return
    this.#phase = 'pausing'
    this.#queue.pause()
    this.#endPause()
    this.#changed()
  }

  async resume(): Promise<void> {
    if (this.#phase === 'pausing') {
      this.#phase = 'running'
      this.#queue.resume()
      return this.#changed()
    }
    if (!this.#plan) throw new UnmaskError('usage.invalid', 'there is no batch to go on with; start it')
    await this.#begin(this.#plan, this.#onExisting)
  }

  /** Stops at once; what runs goes back to the front of the queue. Resolves when the folder is free. */
  async stop(): Promise<void> {
    const run = this.#run
    if (!run) return
    this.#phase = 'stopping'
    this.#changed()
    run.abort.abort()
    await run.ended
  }

  /**
   * Works the queue off.
   * @throws UnmaskError where the choices cannot be had or the folder cannot be used
   */
  async start(choices: BatchChoices, onDifference: 'ask' | 'relabel' | 'keep'): Promise<BatchStart> {
    if (this.#run) throw new UnmaskError('usage.invalid', 'a batch is running; pause or stop it first')
    if (this.#queue.waiting.length === 0)
      throw new UnmaskError('usage.invalid', 'the queue is empty; add clips to it first')
    const { planner, session } = this.#options
    session.project.setChoices({ ...choices })
    const wanted = await planner.plan(choices)
    const compared = await planner.compare(wanted, this.#doneIds().length)
    if (compared.kind === 'same') return this.#begin(wanted, compared.onExisting)
    if (onDifference === 'relabel') {
      this.#enqueue(
        this.#clipIds().filter((clipId) => session.isThere(clipId) && session.viewOf(clipId).hasResults),
      )
      return this.#begin(wanted, 'force')
    }
    if (onDifference === 'keep' && compared.keep.ok) return this.#begin(compared.keep.plan, 'resume')
    return this.#differing(compared)
  }

  /** Stops, and lets go of the project. */
  async close(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer)
    await this.stop()
  }

  #differing(compared: Extract<Comparison, { kind: 'differs' }>): BatchStart {
    return {
      kind: 'differs',
      differences: compared.differences,
      doneCount: this.#doneIds().length,
      keepRefusal: compared.keep.ok ? null : compared.keep.reason,
    }
  }

  /** @returns once the models are loaded and the first clips begin, or what stands in the way was found */
  async #begin(plan: BatchPlan, onExisting: 'resume' | 'force'): Promise<BatchStart> {
    if (this.#run) throw new UnmaskError('usage.invalid', 'a batch is running; pause or stop it first')
    const abort = new AbortController()
    const clips = this.#queue.waiting.length
    this.#plan = plan
    this.#onExisting = onExisting
    this.#trouble = null
    this.#restoredCount = 0
    this.#phase = 'starting'
    this.#queue.resume()
    let onBegun: () => void = () => undefined
    const begun = new Promise<void>((resolve) => (onBegun = resolve))
    const work = this.#work(plan, onExisting, abort.signal, onBegun)
    const ended = work
      .catch((error: unknown) => {
        const fault = toFault(error)
        // A host that is stopped while it loads its models ends as a crashed one does.
        if (!abort.signal.aborted && fault.code !== 'cancelled') this.#trouble = fault
      })
      .finally(() => this.#ended())
    this.#run = { abort, ended }
    this.#changed()
    // What goes wrong later stands in the queue's trouble; what stood in the way of the start is its answer.
    await Promise.race([begun, work]).catch((error: unknown) => {
      throw abort.signal.aborted ? new UnmaskError('cancelled', 'Cancelled', { cause: error }) : error
    })
    return { kind: 'started', clips }
  }

  async #work(
    plan: BatchPlan,
    onExisting: 'resume' | 'force',
    signal: AbortSignal,
    onBegun: () => void,
  ): Promise<void> {
    const { startWorker, session, planner, cores } = this.#options
    const { jobs, threads } = planner.share(cores, this.#queue.waiting.length, plan.choices.jobs)
    this.#jobs = jobs
    const first = startWorker(plan, threads)
    const spare = [first]
    const stopLoading = () => void first.close()
    signal.addEventListener('abort', stopLoading, { once: true })
    try {
      const { backend } = await first.whenReady()
      signal.removeEventListener('abort', stopLoading)
      this.#backend = backend.description
      const identity = { ...plan.identity, backend: backend.description }
      await planner.requireSameBackend(identity, onExisting)
      if (signal.aborted) throw new UnmaskError('cancelled', 'Cancelled')
      const { resultsFolder } = session.project
      const tables = { bom: plan.options.exports.bom, appVersion: plan.identity.appVersion }
      await runBatch(
        {
          files: [],
          problems: [],
          queue: this.#queue,
          outFolder: resultsFolder,
          options: plan.options,
          onExisting,
          jobs,
          identity,
          createWorker: () => spare.pop() ?? startWorker(plan, threads),
          signal,
          onEvent: (event) => {
            if (event.type === 'start') onBegun()
            this.#onEvent(event)
          },
        },
        async () => void (await writeBatchResults(resultsFolder, tables)),
      )
    } finally {
      signal.removeEventListener('abort', stopLoading)
      await first.close()
    }
  }

  #onEvent(event: BatchEvent): void {
    const { session } = this.#options
    switch (event.type) {
      case 'start':
        if (this.#phase === 'starting') this.#phase = 'running'
        this.#onExisting = 'resume'
        this.#meter.resume()
        break
      case 'clip-start':
        this.#running.set(event.clipId, { clipId: event.clipId, path: event.path })
        this.#meter.start(this.#loadOf(event.clipId))
        session.setLive(event.clipId, 'running')
        break
      case 'clip-progress':
        this.#meter.progress(event.clipId, event.progress)
        return this.#tellSoon(false)
      case 'clip-done':
        this.#meter.done(event.clipId, event.outcome.frames)
        this.#done.push(event.clipId)
        this.#running.delete(event.clipId)
        void session.labelled(event.clipId)
        break
      case 'clip-failed': {
        const { clipId, stage, fault } = event.failed
        this.#meter.failed(clipId)
        this.#failed.push(clipId)
        this.#running.delete(clipId)
        session.setState(clipId, { kind: 'failed', stage, fault })
        break
      }
      case 'clip-stopped': {
        this.#meter.stopped(event.clipId)
        this.#running.delete(event.clipId)
        const waits = this.#queue.waiting.some(({ path }) => path === event.path)
        session.setState(event.clipId, { kind: 'interrupted' })
        session.setLive(event.clipId, waits ? 'queued' : null)
        break
      }
      case 'end':
        break
    }
    this.#endPause()
    this.#changed()
  }

  /** A paused batch with nothing left running ends, so that its folder and memory are free. */
  #endPause(): void {
    if (this.#phase === 'pausing' && this.#running.size === 0) this.#run?.abort.abort()
  }

  #ended(): void {
    this.#run = null
    this.#meter.pause()
    for (const clipId of this.#running.keys()) this.#options.session.setLive(clipId, 'queued')
    this.#running.clear()
    this.#phase = this.#queue.waiting.length > 0 ? 'paused' : 'finished'
    this.#changed()
  }

  #enqueue(clipIds: readonly string[]): void {
    const { session } = this.#options
    const clips = clipIds.flatMap((clipId): QueuedClip[] => {
      const clip = session.clip(clipId)
      return clip ? [{ clipId, path: clip.realPath }] : []
    })
    this.#queue.add(clips)
    for (const { clipId } of this.#queue.waiting) session.setLive(clipId, 'queued')
  }

  #loadOf(clipId: string): ClipLoad {
    const facts = this.#options.session.clip(clipId)?.facts
    const readsFaces = this.#plan?.options.settings.modalities.some((name) => name !== 'speech') ?? true
    return {
      clipId,
      durationSecs: facts?.durationSecs ?? null,
      readsFaces: readsFaces && facts?.kind !== 'audio',
    }
  }

  #clipIds(): string[] {
    return this.#options.session.project.clips.map(({ clipId }) => clipId)
  }

  #doneIds(): string[] {
    return this.#clipIds().filter((clipId) => this.#options.session.stateOf(clipId).kind === 'done')
  }

  #pathsOf(clipIds: readonly string[]): Set<string> {
    return new Set(clipIds.flatMap((clipId) => this.#options.session.clip(clipId)?.realPath ?? []))
  }

  /** What waits and runs stands in the project file: it must outlive this process. */
  #changed(): void {
    const { project } = this.#options.session
    const left = [...this.#running.keys(), ...this.#queue.waiting.map(({ clipId }) => clipId)]
    const known = project.file.queue
    if (left.length !== known.length || left.some((clipId, place) => clipId !== known[place]))
      project.setQueue(left)
    this.#tellSoon(true)
  }

  #tellSoon(isQueueNews: boolean): void {
    this.#isQueueNews ||= isQueueNews
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      if (this.#isQueueNews) this.#options.onQueue(this.queue)
      this.#isQueueNews = false
      this.#options.onProgress(this.progress)
    }, TELL_INTERVAL_MS)
  }
}
