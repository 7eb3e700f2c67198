#!/usr/bin/env node
// Runs the built command line; builds it first where sources are newer. Plain JavaScript, because it runs before anything is built.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { buildStale, root } from './parts.mjs'

await buildStale({ parts: ['node'] })
const isBench = process.argv[2] === 'bench'
if (isBench) process.argv.splice(2, 1)
createRequire(import.meta.url)(join(root, 'dist/node', isBench ? 'bench.cjs' : 'unmask.cjs'))
