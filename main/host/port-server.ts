import type { z } from 'zod'
import type { PortMessage, Reply } from '../../preload/contract/reply'
import { toFault, UnmaskError } from '../engine/errors'

/** A message port as Electron's utility processes and Node's worker threads have it, told alike. */
export interface ServerPort {
  postMessage(message: unknown): void
  /** Listens and starts the port. */
  onMessage(listener: (message: unknown) => void): void
  onClose(listener: () => void): void
  close(): void
}

export interface PortContext {
  /** Sends an event to the other end. */
  emit(event: string, payload: unknown): void
  /** Aborted when the other end is gone or cancels this request. */
  readonly signal: AbortSignal
}

interface Handler {
  readonly schema: z.ZodType
  readonly run: (ask: never, context: PortContext) => unknown
}

export type PortHandlers = Readonly<Record<string, Handler>>

/** Ties the type that a schema gives to the handler that receives it. */
export function handler<S extends z.ZodType>(
  schema: S,
  run: (ask: z.output<S>, context: PortContext) => unknown,
): Handler {
  return { schema, run: run as Handler['run'] }
}

/** More unanswered requests than this at a time are refused: a flood must not fill the memory. */
const OPEN_REQUESTS_MAX = 256

/**
 * Answers the requests of one port: `{ id, verb, ask }` with `{ id, ok, value | fault }`. `{ id, verb: 'cancel' }` aborts
 * the request of that number. Whatever else arrives is refused by a fault where it has a number, and ignored where not.
 * @returns what ends it
 */
export function servePort(
  port: ServerPort,
  handlers: PortHandlers,
): { emit: PortContext['emit']; close(): void } {
  const running = new Map<number, AbortController>()
  const send = (message: PortMessage) => port.postMessage(message)
  const emit = (event: string, payload: unknown) => send({ event, payload })
  const abortAll = () => {
    for (const controller of running.values()) controller.abort()
    running.clear()
  }

  const answer = async (verb: string, ask: unknown, signal: AbortSignal): Promise<Reply<unknown>> => {
    try {
      const found = Object.hasOwn(handlers, verb) ? handlers[verb] : undefined
      if (!found)
        throw new UnmaskError('usage.invalid', `there is no request ${JSON.stringify(verb).slice(0, 80)}`)
      const parsed = found.schema.safeParse(ask)
      if (!parsed.success) throw new UnmaskError('usage.invalid', `${verb}: ${firstIssue(parsed.error)}`)
      return { ok: true, value: await found.run(parsed.data as never, { emit, signal }) }
    } catch (error) {
      return {
        ok: false,
        fault: signal.aborted ? { code: 'cancelled', message: 'Cancelled' } : toFault(error),
      }
    }
  }

  port.onMessage((raw) => {
    const request = asRequest(raw)
    if (!request) return
    const { id, verb, ask } = request
    if (verb === 'cancel') return running.get(id)?.abort()
    if (running.has(id) || running.size >= OPEN_REQUESTS_MAX) {
      const why = running.has(id) ? `the number ${id} is taken` : `more than ${OPEN_REQUESTS_MAX} are open`
      send({ id, ok: false, fault: { code: 'usage.invalid', message: `${verb}: ${why}` } })
      return
    }
    const controller = new AbortController()
    running.set(id, controller)
    void answer(verb, ask, controller.signal).then((reply) => {
      const isWanted = running.delete(id)
      if (isWanted) send({ id, ...reply })
    })
  })
  port.onClose(abortAll)
  return {
    emit,
    close: () => {
      abortAll()
      port.close()
    },
  }
}

export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0]
  const place = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''
  return `${place}${issue?.message ?? 'invalid'}`
}

function asRequest(raw: unknown): { id: number; verb: string; ask: unknown } | null {
  if (typeof raw !== 'object' || raw === null) return null
  const { id, verb, ask } = raw as { id?: unknown; verb?: unknown; ask?: unknown }
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || typeof verb !== 'string') return null
  return { id, verb, ask }
}
