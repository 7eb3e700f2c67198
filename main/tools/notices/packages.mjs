// @ts-check
// Which packages reach the user, and under which licence texts.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../parts.mjs'

/** What Vite puts into the window's page; a test compares it with the built page. */
export const BUNDLED = [
  '@kurkle/color',
  '@vue/reactivity',
  '@vue/runtime-core',
  '@vue/runtime-dom',
  '@vue/shared',
  'chart.js',
  'nostics',
  'pinia',
  'vue',
]

/**
 * @typedef {object} ShippedPackage
 * @property {string} name
 * @property {string} version from package-lock.json
 * @property {string} licence as its package.json says
 * @property {string} text of its licence
 */

/**
 * What electron-builder.yml packs on any system, and what is bundled; each once, by name.
 * @returns {ShippedPackage[]}
 */
export function shippedPackages() {
  const locked = lockedVersions()
  const names = [...packedNames([...locked.keys()]), ...BUNDLED]
  return [...new Set(names)].sort().map((name) => {
    const version = locked.get(name)
    if (!version) throw new Error(`${name} is not in package-lock.json`)
    return { name, version, ...licenceOf(name) }
  })
}

/** Top-level packages of the lock file. @returns {Map<string, string>} */
function lockedVersions() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const found = new Map()
  for (const [path, { version }] of Object.entries(packages)) {
    const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1]
    if (name) found.set(name, version)
  }
  return found
}

/** @param {readonly string[]} locked */
function packedNames(locked) {
  const rules = readFileSync(join(root, 'electron-builder.yml'), 'utf8')
  const [, words] = /'!node_modules\/!\(([^)]+)\)\/\*\*'/.exec(rules) ?? []
  if (!words) throw new Error('electron-builder.yml does not say which packages are packed')
  return words.split('|').flatMap((word) => {
    if (!word.startsWith('@')) return [word]
    return locked.filter((name) => name.startsWith(`${word}/`) && !name.includes('/tfjs-node'))
  })
}

/** @param {string} name */
function licenceOf(name) {
  // Of the binaries for other systems npm installs none; they say what this system's says.
  const installed = existsSync(folderOf(name)) ? name : siblingOf(name)
  const licence = String(JSON.parse(readFileSync(join(folderOf(installed), 'package.json'), 'utf8')).license)
  return { licence, text: ownText(installed) ?? standardText(installed, licence) }
}

/** @param {string} name */
const folderOf = (name) => join(root, 'node_modules', name)

/** @param {string} name */
function siblingOf(name) {
  const [scope = ''] = name.split('/')
  const [sibling] = existsSync(folderOf(scope)) ? readdirSync(folderOf(scope)) : []
  if (!sibling) throw new Error(`${name} is not installed and neither is another package of ${scope}`)
  return `${scope}/${sibling}`
}

/** @param {string} name @returns {string | null} */
function ownText(name) {
  const files = readdirSync(folderOf(name))
  const file = files.find((entry) => /^(licen[cs]e|copying)/i.test(entry))
  if (file) return tidy(readFileSync(join(folderOf(name), file), 'utf8'))
  const readme = files.find((entry) => /^readme/i.test(entry))
  const section =
    readme &&
    /^(?:#+ *)?licen[cs]e\b.*\n(?:[-=]+\n)?([\s\S]+)/im.exec(
      readFileSync(join(folderOf(name), readme), 'utf8'),
    )
  return section?.[1]?.includes('Permission is hereby granted') ? tidy(section[1]) : null
}

/**
 * @param {string} name
 * @param {string} licence
 */
function standardText(name, licence) {
  const apache = 'Copyright the TensorFlow Authors. Apache License, Version 2.0; the text stands at the end.'
  if (licence === 'Apache-2.0') return apache
  if (name === '@tensorflow/tfjs-layers') {
    const mit = readFileSync(join(root, 'assets', 'licences', 'MIT.txt'), 'utf8')
    return `${apache}\n\nParts derived from Keras: Copyright (c) 2015-2018 François Chollet, Google, Microsoft and contributors.\n\n${tidy(mit)}`
  }
  if (name.startsWith('@seydx/'))
    return 'As node-av; the FFmpeg inside is under the GNU General Public License 3, see above.'
  throw new Error(`${name} (${licence}) brings no licence text along: add it to main/tools/notices`)
}

/** @param {string} text */
const tidy = (text) =>
  text
    .replace(/\r\n/g, '\n')
    .replace(/[ \t]+$/gm, '')
    .trim()
