/** The window itself: what runs here, menu commands, ports to the helper processes. */

export interface AppInfo {
  readonly appVersion: string
  readonly electronVersion: string
  readonly chromeVersion: string
  readonly nodeVersion: string
  readonly platform: 'linux' | 'darwin' | 'win32'
  readonly isPackaged: boolean
}

/** Processes that a window talks to directly, because frames and sound are too large for the way through main. */
export type PortName = 'viewer' | 'live'

export interface WindowRequests {
  appInfo: { ask: null; answer: AppInfo }
  /** Has main hand over a fresh port; it arrives as a window message (see bridge/ports.ts). */
  openPort: { ask: { readonly name: PortName }; answer: null }
  /** Electron's accelerators of the commands in the application menu, by id. */
  showMenuKeys: { ask: { readonly keys: Readonly<Record<string, string>> }; answer: null }
  /** Whether closing the window would lose something; main then asks before it closes. */
  setUnsaved: { ask: { readonly reason: string | null }; answer: null }
}

export const WINDOW_REQUESTS = [
  'appInfo',
  'openPort',
  'showMenuKeys',
  'setUnsaved',
] as const satisfies readonly (keyof WindowRequests)[]

export interface WindowEvents {
  /** An item of the application menu, by the id of its command in renderer/keys. */
  menuCommand: { readonly command: string }
  /** A helper process ended unexpectedly and was started again; ports to it are dead. */
  processRestarted: { readonly name: PortName; readonly reason: string }
}

export const WINDOW_EVENTS = [
  'menuCommand',
  'processRestarted',
] as const satisfies readonly (keyof WindowEvents)[]
