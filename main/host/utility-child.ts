import { constants } from 'node:os'
import { type HostChildListeners, LAST_WORDS_MS, type StartChild } from './host-child'

/** Electron's UtilityProcess as far as it is used; its types come with Electron, which the host must not import. */
export interface UtilityChild {
  readonly pid: number | undefined
  readonly stderr: NodeJS.ReadableStream | null
  postMessage(message: unknown): void
  kill(): boolean
  on(event: 'message', listener: (message: unknown) => void): unknown
  on(event: 'spawn', listener: () => void): unknown
  once(event: 'exit', listener: (code: number) => void): unknown
}

export type ForkUtility = (script: string, env: NodeJS.ProcessEnv) => UtilityChild

/** Lets a test stand in for the system's kill. */
export type KillProcess = (pid: number) => void

const killAtOnce: KillProcess = (pid) => void process.kill(pid, 'SIGKILL')

/**
 * The app's way: Electron's utility process.
 * @param fork `utilityProcess.fork`, handed in because only main/app knows Electron
 */
export function startUtility(fork: ForkUtility, killProcess: KillProcess = killAtOnce): StartChild {
  return (script, env, listeners) => {
    const child = fork(script, env)
    let isAlive = true
    let isWantedDead = false
    const kill = () => {
      if (!isAlive) return
      isWantedDead = true
      killNow(child, killProcess)
    }
    const exited = new Promise<void>((resolve) =>
      child.once('exit', (code) => {
        isAlive = false
        resolve()
        tellEnd(child, code, listeners)
      }),
    )
    // Before it is there a process has no number to be killed by.
    child.on('spawn', () => {
      if (isWantedDead) killNow(child, killProcess)
    })
    child.on('message', listeners.onMessage)
    child.stderr?.setEncoding('utf8')
    child.stderr?.on('data', listeners.onStderr)
    return {
      get isAlive() {
        return isAlive
      },
      exited,
      send: (message) => {
        if (isAlive) child.postMessage(message)
      },
      kill,
      // Nothing keeps Electron's main process but its windows.
      abandon: () => undefined,
    }
  }
}

/** Electron's own kill is a SIGTERM, which a host that spins never hears. */
function killNow(child: UtilityChild, killProcess: KillProcess): void {
  if (child.pid === undefined) return
  try {
    killProcess(child.pid)
  } catch (error) {
    // ESRCH: it went by itself. Whatever else: Electron may be allowed what we are not.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') child.kill()
  }
}

/** Its last words may still be on their way through the pipe when it has ended. */
function tellEnd(child: UtilityChild, code: number, { onEnd }: HostChildListeners): void {
  const { exitCode, signal } = readExit(code)
  const tell = () => onEnd(exitCode, signal)
  if (!child.stderr) return tell()
  child.stderr.once('end', tell)
  setTimeout(tell, LAST_WORDS_MS).unref()
}

/**
 * On POSIX Electron gives the number of the signal, or 128 more, for a process that was ended by one; and 0 where it saw the
 * pipe close before it learnt how the process ended.
 */
function readExit(code: number): { exitCode: number | null; signal: NodeJS.Signals | null } {
  if (code === 0) return { exitCode: null, signal: null }
  if (process.platform === 'win32') return { exitCode: code, signal: null }
  const number = code > 128 ? code - 128 : code
  const fatal: readonly NodeJS.Signals[] = ['SIGSEGV', 'SIGABRT', 'SIGKILL', 'SIGILL', 'SIGBUS', 'SIGFPE']
  const signal = fatal.find((name) => constants.signals[name] === number) ?? null
  return signal ? { exitCode: null, signal } : { exitCode: code, signal: null }
}
