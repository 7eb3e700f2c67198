import { isAbsolute, join, relative, resolve, sep } from 'node:path'

/** How a project names a recording: relative with slashes below its folder, absolute elsewhere. */
export function toStoredPath(projectFolder: string, path: string): string {
  const inside = relative(projectFolder, path)
  const isBelow = inside !== '' && inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)
  return isBelow ? inside.split(sep).join('/') : path
}

/** The absolute path that a stored one stands for. */
export function toRealPath(projectFolder: string, stored: string): string {
  return isAbsolute(stored) ? stored : join(resolve(projectFolder), ...stored.split('/'))
}
