import { UnmaskError } from '../engine/errors'
import { type HostChild, type StartChild, startForked } from './host-child'
import { fromMediaSchema, type ToMedia } from './media-messages'

export interface MediaJob {
  readonly type: 'thumbnail' | 'proxy'
  readonly path: string
  readonly outPath: string
  /** A proxy whatever the recording's streams say. */
  readonly isForced?: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (fraction: number | null) => void
}

interface Pending {
  readonly job: MediaJob
  readonly resolve: (isNeeded: boolean) => void
  readonly reject: (error: UnmaskError) => void
}

const IDLE_MS = 30_000

/** One lane of work in a media process, which is started when needed, ended when idle, and started anew after a crash. */
export class MediaClient {
  readonly #script: string
  readonly #start: StartChild
  #child: HostChild | null = null
  #current: (Pending & { readonly id: number }) | null = null
  readonly #waiting: Pending[] = []
  #nextId = 1
  #idle: NodeJS.Timeout | null = null

  constructor({ script, start = startForked }: { readonly script: string; readonly start?: StartChild }) {
    this.#script = script
    this.#start = start
  }

  /**
   * @returns whether the file was made; false where a proxy is not needed
   * @throws UnmaskError; 'host.crashed' where the recording ended the process, 'cancelled' after the signal
   */
  run(job: MediaJob): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const pending: Pending = { job, resolve, reject }
      this.#waiting.push(pending)
      job.signal?.addEventListener('abort', () => this.#cancel(pending), { once: true })
      this.#next()
    })
  }

  close(): void {
    if (this.#idle) clearTimeout(this.#idle)
    const child = this.#child
    this.#child = null
    child?.kill()
    const cancelled = new UnmaskError('cancelled', 'Cancelled')
    this.#current?.reject(cancelled)
    this.#current = null
    for (const { reject } of this.#waiting.splice(0)) reject(cancelled)
  }

  #next(): void {
    if (this.#current) return
    if (this.#idle) clearTimeout(this.#idle)
    const pending = this.#waiting.shift()
    if (!pending) {
      this.#idle = setTimeout(() => this.close(), IDLE_MS)
      this.#idle.unref()
      return
    }
    const id = this.#nextId++
    this.#current = { ...pending, id }
    this.#child ??= this.#open()
    const { type, path, outPath, isForced = false } = pending.job
    this.#send(type === 'proxy' ? { type, id, path, outPath, isForced } : { type, id, path, outPath })
  }

  #cancel(pending: Pending): void {
    const at = this.#waiting.indexOf(pending)
    if (at >= 0) {
      this.#waiting.splice(at, 1)
      pending.reject(new UnmaskError('cancelled', 'Cancelled'))
    } else if (this.#current?.job === pending.job) this.#send({ type: 'cancel', id: this.#current.id })
  }

  #send(message: ToMedia): void {
    this.#child?.send(message)
  }

  #open(): HostChild {
    const child: HostChild = this.#start(
      this.#script,
      { ...process.env },
      {
        onMessage: (raw) => this.#receive(raw),
        onStderr: () => undefined,
        onError: (error) => this.#gone(child, error.message),
        onEnd: (code, signal) => this.#gone(child, signal ?? `exit code ${code ?? 'unknown'}`),
      },
    )
    return child
  }

  #receive(raw: unknown): void {
    const message = fromMediaSchema.parse(raw)
    const current = this.#current
    if (current?.id !== message.id) return
    if (message.type === 'progress') return current.job.onProgress?.(message.fraction)
    this.#current = null
    if (message.type === 'done') current.resolve(message.isNeeded)
    else current.reject(new UnmaskError(message.fault.code, message.fault.message))
    this.#next()
  }

  #gone(child: HostChild, how: string): void {
    if (this.#child !== child) return
    this.#child = null
    const current = this.#current
    this.#current = null
    current?.reject(
      new UnmaskError(
        'host.crashed',
        `the recording ended the process that worked on it (${how}): ${current.job.path}`,
      ),
    )
    this.#next()
  }
}
