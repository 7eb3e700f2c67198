#!/usr/bin/env node
// @ts-check
// Builds what is older than its sources: node main/tools/build.mjs [node|preload|renderer …] [--force]
import { BuildProblem, buildStale, isPart, PARTS } from './parts.mjs'

const words = process.argv.slice(2)
const names = words.filter((word) => !word.startsWith('-'))
const unknown = names.filter((name) => !isPart(name))
if (unknown.length > 0) {
  process.stderr.write(`no such part: ${unknown.join(', ')} (there are ${Object.keys(PARTS).join(', ')})\n`)
  process.exit(2)
}
const parts = names.length > 0 ? names.filter(isPart) : undefined
try {
  const built = await buildStale({ ...(parts && { parts }), isForced: words.includes('--force') })
  process.stdout.write(built.length > 0 ? `built: ${built.join(', ')}\n` : 'everything is current\n')
} catch (error) {
  if (!(error instanceof BuildProblem)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
