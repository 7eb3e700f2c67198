import { contextBridge, ipcRenderer, webUtils } from 'electron'
import {
  type Bridge,
  DROP_CHANNEL,
  eventChannel,
  EVENTS,
  PORT_CHANNEL,
  REQUESTS,
  requestChannel,
} from './contract'

/** Electron before 29 has no webUtils; its File objects carry their path themselves. */
function pathOf(file: File): string {
  const legacy = (file as File & { readonly path?: unknown }).path
  if (typeof webUtils?.getPathForFile === 'function') return webUtils.getPathForFile(file)
  return typeof legacy === 'string' ? legacy : ''
}

const verbs = Object.fromEntries(
  REQUESTS.map((verb) => [verb, (ask: unknown) => ipcRenderer.invoke(requestChannel(verb), ask)]),
)

const known = new Set<string>(EVENTS)

const bridge = {
  ...verbs,
  on(event: (typeof EVENTS)[number], listener: (payload: unknown) => void): () => void {
    if (!known.has(event)) throw new Error(`no such event: ${String(event)}`)
    const channel = eventChannel(event)
    const relay = (_: unknown, payload: unknown) => listener(payload)
    ipcRenderer.on(channel, relay)
    return () => void ipcRenderer.removeListener(channel, relay)
  },
  // Only real File objects of a drop have a path, so the page cannot name files it was not given.
  takeDropped(files: readonly File[]): Promise<unknown> {
    return ipcRenderer.invoke(
      DROP_CHANNEL,
      files.map(pathOf).filter((path) => path !== ''),
    )
  },
} as unknown as Bridge

contextBridge.exposeInMainWorld('unmask', bridge)

// Ports do not pass the context bridge; a message to the page's own origin carries them over.
ipcRenderer.on(PORT_CHANNEL, (event, name: unknown) => {
  window.postMessage({ unmaskPort: String(name) }, window.location.origin, [...event.ports])
})
