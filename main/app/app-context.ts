import type { BrowserWindow } from 'electron'
import type { EventName, Events } from '../../preload/contract'
import type { AppPaths } from '../host/app-paths'

/** What every part of the main process may use; handed to each `setup…` at start. */
export interface AppContext {
  readonly paths: AppPaths
  readonly appVersion: string
  /** Settings, recent projects: the app's own folder in the user's profile. */
  readonly userDataFolder: string
  /** The one main window; null before it opens and after it closed. */
  window(): BrowserWindow | null
  /** Tells the window; nothing where there is none. */
  tell<K extends EventName>(event: K, payload: Events[K]): void
  /** Runs once when the app ends; quitting waits for it, some seconds at most. */
  onQuit(task: () => Promise<void> | void): void
}
