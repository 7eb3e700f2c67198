/** How the host talks to its parent: Node's fork from the command line, Electron's utilityProcess in the app. */
export interface HostTransport {
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  onDisconnect(listener: () => void): void
}

/** Electron's parentPort, as far as it is used here; its types come with Electron, which the host must not import. */
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
}

/** @throws Error when this process was started by nobody who listens */
export function openHostTransport(): HostTransport {
  const { parentPort } = process as unknown as { parentPort?: ParentPort }
  if (parentPort) {
    return {
      send: (message) => parentPort.postMessage(message),
      onMessage: (listener) => parentPort.on('message', ({ data }) => listener(data)),
      // A utility process dies with its parent.
      onDisconnect: () => undefined,
    }
  }
  if (!process.send)
    throw new Error('the analysis host is started by the unmask command or the app, not by hand')
  return {
    send: (message) => {
      // With the parent gone there is nobody to tell; onDisconnect ends the host once it has cleaned up.
      if (process.connected) process.send?.(message, undefined, {}, () => undefined)
    },
    onMessage: (listener) => void process.on('message', listener),
    onDisconnect: (listener) => void process.on('disconnect', listener),
  }
}
