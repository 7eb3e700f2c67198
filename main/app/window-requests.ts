import { app, dialog } from 'electron'
import { z } from 'zod'
import type { PortName } from '../../preload/contract/window'
import type { AppContext } from './app-context'
import { answer } from './ipc'

/** The requests about the window itself. `ports` says how each helper process hands over a port. */
export function setupWindowRequests(
  context: AppContext,
  ports: Readonly<Record<PortName, () => Promise<void> | void>>,
): void {
  answer('appInfo', z.null(), () => ({
    appVersion: context.appVersion,
    electronVersion: process.versions['electron'] ?? 'unknown',
    chromeVersion: process.versions['chrome'] ?? 'unknown',
    nodeVersion: process.versions.node,
    platform: process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux',
    isPackaged: app.isPackaged,
  }))
  answer('openPort', z.object({ name: z.enum(['viewer', 'live']) }), async ({ name }) => {
    await ports[name]()
    return null
  })
  answer('setUnsaved', z.object({ reason: z.string().max(1000).nullable() }), ({ reason }) => {
    unsavedReason = reason
    return null
  })
}

let unsavedReason: string | null = null

/** Asks before a window is closed that would lose something. */
export function guardClosing(context: AppContext): void {
  const window = context.window()
  window?.on('close', (event) => {
    if (unsavedReason === null) return
    const choice = dialog.showMessageBoxSync(window, {
      type: 'warning',
      message: unsavedReason,
      buttons: ['Stay', 'Close anyway'],
      defaultId: 0,
      cancelId: 0,
    })
    if (choice === 0) event.preventDefault()
    else unsavedReason = null
  })
}
