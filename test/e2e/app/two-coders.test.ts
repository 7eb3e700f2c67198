import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseCsv } from '../../../main/engine/export/csv'
import { asRecords } from '../../engine/export/fixtures'
import { type AppWindow, openAppWindow } from '../../support/app-window'
import { runUnmask } from '../../support/run-unmask'
import { sharedData } from '../../support/shared-data'
import { findWindowPlace } from '../../support/window-place'

const place = await findWindowPlace()
afterAll(() => place?.display.stop())

const MONTAGE = sharedData('clips', 'montage.mp4')

/** 25 frames a second, 525 frames; each emotion lasts 75. What the keys 1 to 7 mean: canonical order. */
const TRUE_STARTS = [
  [0, '1', 'neutral'],
  [75, '2', 'happiness'],
  [150, '4', 'anger'],
  [225, '3', 'sadness'],
  [300, '7', 'surprise'],
  [375, '5', 'fear'],
  [450, '6', 'disgust'],
] as const
/** Ben sees anger a second longer and takes disgust for fear. */
const BENS_STARTS = [
  [0, '1'],
  [75, '2'],
  [150, '4'],
  [250, '3'],
  [300, '7'],
  [375, '5'],
] as const

let window: AppWindow
let page: Page
let root: string
let project: string
let kappaOfTable = ''

const view = (name: string) => page.getByRole('navigation').getByRole('button', { name, exact: true }).click()
const bar = () => page.getByRole('toolbar', { name: 'Coding' })
const saved = () => bar().locator('[data-state="saved"]').waitFor()

async function press(...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}

/** By the keyboard alone: G, the frame, Enter. */
async function goTo(frame: number): Promise<void> {
  await press('g')
  await page.keyboard.type(`#${frame}`)
  await press('Enter')
  await page.locator(`[data-shown-step="${frame}"]`).waitFor()
}

async function codeFrom(starts: readonly (readonly [number, string, ...unknown[]])[]): Promise<void> {
  await press('c')
  await bar()
    .getByRole('button', { name: /^Coding on/ })
    .waitFor()
  for (const [frame, key] of starts) {
    await goTo(frame)
    await press(key)
  }
  // Only the end itself is behind the last frame: coding off ends what runs there.
  await press('End')
  await page.locator('[data-shown-step="524"]').waitFor()
  await press('c')
  await bar()
    .getByRole('button', { name: /^Coding off/ })
    .waitFor()
  await saved()
}

async function begin(name: string, isBlind: boolean): Promise<void> {
  await bar().getByRole('combobox', { name: 'Who codes' }).selectOption({ label: 'New observer…' })
  const dialog = page.getByRole('dialog', { name: 'New observer' })
  await dialog.getByRole('textbox').fill(name)
  if (isBlind) await dialog.getByRole('switch', { name: 'Blind' }).check()
  await dialog.getByRole('button', { name: 'Begin coding' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
}

const table = async (path: string) => asRecords(parseCsv(await readFile(path, 'utf8')))

describe.skipIf(place === null || MONTAGE === null)('two coders and the model', () => {
  beforeAll(async () => {
    window = await openAppWindow(place!)
    page = window.page
    root = await mkdtemp(join(tmpdir(), 'unmask-coders-'))
    project = join(root, 'study')
    const recordings = join(root, 'recordings')
    await mkdir(recordings)
    await copyFile(MONTAGE!, join(recordings, 'montage.mp4'))
    const { code, stderr } = await runUnmask(['label', recordings, '--out', join(project, 'results')])
    expect(code, stderr).toBe(0)
    await window.answerSaveDialogs(project)
    await page.getByRole('button', { name: /^New project/ }).click()
    await page.getByText('No clips yet').waitFor()
    await window.drop('main', [recordings])
    await page.getByRole('listbox', { name: 'Clips' }).getByRole('option').first().waitFor()
    await view('Analyse')
    await page.getByRole('button', { name: /montage/ }).click()
    await page.locator('[data-shown-step="0"]').waitFor()
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  }, 240_000)
  afterAll(async () => {
    await window.close()
    await rm(root, { recursive: true, force: true })
  })

  it('code the clip by keyboard, one of them blind', async () => {
    await begin('Ann', false)
    await codeFrom(TRUE_STARTS)
    await begin('Ben', true)
    await page.getByText('You code this clip blind').first().waitFor()
    const shown = await page.locator('main').innerText()
    expect(shown).not.toContain('Proposals of the')
    expect(shown).not.toContain('Time with a usable face')
    await codeFrom(BENS_STARTS)
    await window.screenshot('coders-blind')
    await press('Control+d')
    await page.getByRole('dialog').getByRole('button', { name: 'Mark as done', exact: true }).click()
    await page.getByText('You code this clip blind').first().waitFor({ state: 'detached' })
    await saved()
    await window.screenshot('coders-revealed')
  }, 120_000)

  it('agree as computed by hand', async () => {
    await view('Agreement')
    const rater = (place: 1 | 2) => page.getByRole('combobox', { name: `Rater ${place}` })
    const choose = async (place: 1 | 2, name: RegExp) => {
      const option = rater(place).locator('option', { hasText: name }).first()
      await rater(place).selectOption((await option.getAttribute('value')) ?? '')
    }
    await choose(1, /^Ann/)
    await choose(2, /^Ben/)
    await page.getByRole('combobox', { name: 'Method' }).selectOption({ label: 'Exact durations' })
    await page.getByRole('heading', { name: 'Agreement of Ann and Ben' }).waitFor()
    // The recording lasts a little longer than its last frame, and so does the last label of both. Same label: all of it but
    // one second of sadness and the disgust at the end. By chance: the products of both durations, over the square of all.
    const meta: unknown = JSON.parse(await readFile(join(project, 'results', 'montage.meta.json'), 'utf8'))
    const secs = (meta as { summary: { durationSecs: number } }).summary.durationSecs
    const disgustSecs = secs - 18
    const observed = (secs - 1 - disgustSecs) / secs
    const byChance =
      (3 * 3 + 3 * 3 + 3 * 4 + 3 * 2 + 3 * 3 + 3 * (3 + disgustSecs) + disgustSecs * 0) / secs ** 2
    const kappa = (observed - byChance) / (1 - byChance)
    const tile = (name: string) => page.locator('.tile, [data-figure]').filter({ hasText: name }).first()
    await expect
      .poll(() => tile('Cohen’s kappa').innerText(), { timeout: 10_000 })
      .toContain(kappa.toFixed(3))
    expect(await tile('Percent agreement').innerText()).toContain(`${(observed * 100).toFixed(1)}%`)
    await window.screenshot('coders-agreement')
    await mkdir(join(root, 'tables'))
    await window.answerOpenDialogs([join(root, 'tables')])
    await page.getByRole('button', { name: 'Export tables…' }).click()
    await page.getByText(/Written to tables/).waitFor()
    const [row] = (await table(join(root, 'tables', 'agreement.csv'))).filter(
      (line) => line['clip_id'] === 'montage' && line['method']?.includes('duration'),
    )
    expect(Number(row?.['kappa'])).toBeCloseTo(kappa, 5)
    expect(Number(row?.['percent_agreement'])).toBeCloseTo(observed * 100, 3)
    kappaOfTable = row?.['kappa'] ?? ''
    const seconds = Object.fromEntries(
      (await table(join(root, 'tables', 'confusion.csv')))
        .filter((line) => line['clip_id'] === 'montage' && Number(line['seconds']) > 0)
        .map((line) => [`${line['label_1']}>${line['label_2']}`, Number(line['seconds'])]),
    )
    expect(seconds['sadness>anger']).toBeCloseTo(1, 5)
    expect(seconds['sadness>sadness']).toBeCloseTo(2, 5)
    expect(seconds['disgust>fear']).toBeCloseTo(disgustSecs, 5)
  }, 60_000)

  it('are compared by the command with the same result', async () => {
    const out = join(root, 'command')
    const { code, stderr } = await runUnmask([
      'agree',
      project,
      '--tier-a',
      'Ann',
      '--tier-b',
      'Ben',
      '--out',
      out,
    ])
    expect(code, stderr).toBe(0)
    const row = (await table(join(out, 'agreement.csv'))).find(
      (line) => line['clip_id'] === 'montage' && line['method']?.includes('duration'),
    )
    expect(row?.['kappa']).toBe(kappaOfTable)
  }, 60_000)

  it('correct the model, and both stand in the exported table', async () => {
    await view('Analyse')
    await page.locator('[data-shown-step]').waitFor()
    await begin('Cora', false)
    await page.getByRole('tab', { name: 'Review', exact: true }).click()
    await page
      .getByRole('combobox', { name: 'What to go through' })
      .selectOption({ label: 'Proposals of the model' })
    await page.getByRole('combobox', { name: 'Tier' }).selectOption({ label: 'Face' })
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await page.getByText('0 of 7 looked at').waitFor()
    // Neutral is right, happiness is called surprise instead, anger is no emotion at all.
    await press('a')
    await page.getByText('1 of 7 looked at').waitFor()
    await press('7')
    await page.getByText('2 of 7 looked at').waitFor()
    await press('x')
    await page.getByText('3 of 7 looked at').waitFor()
    await saved()
    await window.screenshot('coders-corrected')

    const out = join(root, 'exported')
    await mkdir(out)
    await window.answerOpenDialogs([out])
    await press('Control+e')
    const dialog = page.getByRole('dialog', { name: 'Export results' })
    await dialog.getByRole('button', { name: 'Choose a folder…' }).click()
    await dialog.getByText(/files? written to exported/).waitFor()
    const rows = (await table(join(out, 'montage.segments.csv'))).filter((row) => row['observer'] === 'Cora')
    expect(
      rows.map((row) => [
        row['label'],
        row['status'],
        row['orig_label'],
        row['start_frame'],
        row['end_frame'],
      ]),
    ).toEqual([
      ['neutral', 'confirmed', 'neutral', '0', '74'],
      ['surprise', 'edited', 'happiness', '75', '149'],
      ['anger', 'rejected', 'anger', '150', '224'],
    ])
    const frames = await table(join(out, 'montage.frames.csv'))
    // Ann leads, because she is the first observer.
    const said = (frame: number) =>
      ['manual_label', 'manual_observer', 'final_label', 'final_source'].map((name) => frames[frame]?.[name])
    expect(said(100)).toEqual(['happiness', 'Ann', 'happiness', 'manual'])
    expect(said(500)).toEqual(['disgust', 'Ann', 'disgust', 'manual'])
    expect(frames).toHaveLength(525)
    const { code, stdout } = await runUnmask([
      'agree',
      join(out, 'montage.segments.csv'),
      '--tier-a',
      'Ann',
      '--tier-b',
      'Ben',
    ])
    expect(code).toBe(0)
    expect(stdout).toMatch(/0\.77[78]/)
    expect(window.complaints).toEqual([])
  }, 120_000)
})
