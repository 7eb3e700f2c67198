import { z } from 'zod'
import { faultSchema, UnmaskError } from '../engine/errors'
import { type ClipFacts, clipFactsSchema } from '../engine/project/project-file'
import { type HostChild, type StartChild, startForked } from './host-child'

const fromProbeSchema = z.discriminatedUnion('ok', [
  z.object({ id: z.number().int(), ok: z.literal(true), facts: clipFactsSchema }),
  z.object({ id: z.number().int(), ok: z.literal(false), fault: faultSchema }),
])

export type FromProbe = z.infer<typeof fromProbeSchema>

export interface ProbeClientOptions {
  /** The built probe-process file. */
  readonly script: string
  readonly start?: StartChild
  /** A file that is not understood within this time is given up. */
  readonly limitMs?: number
  /** An idle process is ended after this. */
  readonly idleMs?: number
}

interface Pending {
  readonly id: number
  readonly resolve: (facts: ClipFacts) => void
  readonly reject: (error: UnmaskError) => void
  readonly timer: NodeJS.Timeout
}

/** Asks the probe process about one recording after the other; it is started when needed, and anew after a crash. */
export class ProbeClient {
  readonly #options: Required<Omit<ProbeClientOptions, 'script'>> & { script: string }
  #child: HostChild | null = null
  #pending: Pending | null = null
  #queue: Promise<unknown> = Promise.resolve()
  #nextId = 1
  #idle: NodeJS.Timeout | null = null

  constructor({ script, start = startForked, limitMs = 20_000, idleMs = 15_000 }: ProbeClientOptions) {
    this.#options = { script, start, limitMs, idleMs }
  }

  /** @throws UnmaskError of the probe; 'host.crashed' | 'host.stalled' where the file ended or stopped the process */
  facts(path: string): Promise<ClipFacts> {
    const answer = this.#queue.then(() => this.#ask(path))
    this.#queue = answer.catch(() => undefined)
    return answer
  }

  close(): void {
    if (this.#idle) clearTimeout(this.#idle)
    this.#child?.kill()
    this.#child = null
  }

  #ask(path: string): Promise<ClipFacts> {
    if (this.#idle) clearTimeout(this.#idle)
    const id = this.#nextId++
    return new Promise<ClipFacts>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#end(new UnmaskError('host.stalled', `the file could not be understood in time: ${path}`))
        this.close()
      }, this.#options.limitMs)
      this.#pending = { id, resolve, reject, timer }
      const child = (this.#child ??= this.#start())
      child.send({ id, path })
    }).finally(() => {
      this.#idle = setTimeout(() => this.close(), this.#options.idleMs)
      this.#idle.unref()
    })
  }

  #start(): HostChild {
    const { start, script } = this.#options
    const child: HostChild = start(
      script,
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
    const answer = fromProbeSchema.parse(raw)
    const pending = this.#pending
    if (pending?.id !== answer.id) return
    this.#settle()
    if (answer.ok) pending.resolve(answer.facts)
    else pending.reject(new UnmaskError(answer.fault.code, answer.fault.message, { stage: 'probe' }))
  }

  #gone(child: HostChild, how: string): void {
    if (this.#child !== child) return
    this.#child = null
    this.#end(
      new UnmaskError('host.crashed', `the file ended the process that looked into it (${how})`, {
        stage: 'probe',
      }),
    )
  }

  #end(error: UnmaskError): void {
    this.#settle()?.reject(error)
  }

  #settle(): Pending | null {
    const pending = this.#pending
    if (pending) clearTimeout(pending.timer)
    this.#pending = null
    return pending
  }
}
