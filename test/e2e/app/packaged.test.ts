import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type * as Electron from 'electron'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FromHost, ToHost } from '../../../main/host/protocol'
import { electronArguments } from '../../../main/tools/electron.mjs'
import { BUNDLED, shippedPackages } from '../../../main/tools/notices/packages.mjs'
import { type AppWindow, openAppWindow } from '../../support/app-window'
import { asarFiles } from '../../support/asar-files'
import { repositoryRoot, runUnmask } from '../../support/run-unmask'
import { tempFolder } from '../../support/temp-folder'
import { findWindowPlace } from '../../support/window-place'

const place = await findWindowPlace()
afterAll(() => place?.display.stop())

/** Electron 45 with its own FFmpeg and ours: what is above this has packed what the app does not use. */
const LARGEST_MB = 550

/** npm installs node-av's binary for this system alone. */
const isForHere = (name: string) =>
  !name.startsWith('@seydx/') || name === `@seydx/node-av-linux-${process.arch}`

describe.skipIf(place === null || process.platform !== 'linux')('the packaged app', () => {
  let folder: string
  let sizeMb: number
  let window: AppWindow

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'unmask-package-'))
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(repositoryRoot, 'main/tools/package.mjs'), '--out', folder, '--without-tensorflow'],
      { cwd: repositoryRoot },
    )
    sizeMb = Number(/linux-unpacked\s+(\d+) MB/.exec(stdout)?.[1])
    const path = join(folder, 'linux-unpacked', 'unmask')
    window = await openAppWindow({ ...place!, path, args: electronArguments(), isPackaged: true })
  }, 300_000)
  afterAll(async () => {
    await window?.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('holds what runs and nothing that only builds', async () => {
    expect(sizeMb).toBeLessThan(LARGEST_MB)
    const resources = join(folder, 'linux-unpacked', 'resources')
    // The launcher of npm start would be run instead of the app.
    expect((await readdir(resources)).sort()).toEqual(['app.asar', 'app.asar.unpacked'])
    const files = asarFiles(join(resources, 'app.asar'))
    const packages = new Set(
      [...files.keys()].map((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? ''),
    )
    const noticed = shippedPackages().filter(({ name }) => !BUNDLED.includes(name) && isForHere(name))
    expect([...packages].filter((name) => name !== '').sort()).toEqual(noticed.map(({ name }) => name))
    for (const file of [
      'dist/node/app.cjs',
      'dist/node/host.cjs',
      'dist/preload/preload.cjs',
      'LICENSE',
      'THIRD-PARTY-NOTICES.txt',
    ])
      expect(files.has(file), file).toBe(true)
    expect([...files.keys()].filter((file) => /\.(map|ts)$/.test(file))).toEqual([])
  })

  it('opens its window as a packaged app', async () => {
    const found = await window.app.evaluate(({ app }) => [app.isPackaged, app.getName(), app.getVersion()])
    const { version } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as {
      version: string
    }
    expect(found).toEqual([true, 'Unmask', version])
    expect(window.complaints).toEqual([])
  })

  it('opens its own models in the live process', async () => {
    const started = await window.page.evaluate(startLiveSession)
    expect(started).toMatchObject({ ok: true, value: { backend: expect.stringMatching(/^WebAssembly/) } })
  })

  it("labels a clip in its analysis host to the command's bytes", async () => {
    const clip = join(repositoryRoot, 'assets/sample/ravdess-01-01-01-01-01-01-01.mp4')
    const byCommand = await tempFolder()
    const byApp = await tempFolder()
    expect((await runUnmask(['label', clip, '--out', byCommand, '--backend', 'wasm'])).code).toBe(0)
    const written = await readdir(byCommand)
    const meta = written.find((name) => name.endsWith('.meta.json'))!
    const { clipId, settings } = JSON.parse(await readFile(join(byCommand, meta), 'utf8')) as {
      clipId: string
      settings: Extract<ToHost, { type: 'label' }>['job']['options']['settings']
    }
    const exports = { long: false, eaf: false, textgrid: false, boris: false, landmarks: false, bom: false }
    const said = await window.app.evaluate(labelInHost, {
      clipId,
      path: clip,
      outFolder: byApp,
      options: { settings, exports },
    })
    expect(said.at(-1), JSON.stringify(said)).toMatchObject({ type: 'done' })
    const tables = written.filter((name) => name.startsWith(clipId) && name.endsWith('.csv'))
    expect(tables.length).toBeGreaterThanOrEqual(3)
    for (const name of tables)
      expect(await readFile(join(byApp, name), 'utf8'), name).toBe(
        await readFile(join(byCommand, name), 'utf8'),
      )
  }, 120_000)
})

type Job = Extract<ToHost, { type: 'label' }>['job']

/** Runs in the packaged app's main process, with its own models and native modules; every message of the host but progress. */
function labelInHost({ app, utilityProcess }: typeof Electron, job: Job): Promise<FromHost[]> {
  const inApp = (path: string) => `${app.getAppPath()}.unpacked/${path}`
  const host = utilityProcess.fork(inApp('dist/node/host.cjs'), [], { stdio: 'pipe' })
  const said: FromHost[] = []
  const config = {
    backend: 'wasm',
    faceModelFolder: inApp('models/face'),
    speechModelFolder: inApp('models/speech'),
    detector: 'tiny',
    appVersion: app.getVersion(),
  } as const
  host.postMessage({ type: 'configure', config } satisfies ToHost)
  return new Promise((resolve, reject) => {
    let stderr = ''
    host.stderr?.on('data', (data) => (stderr += String(data)))
    host.on('exit', (code) => reject(new Error(`the host ended with ${code}: ${stderr}`)))
    host.on('message', (message: FromHost) => {
      if (message.type === 'progress') return
      said.push(message)
      if (message.type === 'ready') host.postMessage({ type: 'label', jobId: 1, job } satisfies ToHost)
      else resolve(said)
    })
  })
}

/** Runs in the page: asks for a port to the live process and, over it, for a session with face and voice. */
async function startLiveSession(): Promise<unknown> {
  const port = new Promise<MessagePort>((resolve) =>
    addEventListener('message', ({ data, ports }: MessageEvent<{ unmaskPort?: string }>) => {
      if (data.unmaskPort === 'live' && ports[0]) resolve(ports[0])
    }),
  )
  const opened = await self.unmask.openPort({ name: 'live' })
  if (!opened.ok) return opened
  const live = await port
  const answer = new Promise<unknown>((resolve) => {
    live.onmessage = ({ data }: MessageEvent<{ id?: number }>) => {
      if (data.id === 1) resolve(data)
    }
  })
  const zeroMs = performance.now() + performance.timeOrigin
  live.postMessage({ id: 1, verb: 'startSession', ask: { zeroMs, withVideo: true, withAudio: true } })
  return answer
}
