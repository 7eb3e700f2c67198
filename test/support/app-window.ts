import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ElectronApplication, _electron as electron, type Page } from 'playwright-core'
import { buildStale } from '../../main/tools/parts.mjs'
import type { WindowPlace } from './window-place'

const repository = fileURLToPath(new URL('../..', import.meta.url))
/** How the main process marks what nobody caught (main/app/stray-errors.ts, which loads Electron). */
const STRAY_ERROR = 'Unmask: stray error:'
const START_LIMIT_MS = 60_000

export interface AppWindowOptions {
  /** Switches and files after the app's own arguments. */
  readonly args?: readonly string[]
  /** A profile folder to go on with, which stays; by default a fresh one, which goes when the window closes. */
  readonly profile?: string
  readonly size?: { readonly width: number; readonly height: number }
  readonly env?: Readonly<Record<string, string>>
}

/** The app under test: a real window, driven as a user would. */
export interface AppWindow {
  readonly app: ElectronApplication
  readonly page: Page
  readonly profile: string
  /** What the page and the main process complained about so far. */
  readonly complaints: readonly string[]
  /** The answers to the next file dialogs, in their order. */
  answerOpenDialogs(...answers: readonly (readonly string[])[]): Promise<void>
  answerSaveDialogs(...answers: readonly string[]): Promise<void>
  /** Drops files or folders on an element, as a drag from the desktop does. */
  drop(selector: string, paths: readonly string[]): Promise<void>
  resize(widthPx: number, heightPx: number): Promise<void>
  /** Saves a picture as dist/screenshots/NAME.png. @returns its path */
  screenshot(name: string): Promise<string>
  /** Ends the app as a user who closes the window. */
  close(): Promise<void>
  /** Ends it as a power cut. */
  kill(): Promise<void>
}

/** Builds what is stale, starts the app and waits until it is usable. */
export async function openAppWindow(place: WindowPlace, options: AppWindowOptions = {}): Promise<AppWindow> {
  if (!place.isPackaged) await buildStale()
  const profile = options.profile ?? (await mkdtemp(join(tmpdir(), 'unmask-profile-')))
  const isOwnProfile = options.profile === undefined
  const complaints: string[] = []
  const app = await electron.launch({
    executablePath: place.path,
    args: [...place.args, `--user-data-dir=${profile}`, ...(options.args ?? [])],
    env: { ...place.env, ...options.env },
    timeout: START_LIMIT_MS,
  })
  app.process().stderr?.on('data', (data: Buffer) => {
    const text = data.toString()
    if (text.includes(STRAY_ERROR)) complaints.push(`main: ${text.trim()}`)
  })
  const page = await app.firstWindow({ timeout: START_LIMIT_MS })
  page.on('pageerror', (error) => complaints.push(`page: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`console: ${message.text()}`)
  })
  page.setDefaultTimeout(30_000)
  await page.getByRole('navigation').first().waitFor()

  const resize = async (widthPx: number, heightPx: number) => {
    await app.evaluate(
      ({ BrowserWindow }, [width, height]) => BrowserWindow.getAllWindows()[0]?.setContentSize(width, height),
      [widthPx, heightPx] as const,
    )
    await page.waitForFunction(([width]) => Math.abs(innerWidth - width) < 2, [widthPx] as const)
  }
  const { width, height } = options.size ?? { width: 1440, height: 900 }
  await resize(width, height)

  return {
    app,
    page,
    profile,
    complaints,
    resize,
    answerOpenDialogs: (...answers) =>
      app.evaluate(({ dialog }, queue) => {
        const left = [...queue]
        dialog.showOpenDialog = () => {
          const filePaths = left.shift()
          return Promise.resolve({ canceled: filePaths === undefined, filePaths: [...(filePaths ?? [])] })
        }
      }, answers),
    answerSaveDialogs: (...answers) =>
      app.evaluate(({ dialog }, queue) => {
        const left = [...queue]
        dialog.showSaveDialog = () => {
          const filePath = left.shift()
          return Promise.resolve({ canceled: filePath === undefined, filePath: filePath ?? '' })
        }
      }, answers),
    drop: (selector, paths) => dropFiles(page, selector, paths),
    screenshot: async (name) => {
      const path = join(repository, 'dist', 'screenshots', `${name}.png`)
      await mkdir(dirname(path), { recursive: true })
      await page.screenshot({ path })
      return path
    },
    close: async () => {
      await app.close()
      if (isOwnProfile) await rm(profile, { recursive: true, force: true })
    },
    kill: async () => {
      const child = app.process()
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
    },
  }
}

async function dropFiles(page: Page, selector: string, paths: readonly string[]): Promise<void> {
  const box = await page.locator(selector).first().boundingBox()
  if (!box) throw new Error(`nothing to drop on: ${selector}`)
  const session = await page.context().newCDPSession(page)
  const place = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  const data = { items: [], files: [...paths], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, ...place, data })
  await session.detach()
}
