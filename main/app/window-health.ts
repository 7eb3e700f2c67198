import { type BrowserWindow, dialog } from 'electron'

const CRASHES_MAX = 3
const WITHIN_MS = 60_000

/**
 * Brings a page back that crashed. Everything it showed is in files or in the main process, so a reload loses the place in a
 * clip and no work. A page that crashes again and again is left alone, with a message.
 */
export function keepAlive(window: BrowserWindow): void {
  let crashes: number[] = []
  window.webContents.on('render-process-gone', (_, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    const nowMs = Date.now()
    crashes = [...crashes.filter((atMs) => nowMs - atMs < WITHIN_MS), nowMs]
    if (crashes.length <= CRASHES_MAX) return window.webContents.reload()
    void dialog
      .showMessageBox(window, {
        type: 'error',
        message: 'The window stopped several times in a row',
        detail: `Its page ended with "${reason}". Results and projects are safe on disk. Closing other programs may help when memory ran out.`,
        buttons: ['Try again', 'Close Unmask'],
      })
      .then(({ response }) => (response === 0 ? window.webContents.reload() : window.destroy()))
  })
}
