import type { App, Dialog } from 'electron'
import { judgeElectron } from './electron-range'

/**
 * Ends a start on an Electron that the app was not written for: a message now is better than a window that half works.
 * @param electron app and dialog
 * @param version as in process.versions.electron
 * @returns whether to go on; a version newer than the newest tried is warned about on standard error
 */
export function guardElectron(
  { app, dialog }: { readonly app: Pick<App, 'exit'>; readonly dialog: Pick<Dialog, 'showErrorBox'> },
  version: string = process.versions['electron'] ?? '',
): boolean {
  const { verdict, message } = judgeElectron(version)
  if (verdict === 'fits') return true
  if (verdict === 'untried') {
    process.stderr.write(`${message}\n`)
    return true
  }
  dialog.showErrorBox('Unmask cannot run here', message)
  app.exit(1)
  return false
}
