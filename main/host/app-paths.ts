import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'

/** Where the program's own files lie, seen from the built files in dist/node. */
export interface AppPaths {
  readonly root: string
  readonly modelsFolder: string
  readonly sampleFolder: string
  readonly hostScript: string
  readonly viewerScript: string
  readonly probeScript: string
  readonly liveScript: string
  readonly mediaScript: string
  readonly studyScript: string
  readonly preloadScript: string
  /** The built page. */
  readonly rendererFolder: string
  readonly reportsFolder: string
}

export function findAppPaths(fromFolder: string): AppPaths {
  let root = fromFolder
  while (!existsSync(join(root, 'package.json')) && dirname(root) !== root) root = dirname(root)
  const disk = outsideArchive(root)
  return {
    root,
    modelsFolder: join(disk, 'models'),
    sampleFolder: join(disk, 'assets', 'sample'),
    hostScript: join(disk, 'dist', 'node', 'host.cjs'),
    probeScript: join(disk, 'dist', 'node', 'probe.cjs'),
    viewerScript: join(disk, 'dist', 'node', 'viewer.cjs'),
    liveScript: join(disk, 'dist', 'node', 'live.cjs'),
    mediaScript: join(disk, 'dist', 'node', 'media.cjs'),
    studyScript: join(disk, 'dist', 'node', 'study.cjs'),
    preloadScript: join(root, 'dist', 'preload', 'preload.cjs'),
    rendererFolder: join(root, 'dist', 'renderer'),
    reportsFolder: join(root, 'reports'),
  }
}

/**
 * In the packaged app everything stands in app.asar, and what processes of their own and native code open lies beside it
 * too (asarUnpack in electron-builder.yml).
 */
function outsideArchive(root: string): string {
  return basename(root) === 'app.asar' ? `${root}.unpacked` : root
}

export function readAppVersion(root: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return z.object({ version: z.string() }).parse(manifest).version
}
