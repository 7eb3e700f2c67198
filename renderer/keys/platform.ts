import type { Platform } from './chord'

/** The kind of keyboard and menus in use. */
export function currentPlatform(agent: string = navigator.userAgent): Platform {
  if (/Macintosh|Mac OS X/.test(agent)) return 'darwin'
  return /Windows/.test(agent) ? 'win32' : 'linux'
}
