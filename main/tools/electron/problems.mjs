// @ts-check
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** @typedef {import('../electron.mjs').FoundElectron} FoundElectron */

/** What Electron needs of a bare Debian or Ubuntu. */
export const DEBIAN_PACKAGES = ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1']
export const INSTALL_LINE = `On Debian and Ubuntu: sudo apt-get install ${DEBIAN_PACKAGES.join(' ')}`

/**
 * What would keep this Electron from opening a window on this Linux computer, each with what to do; nothing on other systems.
 * @param {Pick<FoundElectron, 'path' | 'folder'>} electron
 * @param {{ env?: NodeJS.ProcessEnv, platform?: NodeJS.Platform, isRoot?: boolean }} [options]
 * @returns {string[]}
 */
export function problemsOf(electron, options = {}) {
  const { env = process.env, platform = process.platform, isRoot = process.getuid?.() === 0 } = options
  if (platform !== 'linux') return []
  return [
    missingLibraries(electron.path),
    missingDisplay(env),
    isRoot ? null : missingSandbox(electron.folder),
  ].filter((problem) => problem !== null)
}

/** @param {string} executable */
function missingLibraries(executable) {
  let listed
  try {
    listed = execFileSync('ldd', [executable], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    // Without ldd, as on a Linux without glibc, the start itself has to tell.
    return null
  }
  return librariesProblem(listed)
}

/**
 * @param {string} listed what ldd printed
 * @returns {string | null}
 */
export function librariesProblem(listed) {
  const missing = [...listed.matchAll(/^\s*(\S+) => not found$/gm)].map((match) => match[1])
  if (missing.length === 0) return null
  return `Electron needs libraries that are not installed: ${missing.join(', ')}. ${INSTALL_LINE}`
}

/** @param {NodeJS.ProcessEnv} env */
export function missingDisplay(env) {
  if (env['DISPLAY'] || env['WAYLAND_DISPLAY']) return null
  return 'There is no screen (neither DISPLAY nor WAYLAND_DISPLAY is set). Start it in a desktop session, or without a screen by xvfb-run -a npm start (Debian package xvfb).'
}

/**
 * Chromium's sandbox needs one of two things of the system; without it Electron ends at once.
 * @param {string} folder of the distribution
 * @param {(file: string) => string | null} [read] of /proc
 * @returns {string | null}
 */
export function missingSandbox(folder, read = readSetting) {
  const isOff =
    read('/proc/sys/kernel/unprivileged_userns_clone') === '0' ||
    read('/proc/sys/user/max_user_namespaces') === '0' ||
    read('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === '1'
  const assistant = join(folder, 'chrome-sandbox')
  if (!isOff || isSetuidRoot(assistant)) return null
  return [
    `Electron's sandbox cannot work: this system keeps user namespaces from programs, and ${assistant} is not set up to do without.`,
    `Once, as administrator: sudo chown root:root '${assistant}' && sudo chmod 4755 '${assistant}'`,
  ].join(' ')
}

/** @param {string} file */
function isSetuidRoot(file) {
  if (!existsSync(file)) return false
  const { uid, mode } = statSync(file)
  return uid === 0 && (mode & 0o4000) !== 0
}

/** @param {string} file */
function readSetting(file) {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null
}
