import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url))
const commandFile = fileURLToPath(new URL('../../dist/node/unmask.cjs', import.meta.url))

export interface CommandResult {
  /** Null when it was ended by a signal. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunningCommand {
  readonly process: ChildProcess
  /** Resolves once the text has appeared on stderr or stdout. */
  sees(text: string | RegExp): Promise<void>
  readonly result: Promise<CommandResult>
}

/** Starts the built `unmask` command, as a user would, from the repository's root. */
export function startUnmask(args: readonly string[], env: Record<string, string> = {}): RunningCommand {
  if (!existsSync(commandFile))
    throw new Error('dist/node/unmask.cjs is missing: run the tests with npm test, which builds it')
  const child = spawn(process.execPath, [commandFile, ...args], {
    cwd: repositoryRoot,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  const watchers = new Set<() => void>()
  const notify = () => watchers.forEach((watch) => watch())
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    notify()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    notify()
  })
  const result = new Promise<CommandResult>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  const sees = (text: string | RegExp) =>
    new Promise<void>((resolve, reject) => {
      const watch = () => {
        const all = stdout + stderr
        if (typeof text === 'string' ? !all.includes(text) : !text.test(all)) return
        watchers.delete(watch)
        resolve()
      }
      watchers.add(watch)
      watch()
      void result.then(({ code }) =>
        reject(new Error(`ended with ${code} before it said ${text}:\n${stdout}${stderr}`)),
      )
    })
  return { process: child, sees, result }
}

export function runUnmask(args: readonly string[], env: Record<string, string> = {}): Promise<CommandResult> {
  return startUnmask(args, env).result
}
