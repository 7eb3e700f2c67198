import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type AppWindow, openAppWindow } from '../../support/app-window'
import { writeLongResults } from '../../support/long-results'
import { makeClip } from '../../support/media-fixtures'
import { repositoryRoot } from '../../support/run-unmask'
import { measureTimeline, quantile } from '../../support/timeline-bench'
import { findWindowPlace } from '../../support/window-place'
import { record } from './record'

const place = await findWindowPlace()
afterAll(() => place?.display.stop())

const STEPS = 60
const WHEEL_EVENTS = 240
const SAMPLE = 'ravdess-01-01-01-01-01-01-01.mp4'

let root = ''
let window: AppWindow
let page: Page

/** From the key to the picture on the canvas, one frame after the other, in milliseconds, ascending. */
async function stepTimes(key: 'ArrowRight' | 'ArrowLeft', from: number): Promise<number[]> {
  return page.evaluate(
    async ({ name, steps, first }) => {
      const stage = document.querySelector<HTMLElement>('[data-shown-step]')
      if (!stage) throw new Error('no picture is shown')
      const direction = name === 'ArrowRight' ? 1 : -1
      const times: number[] = []
      for (let step = 1; step <= steps; step++) {
        const wanted = String(first + step * direction)
        const startMs = performance.now()
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key: name, code: name, bubbles: true }))
        await new Promise<void>((resolve) => {
          const look = () => (stage.dataset['shownStep'] === wanted ? resolve() : void setTimeout(look, 0))
          look()
        })
        times.push(performance.now() - startMs)
        // A person holding a key: thirty a second.
        await new Promise((resolve) => setTimeout(resolve, 33))
      }
      return times.sort((a, b) => a - b)
    },
    { name: key, steps: STEPS, first: from },
  )
}

async function openClip(name: RegExp): Promise<void> {
  await page.getByRole('navigation').getByRole('button', { name: 'Analyse', exact: true }).click()
  await page.getByRole('button', { name }).click()
}

describe.skipIf(place === null)('analyse', () => {
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'unmask-bench-'))
    const recordings = join(root, 'recordings')
    const results = join(root, 'study', 'results')
    await mkdir(recordings)
    await mkdir(results, { recursive: true })
    await copyFile(join(repositoryRoot, 'assets', 'sample', SAMPLE), join(recordings, SAMPLE))
    // The hour is in the tables; its recording is a short stand-in, because opening results reads no pictures.
    await makeClip({ path: join(recordings, 'long.mp4'), video: { frames: 60, fps: 30 } })
    await writeLongResults(results, { clipId: 'long', mediaPath: join(recordings, 'long.mp4') })
    window = await openAppWindow(place!)
    page = window.page
    await window.answerSaveDialogs(join(root, 'study'))
    await page.getByRole('button', { name: /^New project/ }).click()
    await page.getByText('No clips yet').waitFor()
    await window.drop('main', [recordings])
    await page.getByRole('listbox', { name: 'Clips' }).getByRole('option').nth(1).waitFor()
  }, 300_000)
  afterAll(async () => {
    await window.close()
    await rm(root, { recursive: true, force: true })
  })

  it('steps through 1280 x 720', async () => {
    await openClip(/ravdess/)
    await page.locator('[data-shown-step="0"]').waitFor()
    const forwards = await stepTimes('ArrowRight', 0)
    const backwards = await stepTimes('ArrowLeft', STEPS)
    record('analyse, frame step at 720p', {
      'forwards, ms, median': quantile(forwards, 0.5),
      'forwards, ms, 95th percentile': quantile(forwards, 0.95),
      'backwards, ms, median': quantile(backwards, 0.5),
      'backwards, ms, 95th percentile': quantile(backwards, 0.95),
      Electron: place!.electronVersion,
    })
  }, 120_000)

  it('opens the results of an hour and moves about in them', async () => {
    await page.getByRole('navigation').getByRole('button', { name: 'Library', exact: true }).click()
    await page
      .getByRole('listbox', { name: 'Clips' })
      .getByRole('option', { name: /long\.mp4/ })
      .waitFor()
    await page.getByRole('navigation').getByRole('button', { name: 'Analyse', exact: true }).click()
    const switcher = page.getByRole('combobox', { name: 'Clip', exact: true })
    const long = (await switcher.locator('option', { hasText: 'long.mp4' }).getAttribute('value')) ?? ''
    const firstPlotMs = await page.evaluate(async (token) => {
      const select = document.querySelector<HTMLSelectElement>('.switcher select')
      if (!select) throw new Error('no choice of clips is shown')
      const drawn = new Promise<number>((resolve) => {
        const observer = new PerformanceObserver((list) => {
          const entry = list.getEntriesByName('timeline.draw')[0]
          if (!entry) return
          observer.disconnect()
          resolve(entry.startTime + entry.duration)
        })
        observer.observe({ entryTypes: ['measure'] })
      })
      select.value = token
      const startMs = performance.now()
      select.dispatchEvent(new Event('change', { bubbles: true }))
      return (await drawn) - startMs
    }, long)
    await page.waitForTimeout(3000)
    const { frameMs, drawMs, longTaskMs } = await measureTimeline(page, WHEEL_EVENTS)
    record('analyse, 60 minutes at 30 fps', {
      'rows opened to first plot, ms': firstPlotMs,
      'frames a second while zooming and panning':
        1000 / (frameMs.reduce((sum, ms) => sum + ms, 0) / frameMs.length),
      'frame, ms, 95th percentile': quantile(frameMs, 0.95),
      'drawing, ms, 95th percentile': quantile(drawMs, 0.95),
      'longest task, ms': longTaskMs.at(-1) ?? 0,
      Electron: place!.electronVersion,
    })
  }, 120_000)
})
