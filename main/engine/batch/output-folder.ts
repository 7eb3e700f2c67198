import { open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { hostname, uptime } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { UnmaskError } from '../errors'
import { TEMPORARY_SUFFIX } from '../export/atomic-file'
import { makeFolder } from '../export/make-folder'
import type { LabelOptions } from './clip-job'
import { JOURNAL_FILE } from './journal'

const LOCK_FILE = '.unmask.lock'
/** A run that has just made its lock has written its name into it within this time. */
const HALF_LOCK_MS = 1000
/** Two runs that find the same dead lock may each remove it: the one whose own lock is still there later has won. */
const TAKE_OVER_MS = 300
/** Clocks of file systems and processes differ a little. */
const BOOT_SLACK_MS = 10_000

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
  await removeTemporaries(path)
  return {
    path,
    release: async () => {
      // A host that was killed while it wrote leaves its halves behind.
      await removeTemporaries(path)
      await rm(join(path, LOCK_FILE), { force: true })
    },
  }
}

async function removeTemporaries(folder: string): Promise<void> {
  let names: string[]
  try {
    names = await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw asOutputError(error, folder)
  }
  for (const name of names) if (name.endsWith(TEMPORARY_SUFFIX)) await rm(join(folder, name), { force: true })
}

async function takeLock(folder: string): Promise<void> {
  const lock = join(folder, LOCK_FILE)
  let hasRemoved = false
  for (;;) {
    if (await createLock(lock)) {
      if (!hasRemoved) return
      await delay(TAKE_OVER_MS)
    }
    const owner = await readLock(lock)
    if (owner === 'gone') continue
    if (owner && isSelf(owner)) return
    if (owner && (await isRunning(owner, lock))) throw lockedError(owner, lock)
    hasRemoved = true
    await rm(lock, { force: true })
  }
}

/** @returns false when there is one already */
async function createLock(lock: string): Promise<boolean> {
  try {
    const handle = await open(lock, 'wx')
    try {
      await handle.writeFile(JSON.stringify({ pid: process.pid, host: hostname() }))
    } finally {
      await handle.close()
    }
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function lockedError({ pid, host }: LockOwner, lock: string): UnmaskError {
  return new UnmaskError(
    'output.exists',
    `another run (process ${pid} on ${host}) is writing there; wait for it or choose another --out, ` +
      `or delete its lock if you know that it has ended: ${lock}`,
  )
}

interface LockOwner {
  readonly pid: number
  readonly host: string
}

/** @returns null for a lock that names nobody */
async function readLock(lock: string): Promise<LockOwner | 'gone' | null> {
  const deadlineMs = performance.now() + HALF_LOCK_MS
  for (;;) {
    const owner = await readOwner(lock)
    // Half a lock is one that is being made, or that of a run that was killed while making it.
    if (owner !== null || performance.now() > deadlineMs) return owner
    await delay(50)
  }
}

async function readOwner(lock: string): Promise<LockOwner | 'gone' | null> {
  try {
    const raw: unknown = JSON.parse(await readFile(lock, 'utf8'))
    if (typeof raw !== 'object' || raw === null) return null
    const { pid, host } = raw as Partial<LockOwner>
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host } : null
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : null
  }
}

function isSelf({ pid, host }: LockOwner): boolean {
  return pid === process.pid && host === hostname()
}

async function isRunning(owner: LockOwner, lock: string): Promise<boolean> {
  // Of another machine's processes nothing can be known: respect its lock.
  if (owner.host !== hostname()) return true
  // After a power cut the number may belong to some other program by now.
  if (await isOlderThanBoot(lock)) return false
  try {
    process.kill(owner.pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function isOlderThanBoot(path: string): Promise<boolean> {
  try {
    return (await stat(path)).mtimeMs < Date.now() - uptime() * 1000 - BOOT_SLACK_MS
  } catch {
    return false // it went away: the next look will tell
  }
}

const FOLDER_FILES = [
  JOURNAL_FILE,
  'summary.csv',
  'summary_long.csv',
  'errors.csv',
  'data_dictionary.csv',
  'METHODS.txt',
]
const CLIP_ENDINGS = ['frames.csv', 'speech.csv', 'segments.csv', 'meta.json']
const OPTIONAL_ENDINGS = {
  long: ['long.csv'],
  eaf: ['eaf'],
  textgrid: ['TextGrid'],
  boris: ['boris', 'boris-face.csv', 'boris-fusion.csv'],
  landmarks: ['landmarks.csv'],
} as const

/**
 * Names in the folder that a run without --resume or --force must not touch: results of any clip, and whatever bears
 * the name of a file that this run would write (a hand-made NAME.eaf beside the recordings).
 */
export async function existingResults(
  folder: string,
  clipIds: Iterable<string>,
  exports: LabelOptions['exports'],
): Promise<string[]> {
  const optional = Object.entries(OPTIONAL_ENDINGS).flatMap(([name, endings]) =>
    exports[name as keyof typeof OPTIONAL_ENDINGS] ? endings : [],
  )
  // In small letters, because some file systems do not tell these from capitals.
  const written = new Set(FOLDER_FILES.map((name) => name.toLowerCase()))
  for (const clipId of clipIds)
    for (const ending of optional) written.add(`${clipId}.${ending}`.toLowerCase())
  let names: string[]
  try {
    names = await readdir(folder)
  } catch (error) {
    throw asOutputError(error, folder)
  }
  const isResult = (name: string): boolean =>
    written.has(name.toLowerCase()) || CLIP_ENDINGS.some((ending) => name.endsWith(`.${ending}`))
  return names.filter(isResult).sort()
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
