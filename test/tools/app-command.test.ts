import { existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { appCommand, electronArguments, type FoundElectron } from '../../main/tools/electron.mjs'
import { tempFolder } from '../support/temp-folder'

async function makeElectron(
  source: FoundElectron['source'],
  resources: readonly string[],
): Promise<FoundElectron> {
  const folder = join(await tempFolder(), 'electron')
  mkdirSync(join(folder, 'resources'), { recursive: true })
  mkdirSync(join(folder, 'locales'))
  for (const name of ['electron', 'icudtl.dat']) writeFileSync(join(folder, name), name)
  for (const name of resources) writeFileSync(join(folder, 'resources', name), '')
  return { folder, path: join(folder, 'electron'), version: '25.1.1', source }
}

const options = async (more: { platform?: NodeJS.Platform; isRoot?: boolean } = {}) => ({
  appFolder: '/the/app',
  cacheFolder: await tempFolder(),
  platform: 'linux' as const,
  isRoot: false,
  ...more,
})

describe('how the app is handed to Electron', () => {
  it('as an argument where Electron has its default app', async () => {
    const electron = await makeElectron('package', ['default_app.asar'])
    expect(appCommand(electron, await options())).toEqual({ path: electron.path, args: ['/the/app'] })
    expect(existsSync(join(electron.folder, 'resources', 'app'))).toBe(false)
  })

  it('by a launcher inside our own copy', async () => {
    const electron = await makeElectron('registry', [])
    expect(appCommand(electron, await options())).toEqual({ path: electron.path, args: ['/the/app'] })
    const placed = join(electron.folder, 'resources', 'app')
    expect(JSON.parse(readFileSync(join(placed, 'package.json'), 'utf8'))).toMatchObject({
      main: 'launcher.cjs',
    })
    writeFileSync(join(placed, 'launcher.cjs'), 'of an older version')
    appCommand(electron, await options())
    expect(readFileSync(join(placed, 'launcher.cjs'), 'utf8')).toContain('setAppPath')
  })

  it('by a folder of links for a foreign folder, which stays as it was', async () => {
    const electron = await makeElectron('override', ['app.asar', 'default_app.asar'])
    const given = await options()
    const { path, args } = appCommand(electron, given)
    expect(args).toEqual(['/the/app'])
    expect(path.startsWith(given.cacheFolder)).toBe(true)
    // Electron looks for its files beside the real path of its executable.
    expect(lstatSync(path).isSymbolicLink()).toBe(false)
    expect(readFileSync(path, 'utf8')).toBe('electron')
    expect(realpathSync(join(path, '..', 'icudtl.dat'))).toBe(
      realpathSync(join(electron.folder, 'icudtl.dat')),
    )
    expect(existsSync(join(path, '..', 'resources', 'app.asar'))).toBe(false)
    expect(existsSync(join(path, '..', 'resources', 'app', 'launcher.cjs'))).toBe(true)
    expect(existsSync(join(electron.folder, 'resources', 'app'))).toBe(false)
    expect(appCommand(electron, given).path).toBe(path)
  })

  it('is refused for the Electron of another app where links cannot help', async () => {
    const electron = await makeElectron('override', [])
    await expect(async () => appCommand(electron, await options({ platform: 'win32' }))).rejects.toThrow(
      /ELECTRON_OVERRIDE_DIST_PATH/,
    )
  })
})

it.each([
  ['linux', true, ['--no-sandbox']],
  ['linux', false, []],
  ['darwin', true, []],
  ['win32', false, []],
] as const)('only root on Linux goes without the sandbox: %s, root %s', (platform, isRoot, expected) => {
  expect(electronArguments({ platform, isRoot })).toEqual(expected)
})
