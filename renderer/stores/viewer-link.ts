import type { RequestMap } from '../../preload/contract/reply'
import type { ViewerEvents, ViewerVerbs } from '../../preload/contract/viewer-port'
import type { ViewerFrameVerbs } from '../../preload/contract/viewer-port-frames'
import { bridge } from '../bridge/bridge'
import { PortClient } from '../bridge/port-client'
import { openPort } from '../bridge/ports'

/** The window's way to the viewer process, which may end and come back. */
export interface ViewerLink<R extends RequestMap<R>, E> {
  /** @throws FaultError; 'host.crashed' when the process ends before it answers */
  request<K extends keyof R & string>(
    verb: K,
    ask: R[K]['ask'],
    options?: { readonly signal?: AbortSignal },
  ): Promise<R[K]['answer']>
  on<K extends keyof E & string>(event: K, listener: (payload: E[K]) => void): () => void
  /** Called when the process was started again: what it knew of open clips is gone. */
  onRestart(listener: (reason: string) => void): () => void
}

export type AnalyseVerbs = ViewerVerbs & ViewerFrameVerbs
export type AnalyseLink = ViewerLink<AnalyseVerbs, ViewerEvents>

type Client<R extends RequestMap<R>, E> = PortClient<R, E>

/** Opens the port with the first request, and a new one after the process was started again. */
export function createViewerLink<R extends RequestMap<R>, E>(
  open: () => Promise<MessagePort> = () => openPort('viewer'),
): ViewerLink<R, E> {
  const listeners = new Map<keyof E & string, Set<(payload: never) => void>>()
  const restartListeners = new Set<(reason: string) => void>()
  let opening: Promise<Client<R, E>> | null = null
  let isListening = false

  /** One port for all: two openings at once would both take the first that arrives. */
  const client = (): Promise<Client<R, E>> => {
    if (!isListening) {
      isListening = true
      bridge().on('processRestarted', ({ name, reason }) => {
        if (name === 'viewer') restarted(reason)
      })
    }
    opening ??= open().then(
      (port) => {
        const opened = new PortClient<R, E>(port)
        for (const event of listeners.keys()) relay(opened, event)
        return opened
      },
      (error: unknown) => {
        opening = null
        throw error
      },
    )
    return opening
  }

  const relay = (opened: Client<R, E>, event: keyof E & string): void => {
    opened.on(event, (payload) => {
      for (const listener of listeners.get(event) ?? []) listener(payload as never)
    })
  }

  const restarted = (reason: string): void => {
    void opening?.then(
      (old) => old.close(reason),
      // It never opened: whoever asked has been told.
      () => undefined,
    )
    opening = null
    for (const listener of restartListeners) listener(reason)
  }

  return {
    request: async (verb, ask, options) => (await client()).request(verb, ask, options),
    on(event, listener) {
      const known = listeners.get(event)
      const all = known ?? new Set()
      all.add(listener as (payload: never) => void)
      if (!known) {
        listeners.set(event, all)
        void opening?.then(
          (opened) => relay(opened, event),
          () => undefined,
        )
      }
      return () => void all.delete(listener as (payload: never) => void)
    },
    onRestart(listener) {
      restartListeners.add(listener)
      return () => void restartListeners.delete(listener)
    },
  }
}

let used: AnalyseLink | null = null

/** The one link of this window. */
export function viewerLink(): AnalyseLink {
  used ??= createViewerLink<AnalyseVerbs, ViewerEvents>()
  return used
}

/** Tests put a link of their own here. */
export function setViewerLink(replacement: AnalyseLink | null): void {
  used = replacement
}
