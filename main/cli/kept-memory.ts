import { spawn } from 'node:child_process'
import { EXIT } from './exit-codes'

/**
 * Training asks for the same large blocks again and again. glibc gives such blocks back to the system at once and gets
 * them anew, cleared page by page, which makes a training step about a third slower; these settings make it keep them.
 * They are read when a process starts, so the command starts itself once more with them.
 */
const SETTINGS = {
  MALLOC_MMAP_MAX_: '0',
  MALLOC_TRIM_THRESHOLD_: '16000000000',
  MALLOC_TOP_PAD_: '268435456',
} as const

/** @returns the exit status of the process that did the work, or null where this process is to do it */
export async function runWithKeptMemory(): Promise<number | null> {
  const isSet = Object.keys(SETTINGS).every((name) => process.env[name] !== undefined)
  if (isSet) endWithParent()
  if (process.platform !== 'linux' || isSet) return null
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...SETTINGS },
  })
  const pass = (signal: NodeJS.Signals) => void child.kill(signal)
  const signals = ['SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, pass)
  // Ctrl-C reaches the child by itself; this process waits for it.
  const wait = () => undefined
  process.on('SIGINT', wait)
  try {
    return await new Promise<number>((resolve, reject) => {
      child.on('error', reject)
      child.on('exit', (code) => resolve(code ?? 1))
    })
  } finally {
    for (const signal of signals) process.off(signal, pass)
    process.off('SIGINT', wait)
  }
}

/** Whoever kills the process that was started means the work: it does not go on alone. */
function endWithParent(): void {
  if (!process.channel) return
  process.channel.unref()
  process.on('disconnect', () => process.exit(EXIT.interrupted))
}
