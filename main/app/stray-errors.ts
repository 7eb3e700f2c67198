import { appendFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { dialog } from 'electron'
import type { AppContext } from './app-context'

/** Before what is printed of each. */
export const STRAY_ERROR = 'Unmask: stray error:'

const FILE = 'errors.log'
const FILE_MAX_BYTES = 1 << 20
/** One cause may fail many times a second; the window tells of it once in a while. */
const TELL_EVERY_MS = 10_000

/**
 * Catches what nobody else caught in the main process. Electron would stop everything behind a message of its own, with coding going on;
 * here it is written down in `errors.log` and told beside the work, which goes on: edits are on the disk before they are acknowledged.
 * Before there is a window the app cannot go on: it says so and ends.
 */
export function catchStrayErrors(context: Pick<AppContext, 'userDataFolder' | 'window' | 'tell'>): void {
  const file = join(context.userDataFolder, FILE)
  let hadWindow = false
  let lastToldMs = Number.NEGATIVE_INFINITY
  const take = (error: unknown): void => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    process.stderr.write(`${STRAY_ERROR} ${text}\n`)
    note(file, text)
    const [what = ''] = text.split('\n')
    hadWindow ||= context.window() !== null
    if (!hadWindow) {
      dialog.showErrorBox('Unmask could not start', `${what}\nMore is in ${file}.`)
      process.exit(1)
    }
    if (Date.now() - lastToldMs < TELL_EVERY_MS) return
    lastToldMs = Date.now()
    context.tell('projectTrouble', {
      message: `Something inside went wrong (${what}). What you coded is saved; if anything looks odd, open the project anew. More is in ${file}.`,
    })
  }
  process.on('uncaughtException', take)
  process.on('unhandledRejection', take)
}

function note(file: string, text: string): void {
  try {
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > FILE_MAX_BYTES)
      renameSync(file, `${file}.old`)
    appendFileSync(file, `${new Date().toISOString()} ${text}\n`)
  } catch {
    // A full disk: it was printed, and the window tells of it.
  }
}
