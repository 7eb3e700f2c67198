import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readReport } from '../../../main/engine/learning/evaluation/write-report'
import { findAppPaths } from '../../../main/host/app-paths'
import { type AppWindow, openAppWindow } from '../../support/app-window'
import { findWindowPlace } from '../../support/window-place'

const place = await findWindowPlace()
afterAll(() => place?.display.stop())

const { reportsFolder } = findAppPaths(process.cwd())
const percent = (share: number) => `${(share * 100).toFixed(1)}%`

describe.skipIf(place === null)('settings and models in the window', () => {
  let profile: string
  let window: AppWindow | null = null

  beforeEach(async () => {
    profile = await mkdtemp(join(tmpdir(), 'unmask-profile-'))
  })
  afterEach(async () => {
    await window?.close()
    window = null
    await rm(profile, { recursive: true, force: true })
  })

  async function open(): Promise<AppWindow> {
    window = await openAppWindow(place!, { profile })
    // The driver pretends a light system unless told to let the app decide.
    await window.page.emulateMedia({ colorScheme: null })
    return window
  }

  async function reopen(): Promise<AppWindow> {
    await window!.close()
    return open()
  }

  const theme = ({ page }: AppWindow) => page.evaluate(() => document.documentElement.dataset['theme'])
  const stored = async () => JSON.parse(await readFile(join(profile, 'settings.json'), 'utf8')) as unknown

  async function openSection({ page }: AppWindow, name: string): Promise<void> {
    await page.getByRole('button', { name: 'Settings', exact: true }).click()
    await page.getByRole('navigation', { name: 'Sections of the settings' }).getByText(name).click()
  }

  it('keeps the theme over a restart', async () => {
    let app = await open()
    await openSection(app, 'Appearance')
    await app.page.getByLabel('Theme', { exact: true }).selectOption('dark')
    await expect.poll(() => theme(app)).toBe('dark')
    app = await reopen()
    expect(await stored()).toMatchObject({ appearance: { theme: 'dark' } })
    await expect.poll(() => theme(app)).toBe('dark')
    await openSection(app, 'Appearance')
    await app.page.getByLabel('Theme', { exact: true }).selectOption('light')
    await expect.poll(() => theme(app)).toBe('light')
    expect(app.complaints).toEqual([])
  })

  it('brings an old settings file up to date', async () => {
    await writeFile(
      join(profile, 'settings.json'),
      JSON.stringify({
        formatVersion: 1,
        appearance: { theme: 'dark' },
        playback: { stepFrames: 25 },
        keys: { 'view.models': 'F7' },
      }),
    )
    const app = await open()
    await expect.poll(() => theme(app)).toBe('dark')
    await app.page.keyboard.press('F7')
    await app.page.getByRole('heading', { name: 'Models', level: 1 }).waitFor()
    await openSection(app, 'Playback')
    expect(await app.page.getByLabel('Long step', { exact: true }).inputValue()).toBe('25')
    await expect.poll(stored).toEqual({
      formatVersion: 2,
      appearance: { theme: 'dark' },
      playback: { stepFrames: 25 },
      keys: { 'view.models': ['F7'] },
    })
  })

  it('sets a corrupt settings file aside, says so once and works', async () => {
    await writeFile(join(profile, 'settings.json'), '{"formatVersion": 2, "appear')
    let app = await open()
    const notice = app.page.getByText('Your settings could not be read')
    await notice.waitFor()
    const aside = (await readdir(profile)).filter((name) => name.startsWith('settings.corrupt-'))
    expect(aside).toHaveLength(1)
    expect(await readFile(join(profile, aside[0]!), 'utf8')).toBe('{"formatVersion": 2, "appear')
    await openSection(app, 'Playback')
    await app.page.getByLabel('Long step', { exact: true }).fill('12')
    await app.page.getByLabel('Long step', { exact: true }).press('Enter')
    app = await reopen()
    await openSection(app, 'Playback')
    expect(await app.page.getByLabel('Long step', { exact: true }).inputValue()).toBe('12')
    expect(await app.page.getByText('Your settings could not be read').count()).toBe(0)
  })

  it('refuses a bad value beside its field and keeps the old one', async () => {
    const app = await open()
    await openSection(app, 'Analysis')
    const field = app.page.getByLabel('Length of a voice window')
    await field.fill('99')
    await app.screenshot('settings-analysis')
    await field.press('Enter')
    await app.page.getByText('Give a number from 0.5 to 30 s').waitFor()
    const reply = await app.page.evaluate(() =>
      self.unmask.changeSettings({ patch: { analysis: { speech: { windowSecs: 99 } } } }),
    )
    expect(reply).toMatchObject({
      ok: false,
      fault: { code: 'usage.invalid', message: expect.stringContaining('from 0.5 to 30 s') as string },
    })
  })

  it('remaps a key, refuses a taken one, and the overlay shows it', async () => {
    const app = await open()
    const { page } = app
    await openSection(app, 'Keys')
    const row = page.locator('[data-command="view.library"]')
    await row.getByRole('button', { name: 'Add a key' }).click()
    await page.keyboard.press('F1')
    await row.getByText('F1 already means “Show these shortcuts”').waitFor()
    await row.getByRole('button', { name: 'Cancel' }).click()
    await row.getByRole('button', { name: 'Add a key' }).click()
    await page.keyboard.press('F8')
    await row.getByRole('button', { name: 'Remove F8' }).waitFor()
    await page.keyboard.press('F8')
    await page.locator('nav [aria-current="page"]', { hasText: 'Library' }).waitFor()
    await page.keyboard.press('?')
    const overlay = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await overlay.getByLabel('Search shortcuts').fill('show library')
    await overlay.getByText('F8').waitFor()
    // A dialog has the keyboard to itself.
    await page.keyboard.press('F8')
    expect(await overlay.isVisible()).toBe(true)
    // The first one empties the search.
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await overlay.waitFor({ state: 'detached' })
  })

  it('shows the figures of every model as its report has them', async () => {
    const app = await open()
    const { page } = app
    await page.getByRole('button', { name: 'Models', exact: true }).click()
    for (const [id, folder, reportId] of [
      ['face-fer-cnn-1', 'face', 'face-votes-7'],
      ['speech-mfcc-cnn-2', 'speech', 'speech-crossval'],
      ['fusion-product-1', 'fusion', 'real-8-product'],
    ] as const) {
      const { reports } = await readReport(join(reportsFolder, folder, 'report.json'))
      const report = reports.find((one) => one.id === reportId)!
      await page.locator(`[data-model="${id}"]`).click()
      await page.getByText(report.protocol).first().waitFor()
      const tile = page.locator('[data-figure="accuracy"]')
      expect(await tile.textContent()).toContain(percent(report.accuracy.value))
      const cells = await page.locator('td small').allTextContents()
      expect(cells.map(Number)).toEqual(report.confusion.flat())
      expect(await inkOf(page, 'canvas')).toBeGreaterThan(3)
      await app.screenshot(`models-${folder}`)
    }
    await page.locator('[data-model="compare"]').click()
    await page.getByText('Every bar has its own data and protocol').waitFor()
    expect(await inkOf(page, 'canvas')).toBe(1)
    expect(app.complaints).toEqual([])
  })

  it('tells what runs the networks, and shows the error of a backend that does not load', async () => {
    const app = await open()
    const { page } = app
    await page.getByRole('button', { name: 'Models', exact: true }).click()
    await page.locator('[data-model="backend"]').click()
    await page.getByText(/ready after \d/).waitFor({ timeout: 60_000 })
    const best = await page.evaluate(() => self.unmask.checkBackend({ backend: 'auto' }))
    if (!best.ok) throw new Error(best.fault.message)
    for (const { reason } of best.value.refused) await page.getByText(reason).first().waitFor()
    if (best.value.name === 'tensorflow-gpu') return
    await page.getByLabel('What runs the networks').selectOption('tensorflow-gpu')
    await page.getByText('--backend tensorflow-gpu does not load').waitFor({ timeout: 60_000 })
    await expect.poll(stored).toMatchObject({ labelling: { backend: 'tensorflow-gpu' } })
  })

  it('stands at 200% zoom in the smallest window', async () => {
    const app = await open()
    const { page } = app
    await app.resize(1024, 640)
    await app.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.setZoomFactor(2),
    )
    for (const view of ['Settings', 'Models']) {
      await page.evaluate((name) => {
        const all = [...document.querySelectorAll<HTMLElement>('nav button')]
        all.find((button) => button.textContent?.trim() === name)?.click()
      }, view)
      await page.getByRole('heading', { name: view, level: 1 }).waitFor()
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(overflow).toBeLessThanOrEqual(0)
    }
  })
})

/** Charts on the page that drew something. */
async function inkOf(page: AppWindow['page'], selector: string): Promise<number> {
  return page.evaluate(
    (css) =>
      [...document.querySelectorAll<HTMLCanvasElement>(css)].filter((canvas) => {
        const { width, height } = canvas
        const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? []
        return pixels.some((value, at) => at % 4 === 3 && value > 0)
      }).length,
    selector,
  )
}
