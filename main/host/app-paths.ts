import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'

/** Where the program's own files lie, seen from the built files in dist/node. */
export interface AppPaths {
  readonly root: string
  readonly modelsFolder: string
  readonly sampleFolder: string
  readonly hostScript: string
  readonly viewerScript: string
  readonly liveScript: string
  readonly preloadScript: string
  /** The built page. */
  readonly rendererFolder: string
  readonly reportsFolder: string
}

export function findAppPaths(fromFolder: string): AppPaths {
  let root = fromFolder
  while (!existsSync(join(root, 'package.json')) && dirname(root) !== root) root = dirname(root)
  return {
    root,
    modelsFolder: join(root, 'models'),
    sampleFolder: join(root, 'assets', 'sample'),
    hostScript: join(root, 'dist', 'node', 'host.cjs'),
    viewerScript: join(root, 'dist', 'node', 'viewer.cjs'),
    liveScript: join(root, 'dist', 'node', 'live.cjs'),
    preloadScript: join(root, 'dist', 'preload', 'preload.cjs'),
    rendererFolder: join(root, 'dist', 'renderer'),
    reportsFolder: join(root, 'reports'),
  }
}

export function readAppVersion(root: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return z.object({ version: z.string() }).parse(manifest).version
}
