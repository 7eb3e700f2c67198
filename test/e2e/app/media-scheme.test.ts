import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AppWindow, openAppWindow } from '../../support/app-window'
import { repositoryRoot } from '../../support/run-unmask'
import { findWindowPlace } from '../../support/window-place'

const place = await findWindowPlace()
afterAll(() => place?.display.stop())

const SAMPLE = join(repositoryRoot, 'assets', 'sample', 'ravdess-01-01-01-01-01-01-01.mp4')

describe.skipIf(place === null)('recordings through the own scheme', () => {
  let window: AppWindow
  let root = ''
  let url = ''
  beforeAll(async () => {
    window = await openAppWindow(place!)
    const { page } = window
    root = await mkdtemp(join(tmpdir(), 'unmask-media-'))
    await window.answerSaveDialogs(join(root, 'study'))
    await page.getByRole('button', { name: /^New project/ }).click()
    await page.getByText('No clips yet').waitFor()
    await window.drop('main', [SAMPLE])
    await page.getByRole('listbox', { name: 'Clips' }).getByRole('option').first().waitFor()
    await page.getByRole('navigation').getByRole('button', { name: 'Analyse', exact: true }).click()
    await page.getByRole('button', { name: /ravdess/ }).click()
    await page.locator('[data-shown-step]:not([data-shown-step="-1"])').waitFor()
    const video = page.locator('video')
    await video.waitFor({ state: 'attached' })
    url = await video.evaluate((node: HTMLVideoElement) => node.currentSrc)
  }, 120_000)
  afterAll(async () => {
    await window.close()
    await rm(root, { recursive: true, force: true })
  })

  it('serves the parts that a player asks for', async () => {
    const { size } = await stat(SAMPLE)
    const answers = await window.page.evaluate(async (address) => {
      const ask = async (init: RequestInit) => {
        const response = await fetch(address, init)
        const body = await response.arrayBuffer()
        return [response.status, body.byteLength, response.headers.get('content-range')]
      }
      return [
        await ask({}),
        await ask({ method: 'HEAD' }),
        await ask({ headers: { range: 'bytes=100-199' } }),
        await ask({ headers: { range: 'bytes=99999999-' } }),
      ]
    }, url)
    expect(answers).toEqual([
      [200, size, null],
      [200, 0, null],
      [206, 100, `bytes 100-199/${size}`],
      [416, 0, `bytes */${size}`],
    ])
  })

  it('survives a player that gives up what it asked for, again and again', async () => {
    const before = window.complaints.length
    const { size } = await stat(SAMPLE)
    await window.page.evaluate(
      async ([address, bytes]) => {
        const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
        const one = async (round: number): Promise<void> => {
          const stop = new AbortController()
          const first = round % 2 === 0 ? 0 : Math.max(0, bytes - 1 - (round % 40) * 5000)
          const headers = { range: `bytes=${first}-` }
          const reading = fetch(address, { signal: stop.signal, headers }).then(async (response) => {
            const reader = response.body!.getReader()
            if (round % 3 > 0) await reader.read()
            if (round % 3 > 1) await reader.cancel()
          })
          if (round % 5 > 0) await pause(round % 5)
          else await reading.catch(() => undefined)
          stop.abort()
          await reading.catch(() => undefined)
        }
        for (let round = 0; round < 300; round += 6)
          await Promise.all([0, 1, 2, 3, 4, 5].map((more) => one(round + more)))
      },
      [url, size] as const,
    )
    const video = window.page.locator('video')
    await video.evaluate(async (node: HTMLVideoElement) => {
      for (let jump = 0; jump < 60; jump++) {
        node.currentTime = ((jump * 37) % 60) / 20
        if (jump % 4 === 0) await new Promise((resolve) => setTimeout(resolve, 10))
        if (jump % 10 === 9) node.load()
      }
    })
    await expect.poll(() => video.evaluate((node: HTMLVideoElement) => node.readyState)).toBeGreaterThan(1)
    // The main process still answers, and nothing strayed.
    expect(await window.app.evaluate(({ app }) => app.isReady())).toBe(true)
    expect(window.complaints.slice(before)).toEqual([])
  })
})
