// @ts-check
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const POLL_MS = 200

/**
 * Runs one task at a time across processes: whoever comes second waits. A lock whose process has ended is taken over.
 * @template T
 * @param {string} lockFile made with its folder and removed afterwards
 * @param {() => Promise<T>} task
 * @param {() => void} [onWait] told once when somebody else is at it
 * @returns {Promise<T>}
 */
export async function withLock(lockFile, task, onWait) {
  mkdirSync(dirname(lockFile), { recursive: true })
  let hasWaited = false
  while (!take(lockFile)) {
    if (!hasWaited) onWait?.()
    hasWaited = true
    await wait(POLL_MS)
  }
  try {
    return await task()
  } finally {
    rmSync(lockFile, { force: true })
  }
}

/** @param {string} lockFile */
function take(lockFile) {
  try {
    const handle = openSync(lockFile, 'wx')
    writeSync(handle, String(process.pid))
    closeSync(handle)
    return true
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    if (isAbandoned(lockFile)) rmSync(lockFile, { force: true })
    return false
  }
}

/** @param {string} lockFile */
function isAbandoned(lockFile) {
  try {
    const pid = Number(readFileSync(lockFile, 'utf8'))
    // Empty for the moment between making and writing.
    if (pid > 0) process.kill(pid, 0)
    return false
  } catch (error) {
    return codeOf(error) === 'ESRCH'
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
