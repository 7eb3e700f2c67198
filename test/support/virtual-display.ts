import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

/** Large enough for a window of every tested size. */
const SCREEN = '2560x1600x24'
const START_LIMIT_MS = 20_000

export interface TestDisplay {
  /** For the DISPLAY of what is started; null on systems that need none. */
  readonly name: string | null
  stop(): Promise<void>
}

/**
 * A screen for windows under test: the one there is, else an Xvfb of our own on a number that it chooses itself.
 * @throws Error when there is no screen and Xvfb is not installed or does not start
 */
export async function openDisplay(): Promise<TestDisplay> {
  const given = process.env['DISPLAY']
  if (process.platform !== 'linux') return { name: null, stop: async () => undefined }
  if (given) return { name: given, stop: async () => undefined }
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', SCREEN, '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  const kill = () => void server.kill()
  // A worker that is stopped early must not leave its screen behind.
  process.once('exit', kill)
  try {
    const name = `:${await firstLine(server)}`
    return {
      name,
      stop: async () => {
        process.off('exit', kill)
        await ended(server)
      },
    }
  } catch (error) {
    process.off('exit', kill)
    await ended(server)
    throw error
  }
}

function firstLine(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const fail = (why: string) => reject(new Error(`Xvfb ${why} ${said.trim().split('\n')[0] ?? ''}`.trim()))
    const timer = setTimeout(fail, START_LIMIT_MS, 'gave no display number')
    server.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text))
    server.on('error', (error) =>
      fail('code' in error && error.code === 'ENOENT' ? 'is not installed' : error.message),
    )
    server.on('exit', (code) => fail(`ended with exit code ${code}:`))
    createInterface({ input: server.stdio[3] as Readable }).once('line', (line) => {
      clearTimeout(timer)
      resolve(line.trim())
    })
  })
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return
  const exit = new Promise((resolve) => server.once('exit', resolve))
  server.kill()
  await exit
}
