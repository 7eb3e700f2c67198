import { open, readFile, rm, stat } from 'node:fs/promises'
import { hostname, uptime } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'

/** A run that has just made its lock has written its name into it within this time. */
const HALF_LOCK_MS = 1000
/** Two runs that find the same dead lock may each remove it: the one whose own lock is still there later has won. */
const TAKE_OVER_MS = 300
/** Clocks of file systems and processes differ a little. */
const BOOT_SLACK_MS = 10_000

/**
 * Makes a file that says that this process alone writes beside it; whoever holds a lock removes it when done. The lock of a
 * process that has ended is taken over, its own is taken for granted.
 * @param lock path of the lock file, in a folder that exists
 * @param lockedError what to throw when another process that runs holds it
 * @throws the error of `lockedError`, or that of the file system
 */
export async function takeLock(
  lock: string,
  lockedError: (owner: LockOwner, lock: string) => Error,
): Promise<void> {
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

/** Who made a lock. */
export interface LockOwner {
  readonly pid: number
  readonly host: string
}

/** Who holds a lock now, writing nothing; null: nobody, or a process that has ended. */
export async function lockHolder(lock: string): Promise<LockOwner | null> {
  const owner = await readLock(lock)
  return owner && owner !== 'gone' && (await isRunning(owner, lock)) ? owner : null
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
