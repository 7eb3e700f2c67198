#!/usr/bin/env node
// @ts-check
// npm run test:packaged [-- FILE…]: makes an unpacked package and runs the tests of the window against it.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './parts.mjs'

/** Where electron-builder puts the executable, by system. @type {Partial<Record<NodeJS.Platform, string>>} */
const EXECUTABLES = {
  linux: 'unmask',
  win32: 'Unmask.exe',
  darwin: 'Unmask.app/Contents/MacOS/Unmask',
}

const folder = mkdtempSync(join(tmpdir(), 'unmask-package-'))
try {
  if (run([join(root, 'main/tools/package.mjs'), '--out', folder], process.env)) testPackage()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function testPackage() {
  const unpacked = readdirSync(folder, { withFileTypes: true }).find((entry) => entry.isDirectory())
  const executable = EXECUTABLES[process.platform]
  if (!unpacked || !executable) throw new Error(`no unpacked app for ${process.platform} in ${folder}`)
  const files = process.argv.slice(2)
  run(
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...(files.length > 0 ? files : ['test/e2e/app'])],
    {
      ...process.env,
      UNMASK_PACKAGED_APP: join(folder, unpacked.name, executable),
      UNMASK_WINDOW_TESTS: 'required',
    },
  )
}

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {boolean} whether it succeeded; our exit code tells, too
 */
function run(args, env) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, env, stdio: 'inherit' })
  if (status !== 0) process.exitCode = status ?? 1
  return status === 0
}
