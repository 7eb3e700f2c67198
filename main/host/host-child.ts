import { fork } from 'node:child_process'

/** A process that is our child, however it was started: what a HostClient needs of it. */
export interface HostChild {
  readonly isAlive: boolean
  /** Ends with the process. */
  readonly exited: Promise<void>
  /** A message to a child that is gone is lost. */
  send(message: unknown): void
  /** At once; a child that spins must not be able to refuse. */
  kill(): void
  /** Lets go of a child that will not even be killed, so that it does not keep this process. */
  abandon(): void
}

export interface HostChildListeners {
  onMessage(raw: unknown): void
  onStderr(text: string): void
  /** It could not be started, or not be reached. */
  onError(error: Error): void
  /** It ended, and said all that it had to say; may be called more than once. */
  onEnd(code: number | null, signal: NodeJS.Signals | null): void
}

/** Starts a process from a built script. */
export type StartChild = (script: string, env: NodeJS.ProcessEnv, listeners: HostChildListeners) => HostChild

/** How long the rest of what an ended child wrote may take to arrive. */
export const LAST_WORDS_MS = 1000

/** The command's way: Node's fork. */
export const startForked: StartChild = (script, env, listeners) => {
  const child = fork(script, [], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    env,
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.stderr?.setEncoding('utf8').on('data', listeners.onStderr)
  child.on('message', listeners.onMessage)
  child.on('error', listeners.onError)
  // Its last words are complete at 'close', which waits for whoever else holds its stderr.
  child.on('close', listeners.onEnd)
  child.on('exit', (code, signal) => setTimeout(listeners.onEnd, LAST_WORDS_MS, code, signal).unref())
  return {
    get isAlive() {
      const { pid, exitCode, signalCode } = child
      return pid !== undefined && exitCode === null && signalCode === null
    },
    exited,
    send: (message) => {
      // The exit event, not a failed send, decides what becomes of the job.
      if (child.connected) child.send(message as object, () => undefined)
    },
    kill: () => void child.kill('SIGKILL'),
    abandon: () => {
      if (child.connected) child.disconnect()
      child.stderr?.destroy()
      child.unref()
    },
  }
}
