// @ts-check
// The three parts that are built, and which of them are older than their sources. Plain JavaScript: it runs before anything is built.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withLock } from './electron/lock.mjs'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** `root` is the folder that Vite works in; `needs` must exist: without it the part cannot be built. @satisfies {Record<string, { root: string, config: string, sources: string[], needs: string, output: string }>} */
export const PARTS = {
  node: {
    root: '.',
    config: 'vite.config.ts',
    sources: ['main', 'preload', 'test/bench'],
    needs: 'main/cli/unmask.ts',
    output: 'dist/node/unmask.cjs',
  },
  preload: {
    root: '.',
    config: 'vite.preload.config.ts',
    sources: ['preload'],
    needs: 'preload/preload.ts',
    output: 'dist/preload/preload.cjs',
  },
  renderer: {
    root: 'renderer',
    config: 'vite.renderer.config.ts',
    sources: ['renderer', 'preload/contract.ts', 'preload/contract'],
    needs: 'renderer/index.html',
    output: 'dist/renderer/index.html',
  },
}

/** @typedef {keyof typeof PARTS} Part */

/** @param {string} name @returns {name is Part} */
export const isPart = (name) => Object.hasOwn(PARTS, name)

/** The sources are at fault, not the tools: the message says all. */
export class BuildProblem extends Error {}

/** Its time is that of the sources the part was last built from. @param {Part} part @param {string} at */
const stampOf = (part, at = root) => join(at, 'dist', `.built-${part}`)

/**
 * @param {Part} part
 * @param {string} [at] the project's folder
 * @returns {boolean} false for an installed app, which has no sources to compare with
 */
export function isStale(part, at = root) {
  const { config, sources, output } = PARTS[part]
  if (!existsSync(join(at, config))) return false
  const stamp = stampOf(part, at)
  if (!existsSync(stamp) || !existsSync(join(at, output))) return true
  const newest = Math.max(...[...sources, config, 'package.json'].map((name) => newestMs(join(at, name))))
  return newest > statSync(stamp).mtimeMs || readFileSync(stamp, 'utf8') !== inventory(sources, at)
}

/**
 * @param {{ parts?: readonly Part[], isForced?: boolean, logLevel?: 'warn' | 'info' }} [options]
 * @returns {Promise<Part[]>} what was built
 * @throws {BuildProblem} when a part does not build or its entry is missing
 */
export async function buildStale({
  parts = ['node', 'preload', 'renderer'],
  isForced = false,
  logLevel = 'warn',
} = {}) {
  const wanted = () => parts.filter((part) => isForced || isStale(part))
  if (wanted().length === 0) return []
  // Two builds at a time would empty each other's folders.
  return withLock(join(root, 'dist', '.build.lock'), async () => {
    const stale = wanted()
    if (stale.length === 0) return []
    const { build } = await import('vite')
    for (const part of stale) {
      const { root: folder, config, needs, sources } = PARTS[part]
      if (!existsSync(join(root, needs)))
        throw new BuildProblem(`the ${part} part cannot be built: ${needs} is missing`)
      const stamp = stampOf(part)
      rmSync(stamp, { force: true })
      // What changes during the build is newer than the stamp and so is built again.
      const startedAt = new Date()
      const before = inventory(sources)
      try {
        await build({ root: join(root, folder), configFile: join(root, config), logLevel })
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        throw new BuildProblem(`the ${part} part does not build: ${why}`, { cause: error })
      }
      mkdirSync(dirname(stamp), { recursive: true })
      writeFileSync(stamp, before)
      utimesSync(stamp, startedAt, startedAt)
    }
    return stale
  })
}

/** A deleted or renamed file leaves no newer time behind, but another list. @param {readonly string[]} sources @param {string} at */
function inventory(sources, at = root) {
  return sources
    .flatMap((name) => filesUnder(join(at, name)))
    .map((file) => relative(at, file))
    .join('\n')
}

/** @param {string} path @returns {string[]} */
function filesUnder(path) {
  // Editors write files that are gone a moment later.
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats?.isDirectory()) return stats ? [path] : []
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesUnder(join(path, name)))
}

/** @param {string} path @returns {number} */
function newestMs(path) {
  return filesUnder(path).reduce(
    (newest, file) => Math.max(newest, statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0),
    0,
  )
}
