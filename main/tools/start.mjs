#!/usr/bin/env node
// @ts-check
// npm start [-- FILE…]: builds what is stale, finds Electron and opens the app with the files.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { resolve } from 'node:path'
import { appCommand, cacheFolderOf, ElectronProblem, findElectron, problemsOf } from './electron.mjs'
import { BuildProblem, buildStale, root } from './parts.mjs'

// npm runs scripts in the package's folder; files are named from where the user stands.
const from = process.env['INIT_CWD'] ?? process.cwd()

/** @param {string} argument */
const absolute = (argument) =>
  argument.startsWith('-') || !existsSync(resolve(from, argument)) ? argument : resolve(from, argument)

try {
  await buildStale()
  const electron = await findElectron()
  const problems = problemsOf(electron)
  if (problems.length > 0) throw new ElectronProblem(problems.join('\n'))
  const { path, args } = appCommand(electron, { appFolder: root, cacheFolder: cacheFolderOf(process.env) })
  if (args.includes('--no-sandbox'))
    process.stderr.write(
      'Started as root, where Chromium refuses its sandbox: running without. Better start it as a user.\n',
    )
  await runApp(path, [...args, ...process.argv.slice(2).map(absolute)])
} catch (error) {
  if (!(error instanceof ElectronProblem || error instanceof BuildProblem)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}

/**
 * @param {string} path
 * @param {string[]} args
 * @returns {Promise<void>} the app's exit code becomes ours
 */
function runApp(path, args) {
  // Set in a terminal inside an Electron-based editor, it would make a plain Node of the app.
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env
  const child = spawn(path, args, { stdio: 'inherit', env, windowsHide: false })
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal))
  return new Promise((settle, reject) => {
    child.on('error', (error) =>
      reject(new ElectronProblem(`${path} could not be started: ${error.message}`)),
    )
    child.on('exit', (code, signal) => {
      process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0)
      settle()
    })
  })
}
