import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  appCommand,
  cacheFolderOf,
  electronArguments,
  findElectron,
  problemsOf,
} from '../../main/tools/electron.mjs'
import { openDisplay, type TestDisplay } from './virtual-display'

const repository = fileURLToPath(new URL('../..', import.meta.url))

/** What a test of the real window needs: what to execute and a screen. */
export interface WindowPlace {
  /** The executable. */
  readonly path: string
  /** They come first; switches and files of the test follow. */
  readonly args: readonly string[]
  readonly electronVersion: string
  /** true: the app as it is packaged, given by UNMASK_PACKAGED_APP. */
  readonly isPackaged: boolean
  readonly display: TestDisplay
  /** The environment to start it with. */
  readonly env: Record<string, string>
}

/**
 * Electron and a screen for one test file; await it at the top of the file, describe.skipIf(place === null), and stop the
 * display afterwards. Where UNMASK_WINDOW_TESTS is `required`, what is missing fails instead of skipping.
 * @returns null, having said why, when this computer cannot open windows
 */
export async function findWindowPlace(): Promise<WindowPlace | null> {
  try {
    return await openPlace()
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    if (process.env['UNMASK_WINDOW_TESTS'] === 'required')
      throw new Error(`window tests are required here but cannot run: ${why}`, { cause: error })
    process.stdout.write(`the tests of the window are skipped: ${why}\n`)
    return null
  }
}

async function openPlace(): Promise<WindowPlace> {
  const packaged = process.env['UNMASK_PACKAGED_APP']
  const command = packaged
    ? { path: packaged, args: electronArguments(), electronVersion: 'packaged' }
    : await commandFromRepository()
  const display = await openDisplay()
  const env = environmentWith(display)
  const problems = problemsOf({ path: command.path, folder: dirname(command.path) }, { env })
  if (problems.length > 0) {
    await display.stop()
    throw new Error(problems.join('; '))
  }
  return {
    ...command,
    isPackaged: packaged !== undefined,
    display,
    env,
  }
}

async function commandFromRepository() {
  const electron = await findElectron()
  const command = appCommand(electron, { appFolder: repository, cacheFolder: cacheFolderOf(process.env) })
  return { ...command, electronVersion: electron.version }
}

function environmentWith(display: TestDisplay): Record<string, string> {
  // Electron under test must not become a plain Node, nor take what npm or Vitest set for themselves.
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(ELECTRON_RUN_AS_NODE|NODE_OPTIONS|VITEST|npm_)/.test(entry[0]),
  )
  return { ...Object.fromEntries(kept), ...(display.name !== null && { DISPLAY: display.name }) }
}
