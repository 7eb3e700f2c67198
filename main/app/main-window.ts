import { join } from 'node:path'
import { BrowserWindow, nativeTheme, screen } from 'electron'
import type { AppPaths } from '../host/app-paths'
import { APP_PAGE } from './schemes'

export interface WindowBounds {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly isMaximized: boolean
}

const MINIMUM = { width: 1024, height: 640 }
const FIRST = { width: 1440, height: 900 }

/** Opens the window hidden and shows it once the page has drawn, so that nothing flashes. */
export function openMainWindow(paths: AppPaths, remembered: WindowBounds | null): BrowserWindow {
  const area = screen.getPrimaryDisplay().workArea
  const size = {
    width: Math.max(MINIMUM.width, Math.min(FIRST.width, area.width)),
    height: Math.max(MINIMUM.height, Math.min(FIRST.height, area.height)),
  }
  const window = new BrowserWindow({
    ...size,
    ...(remembered && isOnScreen(remembered) ? withoutFlag(remembered) : {}),
    minWidth: MINIMUM.width,
    minHeight: MINIMUM.height,
    show: false,
    title: 'Unmask',
    icon: join(paths.root, 'assets', 'icons', '256x256.png'),
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#14171c' : '#f5f6f8',
    webPreferences: {
      preload: paths.preloadScript,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      // Playing and live video go on while another window covers this one.
      backgroundThrottling: false,
    },
  })
  if (remembered?.isMaximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  void window.loadURL(APP_PAGE)
  return window
}

function isOnScreen({ x, y, width, height }: WindowBounds): boolean {
  return screen.getAllDisplays().some(({ workArea: area }) => {
    const visibleWidth = Math.min(x + width, area.x + area.width) - Math.max(x, area.x)
    const visibleHeight = Math.min(y + height, area.y + area.height) - Math.max(y, area.y)
    return visibleWidth > 200 && visibleHeight > 100
  })
}

function withoutFlag({ x, y, width, height }: WindowBounds) {
  return { x, y, width, height }
}
