import type { ClipJob, ClipOutcome, ClipProgress } from '../engine/batch/clip-job'
import type { ClipWorker } from '../engine/batch/clip-worker'
import { UnmaskError } from '../engine/errors'
import type { BackendReport } from '../engine/inference/backend-choice'
import { type HostChild, type StartChild, startForked } from './host-child'
import { type FromHost, fromHostSchema, type HostConfig, type ToHost } from './protocol'
import { Watchdog } from './watchdog'

export interface HostClientOptions {
  /** The built host-process file. */
  readonly script: string
  readonly config: HostConfig
  /** A clip that makes no progress for so long is given up and its host killed. */
  readonly stallSecs: number
  /** Threads for TensorFlow in this host; undefined leaves it all cores. */
  readonly threads?: number
  /** How the process is started: by Node's fork unless the app says otherwise. */
  readonly start?: StartChild
}

export interface HostReady {
  readonly backend: BackendReport
  readonly loadSecs: number
}

/** Node's report of exhausted memory is some forty lines long. */
const STDERR_LINES_KEPT = 80
const SHUTDOWN_GRACE_MS = 4000
/** A killed process that waits for a dead network drive does not end: it is left behind. */
const KILL_GRACE_MS = 4000

interface PendingJob {
  readonly jobId: number
  readonly resolve: (outcome: ClipOutcome) => void
  readonly reject: (error: UnmaskError) => void
  readonly onProgress: (progress: ClipProgress) => void
}

/** One analysis host in a process of its own, seen from its parent. A host that died or hung is not used again. */
export class HostClient implements ClipWorker {
  readonly #child: HostChild
  readonly #stallSecs: number
  readonly #watchdog: Watchdog
  readonly #ready: Promise<HostReady>
  #settleReady: { resolve: (ready: HostReady) => void; reject: (error: UnmaskError) => void } | null = null
  #job: PendingJob | null = null
  #nextJobId = 1
  #lastProgress = ''
  #stage = 'starting'
  #end: UnmaskError | null = null
  readonly #stderr: string[] = []

  constructor(options: HostClientOptions) {
    this.#stallSecs = options.stallSecs
    this.#watchdog = new Watchdog(options.stallSecs)
    this.#ready = new Promise((resolve, reject) => (this.#settleReady = { resolve, reject }))
    // Whoever asks for readiness sees its failure; nobody asking is not an unhandled rejection.
    this.#ready.catch(() => undefined)
    const start = options.start ?? startForked
    this.#child = start(options.script, hostEnvironment(options.threads), {
      onStderr: (text) => this.#keepStderr(text),
      onMessage: (raw) => this.#receive(raw),
      onError: (error) =>
        this.#fail(
          new UnmaskError('host.crashed', `the analysis host could not be used: ${error.message}`, {
            cause: error,
          }),
        ),
      onEnd: (code, signal) => this.#fail(this.#crashError(code, signal)),
    })
    this.#armWatchdog('starting')
    this.#send({ type: 'configure', config: options.config })
  }

  get isUsable(): boolean {
    return this.#end === null && this.#child.isAlive
  }

  /** @throws UnmaskError when backend or models do not load, or the host dies */
  whenReady(): Promise<HostReady> {
    return this.#ready
  }

  async label(
    job: ClipJob,
    options: { signal?: AbortSignal; onProgress: (progress: ClipProgress) => void },
  ): Promise<ClipOutcome> {
    await this.#ready
    if (this.#end) throw this.#end
    if (this.#job) throw new UnmaskError('internal', 'an analysis host labels one clip at a time')
    const jobId = this.#nextJobId++
    const cancel = () => this.#send({ type: 'cancel', jobId })
    options.signal?.addEventListener('abort', cancel, { once: true })
    try {
      return await new Promise<ClipOutcome>((resolve, reject) => {
        this.#job = { jobId, resolve, reject, onProgress: options.onProgress }
        this.#armWatchdog('probe')
        this.#send({ type: 'label', jobId, job })
        if (options.signal?.aborted) cancel()
      })
    } finally {
      options.signal?.removeEventListener('abort', cancel)
      this.#job = null
      this.#watchdog.stop()
    }
  }

  async close(): Promise<void> {
    this.#watchdog.stop()
    if (!this.#child.isAlive) return
    this.#send({ type: 'shutdown' })
    if (await this.#exitsWithin(SHUTDOWN_GRACE_MS)) return
    this.#child.kill()
    if (await this.#exitsWithin(KILL_GRACE_MS)) return
    this.#child.abandon()
  }

  #exitsWithin(limitMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), limitMs)
      void this.#child.exited.then(() => {
        clearTimeout(timer)
        resolve(true)
      })
    })
  }

  #send(message: ToHost): void {
    this.#child.send(message)
  }

  #receive(raw: unknown): void {
    const parsed = fromHostSchema.safeParse(raw)
    if (!parsed.success) {
      this.#kill(
        new UnmaskError('internal', `the analysis host sent an unknown message: ${parsed.error.message}`),
      )
      return
    }
    this.#handle(parsed.data)
  }

  #handle(message: FromHost): void {
    switch (message.type) {
      case 'ready':
        this.#watchdog.stop()
        this.#settleReady?.resolve(message)
        return
      case 'refused':
        this.#kill(new UnmaskError(message.fault.code, message.fault.message))
        return
      case 'progress': {
        if (message.jobId !== this.#job?.jobId) return
        // Only a change counts: a host that repeats itself hangs as much as a silent one.
        const now = JSON.stringify(message.progress)
        if (now !== this.#lastProgress) this.#armWatchdog(message.progress.stage)
        this.#lastProgress = now
        this.#job.onProgress(message.progress)
        return
      }
      case 'done':
        if (message.jobId === this.#job?.jobId) this.#job.resolve(message.outcome)
        return
      case 'failed':
        if (message.jobId === this.#job?.jobId)
          this.#job.reject(
            new UnmaskError(message.fault.code, message.fault.message, { stage: message.stage }),
          )
        return
    }
  }

  #armWatchdog(stage: string): void {
    this.#stage = stage
    this.#watchdog.watch(() =>
      this.#kill(
        new UnmaskError(
          'host.stalled',
          `no progress for ${this.#stallSecs} s (stage ${stage}); the file may be damaged, or give it longer with --stall-timeout`,
          { stage },
        ),
      ),
    )
  }

  #kill(error: UnmaskError): void {
    this.#fail(error)
    this.#child.kill()
  }

  #fail(error: UnmaskError): void {
    this.#watchdog.stop()
    this.#end ??= error
    this.#settleReady?.reject(this.#end)
    this.#job?.reject(this.#end)
  }

  #crashError(code: number | null, signal: NodeJS.Signals | null): UnmaskError {
    const how = signal ? `signal ${signal}` : `exit code ${code ?? 'unknown'}`
    const said = lastWords(this.#stderr)
    const when = this.#stage === 'starting' ? 'while it started' : 'while it worked on this clip'
    const guess =
      signal === 'SIGKILL' || (!signal && code === null)
        ? '; the system kills so when memory runs out: try fewer --jobs'
        : ''
    return new UnmaskError(
      'host.crashed',
      `the analysis host ended (${how}) ${when}${said ? `: ${said}` : guess}`,
      { stage: this.#stage },
    )
  }

  #keepStderr(text: string): void {
    for (const line of text.split('\n'))
      if (line.trim() !== '' && !isChatter(line)) this.#stderr.push(line.trim())
    this.#stderr.splice(0, Math.max(0, this.#stderr.length - STDERR_LINES_KEPT))
  }
}

/** The line that says why: a stack trace may stand below it, and Node's version. */
function lastWords(lines: readonly string[]): string | undefined {
  const telling = /heap out of memory|bad_alloc|^(\w*Error|Fatal|FATAL ERROR|terminate called|what\(\))\b.*:/
  return lines.findLast((line) => telling.test(line)) ?? lines.at(-1)
}

/** TensorFlow announces its processor features on stderr whatever its log level. */
function isChatter(line: string): boolean {
  return /^I0000|before absl::InitializeLog|^To enable the following instructions/.test(line)
}

function hostEnvironment(threads: number | undefined): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' }
  if (threads !== undefined) {
    environment['TF_NUM_INTRAOP_THREADS'] = String(threads)
    environment['TF_NUM_INTEROP_THREADS'] = '1'
    environment['OMP_NUM_THREADS'] = String(threads)
  }
  return environment
}
