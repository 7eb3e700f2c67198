import type { PortMessage, RequestMap } from '../../preload/contract/reply'
import { FaultError } from './bridge'

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: FaultError) => void
}

/** The calling end of a port to the viewer or live process; `R` and `E` are its requests and events. */
export class PortClient<R extends RequestMap<R>, E> {
  readonly #port: MessagePort
  readonly #waiting = new Map<number, Waiting>()
  readonly #listeners = new Map<keyof E, Set<(payload: never) => void>>()
  #nextId = 1
  #isClosed = false

  constructor(port: MessagePort) {
    this.#port = port
    port.onmessage = ({ data }: MessageEvent<PortMessage>) => this.#receive(data)
    port.onmessageerror = () => this.close('a message could not be read')
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /**
   * @param options.transfer buffers that may be moved instead of copied; they are empty here afterwards
   * @throws FaultError; 'cancelled' after the signal
   */
  request<K extends keyof R & string>(
    verb: K,
    ask: R[K]['ask'],
    { signal, transfer = [] }: { signal?: AbortSignal; transfer?: Transferable[] } = {},
  ): Promise<R[K]['answer']> {
    if (this.#isClosed) return Promise.reject(closedFault('it was closed'))
    if (signal?.aborted) return Promise.reject(new FaultError({ code: 'cancelled', message: 'Cancelled' }))
    const id = this.#nextId++
    return new Promise<unknown>((resolve, reject) => {
      const cancel = () => this.#port.postMessage({ id, verb: 'cancel', ask: null })
      const settle = () => {
        this.#waiting.delete(id)
        signal?.removeEventListener('abort', cancel)
      }
      this.#waiting.set(id, {
        resolve: (value) => (settle(), resolve(value)),
        reject: (error) => (settle(), reject(error)),
      })
      signal?.addEventListener('abort', cancel, { once: true })
      this.#port.postMessage({ id, verb, ask }, transfer)
    })
  }

  on<K extends keyof E>(event: K, listener: (payload: E[K]) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set()
    listeners.add(listener as (payload: never) => void)
    this.#listeners.set(event, listeners)
    return () => void listeners.delete(listener as (payload: never) => void)
  }

  /** Ends it; whatever waits fails with the reason. */
  close(reason = 'it was closed'): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#port.close()
    for (const { reject } of [...this.#waiting.values()]) reject(closedFault(reason))
  }

  #receive(message: PortMessage): void {
    if ('event' in message) {
      for (const listener of this.#listeners.get(message.event as keyof E) ?? [])
        listener(message.payload as never)
      return
    }
    const waiting = this.#waiting.get(message.id)
    if (message.ok) waiting?.resolve(message.value)
    else waiting?.reject(new FaultError(message.fault))
  }
}

function closedFault(reason: string): FaultError {
  return new FaultError({ code: 'host.crashed', message: `The helper process cannot be reached: ${reason}` })
}
