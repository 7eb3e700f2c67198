import { MessageChannelMain, type UtilityProcess, utilityProcess } from 'electron'
import type { PortName } from '../../preload/contract/window'
import { PORT_CHANNEL } from '../../preload/contract'
import type { AppContext } from './app-context'

export interface UtilityServiceOptions {
  readonly name: PortName
  /** The built script. */
  readonly script: string
  readonly env?: NodeJS.ProcessEnv
  /** What a process that has just started must be told before anything else: grants, configuration. */
  onStart?(post: (message: unknown) => void): void
  onMessage?(message: unknown): void
  /** The process is gone: what it was asked will not be answered. */
  onEnd?(reason: string): void
}

/** Crashes that follow each other quicker than this are no longer answered by a start at once. */
const CRASH_LOOP_MS = 3000
const CRASHES_MAX = 5
const STDERR_LINES_KEPT = 20

/**
 * One helper process of the app that the window talks to over a port. Started when first needed; when it dies it is started
 * again, the window is told (`processRestarted`) and asks for a new port.
 */
export class UtilityService {
  readonly #context: AppContext
  readonly #options: UtilityServiceOptions
  #child: UtilityProcess | null = null
  #isStopping = false
  #quickCrashes = 0
  #startedMs = 0
  #stderr: string[] = []

  constructor(context: AppContext, options: UtilityServiceOptions) {
    this.#context = context
    this.#options = options
    context.onQuit(() => this.stop())
  }

  get isRunning(): boolean {
    return this.#child !== null
  }

  post(message: unknown): void {
    this.#running().postMessage(message)
  }

  /** Gives the window one end of a new channel and the process the other. */
  handPort(): void {
    const window = this.#context.window()
    if (!window) return
    const { port1, port2 } = new MessageChannelMain()
    this.#running().postMessage({ type: 'port' }, [port1])
    window.webContents.postMessage(PORT_CHANNEL, this.#options.name, [port2])
  }

  /** Ends it for good, or until it is needed again. */
  async stop(): Promise<void> {
    const child = this.#child
    if (!child) return
    this.#isStopping = true
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    // One that was started a moment ago has no process yet, and would not hear it.
    if (child.pid === undefined) child.once('spawn', () => child.kill())
    else child.kill()
    await ended
    this.#isStopping = false
  }

  #running(): UtilityProcess {
    return this.#child ?? this.#start()
  }

  #start(): UtilityProcess {
    const { name, script, env, onStart, onMessage } = this.#options
    const child = utilityProcess.fork(script, [], {
      serviceName: `Unmask ${name}`,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', ...env },
    })
    this.#child = child
    this.#startedMs = performance.now()
    this.#stderr = []
    child.stderr?.on('data', (data: Buffer) => this.#keepStderr(data.toString('utf8')))
    child.on('message', (message: unknown) => onMessage?.(message))
    child.once('exit', (code) => this.#ended(child, code))
    onStart?.((message) => child.postMessage(message))
    return child
  }

  #ended(child: UtilityProcess, code: number): void {
    if (this.#child !== child) return
    this.#child = null
    if (this.#isStopping) return void this.#options.onEnd?.('stopped')
    const isQuick = performance.now() - this.#startedMs < CRASH_LOOP_MS
    this.#quickCrashes = isQuick ? this.#quickCrashes + 1 : 0
    const said = this.#stderr.at(-1)
    const reason = `the ${this.#options.name} process ended (exit code ${code})${said ? `: ${said}` : ''}`
    this.#options.onEnd?.(reason)
    if (this.#quickCrashes < CRASHES_MAX) this.#start()
    this.#context.tell('processRestarted', { name: this.#options.name, reason })
  }

  #keepStderr(text: string): void {
    this.#stderr.push(...text.split('\n').filter((line) => line.trim() !== ''))
    this.#stderr.splice(0, Math.max(0, this.#stderr.length - STDERR_LINES_KEPT))
  }
}
