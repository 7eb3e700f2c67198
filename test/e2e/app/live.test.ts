import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { probe } from '../../../main/engine/media/probe'
import { type AppWindow, type AppWindowOptions, openAppWindow } from '../../support/app-window'
import { type FakeCamera, makeFakeCamera } from '../../support/fake-camera'
import { sharedData } from '../../support/shared-data'
import { tempFolder } from '../../support/temp-folder'
import { findWindowPlace } from '../../support/window-place'

const place = await findWindowPlace()
afterAll(() => place?.display.stop())

const SAMPLE = fileURLToPath(
  new URL('../../../assets/sample/ravdess-01-01-01-01-01-01-01.mp4', import.meta.url),
)
let camera: FakeCamera
let cameraFolder = ''
beforeAll(async () => {
  cameraFolder = await mkdtemp(join(tmpdir(), 'unmask-camera-'))
  // Seven faces and voices where they are at hand; the repository's own clip of one otherwise.
  const clip = sharedData('clips', 'montage.mp4') ?? SAMPLE
  camera = await makeFakeCamera(clip, cameraFolder, { framesMax: 300 })
})
afterAll(() => rm(cameraFolder, { recursive: true, force: true }))

async function openLive(options: AppWindowOptions = {}): Promise<AppWindow> {
  const window = await openAppWindow(place!, { args: camera.args, ...options })
  onTestFinished(() => window.close())
  await window.page.getByRole('navigation').getByRole('button', { name: 'Live', exact: true }).click()
  await window.page.getByRole('heading', { level: 1, name: 'Live' }).waitFor()
  return window
}

const button = ({ page }: AppWindow, name: string) => page.getByRole('button', { name, exact: true })

/** The number that stands under a heading of the counters. */
async function statistic({ page }: AppWindow, name: string): Promise<number> {
  const text = await page.locator('dl div', { has: page.getByText(name, { exact: true }) }).innerText()
  return Number.parseFloat((text.split('\n')[1] ?? '').replaceAll(',', ''))
}

async function waitForFrames(window: AppWindow, frames: number): Promise<void> {
  await expect.poll(() => statistic(window, 'Frames analysed'), { timeout: 40_000 }).toBeGreaterThan(frames)
}

/** Colour of every pixel of the overlay together: nothing drawn is 0. */
async function overlayInk({ page }: AppWindow): Promise<number> {
  return page.locator('.stage canvas').evaluate((element) => {
    const canvas = element as HTMLCanvasElement
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
    return data.reduce((sum, value, at) => (at % 4 === 3 ? sum + value : sum), 0)
  })
}

describe.skipIf(place === null)('live', () => {
  it('reads face and voice of a camera, says how fast, and draws what it reads', async () => {
    const window = await openLive()
    await button(window, 'Start').click()
    await waitForFrames(window, 20)
    expect(await overlayInk(window)).toBeGreaterThan(0)
    expect(await statistic(window, 'Analysed')).toBeGreaterThan(1)
    expect(await statistic(window, 'Latency, median')).toBeGreaterThan(0)
    const { page } = window
    await page.getByText('Waiting for the first frame').waitFor({ state: 'hidden' })
    // Speech is heard at some time of the clip.
    await expect
      .poll(() => page.locator('.level .state').innerText(), { timeout: 30_000, interval: 100 })
      .toBe('Speech')
    await window.screenshot('live')
    await window.resize(1024, 640)
    await window.screenshot('live-small')
    await button(window, 'Stop').click()
    await page.getByText('Nothing is being watched').waitFor()
    expect(window.complaints).toEqual([])
  })

  it('records into a project that it asks for, and the recording opens in Analyse', async () => {
    const window = await openLive()
    const { page } = window
    const folder = join(await tempFolder(), 'study')
    await window.answerOpenDialogs([folder])
    await window.answerSaveDialogs(folder)
    await button(window, 'Start').click()
    await waitForFrames(window, 5)
    await button(window, 'Record').click()
    await page.getByRole('dialog').getByRole('button', { name: 'New project…' }).click()
    await button(window, 'Stop recording').waitFor()
    const before = await statistic(window, 'Frames analysed')
    await waitForFrames(window, before + 30)
    await button(window, 'Stop recording').click()
    await button(window, 'Open in Analyse').waitFor({ timeout: 60_000 })

    const recordings = join(folder, 'recordings')
    const files = (await readdir(recordings)).sort()
    expect(files.map((name) => name.replace(/^live-[\d-]+/, 'NAME'))).toEqual([
      'NAME.live.csv',
      'NAME.webm',
      'live_dictionary.csv',
    ])
    const media = await probe(
      join(
        recordings,
        files.find((name) => name.endsWith('.webm'))!,
      ),
    )
    expect(media.video).toMatchObject({ widthPx: 640, heightPx: 480 })
    expect(media.audio).not.toBeNull()
    const durationSecs = media.durationSecs ?? 0
    expect(durationSecs).toBeGreaterThan(1)
    const table = await readFile(
      join(
        recordings,
        files.find((name) => name.endsWith('.live.csv'))!,
      ),
      'utf8',
    )
    const [head = '', ...rows] = table.trimEnd().split(/\r?\n/)
    expect(rows.length).toBeGreaterThanOrEqual(25)
    const timeAt = head.split(',').indexOf('time_s')
    const times = rows.map((row) => Number(row.split(',')[timeAt]))
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(times.at(-1)!).toBeLessThanOrEqual(durationSecs + 1)

    await button(window, 'Open in Analyse').click()
    await page.locator('[aria-current="page"]', { hasText: 'Analyse' }).waitFor()
    expect(existsSync(join(folder, 'unmask-project.json'))).toBe(true)
  })

  it('works with the voice alone and says so', async () => {
    const window = await openLive()
    const { page } = window
    await page.getByLabel('Camera', { exact: true }).selectOption({ label: 'No camera' })
    await button(window, 'Start').click()
    await page.getByText('Voice only', { exact: true }).waitFor()
    await expect
      .poll(() => page.locator('.level .value').innerText(), { timeout: 30_000 })
      .toMatch(/-?\d+ dB/)
    await window.screenshot('live-voice-only')
  })

  it('has nothing to start without camera and microphone', async () => {
    const window = await openLive()
    const { page } = window
    await page.getByLabel('Camera', { exact: true }).selectOption({ label: 'No camera' })
    await page.getByLabel('Microphone', { exact: true }).selectOption({ label: 'No microphone' })
    await page.getByText('Neither camera nor microphone chosen').waitFor()
    expect(await button(window, 'Start').isDisabled()).toBe(true)
  })

  it('says why where the camera may not be used', async () => {
    const window = await openLive({
      args: camera.args.filter((arg) => arg !== '--use-fake-ui-for-media-stream'),
    })
    const { app, page } = window
    await app.evaluate(({ session }) => {
      session.defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => decide(false))
      session.defaultSession.setPermissionCheckHandler(() => false)
    })
    await button(window, 'Start').click()
    await page.getByText('The camera may not be used.', { exact: false }).waitFor()
    await page.getByText('The microphone may not be used.', { exact: false }).waitFor()
    await window.screenshot('live-refused')
  })

  it('goes on with the voice when the camera is unplugged', async () => {
    const window = await openLive()
    const { page } = window
    await button(window, 'Start').click()
    await waitForFrames(window, 3)
    await page.locator('.stage video').evaluate((element) => {
      const [track] = ((element as HTMLVideoElement).srcObject as MediaStream).getVideoTracks()
      // What the browser does when the device goes.
      track?.stop()
      track?.dispatchEvent(new Event('ended'))
    })
    await page.getByText('It is taken up again when it returns', { exact: false }).waitFor()
    await expect
      .poll(() => page.locator('.level .value').innerText(), { timeout: 30_000 })
      .toMatch(/-?\d+ dB/)
    await page.evaluate(() => navigator.mediaDevices.dispatchEvent(new Event('devicechange')))
    await page.getByText('The camera is back', { exact: false }).first().waitFor()
    const before = await statistic(window, 'Frames analysed')
    await waitForFrames(window, before + 3)
  })

  it('goes on when the live process is killed, and says that it was started again', async () => {
    const window = await openLive()
    const { app, page } = window
    await button(window, 'Start').click()
    await waitForFrames(window, 3)
    await app.evaluate(({ app: electron }) => {
      const live = electron.getAppMetrics().find(({ name }) => name?.includes('live'))
      if (live) process.kill(live.pid, 'SIGKILL')
    })
    await page.getByText('The live process was started again', { exact: false }).first().waitFor()
    const before = await statistic(window, 'Frames analysed')
    await waitForFrames(window, before + 3)
  })
})
