import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type AppWindow, openAppWindow } from '../../support/app-window'
import { type FakeCamera, makeFakeCamera } from '../../support/fake-camera'
import { sharedData } from '../../support/shared-data'
import { findWindowPlace } from '../../support/window-place'
import { record } from './record'

const place = await findWindowPlace()
afterAll(() => place?.display.stop())

/** Models are warm and the first seconds forgotten. */
const WARM_UP_MS = 8000
const MEASURED_MS = 20_000
/** How long memory is watched; UNMASK_LIVE_MINUTES for a shorter look. */
const MEMORY_MINUTES = Number(process.env['UNMASK_LIVE_MINUTES'] ?? 10)
const SAMPLE = fileURLToPath(
  new URL('../../../assets/sample/ravdess-01-01-01-01-01-01-01.mp4', import.meta.url),
)

let camera: FakeCamera
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unmask-bench-'))
  camera = await makeFakeCamera(sharedData('clips', 'montage.mp4') ?? SAMPLE, folder, { framesMax: 525 })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function statistic({ page }: AppWindow, name: string): Promise<number> {
  const text = await page.locator('dl div', { has: page.getByText(name, { exact: true }) }).innerText()
  return Number.parseFloat((text.split('\n')[1] ?? '').replaceAll(',', ''))
}

/** Starts live reading on a backend. @returns null, having said so, where it does not load */
async function startLive(backend: 'tensorflow' | 'wasm'): Promise<AppWindow | null> {
  const window = await openAppWindow(place!, { args: camera.args })
  const { page } = window
  await page.evaluate(
    (name) => globalThis.window.unmask.changeSettings({ patch: { labelling: { backend: name } } }),
    backend,
  )
  await page.getByRole('navigation').getByRole('button', { name: 'Live', exact: true }).click()
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  try {
    await page.locator('.stage').waitFor({ timeout: 30_000 })
  } catch {
    process.stdout.write(`live on ${backend} is left out: ${await page.locator('.notices').innerText()}\n`)
    await window.close()
    return null
  }
  await page.waitForTimeout(WARM_UP_MS)
  return window
}

/** Resident memory of all processes of the app, MB. */
async function memoryMb({ app }: AppWindow): Promise<number> {
  return app.evaluate(
    ({ app: electron }) =>
      electron.getAppMetrics().reduce((sum, { memory }) => sum + memory.workingSetSize, 0) / 1024,
  )
}

describe.skipIf(place === null)('live', () => {
  it.each(['tensorflow', 'wasm'] as const)('reads a camera of 640 x 480 on %s', async (backend) => {
    const window = await startLive(backend)
    if (!window) return
    const before = await statistic(window, 'Frames analysed')
    const startMs = performance.now()
    await window.page.waitForTimeout(MEASURED_MS)
    const frames = (await statistic(window, 'Frames analysed')) - before
    record(`live, ${backend}`, {
      'frames analysed a second': (frames * 1000) / (performance.now() - startMs),
      'camera frames a second': await statistic(window, 'Camera'),
      'capture to overlay, ms, median': await statistic(window, 'Latency, median'),
      'capture to overlay, ms, 95th percentile': await statistic(window, '95th percentile'),
      Electron: place!.electronVersion,
    })
    await window.close()
  })

  it('keeps its memory', async () => {
    const window = (await startLive('tensorflow')) ?? (await startLive('wasm'))
    if (!window) return
    // A rolling minute is full before anything is compared.
    await window.page.waitForTimeout(60_000)
    const mb = [await memoryMb(window)]
    for (let minute = 1; minute <= MEMORY_MINUTES; minute++) {
      await window.page.waitForTimeout(60_000)
      mb.push(await memoryMb(window))
    }
    record('live, memory', {
      minutes: MEMORY_MINUTES,
      'MB after the first minute': mb[0] ?? Number.NaN,
      'MB at the end': mb.at(-1) ?? Number.NaN,
      'MB at most': Math.max(...mb),
      'frames analysed': await statistic(window, 'Frames analysed'),
    })
    await window.close()
  })
})
