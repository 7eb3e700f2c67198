import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { type AppWindow, type AppWindowOptions, openAppWindow } from '../../support/app-window'
import { tempFolder } from '../../support/temp-folder'
import { findWindowPlace } from '../../support/window-place'

const place = await findWindowPlace()
afterAll(() => place?.display.stop())

const VIEWS = ['Library', 'Batch', 'Analyse', 'Study', 'Agreement', 'Live', 'Models', 'Settings'] as const

async function open(options: AppWindowOptions = {}): Promise<AppWindow> {
  const window = await openAppWindow(place!, options)
  onTestFinished(() => window.close())
  return window
}

describe.skipIf(place === null)('the window', () => {
  it('shows every view, by mouse and by keyboard, without a complaint', async () => {
    const { page, complaints } = await open()
    for (const name of VIEWS) {
      await page.getByRole('navigation').getByRole('button', { name, exact: true }).click()
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      expect(await page.locator('[aria-current="page"]').innerText()).toBe(name)
    }
    await page.getByRole('navigation').getByRole('button', { name: 'Library', exact: true }).focus()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.locator('[aria-current="page"]').innerText()).toBe('Batch')
    expect(complaints).toEqual([])
  })

  it.each([
    [1024, 640, 1],
    [1440, 900, 1],
    [1440, 900, 2],
    [2560, 1440, 1],
  ])('breaks no layout at %d x %d, zoom %d', async (widthPx, heightPx, zoom) => {
    const { app, page, screenshot } = await open({ size: { width: widthPx, height: heightPx } })
    await app.evaluate(
      ({ BrowserWindow }, factor) => BrowserWindow.getAllWindows()[0]?.webContents.setZoomFactor(factor),
      zoom,
    )
    for (const name of VIEWS) {
      await page.getByRole('navigation').getByRole('button', { name, exact: true }).click()
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      const overflow = await page.evaluate(() => ({
        page: document.documentElement.scrollWidth - innerWidth,
        view: (document.querySelector('main')?.getBoundingClientRect().right ?? 0) - innerWidth,
      }))
      expect(overflow.page, `${name}: the page scrolls sideways`).toBeLessThanOrEqual(0)
      expect(overflow.view, `${name}: the view leaves the window`).toBeLessThanOrEqual(1)
      await screenshot(`${name.toLowerCase()}-empty-${widthPx}x${heightPx}-zoom${zoom}`)
    }
  })

  it('comes back after its page crashed', async () => {
    const { app, page } = await open()
    const crashed = new Promise((resolve) => page.once('crash', resolve))
    await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
    )
    await crashed
    const isBack = await app.evaluate(async ({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]!.webContents
      for (let attempt = 0; attempt < 50; attempt++) {
        await new Promise((resolve) => setTimeout(resolve, 200))
        if (contents.isLoading() || contents.isCrashed()) continue
        const found: unknown = await contents.executeJavaScript('document.querySelector("nav") !== null')
        if (found === true) return true
      }
      return false
    })
    expect(isBack).toBe(true)
  })

  it('goes on after an error that nobody caught, tells of it and writes it down', async () => {
    const window = await open()
    await window.app.evaluate(() => {
      setTimeout(() => {
        throw new Error('nobody waited for this')
      }, 0)
      void Promise.reject(new Error('nor for that'))
    })
    await window.page
      .getByRole('alert')
      .getByText('nobody waited for this')
      .or(window.page.getByText('nor for that'))
      .first()
      .waitFor()
    await window.screenshot('stray-error')
    const log = () => readFile(join(window.profile, 'errors.log'), 'utf8')
    await expect.poll(log).toContain('nobody waited for this')
    await expect.poll(log).toContain('nor for that')
    await expect.poll(() => window.complaints.length).toBe(2)
    const reply = await window.page.evaluate(() => self.unmask.appInfo(null))
    expect(reply.ok).toBe(true)
  })

  it('remembers where it was, and opens on screen when that is of no use', async () => {
    const profile = await tempFolder()
    const first = await openAppWindow(place!, { profile, size: { width: 1200, height: 700 } })
    await first.close()
    const kept = join(profile, 'window.json')
    const bounds = JSON.parse(await readFile(kept, 'utf8')) as { width: number; x: number }
    expect(bounds.width).toBeGreaterThanOrEqual(1200)
    await writeFile(kept, JSON.stringify({ ...bounds, x: 90_000, isMaximized: false }))
    const second = await openAppWindow(place!, { profile })
    const x = await second.app.evaluate(
      ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getBounds().x,
    )
    expect(x).toBeLessThan(5000)
    await second.close()
    await writeFile(kept, '{ torn')
    const third = await openAppWindow(place!, { profile })
    expect(await third.page.getByRole('heading', { level: 1 }).first().isVisible()).toBe(true)
    await third.close()
    expect(existsSync(kept)).toBe(true)
    await rm(profile, { recursive: true, force: true })
  })
})
