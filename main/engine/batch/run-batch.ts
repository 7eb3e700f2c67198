import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Fault, toFault, UnmaskError } from '../errors'
import { assignClipIds } from './clip-ids'
import type { ClipJob, ClipOutcome, ClipProgress, LabelOptions } from './clip-job'
import type { ClipQueue } from './clip-queue'
import type { ClipWorker } from './clip-worker'
import { Journal, type JournalEntry, readJournal, removeJournal, type SourceIdentity } from './journal'
import { existingResults, openOutputFolder } from './output-folder'
import { planResume } from './resume'

export interface FailedClip {
  readonly clipId: string
  readonly path: string
  readonly stage: string
  readonly fault: Fault
}

/** What happens in a batch, as it happens. */
export type BatchEvent =
  | {
      readonly type: 'start'
      readonly clips: number
      readonly skipped: number
      readonly jobs: number
      readonly totalBytes: number
    }
  | {
      readonly type: 'clip-start'
      readonly clipId: string
      readonly path: string
      readonly sizeBytes: number
      readonly lane: number
    }
  | { readonly type: 'clip-progress'; readonly clipId: string; readonly progress: ClipProgress }
  | {
      readonly type: 'clip-done'
      readonly clipId: string
      readonly path: string
      readonly outcome: ClipOutcome
    }
  | { readonly type: 'clip-failed'; readonly failed: FailedClip }
  /** It was begun and taken out of the queue, or put back into it; only where there is a queue that changes. */
  | { readonly type: 'clip-stopped'; readonly clipId: string; readonly path: string }
  | {
      readonly type: 'end'
      readonly done: number
      readonly failed: number
      readonly skipped: number
      readonly isInterrupted: boolean
    }

/** What the results of one folder must have in common. */
export interface BatchIdentity {
  readonly appVersion: string
  readonly backend: string
  /** Model id -> sha256 of its weights. */
  readonly models: Readonly<Record<string, string>>
}

export interface BatchRequest {
  /** Absolute, distinct, in the order to be done. */
  readonly files: readonly string[]
  /** Inputs that were named but cannot be read: failed before they began. */
  readonly problems: readonly { readonly path: string; readonly fault: Fault }[]
  /**
   * Clips beside `files`, from a queue that may change while the batch runs. They are labelled whether or not the journal
   * says that they are done, under the ids they bring.
   */
  readonly queue?: ClipQueue
  readonly outFolder: string
  readonly options: LabelOptions
  /** 'refuse' leaves a folder with results alone, 'resume' goes on with it, 'force' writes everything anew. */
  readonly onExisting: 'refuse' | 'resume' | 'force'
  readonly jobs: number
  readonly identity: BatchIdentity
  readonly createWorker: () => ClipWorker
  readonly signal?: AbortSignal
  readonly onEvent: (event: BatchEvent) => void
}

export interface BatchResult {
  /** Clip ids with complete results, those of earlier runs included, sorted. */
  readonly done: readonly { readonly clipId: string; readonly path: string }[]
  readonly failed: readonly FailedClip[]
  readonly isInterrupted: boolean
}

interface Task {
  readonly clipId: string
  readonly source: SourceIdentity
}

/**
 * Labels many clips in parallel workers. A bad clip, a crashed or a hung worker costs that clip alone; every file ends
 * as done or failed, unless the batch is interrupted.
 * @param finish writes the folder's own files while it is still locked
 * @throws UnmaskError when the folder cannot be used, has other results, or its disk is full
 */
export async function runBatch(
  request: BatchRequest,
  finish: (result: BatchResult) => Promise<void>,
): Promise<BatchResult> {
  const folder = await openOutputFolder(request.outFolder)
  try {
    const result = await new Batch(request).run()
    await finish(result)
    return result
  } finally {
    await folder.release()
  }
}

async function refuseExisting({ outFolder, options, onExisting }: BatchRequest, clipIds: Iterable<string>) {
  const existing = await existingResults(outFolder, clipIds, options.exports)
  if (existing.length === 0) return
  const found = `${existing[0]}${existing.length > 1 ? ` and ${existing.length - 1} more` : ''}`
  throw new UnmaskError(
    'output.exists',
    onExisting === 'resume'
      ? `there is no journal to resume from, but results (${found}) that would be overwritten; ` +
          `--force does so, or choose another --out: ${outFolder}`
      : `there are results already (${found}); ` +
          `--resume goes on with them, --force writes anew, or choose another --out: ${outFolder}`,
  )
}

class Batch {
  readonly #request: BatchRequest
  readonly #failed: FailedClip[] = []
  readonly #done: { clipId: string; path: string }[] = []
  /** Stops the other workers when the folder itself is lost. */
  readonly #abort = new AbortController()
  #fatal: UnmaskError | null = null

  constructor(request: BatchRequest) {
    this.#request = request
    if (request.signal?.aborted) this.#abort.abort()
    request.signal?.addEventListener('abort', () => this.#abort.abort(), { once: true })
  }

  async run(): Promise<BatchResult> {
    const request = this.#request
    const journalled = request.onExisting === 'resume' ? await readJournal(request.outFolder) : null
    const earlier = journalled ?? []
    const ids = assignClipIds(
      [...request.files, ...request.problems.map(({ path }) => path)],
      clipIdsOf(earlier),
    )
    if (request.onExisting === 'force') await removeJournal(request.outFolder)
    else if (journalled === null) await refuseExisting(request, ids.values())
    const journal = await Journal.open(request.outFolder)
    try {
      const tasks = await this.#plan(earlier, ids, journal)
      const skipped = this.#done.length
      const totalBytes = tasks.reduce((sum, { source }) => sum + Math.max(0, source.sizeBytes), 0)
      const clips = tasks.length + (request.queue?.waiting.length ?? 0)
      // A queue may yet grow.
      const jobs = request.queue ? request.jobs : Math.min(request.jobs, tasks.length)
      request.onEvent({ type: 'start', clips, skipped, jobs, totalBytes })
      await this.#settleProblems(ids, journal)
      await this.#work(tasks, jobs, journal)
      if (this.#fatal) throw this.#fatal
      this.#done.sort(byClipId)
      this.#failed.sort(byClipId)
      const isInterrupted = this.#abort.signal.aborted
      const counts = {
        done: this.#done.length - skipped,
        failed: this.#failed.length,
        skipped,
        isInterrupted,
      }
      request.onEvent({ type: 'end', ...counts })
      return { done: this.#done, failed: this.#failed, isInterrupted }
    } finally {
      await journal.close()
    }
  }

  async #settleProblems(ids: ReadonlyMap<string, string>, journal: Journal): Promise<void> {
    for (const { path, fault } of this.#request.problems) {
      const source = { path, sizeBytes: -1, modifiedMs: -1 }
      await this.#settleFailed(journal, { clipId: ids.get(path) ?? basename(path), source }, 'input', fault)
    }
  }

  /** Settles what was done before and returns the rest. */
  async #plan(
    earlier: readonly JournalEntry[],
    ids: ReadonlyMap<string, string>,
    journal: Journal,
  ): Promise<Task[]> {
    const { options, identity, outFolder, files } = this.#request
    const resumable = await planResume(earlier, { options, identity, outFolder })
    await journal.append({ type: 'batch', ...identity, models: { ...identity.models }, options })
    const tasks: Task[] = []
    for (const path of files) {
      const clipId = ids.get(path) ?? basename(path)
      const source = await identify(path)
      if (await resumable(clipId, source)) this.#done.push({ clipId, path })
      else tasks.push({ clipId, source })
    }
    return tasks
  }

  async #work(tasks: readonly Task[], jobs: number, journal: Journal): Promise<void> {
    const waiting = [...tasks]
    const lanes = Array.from({ length: jobs }, async (_, lane) => {
      const held: { worker?: ClipWorker } = {}
      const workerFor = async (): Promise<ClipWorker> => {
        if (held.worker?.isUsable) return held.worker
        await held.worker?.close()
        return (held.worker = this.#request.createWorker())
      }
      try {
        for (let task = waiting.shift(); task && !this.#abort.signal.aborted; task = waiting.shift())
          await this.#labelOne(task, await workerFor(), lane, journal, this.#abort.signal)
        if (this.#request.queue) await this.#workOff(this.#request.queue, workerFor, lane, journal)
      } catch (error) {
        // The journal cannot be written, or no worker be made: nothing that follows could be kept.
        this.#stop(error)
      } finally {
        await held.worker?.close()
      }
    })
    await Promise.all(lanes)
  }

  /** Takes clips from the queue until all lanes together have done it all. */
  async #workOff(
    queue: ClipQueue,
    workerFor: () => Promise<ClipWorker>,
    lane: number,
    journal: Journal,
  ): Promise<void> {
    const stopped = this.#abort.signal
    for (let taken = await queue.take(stopped); taken; taken = await queue.take(stopped)) {
      const { clip, signal } = taken
      const either = eitherOf(signal, stopped)
      let isSettled = false
      try {
        const task = { clipId: clip.clipId, source: await identify(clip.path) }
        isSettled = await this.#labelOne(task, await workerFor(), lane, journal, either.signal)
      } finally {
        either.release()
        // What was under way when everything stopped is the first to go on with.
        if (!isSettled && !signal.aborted) queue.putBack(clip)
        queue.settle(clip)
        if (!isSettled) this.#request.onEvent({ type: 'clip-stopped', ...clip })
      }
    }
  }

  /** @returns false when it was stopped before it was done or had failed */
  async #labelOne(
    task: Task,
    worker: ClipWorker,
    lane: number,
    journal: Journal,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { clipId, source } = task
    const { onEvent, outFolder, options } = this.#request
    const job: ClipJob = { clipId, path: source.path, outFolder, options }
    try {
      await journal.append({ type: 'start', clipId, source })
      onEvent({ type: 'clip-start', clipId, path: source.path, sizeBytes: source.sizeBytes, lane })
      const outcome = await worker.label(job, {
        signal,
        onProgress: (progress) => onEvent({ type: 'clip-progress', clipId, progress }),
      })
      await journal.append({ type: 'done', clipId, source, files: outcome.files, warnings: outcome.warnings })
      this.#done.push({ clipId, path: source.path })
      onEvent({ type: 'clip-done', clipId, path: source.path, outcome })
      return true
    } catch (error) {
      const fault = toFault(error)
      // A worker that dies while it is being stopped was stopped.
      if (fault.code === 'cancelled' || (signal.aborted && !worker.isUsable)) return false
      const stage = error instanceof UnmaskError ? error.stage : null
      const isFolderLost = fault.code === 'output.disk-full' || fault.code === 'output.unwritable'
      // Every later clip would fail alike: stop now, with what is complete kept for --resume.
      if (isFolderLost && (stage === null || stage === 'write')) {
        this.#stop(error)
        return false
      }
      await this.#settleFailed(journal, task, stage ?? 'start', fault)
      return true
    }
  }

  #stop(error: unknown): void {
    const { code, message } = toFault(error)
    this.#fatal ??= new UnmaskError(code, message, { cause: error })
    this.#abort.abort()
  }

  async #settleFailed(journal: Journal, task: Task, stage: string, fault: Fault): Promise<void> {
    const failed: FailedClip = { clipId: task.clipId, path: task.source.path, stage, fault }
    this.#failed.push(failed)
    this.#request.onEvent({ type: 'clip-failed', failed })
    await journal.append({ type: 'failed', clipId: task.clipId, source: task.source, stage, fault })
  }
}

/** Aborted when one of the two is, until it is released. */
function eitherOf(first: AbortSignal, second: AbortSignal): { signal: AbortSignal; release(): void } {
  const controller = new AbortController()
  const abort = () => controller.abort()
  for (const signal of [first, second]) {
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort)
  }
  return {
    signal: controller.signal,
    release: () => [first, second].forEach((signal) => signal.removeEventListener('abort', abort)),
  }
}

function byClipId(a: { clipId: string }, b: { clipId: string }): number {
  return a.clipId < b.clipId ? -1 : a.clipId > b.clipId ? 1 : 0
}

function clipIdsOf(entries: readonly JournalEntry[]): Map<string, string> {
  const ids = new Map<string, string>()
  for (const entry of entries) if (entry.type !== 'batch') ids.set(entry.source.path, entry.clipId)
  return ids
}

async function identify(path: string): Promise<SourceIdentity> {
  try {
    const { size, mtimeMs } = await stat(path)
    return { path, sizeBytes: size, modifiedMs: Math.round(mtimeMs) }
  } catch {
    // It vanished since it was listed; the worker will say so on its row.
    return { path, sizeBytes: -1, modifiedMs: -1 }
  }
}
