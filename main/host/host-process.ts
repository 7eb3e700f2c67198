import { analyseAndWriteClip, type ClipRunner } from '../engine/batch/analyse-and-write-clip'
import { openClipModels } from '../engine/clip-models'
import type { ClipProgress } from '../engine/batch/clip-job'
import { toFault, UnmaskError } from '../engine/errors'
import { openBackend } from '../engine/inference/backend'
import { type FromHost, type HostConfig, type ToHost, toHostSchema } from './protocol'
import { openHostTransport } from './transport'

/** Progress faster than this only costs messages. */
const PROGRESS_INTERVAL_MS = 100
/** How long a host that lost its parent may take to remove its temporary files. */
const ORPHAN_GRACE_MS = 3000

/** The analysis host: owns backend, models and decoders, and labels one clip after the other. */
class AnalysisHost {
  readonly #send: (message: FromHost) => void
  readonly #running = new Map<number, AbortController>()
  #opened: ClipRunner | null = null
  #isEnding = false

  constructor(send: (message: FromHost) => void) {
    this.#send = send
  }

  async receive(message: ToHost): Promise<void> {
    switch (message.type) {
      case 'configure':
        return this.#configure(message.config)
      case 'label':
        return this.#label(message.jobId, message.job)
      case 'cancel':
        return this.#running.get(message.jobId)?.abort()
      case 'shutdown':
        return this.shutdown(0)
    }
  }

  /** Ends the process once what runs has been stopped and cleaned up, or the grace is over. */
  shutdown(graceMs: number): void {
    this.#isEnding = true
    for (const controller of this.#running.values()) controller.abort()
    setTimeout(() => process.exit(0), this.#running.size === 0 ? 0 : graceMs)
  }

  async #configure(config: HostConfig): Promise<void> {
    const startedMs = performance.now()
    try {
      const backend = await openBackend(config.backend)
      const models = await openClipModels(config)
      this.#opened = { backend, models, appVersion: config.appVersion }
      this.#send({
        type: 'ready',
        backend: { ...backend, refused: [...backend.refused] },
        loadSecs: (performance.now() - startedMs) / 1000,
      })
    } catch (error) {
      this.#send({ type: 'refused', fault: toFault(error) })
    }
  }

  async #label(jobId: number, job: Extract<ToHost, { type: 'label' }>['job']): Promise<void> {
    const controller = new AbortController()
    this.#running.set(jobId, controller)
    let last: ClipProgress = { stage: 'probe', fraction: null, frames: 0 }
    let lastSentMs = Number.NEGATIVE_INFINITY
    const onProgress = (progress: ClipProgress) => {
      const isNewStage = progress.stage !== last.stage
      const nowMs = performance.now()
      last = progress
      if (!isNewStage && nowMs - lastSentMs < PROGRESS_INTERVAL_MS) return
      lastSentMs = nowMs
      this.#send({ type: 'progress', jobId, progress })
    }
    try {
      if (!this.#opened)
        throw new UnmaskError('internal', 'the analysis host was given a clip before its models')
      const outcome = await analyseAndWriteClip(job, this.#opened, { signal: controller.signal, onProgress })
      this.#send({ type: 'done', jobId, outcome })
    } catch (error) {
      const fault = controller.signal.aborted
        ? { code: 'cancelled' as const, message: 'Cancelled' }
        : toFault(error)
      this.#send({ type: 'failed', jobId, stage: last.stage, fault })
    } finally {
      this.#running.delete(jobId)
      if (this.#isEnding && this.#running.size === 0) process.exit(0)
    }
  }
}

function startHost(): void {
  const transport = openHostTransport()
  const host = new AnalysisHost((message) => transport.send(message))
  transport.onMessage((raw) => {
    const parsed = toHostSchema.safeParse(raw)
    if (parsed.success) void host.receive(parsed.data)
    else process.stderr.write(`analysis host: not a message: ${parsed.error.message}\n`)
  })
  transport.onDisconnect(() => host.shutdown(ORPHAN_GRACE_MS))
  // Ctrl-C, a closed terminal and a polite kill reach the whole group; the parent decides and sends 'cancel'.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => undefined)
}

startHost()
