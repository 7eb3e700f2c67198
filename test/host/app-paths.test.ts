import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findAppPaths, readAppVersion } from '../../main/host/app-paths'
import { tempFolder } from '../support/temp-folder'

async function makeRoot(name: string): Promise<string> {
  const root = join(await tempFolder(), name)
  mkdirSync(join(root, 'dist', 'node', 'chunks'), { recursive: true })
  writeFileSync(join(root, 'package.json'), '{ "version": "1.2.3" }')
  return root
}

describe("the program's own files", () => {
  it('are found from any of its built files', async () => {
    const root = await makeRoot('repository')
    for (const from of ['dist/node', 'dist/node/chunks']) {
      const paths = findAppPaths(join(root, from))
      expect(paths.root).toBe(root)
      expect(paths.hostScript).toBe(join(root, 'dist/node/host.cjs'))
      expect(paths.modelsFolder).toBe(join(root, 'models'))
    }
    expect(readAppVersion(root)).toBe('1.2.3')
  })

  it('lie beside the archive of a packaged app where other processes and native code open them', async () => {
    const root = await makeRoot('app.asar')
    const paths = findAppPaths(join(root, 'dist/node'))
    for (const path of [
      paths.hostScript,
      paths.viewerScript,
      paths.liveScript,
      paths.modelsFolder,
      paths.sampleFolder,
    ])
      expect(path.startsWith(join(`${root}.unpacked`, '/')), path).toBe(true)
    for (const path of [paths.preloadScript, paths.rendererFolder])
      expect(path.startsWith(join(root, '/')), path).toBe(true)
  })
})
