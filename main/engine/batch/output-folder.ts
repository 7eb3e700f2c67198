import { open, readdir, readFile, rm, unlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { UnmaskError } from '../errors'
import { TEMPORARY_SUFFIX } from '../export/atomic-file'
import { makeFolder } from '../export/make-folder'
import { JOURNAL_FILE } from './journal'

const LOCK_FILE = '.unmask.lock'

/** A results folder that this process alone writes to until it is released. */
export interface OutputFolder {
  readonly path: string
  release(): Promise<void>
}

/**
 * Creates the folder if need be, proves that it can be written, locks it against a second run and clears what a killed
 * run was in the middle of writing.
 * @throws UnmaskError 'output.unwritable' | 'output.disk-full' | 'output.exists' (another run is writing there)
 */
export async function openOutputFolder(path: string): Promise<OutputFolder> {
  try {
    await makeFolder(path)
    await takeLock(path)
  } catch (error) {
    throw asOutputError(error, path)
  }
  for (const name of await readdir(path))
    if (name.endsWith(TEMPORARY_SUFFIX)) await rm(join(path, name), { force: true })
  return {
    path,
    release: () => rm(join(path, LOCK_FILE), { force: true }),
  }
}

async function takeLock(folder: string): Promise<void> {
  const lock = join(folder, LOCK_FILE)
  for (;;) {
    try {
      const handle = await open(lock, 'wx')
      await handle.writeFile(JSON.stringify({ pid: process.pid, host: hostname() }))
      await handle.close()
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const owner = await readLock(lock)
    if (owner && isRunning(owner))
      throw new UnmaskError(
        'output.exists',
        `another run (process ${owner.pid} on ${owner.host}) is writing there; wait for it or choose another --out: ${folder}`,
      )
    await unlink(lock)
  }
}

interface LockOwner {
  readonly pid: number
  readonly host: string
}

async function readLock(lock: string): Promise<LockOwner | null> {
  try {
    const raw: unknown = JSON.parse(await readFile(lock, 'utf8'))
    if (typeof raw !== 'object' || raw === null) return null
    const { pid, host } = raw as Partial<LockOwner>
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host } : null
  } catch {
    // Half a lock of a killed run is no lock.
    return null
  }
}

function isRunning(owner: LockOwner): boolean {
  // Of another machine's processes nothing can be known: respect its lock.
  if (owner.host !== hostname()) return true
  if (owner.pid === process.pid) return false
  try {
    process.kill(owner.pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Names in the folder that a run without --resume or --force must not touch. */
export async function existingResults(folder: string): Promise<string[]> {
  const fixed = new Set([JOURNAL_FILE, 'summary.csv', 'summary_long.csv', 'errors.csv'])
  const endings = ['.frames.csv', '.speech.csv', '.segments.csv', '.meta.json']
  let names: string[]
  try {
    names = await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw asOutputError(error, folder)
  }
  return names.filter((name) => fixed.has(name) || endings.some((ending) => name.endsWith(ending))).sort()
}

function asOutputError(error: unknown, folder: string): UnmaskError {
  if (error instanceof UnmaskError) return error
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new UnmaskError('output.disk-full', `the disk of the results folder is full: ${folder}`, {
      cause: error,
    })
  const reason = error instanceof Error ? error.message : String(error)
  return new UnmaskError(
    'output.unwritable',
    `the results folder cannot be written (${reason}); choose another with --out: ${folder}`,
    { cause: error },
  )
}
