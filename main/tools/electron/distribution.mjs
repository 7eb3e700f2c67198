// @ts-check
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { INSTALL_LINE } from './problems.mjs'

/** A failure with a message for the user: no stack trace belongs to it. */
export class ElectronProblem extends Error {}

/**
 * Where the executable lies inside a distribution folder.
 * @param {NodeJS.Platform} platform
 */
export function executableName(platform) {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron'
  return platform === 'win32' ? 'electron.exe' : 'electron'
}

/**
 * The folder from which Electron takes the app that it runs.
 * @param {string} folder of the distribution
 * @param {NodeJS.Platform} platform
 */
export function resourcesOf(folder, platform) {
  return join(folder, platform === 'darwin' ? 'Electron.app/Contents/Resources' : 'resources')
}

/**
 * The version a distribution says it has; asks the executable itself where the `version` file is missing.
 * @param {string} folder
 * @param {string} executable
 * @returns {string} such as '25.1.1'
 * @throws {ElectronProblem} when the executable does not run
 */
export function versionOf(folder, executable) {
  const file = join(folder, 'version')
  if (existsSync(file)) return readFileSync(file, 'utf8').trim().replace(/^v/, '')
  try {
    return execFileSync(executable, ['-p', 'process.versions.electron'], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 20_000,
    }).trim()
  } catch (error) {
    const said =
      error instanceof Error ? error.message.trim().split('\n').slice(0, 3).join('; ') : String(error)
    const advice = /shared librar/.test(said) ? `. ${INSTALL_LINE}` : ''
    throw new ElectronProblem(`${executable} does not run, so its version is unknown: ${said}${advice}`, {
      cause: error,
    })
  }
}
