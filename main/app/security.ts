import { app, type Session, session, type WebContents } from 'electron'
import { APP_ORIGIN, APP_SCHEME, MEDIA_SCHEME } from './schemes'

/** Camera and microphone for our own page; nothing else a page may ask for is of use here. */
const PERMISSIONS = new Set(['media', 'clipboard-sanitized-write', 'fullscreen'])

export const isOwnUrl = (url: string): boolean => url === APP_ORIGIN || url.startsWith(`${APP_ORIGIN}/`)

/** The guards of Electron's security checklist, for every web contents there will ever be. */
export function setupSecurity(): void {
  app.on('web-contents-created', (_, contents) => guardContents(contents))
  guardSession(session.defaultSession)
}

function guardContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault())
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}

function guardSession(guarded: Session): void {
  guarded.setPermissionRequestHandler((contents, permission, decide) =>
    decide(PERMISSIONS.has(permission) && isOwnUrl(contents.getURL())),
  )
  guarded.setPermissionCheckHandler(
    (contents, permission, origin) =>
      PERMISSIONS.has(permission) && (isOwnUrl(origin) || isOwnUrl(contents?.getURL() ?? '')),
  )
  guarded.setDevicePermissionHandler(() => false)
  // No address but our own is ever loaded, whoever asks for it.
  const own = new Set([`${APP_SCHEME}:`, `${MEDIA_SCHEME}:`, 'data:', 'blob:', 'devtools:'])
  guarded.webRequest.onBeforeRequest((details, decide) =>
    decide({ cancel: !own.has(new URL(details.url).protocol) }),
  )
  guarded.on('will-download', (event) => event.preventDefault())
}
