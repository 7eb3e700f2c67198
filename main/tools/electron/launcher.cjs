// The app inside an Electron that has no default app: runs the app whose folder stands first in the arguments.
'use strict'
const { app, dialog } = require('electron')
const { readFileSync } = require('node:fs')
const { join, resolve } = require('node:path')

const folder = process.argv.slice(1).find((argument) => !argument.startsWith('-'))
if (!folder) {
  process.stderr.write('usage: electron FOLDER [FILE…]\n')
  app.exit(2)
} else {
  try {
    const appFolder = resolve(folder)
    const manifest = JSON.parse(readFileSync(join(appFolder, 'package.json'), 'utf8'))
    // What Electron's own default app does for `electron FOLDER`.
    Object.defineProperty(process, 'defaultApp', { enumerable: true, value: true })
    app.setName(manifest.productName ?? manifest.name)
    app.setVersion(manifest.version)
    app.setAppPath(appFolder)
    require(join(appFolder, manifest.main))
  } catch (error) {
    process.stderr.write(`${folder} could not be started: ${error.stack}\n`)
    dialog.showErrorBox('Unmask could not be started', `${folder}\n\n${error.message}`)
    app.exit(1)
  }
}
