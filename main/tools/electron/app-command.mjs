// @ts-check
import {
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ElectronProblem, executableName, resourcesOf } from './distribution.mjs'

/** @typedef {import('../electron.mjs').FoundElectron} FoundElectron */

const launcherFile = join(dirname(fileURLToPath(import.meta.url)), 'launcher.cjs')
const LAUNCHER_MANIFEST = '{ "name": "unmask-launcher", "productName": "Unmask", "main": "launcher.cjs" }\n'

/**
 * What to execute, and with which arguments, so that an Electron runs the app in a folder. An Electron without the default
 * app that understands `electron FOLDER` gets a launcher: inside our own copy, and for a foreign folder in a folder of links.
 * @param {FoundElectron} electron
 * @param {object} options
 * @param {string} options.appFolder with package.json
 * @param {string} options.cacheFolder
 * @param {NodeJS.Platform} [options.platform]
 * @param {boolean} [options.isRoot]
 * @returns {{ path: string, args: string[] }} further arguments go after these
 * @throws {ElectronProblem}
 */
export function appCommand(electron, { appFolder, cacheFolder, platform = process.platform, isRoot }) {
  return {
    path: runnable(electron, cacheFolder, platform),
    args: [...electronArguments({ platform, ...(isRoot !== undefined && { isRoot }) }), appFolder],
  }
}

/**
 * Chromium refuses to run as root with its sandbox; nobody else goes without.
 * @param {{ platform?: NodeJS.Platform, isRoot?: boolean }} [options]
 */
export function electronArguments({ platform = process.platform, isRoot = process.getuid?.() === 0 } = {}) {
  return platform === 'linux' && isRoot ? ['--no-sandbox'] : []
}

/**
 * @param {FoundElectron} electron
 * @param {string} cacheFolder
 * @param {NodeJS.Platform} platform
 */
function runnable(electron, cacheFolder, platform) {
  const resources = resourcesOf(electron.folder, platform)
  const isAppThere = ['app', 'app.asar'].some((name) => existsSync(join(resources, name)))
  if (!isAppThere && existsSync(join(resources, 'default_app.asar'))) return electron.path
  if (electron.source === 'registry') {
    placeLauncher(join(resources, 'app'))
    return electron.path
  }
  if (platform !== 'linux')
    throw new ElectronProblem(
      `${electron.folder} is the Electron of another app or has no default_app.asar. ` +
        'Name an unpacked Electron as its project publishes it in ELECTRON_OVERRIDE_DIST_PATH.',
    )
  return join(linkedCopy(electron, cacheFolder), executableName(platform))
}

/** @param {string} folder resources/app */
function placeLauncher(folder) {
  const text = readFileSync(launcherFile, 'utf8')
  const placed = join(folder, 'launcher.cjs')
  if (existsSync(placed) && readFileSync(placed, 'utf8') === text) return
  mkdirSync(folder, { recursive: true })
  for (const [name, content] of Object.entries({ 'package.json': LAUNCHER_MANIFEST, 'launcher.cjs': text })) {
    const scratch = join(folder, `${name}.${process.pid}`)
    writeFileSync(scratch, content)
    renameSync(scratch, join(folder, name))
  }
}

/**
 * A folder that is the same Electron except for its resources. Its executable is no symbolic link, because Electron looks
 * for everything beside the file that /proc/self/exe names.
 * @param {FoundElectron} electron
 * @param {string} cacheFolder
 */
function linkedCopy(electron, cacheFolder) {
  const { mtimeMs, size } = statSync(electron.path)
  const key = createHash('sha256').update(`${electron.folder} ${mtimeMs} ${size}`).digest('hex').slice(0, 12)
  const folder = join(cacheFolder, `electron-${electron.version}-${key}`)
  if (!existsSync(folder)) {
    mkdirSync(cacheFolder, { recursive: true })
    const scratch = mkdtempSync(`${folder}.new-`)
    for (const name of readdirSync(electron.folder))
      if (name !== 'resources' && name !== executableName('linux'))
        symlinkSync(join(electron.folder, name), join(scratch, name))
    linkOrCopy(electron.path, join(scratch, executableName('linux')))
    mkdirSync(join(scratch, 'resources'))
    try {
      renameSync(scratch, folder)
    } catch (error) {
      rmSync(scratch, { recursive: true, force: true })
      // Another start was quicker, with the same folder.
      if (!existsSync(folder)) throw error
    }
  }
  placeLauncher(join(folder, 'resources', 'app'))
  return folder
}

/**
 * @param {string} from
 * @param {string} to
 */
function linkOrCopy(from, to) {
  try {
    linkSync(from, to)
  } catch {
    // Another file system, or a file of another user.
    copyFileSync(from, to, constants.COPYFILE_FICLONE)
  }
}
