import type { MessagePort as WorkerPort } from 'node:worker_threads'
import type { ServerPort } from './port-server'

/** Electron's MessagePortMain as far as it is used; its types come with Electron, which the host must not import. */
export interface UtilityPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
  start(): void
  close(): void
}

/** Where a utility process hears main: messages, and ports sent with them. */
export interface ParentPort {
  postMessage(message: unknown): void
  on(
    event: 'message',
    listener: (event: { readonly data: unknown; readonly ports: readonly UtilityPort[] }) => void,
  ): void
}

/** @throws Error when this process was not started by the app */
export function openParentPort(): ParentPort {
  const { parentPort } = process as unknown as { parentPort?: ParentPort }
  if (!parentPort) throw new Error('this process is started by the Unmask app, not by hand')
  return parentPort
}

export function fromUtilityPort(port: UtilityPort): ServerPort {
  return {
    postMessage: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on('message', ({ data }) => listener(data))
      port.start()
    },
    onClose: (listener) => void port.on('close', listener),
    close: () => port.close(),
  }
}

/** The same for Node's own channels, on which tests run. */
export function fromWorkerPort(port: WorkerPort): ServerPort {
  return {
    postMessage: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', listener),
    onClose: (listener) => void port.on('close', listener),
    close: () => port.close(),
  }
}
