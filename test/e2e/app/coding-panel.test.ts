import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readClip } from '../../../main/engine/annotation/clip-file'
import type { AnnotationItem, RatingItem } from '../../../preload/contract/annotation'
import { type AppWindow, openAppWindow } from '../../support/app-window'
import { makeClip } from '../../support/media-fixtures'
import { repositoryRoot, runUnmask } from '../../support/run-unmask'
import { sharedData } from '../../support/shared-data'
import { findWindowPlace } from '../../support/window-place'

const place = await findWindowPlace()
afterAll(() => place?.display.stop())

const SAMPLE = 'ravdess-01-01-01-01-01-01-01'
const MONTAGE = sharedData('clips', 'montage.mp4')
const FRAMES = 80

let window: AppWindow
let page: Page
let root: string
let project: string

/** A labelled clip (of many emotions where there is one), one without results, and a project of both. */
async function makeProject(): Promise<void> {
  root = await mkdtemp(join(tmpdir(), 'unmask-coding-'))
  const recordings = join(root, 'recordings')
  project = join(root, 'study')
  await mkdir(recordings)
  const sample = join(recordings, `${SAMPLE}.mp4`)
  await copyFile(join(repositoryRoot, 'assets', 'sample', `${SAMPLE}.mp4`), sample)
  if (MONTAGE) await copyFile(MONTAGE, join(recordings, 'montage.mp4'))
  const { code, stderr } = await runUnmask(['label', recordings, '--out', join(project, 'results')])
  expect(code, stderr).toBe(0)
  await makeClip({ path: join(recordings, 'steady.mp4'), video: { frames: FRAMES } })
  await window.answerSaveDialogs(project)
  await page.getByRole('button', { name: /^New project/ }).click()
  await page.getByText('No clips yet').waitFor()
  await window.drop('main', [recordings])
  await page
    .getByRole('listbox', { name: 'Clips' })
    .getByRole('option')
    .nth(MONTAGE ? 2 : 1)
    .waitFor()
  await page.getByRole('navigation').getByRole('button', { name: 'Analyse', exact: true }).click()
}

async function openClip(name: string): Promise<void> {
  const switcher = page.getByRole('combobox', { name: 'Clip', exact: true })
  if (await switcher.count()) {
    const option = switcher.locator('option', { hasText: name })
    await switcher.selectOption((await option.getAttribute('value')) ?? '')
  } else await page.getByRole('button', { name: new RegExp(name) }).click()
  await page.locator('[data-shown-step]:not([data-shown-step="-1"])').waitFor()
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  await page.keyboard.press('Home')
  await page.locator('[data-shown-step="0"]').waitFor()
}

const show = (mode: 'Results' | 'Code' | 'Review' | 'Rate') =>
  page.getByRole('tab', { name: mode, exact: true }).click()
const bar = () => page.getByRole('toolbar', { name: 'Coding' })
const saved = () => bar().locator('[data-state="saved"]').waitFor()

async function jumpTo(step: number): Promise<void> {
  await page.getByRole('textbox', { name: 'Jump to time or #frame' }).fill(`#${step}`)
  await page.keyboard.press('Enter')
  await page.locator(`[data-shown-step="${step}"]`).waitFor()
}

/** What stands on the disk about a clip: its snapshot, and the journal of edits behind it. */
async function itemsOnDisk(clipId: string): Promise<readonly AnnotationItem[]> {
  await saved()
  const { document } = await readClip(join(project, 'annotations'), clipId)
  return document.items
}

const observers = () => bar().getByRole('combobox', { name: 'Who codes' })

async function addObserver(name: string, isBlind: boolean): Promise<void> {
  await observers().selectOption({ label: 'New observer…' })
  const dialog = page.getByRole('dialog', { name: 'New observer' })
  await dialog.getByRole('textbox').fill(name)
  if (isBlind) await dialog.getByRole('switch', { name: 'Blind' }).check()
  await dialog.getByRole('button', { name: 'Begin coding' }).click()
  await dialog.waitFor({ state: 'detached' })
}

/** A picture in both themes and both sizes that have to work. */
async function pictures(name: string): Promise<void> {
  for (const [width, height] of [
    [1440, 900],
    [1024, 640],
  ] as const) {
    await window.resize(width, height)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      // The canvases of the timeline follow on the next frame.
      await page.waitForTimeout(200)
      await window.screenshot(`${name}-${width}-${colorScheme}`)
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await window.resize(1440, 900)
}

describe.skipIf(place === null)('coding beside the clip', () => {
  beforeAll(async () => {
    window = await openAppWindow(place!)
    page = window.page
    await makeProject()
  }, 240_000)
  afterAll(async () => {
    await window.close()
    await rm(root, { recursive: true, force: true })
  })

  it('lets somebody who never did begin in two clicks, and keeps what they code', async () => {
    await openClip(SAMPLE)
    await show('Code')
    expect(await page.getByRole('tabpanel').innerText()).toContain('Every person who codes is an observer')
    await page.getByRole('button', { name: 'Begin coding' }).click()
    await bar()
      .getByRole('button', { name: /^Coding off/ })
      .waitFor()
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await page.keyboard.press('c')
    await bar()
      .getByRole('button', { name: /^Coding on/ })
      .waitFor()
    await page.keyboard.press('2')
    await jumpTo(12)
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    expect(await bar().getByRole('list', { name: 'Running now' }).innerText()).toContain('happiness')
    await pictures('coding-running')
    await page.keyboard.press('3')
    await jumpTo(30)
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await page.keyboard.press('0')
    const found = (await itemsOnDisk(SAMPLE)).filter((item) => item.kind === 'segment')
    expect(found).toHaveLength(2)
    const list = page.getByRole('listbox', { name: 'My segments' })
    expect(await list.getByRole('option').allInnerTexts()).toEqual([
      expect.stringContaining('happiness'),
      expect.stringContaining('sadness'),
    ])
  })

  it('shows all of a segment, and takes exact edges by frame, confidence and a comment', async () => {
    const list = page.getByRole('listbox', { name: 'My segments' })
    await list.getByRole('option', { name: /happiness/ }).click()
    await page.getByRole('combobox', { name: 'Show edges as' }).selectOption('frame')
    const end = page.getByRole('textbox', { name: 'End', exact: true })
    await expect.poll(() => end.inputValue()).toBe('#12')
    await end.fill('#10')
    await end.press('Enter')
    await page.getByText('10 frames, #0 to #9').waitFor()
    await end.fill('#0')
    await end.press('Enter')
    expect(await page.getByRole('alert').innerText()).toContain('after the start')
    await end.press('Escape')
    await page.getByRole('slider', { name: 'How sure' }).fill('0.75')
    await page.getByRole('textbox', { name: 'Comment', exact: true }).first().fill('corners of the mouth')
    await page.getByRole('textbox', { name: 'Comment', exact: true }).first().blur()
    await pictures('coding-segment')
    const happiness = (await itemsOnDisk(SAMPLE)).find(
      (item) => item.kind === 'segment' && item.comment === 'corners of the mouth',
    )
    expect(happiness).toMatchObject({ confidence: 0.75, startSecs: 0, status: 'added' })
    for (const title of [/comment/, /how sure/, /move an end/])
      await bar().getByRole('button', { name: title }).first().click()
    await expect.poll(() => end.inputValue()).toBe('#12')
    await bar().getByRole('button', { name: /^Redo/ }).click()
    await expect.poll(() => end.inputValue()).toBe('#10')
  })

  it('excludes time with a reason, and writes comments', async () => {
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await page.keyboard.press('Shift+C')
    const field = page.getByRole('textbox', { name: 'Add a comment' })
    await expect.poll(() => field.evaluate((node) => node === document.activeElement)).toBe(true)
    await field.fill('looks away, then back')
    await field.press('Enter')
    await page.getByText('Excluded time').click()
    await page.getByRole('button', { name: /^Exclude/ }).click()
    const reason = page.getByRole('textbox', { name: 'Reason' })
    await reason.fill('hand before the face')
    await reason.blur()
    const items = await itemsOnDisk(SAMPLE)
    expect(items).toContainEqual(expect.objectContaining({ kind: 'comment', text: 'looks away, then back' }))
    expect(items).toContainEqual(
      expect.objectContaining({ kind: 'exclusion', reason: 'hand before the face' }),
    )
  })

  it('codes a clip without results, by pressing and holding the pad', async () => {
    await openClip('steady')
    await show('Code')
    const anger = page.locator('[data-code="anger"]')
    await anger.click()
    await jumpTo(20)
    await anger.click()
    await expect.poll(async () => (await itemsOnDisk('steady')).length).toBe(1)
    // Held while the clip plays, it ends when it is let go.
    await jumpTo(30)
    await page.getByRole('button', { name: 'Play', exact: true }).click()
    const fear = page.locator('[data-code="fear"]')
    await fear.hover()
    await page.mouse.down()
    await page.waitForTimeout(700)
    await page.mouse.up()
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
    const held = (await itemsOnDisk('steady')).find((item) => item.kind === 'segment' && item.startSecs > 1)
    const secs = held?.kind === 'segment' ? held.endSecs - held.startSecs : 0
    expect(secs).toBeGreaterThan(0.3)
    expect(secs).toBeLessThan(1.2)
    await pictures('coding-unlabelled')
  })

  it.skipIf(MONTAGE === null)('goes through what the model proposed with one key each', async () => {
    await openClip('montage')
    await show('Review')
    await page.getByRole('combobox', { name: 'What to go through' }).selectOption('proposals')
    const progress = page.getByText(/looked at$/)
    const count = Number(/of (\d+)/.exec(await progress.innerText())?.[1])
    expect(count).toBeGreaterThan(3)
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await page.keyboard.press('a')
    await expect.poll(() => progress.innerText()).toBe(`1 of ${count} looked at`)
    await page.keyboard.press('x')
    await expect.poll(() => progress.innerText()).toBe(`2 of ${count} looked at`)
    await page.keyboard.press('5')
    await expect.poll(() => progress.innerText()).toBe(`3 of ${count} looked at`)
    await pictures('coding-proposals')
    const segments = (await itemsOnDisk('montage')).filter((item) => item.kind === 'segment')
    expect(segments.map(({ status }) => status).sort()).toEqual(['confirmed', 'edited', 'rejected'])
    for (const { orig } of segments) expect(orig?.segmentId).not.toBe('')
    await page.getByRole('combobox', { name: 'What to go through' }).selectOption('moments')
    await pictures('coding-moments')
    const moments = Number(/of (\d+)/.exec(await progress.innerText())?.[1])
    expect(moments).toBeGreaterThan(0)
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await page.keyboard.press('u')
    await expect.poll(() => progress.innerText()).toBe(`1 of ${moments} looked at`)
    expect(await itemsOnDisk('montage')).toContainEqual(
      expect.objectContaining({ kind: 'review', outcome: 'unclear' }),
    )
  })

  it('rates while the clip plays, with the mouse and with a stick', async () => {
    await openClip('steady')
    await show('Rate')
    const pad = page.getByRole('slider', { name: 'Rating of valence' })
    await page.getByRole('button', { name: 'Rate from here' }).click()
    const box = (await pad.boundingBox())!
    for (const share of [0.5, 0.3, 0.1, 0.02]) {
      await page.mouse.move(box.x + 40, box.y + box.height * share)
      await page.waitForTimeout(150)
    }
    await pictures('coding-rate')
    await page
      .getByRole('button', { name: 'Stop', exact: true })
      .or(page.getByRole('button', { name: 'Rate from here' }))
      .click()
    const rating = (await itemsOnDisk('steady')).find((item) => item.kind === 'rating')
    expect(rating?.kind === 'rating' && rating.values.length).toBeGreaterThan(2)
    expect(rating?.kind === 'rating' && Math.max(...rating.values)).toBeGreaterThan(0.6)
    expect(rating).toMatchObject({ reactionTimeSecs: 0 })
    await page.evaluate(() => {
      const stick = { index: 0, id: 'Test controller', connected: true, axes: [0, -1] }
      Object.defineProperty(navigator, 'getGamepads', { configurable: true, value: () => [stick] })
      dispatchEvent(new Event('gamepadconnected'))
    })
    await page.getByRole('combobox', { name: 'What is rated' }).selectOption({ label: 'arousal' })
    await page.getByRole('combobox', { name: 'With', exact: true }).selectOption('gamepad')
    await page.getByText('Connected: Test controller').waitFor()
    await window.screenshot('coding-gamepad')
    await page.keyboard.press('Home')
    await page.getByRole('button', { name: 'Rate from here' }).click()
    await page.waitForTimeout(500)
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    const ratings = (await itemsOnDisk('steady')).filter((item) => item.kind === 'rating')
    expect(ratings).toHaveLength(2)
    // Up on a stick is the top of the range.
    const byStick = ratings.find(({ dimensionId }) => dimensionId !== (rating as RatingItem).dimensionId)
    expect(byStick?.values.at(-1)).toBe(1)
  })

  it('shows a blind coder nothing of the model until they say that they are done', async () => {
    await openClip(SAMPLE)
    await addObserver('Blind coder', true)
    await show('Results')
    await page.getByRole('note').getByText('You code this clip blind').waitFor()
    await pictures('coding-blind')
    expect(await page.getByRole('tab', { name: 'Values' }).count()).toBe(0)
    await show('Review')
    await page.getByRole('note').getByText('You code this clip blind').waitFor()
    await show('Code')
    expect(await page.getByText('Nothing coded yet').count()).toBe(1)
    await bar().getByRole('button', { name: 'Mark as done' }).click()
    const dialog = page.getByRole('dialog', { name: 'Mark as done and show the model?' })
    expect(await dialog.innerText()).toContain('cannot be unseen')
    await window.screenshot('coding-blind-confirm')
    await dialog.getByRole('button', { name: 'Stay blind' }).click()
    await show('Results')
    await page.getByRole('note').getByText('You code this clip blind').waitFor()
    await page.getByRole('button', { name: 'Mark as done and reveal…' }).click()
    await dialog.getByRole('button', { name: 'Mark as done' }).click()
    await page.getByRole('tab', { name: 'Values' }).click()
    const row = page.getByRole('tabpanel').getByRole('row', { name: /^Neutral/ })
    await expect.poll(() => row.getByRole('cell').first().innerText()).toMatch(/^0\.9|^1\.0/)
    expect(window.complaints).toEqual([])
  })
})
