#!/usr/bin/env node
// Runs the built command line; builds it first where sources are newer. Plain JavaScript, because it runs before anything is built.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const commandFile = join(root, 'dist/node/unmask.cjs')

function newestMs(path) {
  if (!existsSync(path)) return 0
  const stats = statSync(path)
  if (!stats.isDirectory()) return stats.mtimeMs
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestMs(join(path, name))), 0)
}

function isStale() {
  if (!existsSync(commandFile)) return true
  // An installed package has no sources to compare with.
  if (!existsSync(join(root, 'vite.config.ts'))) return false
  const sources = ['main', 'preload', 'test/bench', 'vite.config.ts', 'package.json'].map((name) =>
    join(root, name),
  )
  return Math.max(...sources.map(newestMs)) > statSync(commandFile).mtimeMs
}

if (isStale()) {
  const { build } = await import('vite')
  await build({ root, configFile: join(root, 'vite.config.ts'), logLevel: 'warn' })
}
const isBench = process.argv[2] === 'bench'
if (isBench) process.argv.splice(2, 1)
createRequire(import.meta.url)(isBench ? join(root, 'dist/node/bench.cjs') : commandFile)
