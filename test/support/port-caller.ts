import { MessageChannel } from 'node:worker_threads'
import { onTestFinished } from 'vitest'
import type { Reply } from '../../preload/contract/reply'
import { fromWorkerPort } from '../../main/host/server-ports'
import type { ServerPort } from '../../main/host/port-server'

/** The asking end of a port. */
export interface PortCaller {
  call(verb: string, ask: unknown): Promise<Reply<unknown>>
  /** The same, with the number of the request, for `cancel`. */
  begin(verb: string, ask: unknown): { readonly id: number; readonly reply: Promise<Reply<unknown>> }
  cancel(id: number): void
  /** Sends anything at all. */
  send(message: unknown): void
  readonly events: { readonly event: string; readonly payload: unknown }[]
  close(): void
}

type Message = { readonly id: number } & Reply<unknown>

/** A channel as between window and process; `serve` gets the answering end. Closed when the test ends. */
export function openCaller(serve: (port: ServerPort) => void): PortCaller {
  const { port1, port2 } = new MessageChannel()
  serve(fromWorkerPort(port2))
  const waiting = new Map<number, (reply: Reply<unknown>) => void>()
  const events: PortCaller['events'] = []
  let lastId = 0
  port1.on('message', (message: Message | { event: string; payload: unknown }) => {
    if ('event' in message) events.push(message)
    else waiting.get(message.id)?.(message)
  })
  onTestFinished(() => port1.close())
  const begin = (verb: string, ask: unknown) => {
    const id = ++lastId
    const reply = new Promise<Reply<unknown>>((resolve) => waiting.set(id, resolve))
    port1.postMessage({ id, verb, ask })
    return { id, reply }
  }
  return {
    begin,
    call: (verb, ask) => begin(verb, ask).reply,
    cancel: (id) => port1.postMessage({ id, verb: 'cancel', ask: null }),
    send: (message) => port1.postMessage(message),
    events,
    close: () => port1.close(),
  }
}
