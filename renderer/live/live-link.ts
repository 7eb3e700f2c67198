import type { LivePortEvents, LivePortRequests } from '../../preload/contract/live-port'
import { bridge } from '../bridge/bridge'
import { PortClient } from '../bridge/port-client'
import { openPort } from '../bridge/ports'

/** The window's way to the live process; one object for each opening of the view. */
export interface LiveLink {
  /**
   * Buffers are copied: Electron's ports drop a message that moves one to another process.
   * @throws FaultError; 'host.crashed' when the process ends before it answers
   */
  request<K extends keyof LivePortRequests>(
    verb: K,
    ask: LivePortRequests[K]['ask'],
  ): Promise<LivePortRequests[K]['answer']>
  on<K extends keyof LivePortEvents>(event: K, listener: (payload: LivePortEvents[K]) => void): void
  /** Called when the process was started again: it has forgotten the session. */
  onRestart(listener: (reason: string) => void): void
  /** Ends it; what waits fails. */
  close(): void
}

type Client = PortClient<LivePortRequests, LivePortEvents>

/** Opens the port with the first request, and a new one after the process was started again. */
export function createLiveLink(open: () => Promise<MessagePort> = () => openPort('live')): LiveLink {
  const subscriptions: ((client: Client) => void)[] = []
  const restartListeners: ((reason: string) => void)[] = []
  let opening: Promise<Client> | null = null
  let isClosed = false

  const drop = (reason: string): void => {
    void opening?.then(
      (client) => client.close(reason),
      // It never opened: whoever asked has been told.
      () => undefined,
    )
    opening = null
  }
  const client = (): Promise<Client> => {
    opening ??= open().then(
      (port) => {
        const opened: Client = new PortClient(port)
        for (const subscribe of subscriptions) subscribe(opened)
        return opened
      },
      (error: unknown) => {
        opening = null
        throw error
      },
    )
    return opening
  }
  const stopListening = bridge().on('processRestarted', ({ name, reason }) => {
    if (name !== 'live' || isClosed) return
    drop(reason)
    for (const listener of restartListeners) listener(reason)
  })

  return {
    request: async (verb, ask) => (await client()).request(verb, ask),
    on(event, listener) {
      const subscribe = (opened: Client): void => void opened.on(event, listener)
      subscriptions.push(subscribe)
      void opening?.then(subscribe, () => undefined)
    },
    onRestart: (listener) => void restartListeners.push(listener),
    close() {
      isClosed = true
      stopListening()
      drop('the Live view was left')
    },
  }
}
