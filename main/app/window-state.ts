import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserWindow } from 'electron'
import { z } from 'zod'
import type { WindowBounds } from './main-window'

const boundsSchema = z.object({
  x: z.number(),
  y: z.number(),
  width: z.number().min(100).max(20_000),
  height: z.number().min(100).max(20_000),
  isMaximized: z.boolean(),
})

const FILE = 'window.json'

/** Where the window was last time; null at the first start or when the file is of no use. */
export function readWindowBounds(userDataFolder: string): WindowBounds | null {
  try {
    return boundsSchema.parse(JSON.parse(readFileSync(join(userDataFolder, FILE), 'utf8')))
  } catch {
    // The place of a window is worth no message.
    return null
  }
}

export function rememberWindowBounds(window: BrowserWindow, userDataFolder: string): void {
  window.on('close', () => {
    const bounds = { ...window.getNormalBounds(), isMaximized: window.isMaximized() }
    try {
      writeFileSync(join(userDataFolder, FILE), JSON.stringify(bounds))
    } catch {
      // Likewise: on a full disk the app still closes.
    }
  })
}
