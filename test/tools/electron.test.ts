import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ElectronProblem, findElectron } from '../../main/tools/electron.mjs'
import { PINNED, pinnedFolder } from '../../main/tools/electron/pinned.mjs'
import { tempFolder } from '../support/temp-folder'

interface Place {
  readonly cacheFolder: string
  readonly packageFolder: string
  readonly overrideFolder: string
}

async function makePlace(): Promise<Place> {
  const folder = await tempFolder()
  const place = {
    cacheFolder: join(folder, 'cache'),
    packageFolder: join(folder, 'package'),
    overrideFolder: join(folder, 'override'),
  }
  mkdirSync(place.packageFolder, { recursive: true })
  writeFileSync(join(place.packageFolder, 'install.js'), '')
  return place
}

function makeDistribution(folder: string, version: string): string {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'electron'), '')
  writeFileSync(join(folder, 'version'), version)
  return folder
}

/** As the package's own installer leaves it. */
function installPackage(packageFolder: string, version: string): void {
  makeDistribution(join(packageFolder, 'dist'), version)
  writeFileSync(join(packageFolder, 'path.txt'), 'electron')
}

/** A search on linux-x64 that reaches neither this computer's environment nor any network. */
function search(place: Place, more: Parameters<typeof findElectron>[0] = {}) {
  const said: string[] = []
  const calls: string[] = []
  const found = findElectron({
    env: {},
    platform: 'linux',
    arch: 'x64',
    packageFolder: place.packageFolder,
    cacheFolder: place.cacheFolder,
    say: (line) => void said.push(line),
    install: async () => {
      calls.push('install')
      return 'the release page is blocked'
    },
    download: async () => {
      calls.push('download')
      throw new ElectronProblem('npm could not fetch it')
    },
    ...more,
  })
  return { found, said, calls }
}

const messageOf = async (found: Promise<unknown>): Promise<string> => {
  const error: unknown = await found.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ElectronProblem)
  return (error as ElectronProblem).message
}

describe('the order in which Electron is looked for', () => {
  it('takes the folder of ELECTRON_OVERRIDE_DIST_PATH before all else', async () => {
    const place = await makePlace()
    makeDistribution(place.overrideFolder, '30.0.1')
    installPackage(place.packageFolder, '45.4.1')
    const { found, calls } = search(place, { env: { ELECTRON_OVERRIDE_DIST_PATH: place.overrideFolder } })
    expect(await found).toEqual({
      path: join(place.overrideFolder, 'electron'),
      folder: place.overrideFolder,
      version: '30.0.1',
      source: 'override',
    })
    expect(calls).toEqual([])
  })

  it('refuses a wrong override instead of going on', async () => {
    const place = await makePlace()
    installPackage(place.packageFolder, '45.4.1')
    const { found, calls } = search(place, { env: { ELECTRON_OVERRIDE_DIST_PATH: place.overrideFolder } })
    expect(await messageOf(found)).toMatch(
      /ELECTRON_OVERRIDE_DIST_PATH is .*override, but there is no electron in it\. Name the folder/,
    )
    expect(calls).toEqual([])
  })

  it("takes the electron package's binary where it is installed, before the pinned copy", async () => {
    const place = await makePlace()
    installPackage(place.packageFolder, '45.4.1')
    makeDistribution(pinnedFolder(place.cacheFolder), PINNED.version)
    const { found, calls } = search(place)
    expect(await found).toMatchObject({ version: '45.4.1', source: 'package' })
    expect(calls).toEqual([])
  })

  it("runs the electron package's installer where its binary is missing", async () => {
    const place = await makePlace()
    const { found, said } = search(place, {
      install: async (folder) => {
        installPackage(folder, '45.4.1')
        return null
      },
    })
    expect(await found).toMatchObject({ version: '45.4.1', source: 'package' })
    expect(said.join('\n')).toContain('running its installer')
  })

  it('does not believe an installer that leaves nothing', async () => {
    const place = await makePlace()
    const { found } = search(place, { install: async () => null, platform: 'win32' })
    expect(await messageOf(found)).toContain('it left no binary')
  })

  it('uses the pinned copy that is already there, without asking anybody, and says so', async () => {
    const place = await makePlace()
    makeDistribution(pinnedFolder(place.cacheFolder), PINNED.version)
    const { found, said, calls } = search(place)
    expect(await found).toMatchObject({ version: '25.1.1', source: 'registry' })
    expect(calls).toEqual([])
    expect(said.join('\n')).toMatch(/Electron 25\.1\.1 from .*npx install-electron/)
  })

  it.each([
    ['darwin', 'arm64'],
    ['win32', 'x64'],
    ['linux', 'arm64'],
  ] as const)('has no pinned copy for %s-%s', async (platform, arch) => {
    const { found, calls } = search(await makePlace(), { platform, arch })
    const message = await messageOf(found)
    expect(calls).toEqual(['install'])
    expect(message).toContain('the release page is blocked')
  })

  it('says everything that was tried and what to do when nothing is to be had', async () => {
    const { found, calls } = search(await makePlace())
    const message = await messageOf(found)
    expect(calls).toEqual(['install', 'download'])
    for (const part of [
      'the release page is blocked',
      'npm could not fetch it',
      'npx install-electron',
      'ELECTRON_OVERRIDE_DIST_PATH=FOLDER',
      '25 to 45',
    ])
      expect(message).toContain(part)
  })

  it('fetches nothing where that is not allowed', async () => {
    const { found, calls } = search(await makePlace(), { allowDownload: false })
    expect(await messageOf(found)).toContain('ELECTRON_OVERRIDE_DIST_PATH')
    expect(calls).toEqual([])
  })
})

describe('the fetched package', () => {
  it('is not unpacked when its checksum is wrong, and nothing of it stays', async () => {
    const place = await makePlace()
    let downloaded = ''
    const { found } = search(place, {
      download: async (folder) => {
        downloaded = join(folder, 'package.tgz')
        writeFileSync(downloaded, 'something else')
        return downloaded
      },
    })
    expect(await messageOf(found)).toMatch(/not unpacked: its sha512 is \S+==, pinned is 8JrOUq1h/)
    expect(existsSync(downloaded)).toBe(false)
    expect(existsSync(pinnedFolder(place.cacheFolder))).toBe(false)
  })

  it('is fetched once by starts at the same time', async () => {
    const place = await makePlace()
    let downloads = 0
    const download = async (folder: string) => {
      downloads++
      await new Promise((resolve) => setTimeout(resolve, 300))
      // Another process has finished meanwhile: the second start must find it.
      makeDistribution(pinnedFolder(place.cacheFolder), PINNED.version)
      const file = join(folder, 'package.tgz')
      writeFileSync(file, 'something else')
      return file
    }
    const first = search(place, { download })
    const second = search(place, { download })
    await Promise.allSettled([first.found])
    expect(await second.found).toMatchObject({ source: 'registry' })
    expect(downloads).toBe(1)
  })
})

describe('the version', () => {
  it.each([
    ['24.8.8', /Electron 24\.8\.8 is too old: Unmask runs on 25 to 45/],
    ['nonsense', /"nonsense" is not a version/],
  ])('%s is refused', async (version, message) => {
    const place = await makePlace()
    makeDistribution(place.overrideFolder, version)
    const { found } = search(place, { env: { ELECTRON_OVERRIDE_DIST_PATH: place.overrideFolder } })
    expect(await messageOf(found)).toMatch(message)
  })

  it('newer than tried is started with a warning', async () => {
    const place = await makePlace()
    makeDistribution(place.overrideFolder, 'v46.0.0-beta.2')
    const { found, said } = search(place, { env: { ELECTRON_OVERRIDE_DIST_PATH: place.overrideFolder } })
    expect((await found).version).toBe('46.0.0-beta.2')
    expect(said).toEqual([expect.stringContaining('newer than the newest that Unmask was tried on (45)')])
  })

  it.skipIf(process.platform === 'win32')('is asked of the executable where no file has it', async () => {
    const place = await makePlace()
    makeDistribution(place.overrideFolder, '')
    rmSync(join(place.overrideFolder, 'version'))
    const executable = join(place.overrideFolder, 'electron')
    writeFileSync(executable, '#!/bin/sh\n[ "$ELECTRON_RUN_AS_NODE" = 1 ] && echo 33.2.0\n')
    chmodSync(executable, 0o755)
    const ask = () => search(place, { env: { ELECTRON_OVERRIDE_DIST_PATH: place.overrideFolder } }).found
    expect((await ask()).version).toBe('33.2.0')
    writeFileSync(
      executable,
      '#!/bin/sh\necho error while loading shared libraries: libgtk-3.so.0 >&2\nexit 127\n',
    )
    expect(await messageOf(ask())).toMatch(
      /does not run, so its version is unknown: .*libgtk-3\.so\.0.*apt-get install libgtk-3-0/s,
    )
  })
})

it('names no registry, only the package', () => {
  const source = readFileSync(new URL('../../main/tools/electron/pinned.mjs', import.meta.url), 'utf8')
  expect(source).not.toMatch(/https?:/)
})
