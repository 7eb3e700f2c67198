import { UnmaskError } from '../engine/errors'
import { type HostChild, type StartChild, startForked } from './host-child'
import { fromStudySchema, type StudyOrderName, type StudyOrders, type ToStudy } from './study/study-orders'

export interface StudyRunOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

export interface StudyClientOptions {
  /** The built study-process file. */
  readonly script: string
  readonly start?: StartChild
  /** An idle process is ended after this, and what it has read with it. */
  readonly idleMs?: number
  /** What it is for, in the message about its end. */
  readonly purpose?: string
  /** A process that goes on working after it was told to stop is killed after this. */
  readonly stopMs?: number
}

interface Pending {
  readonly message: ToStudy
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: UnmaskError) => void
  readonly onProgress: ((done: number, total: number) => void) | undefined
}

/** Asks the study process, which computes agreement and statistics; it is started when needed, and anew after a crash. */
export class StudyClient {
  readonly #options: Required<StudyClientOptions>
  readonly #pending = new Map<number, Pending>()
  /** Told to stop, and not heard of since. */
  readonly #stopping = new Map<number, NodeJS.Timeout>()
  #child: HostChild | null = null
  #nextId = 1
  #idle: NodeJS.Timeout | null = null

  constructor({
    script,
    start = startForked,
    idleMs = 120_000,
    stopMs = 1500,
    purpose = 'computes agreement and statistics',
  }: StudyClientOptions) {
    this.#options = { script, start, idleMs, stopMs, purpose }
  }

  /** @throws UnmaskError; 'host.crashed' where the process ended before it answered, 'cancelled' at once after the signal */
  run<K extends StudyOrderName>(
    name: K,
    order: StudyOrders[K]['order'],
    { signal, onProgress }: StudyRunOptions = {},
  ): Promise<StudyOrders[K]['answer']> {
    if (signal?.aborted) return Promise.reject(new UnmaskError('cancelled', 'Cancelled'))
    // It may have ended without having said its last words yet; nothing that is sent there would be answered.
    if (this.#child && !this.#child.isAlive) this.#gone(this.#child, 'it is no longer there')
    this.#stayAwake()
    const id = this.#nextId++
    const answer = new Promise<unknown>((resolve, reject) => {
      const message: ToStudy = { type: 'order', id, name, order }
      this.#pending.set(id, { message, resolve, reject, onProgress })
      signal?.addEventListener('abort', () => this.#cancel(id), { once: true })
      this.#send(message)
    })
    // The process is built from the same types; see fromStudySchema.
    return answer as Promise<StudyOrders[K]['answer']>
  }

  close(): void {
    this.#stayAwake()
    const child = this.#child
    this.#child = null
    child?.kill()
    this.#failAll(new UnmaskError('cancelled', 'Cancelled'))
  }

  #cancel(id: number): void {
    const pending = this.#pending.get(id)
    if (!pending) return
    this.#pending.delete(id)
    pending.reject(new UnmaskError('cancelled', 'Cancelled'))
    if (!this.#child) return
    this.#send({ type: 'cancel', id })
    const child = this.#child
    const timer = setTimeout(() => {
      this.#stopping.delete(id)
      if (this.#child === child) this.#startAnew(child)
    }, this.#options.stopMs)
    timer.unref()
    this.#stopping.set(id, timer)
  }

  /** It is in the middle of one long computation that nobody wants; what else waits there is asked of the next process. */
  #startAnew(child: HostChild): void {
    this.#child = null
    child.kill()
    for (const { message } of this.#pending.values()) this.#send(message)
  }

  #send(message: ToStudy): void {
    this.#child ??= this.#open()
    this.#child.send(message)
  }

  #open(): HostChild {
    const child: HostChild = this.#options.start(
      this.#options.script,
      { ...process.env },
      {
        onMessage: (raw) => this.#receive(child, raw),
        onStderr: () => undefined,
        onError: (error) => this.#gone(child, error.message),
        onEnd: (code, signal) => this.#gone(child, signal ?? `exit code ${code ?? 'unknown'}`),
      },
    )
    return child
  }

  #receive(child: HostChild, raw: unknown): void {
    if (child !== this.#child) return
    const message = fromStudySchema.parse(raw)
    const pending = this.#pending.get(message.id)
    if (message.type === 'progress') return pending?.onProgress?.(message.done, message.total)
    clearTimeout(this.#stopping.get(message.id))
    this.#stopping.delete(message.id)
    this.#pending.delete(message.id)
    if (message.type === 'done') pending?.resolve(message.answer)
    else pending?.reject(new UnmaskError(message.fault.code, message.fault.message))
    this.#rest()
  }

  #gone(child: HostChild, how: string): void {
    if (this.#child !== child) return
    this.#child = null
    this.#failAll(
      new UnmaskError(
        'host.crashed',
        `the process that ${this.#options.purpose} ended (${how}); ask again, it is started anew`,
      ),
    )
  }

  #failAll(error: UnmaskError): void {
    for (const timer of this.#stopping.values()) clearTimeout(timer)
    this.#stopping.clear()
    const pending = [...this.#pending.values()]
    this.#pending.clear()
    for (const { reject } of pending) reject(error)
  }

  #stayAwake(): void {
    if (this.#idle) clearTimeout(this.#idle)
    this.#idle = null
  }

  #rest(): void {
    this.#stayAwake()
    if (this.#pending.size > 0) return
    this.#idle = setTimeout(() => this.close(), this.#options.idleMs)
    this.#idle.unref()
  }
}
