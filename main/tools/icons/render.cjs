// Runs inside Electron: draws SVG files as PNG files; UNMASK_ICON_JOBS is a JSON list of { svg, png, sizePx }.
'use strict'
const { app, BrowserWindow } = require('electron')
const { readFileSync, writeFileSync } = require('node:fs')

const jobs = JSON.parse(process.env.UNMASK_ICON_JOBS ?? '[]')

/** In the page. */
async function draw(source, sizePx) {
  const picture = new Image()
  picture.src = `data:image/svg+xml;base64,${btoa(source)}`
  await picture.decode()
  const canvas = new OffscreenCanvas(sizePx, sizePx)
  canvas.getContext('2d').drawImage(picture, 0, 0, sizePx, sizePx)
  const blob = await canvas.convertToBlob({ type: 'image/png' })
  return Array.from(new Uint8Array(await blob.arrayBuffer()))
}

app.disableHardwareAcceleration()
app
  .whenReady()
  .then(async () => {
    const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true } })
    await window.loadURL('data:text/html,<title>icons</title>')
    for (const { svg, png, sizePx } of jobs) {
      const call = `(${draw})(${JSON.stringify(readFileSync(svg, 'utf8'))}, ${sizePx})`
      writeFileSync(png, Buffer.from(await window.webContents.executeJavaScript(call)))
    }
    app.exit(0)
  })
  .catch((error) => {
    process.stderr.write(`${error.stack}\n`)
    app.exit(1)
  })
