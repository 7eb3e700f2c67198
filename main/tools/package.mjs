#!/usr/bin/env node
// @ts-check
// npm run package [-- --linux AppImage deb | --win nsis | --mac dmg] [--out FOLDER] [--without-tensorflow]
// Without a target: an unpacked app for this computer, from the Electron that npm start uses, without any network.
import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { findElectron } from './electron.mjs'
import { buildStale, root } from './parts.mjs'

const PLATFORMS = /** @type {const} */ ({ linux: 'linux', win: 'win32', mac: 'darwin' })

/** @typedef {import('electron-builder').Configuration} Configuration */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    linux: { type: 'boolean' },
    win: { type: 'boolean' },
    mac: { type: 'boolean' },
    out: { type: 'string' },
    'without-tensorflow': { type: 'boolean' },
  },
})

try {
  await makePackage()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|fetch failed|cannot resolve|socket|download/i.test(String(error)))
    process.stderr.write(
      'electron-builder fetches the tools for installers from their release page: that needs internet access. `npm run package` without a target does not.\n',
    )
  process.exitCode = 1
}

async function makePackage() {
  const platform = chosenPlatform()
  const targets = positionals.length > 0 ? positionals : ['dir']
  await buildStale()
  const { build, Platform } = await import('electron-builder')
  const output = resolve(values.out ?? join(root, 'dist', 'packages'))
  const made = await build({
    projectDir: root,
    publish: 'never',
    targets: { linux: Platform.LINUX, win: Platform.WINDOWS, mac: Platform.MAC }[platform].createTarget(
      targets,
    ),
    config: {
      extends: join(root, 'electron-builder.yml'),
      directories: { output },
      ...(await electronFor(platform)),
      ...tensorflow(),
      electronFuses: {
        // Playwright drives the unpacked app through the inspector; what is handed out does not listen.
        enableNodeCliInspectArguments: targets.every((target) => target === 'dir'),
      },
    },
  })
  for (const file of made) process.stdout.write(`${relative(process.cwd(), file)}  ${megabytes(file)}\n`)
  for (const name of readdirSync(output))
    if (name.endsWith('-unpacked') || name.startsWith('mac'))
      process.stdout.write(
        `${join(relative(process.cwd(), output), name)}  ${megabytes(join(output, name))}\n`,
      )
}

/** @returns {keyof typeof PLATFORMS} */
function chosenPlatform() {
  const chosen = /** @type {const} */ (['linux', 'win', 'mac']).filter((name) => values[name])
  if (chosen.length > 1) throw new Error(`one system at a time: --${chosen.join(' and --')} were given`)
  const own = /** @type {const} */ (['linux', 'win', 'mac']).find(
    (name) => PLATFORMS[name] === process.platform,
  )
  const platform = chosen[0] ?? own
  if (!platform)
    throw new Error(`there are no packages for ${process.platform}: name --linux, --win or --mac`)
  return platform
}

/**
 * For this system the Electron that npm start found; for others electron-builder fetches that of the electron package.
 * @param {keyof typeof PLATFORMS} platform
 * @returns {Promise<Partial<Configuration>>}
 */
async function electronFor(platform) {
  if (PLATFORMS[platform] !== process.platform) return {}
  const electron = await findElectron()
  process.stderr.write(`Packaging with Electron ${electron.version} from ${electron.folder}\n`)
  return {
    electronDist: electron.folder,
    electronVersion: electron.version,
    // The launcher of npm start and Electron's default app have no place beside the app.
    afterExtract: async ({ appOutDir }) => {
      const resources = ['resources', 'Electron.app/Contents/Resources']
        .map((name) => join(appOutDir, name))
        .find(existsSync)
      for (const name of ['app', 'app.asar', 'app.asar.unpacked', 'default_app.asar'])
        if (resources) rmSync(join(resources, name), { recursive: true, force: true })
    },
  }
}

/**
 * Native TensorFlow is no dependency, because npm cannot install it everywhere: it goes in where npm run setup:tensorflow put it.
 * @returns {Partial<Configuration>}
 */
function tensorflow() {
  const folders = ['tfjs-node', 'tfjs-node-gpu']
    .map((name) => `node_modules/@tensorflow/${name}`)
    .filter((name) => existsSync(join(root, name, 'lib')))
  if (folders.length === 0 || values['without-tensorflow']) {
    process.stderr.write('Packaging without native TensorFlow: the app computes with WebAssembly.\n')
    return {}
  }
  process.stderr.write(
    `Packaging with native TensorFlow (${folders.join(', ')}); --without-tensorflow leaves it out.\n`,
  )
  // Its own dependencies are a set of their own: electron-builder passes over a node_modules inside a set.
  return {
    files: folders.flatMap((folder) => [
      { from: folder, to: folder, filter: ['{dist,lib,deps/lib}/**', 'package.json', '!**/*.{map,ts}'] },
      {
        from: `${folder}/node_modules`,
        to: `${folder}/node_modules`,
        filter: ['**/*.{js,json,node}', '!.bin/**', '!**/{test,tests,docs}/**'],
      },
    ]),
  }
}

/** @param {string} path */
function megabytes(path) {
  return `${(bytesOf(path) / 1e6).toFixed(0)} MB`
}

/** @param {string} path @returns {number} */
function bytesOf(path) {
  // A link is small whatever it leads to.
  const stats = lstatSync(path)
  if (!stats.isDirectory()) return stats.size
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0)
}
