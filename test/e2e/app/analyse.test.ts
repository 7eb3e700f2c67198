import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type AppWindow, openAppWindow } from '../../support/app-window'
import { makeClip } from '../../support/media-fixtures'
import { repositoryRoot, runUnmask } from '../../support/run-unmask'
import { sharedData } from '../../support/shared-data'
import { readStage } from '../../support/stage-reader'
import { findWindowPlace } from '../../support/window-place'

const place = await findWindowPlace()
afterAll(() => place?.display.stop())

const SAMPLE = 'ravdess-01-01-01-01-01-01-01'
const FRAMES = 80
/** 20 to 95 ms a frame. */
const VARIABLE_MS = Array.from({ length: 50 }, (_, at) => at * 70 + (at % 3) * 25)
const WIDE = 4 / 3
const HEVC = sharedData('clips', 'odd', 'hevc-10bit.mp4')

let window: AppWindow
let page: Page
let root: string
let results: string

/** A project as a researcher has it: numbered recordings, and one that the command has labelled. */
async function makeProject(): Promise<void> {
  root = await mkdtemp(join(tmpdir(), 'unmask-analyse-'))
  const recordings = join(root, 'recordings')
  const project = join(root, 'study')
  results = join(project, 'results')
  await mkdir(recordings)
  const sample = join(recordings, `${SAMPLE}.mp4`)
  await copyFile(join(repositoryRoot, 'assets', 'sample', `${SAMPLE}.mp4`), sample)
  const { code, stderr } = await runUnmask(['label', sample, '--out', results])
  expect(code, stderr).toBe(0)
  const audio = { kind: 'tone', durationSecs: 3.2 } as const
  await makeClip({ path: join(recordings, 'steady.mp4'), video: { frames: FRAMES }, audio })
  // Timestamps that do not begin at zero: the player's clock is not the clip's.
  await makeClip({
    path: join(recordings, 'variable.mp4'),
    video: { ptsMs: VARIABLE_MS, startSecs: 1.5 },
  })
  await makeClip({
    path: join(recordings, 'turned.mp4'),
    video: { frames: FRAMES, widthPx: 240, heightPx: 320, rotationDegrees: 90 },
  })
  await window.answerSaveDialogs(project)
  await page.getByRole('button', { name: /^New project/ }).click()
  await page.getByText('No clips yet').waitFor()
  await window.drop('main', [recordings])
  await page.getByRole('listbox', { name: 'Clips' }).getByRole('option').nth(3).waitFor()
  await view('Analyse')
}

const view = (name: string) => page.getByRole('navigation').getByRole('button', { name, exact: true }).click()

/** Opens a clip of the project from Analyse itself, at its first frame. */
async function openClip(name: string): Promise<void> {
  const switcher = page.getByRole('combobox', { name: 'Clip', exact: true })
  if (await switcher.count()) {
    const option = switcher.locator('option', { hasText: name })
    await switcher.selectOption((await option.getAttribute('value')) ?? '')
  } else await page.getByRole('button', { name: new RegExp(name) }).click()
  await page.locator('[data-shown-step]:not([data-shown-step="-1"])').waitFor()
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  // The clip that is open already stays where it was left.
  await stepTo('Home', 0)
}

/** Presses a key and waits until the frame is on the stage. */
async function stepTo(key: string, step: number): Promise<void> {
  await page.keyboard.press(key)
  await page.locator(`[data-shown-step="${step}"]`).waitFor()
}

async function jumpTo(text: string, step: number): Promise<void> {
  await page.getByRole('textbox', { name: 'Jump to time or #frame' }).fill(text)
  await page.keyboard.press('Enter')
  await page.locator(`[data-shown-step="${step}"]`).waitFor()
}

describe.skipIf(place === null)('a clip in Analyse', () => {
  beforeAll(async () => {
    window = await openAppWindow(place!)
    page = window.page
    await makeProject()
  }, 240_000)
  afterAll(async () => {
    await window.close()
    await rm(root, { recursive: true, force: true })
  })

  it.each([
    ['steady', WIDE],
    ['variable', WIDE],
    ['turned', 1 / WIDE],
  ])('steps over every frame of %s, forwards and backwards', async (name, aspect) => {
    await openClip(name)
    expect(await readStage(page, aspect)).toEqual({ step: 0, number: 0 })
    for (let step = 1; step <= 30; step++) {
      await stepTo('ArrowRight', step)
      expect(await readStage(page, aspect)).toEqual({ step, number: step })
    }
    for (let step = 29; step >= 0; step--) {
      await stepTo('ArrowLeft', step)
      expect(await readStage(page, aspect)).toEqual({ step, number: step })
    }
    const last = (name === 'variable' ? VARIABLE_MS.length : FRAMES) - 1
    await stepTo('End', last)
    expect(await readStage(page, aspect)).toEqual({ step: last, number: last })
    await stepTo('Shift+ArrowLeft', last - 10)
    expect(await readStage(page, aspect)).toEqual({ step: last - 10, number: last - 10 })
    await stepTo('Home', 0)
    expect(await readStage(page, aspect)).toEqual({ step: 0, number: 0 })
  })

  it('jumps to a typed time or frame, and says what is wrong with another', async () => {
    await openClip('variable')
    await jumpTo('#33', 33)
    expect((await readStage(page, WIDE)).number).toBe(33)
    // Frame 21 begins at 1.47 s, frame 22 at 1.565 s.
    await jumpTo('0:01.480', 21)
    expect((await readStage(page, WIDE)).number).toBe(21)
    await page.getByRole('textbox', { name: 'Jump to time or #frame' }).fill('#5000')
    await page.keyboard.press('Enter')
    expect(await page.getByRole('alert').innerText()).toContain('beyond the clip')
    await page.keyboard.press('Escape')
    expect((await readStage(page, WIDE)).step).toBe(21)
  })

  it.each([
    ['steady', WIDE],
    ['variable', WIDE],
    ['turned', 1 / WIDE],
  ])('plays %s with the frame it names, and holds the very frame it was paused on', async (name, aspect) => {
    await openClip(name)
    await jumpTo('#6', 6)
    for (let round = 0; round < 3; round++) {
      const before = await readStage(page, aspect)
      await page.keyboard.press('Space')
      const seen: number[] = []
      await expect
        .poll(async () => {
          const shown = await readStage(page, aspect)
          expect(shown.number).toBe(shown.step)
          seen.push(shown.step)
          return shown.step
        })
        .toBeGreaterThan(before.step + 8)
      // Playing never goes back behind the frame it began with.
      expect(Math.min(...seen)).toBeGreaterThanOrEqual(before.step)
      await page.keyboard.press('Space')
      await page.getByRole('button', { name: 'Play', exact: true }).waitFor()
      const paused = await readStage(page, aspect)
      expect(paused.number).toBe(paused.step)
      // Time enough for the decoded frame to take the place of the player's, and for a late frame to betray itself.
      await page.waitForTimeout(400)
      expect(await readStage(page, aspect)).toEqual(paused)
      expect(
        Number(await page.locator('[data-test="frame"]').evaluate((node) => node.firstChild?.textContent)),
      ).toBe(paused.step)
      await jumpTo('#6', 6)
    }
  })

  it('shows all that was read from a labelled clip', async () => {
    await openClip(SAMPLE)
    await page.getByRole('region', { name: 'Timeline' }).waitFor()
    await page.getByRole('tab', { name: 'Values' }).click()
    await page.getByRole('button', { name: 'One frame forward' }).click()
    await page.locator('[data-shown-step="1"]').waitFor()
    const frames = await readFile(join(results, `${SAMPLE}.frames.csv`), 'utf8')
    const [head = '', , second = ''] = frames.split('\n')
    const columns = head.split(',')
    const neutral = second.split(',')[columns.indexOf('face_p_neutral')]
    const row = page.getByRole('tabpanel').getByRole('row', { name: /^Neutral/ })
    expect(await row.getByRole('cell').first().innerText()).toBe(Number(neutral).toFixed(3))
    await page.getByRole('tab', { name: 'Segments' }).click()
    const list = page.getByRole('listbox', { name: 'Segments' })
    await list.getByRole('option').last().click()
    expect((await readStage(page, 16 / 9)).step).toBeGreaterThanOrEqual(0)
    await window.screenshot('analyse')
    expect(window.complaints).toEqual([])
  })

  it('enlarges the picture and shows it whole again', async () => {
    await openClip('steady')
    const stage = page.locator('[data-shown-step]')
    await stage.hover()
    await page.mouse.wheel(0, -600)
    await page.getByRole('button', { name: 'Whole picture' }).click()
    expect((await readStage(page, WIDE)).number).toBe(0)
  })

  it('exports the very tables of the command', async () => {
    await openClip(SAMPLE)
    const out = join(root, 'exported')
    await mkdir(out)
    await window.answerOpenDialogs([out])
    await page.getByRole('button', { name: 'Export…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Export results' })
    for (const format of ['ELAN (EAF)', 'Praat (TextGrid)', 'BORIS'])
      await dialog.getByRole('checkbox', { name: format }).check()
    await dialog.getByRole('button', { name: 'Choose a folder…' }).click()
    await dialog.getByText(/files? written to exported/).waitFor()
    for (const table of ['frames', 'speech', 'segments']) {
      const name = `${SAMPLE}.${table}.csv`
      const written = await findFile(out, name)
      expect(Buffer.compare(await readFile(written), await readFile(join(results, name)))).toBe(0)
    }
    expect(await readFile(await findFile(out, `${SAMPLE}.eaf`), 'utf8')).toContain('ANNOTATION_DOCUMENT')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  it.each([
    [
      'SVG',
      'figure.svg',
      (bytes: Buffer) => bytes.toString('utf8').startsWith('<svg') || bytes.includes('<svg'),
    ],
    ['PNG', 'figure.png', (bytes: Buffer) => bytes.subarray(1, 4).toString('latin1') === 'PNG'],
  ])('saves the timeline as %s', async (format, name, isRight) => {
    await openClip(SAMPLE)
    const path = join(root, name)
    await window.answerSaveDialogs(path)
    await page.getByRole('button', { name: 'Export figure' }).click()
    await page.getByRole('group', { name: 'Export figure' }).getByRole('button', { name: format }).click()
    await page.getByText(`Saved ${name}`).waitFor()
    expect(isRight(await readFile(path))).toBe(true)
  })

  it('is reached and used by keyboard alone', async () => {
    await openClip('steady')
    await page.getByRole('separator', { name: 'Width of the summary' }).focus()
    const width = async () => (await page.locator('[data-shown-step]').boundingBox())?.width ?? 0
    const before = await width()
    await page.keyboard.press('ArrowLeft')
    await expect.poll(width).toBeLessThan(before)
    await page.keyboard.press('ArrowRight')
    await expect.poll(width).toBe(before)
    // The arrows moved the splitter, not the playhead.
    expect((await readStage(page, WIDE)).step).toBe(0)
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await stepTo('ArrowRight', 1)
    await expect.poll(() => page.locator('[data-test="announcer"]').innerText()).toContain('Frame 1')
  })
})

async function findFile(folder: string, name: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true })
  const found = entries.find((entry) => entry.endsWith(name))
  if (found === undefined) throw new Error(`${name} was not exported; there are ${entries.join(', ')}`)
  return join(folder, found)
}

describe.skipIf(place === null || HEVC === null)('a recording that Chromium cannot play', () => {
  it('is stepped through at once, and plays from a copy', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'unmask-analyse-'))
    const app = await openAppWindow(place!)
    onTestFinished(async () => {
      await app.close()
      await rm(folder, { recursive: true, force: true })
    })
    await copyFile(HEVC!, join(folder, 'hevc.mp4'))
    await app.answerSaveDialogs(join(folder, 'study'))
    await app.page.getByRole('button', { name: /^New project/ }).click()
    await app.page.getByText('No clips yet').waitFor()
    await app.drop('main', [join(folder, 'hevc.mp4')])
    await app.page.getByRole('listbox', { name: 'Clips' }).getByRole('option').first().waitFor()
    await app.page.getByRole('navigation').getByRole('button', { name: 'Analyse', exact: true }).click()
    await app.page.getByRole('button', { name: /hevc\.mp4/ }).click()
    await app.page.locator('[data-shown-step="0"]').waitFor()
    await app.page.keyboard.press('ArrowRight')
    await app.page.locator('[data-shown-step="1"]').waitFor()
    await app.page.locator('[data-shown-step] video').waitFor({ state: 'attached' })
    await app.page.keyboard.press('Space')
    await expect
      .poll(() => app.page.locator('[data-shown-step]').getAttribute('data-shown-step').then(Number), {
        timeout: 20_000,
      })
      .toBeGreaterThan(10)
  }, 120_000)
})
