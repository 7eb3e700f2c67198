import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AnnotationItem, SegmentItem } from '../../../preload/contract/annotation'
import { readClip } from '../../../main/engine/annotation/clip-file'
import { defaultScheme } from '../../../main/engine/annotation/default-study'
import { type AppWindow, openAppWindow } from '../../support/app-window'
import { codedStudy, writeCodedProject } from '../../support/coded-project'
import { makeClip } from '../../support/media-fixtures'
import { repositoryRoot, runUnmask } from '../../support/run-unmask'
import { findWindowPlace } from '../../support/window-place'

const place = await findWindowPlace()
afterAll(() => place?.display.stop())

const SAMPLE = 'ravdess-01-01-01-01-01-01-01'
const FRAMES_PER_SEC = 25
const DURATION_SECS = 4
const ANNA_TRACK = 'tier:anna||state|emotion'
const POINT_CODE = {
  id: 'blink',
  kind: 'point',
  set: '',
  name: 'blink',
  key: 'b',
  colour: '#7744aa',
  description: '',
} as const

let window: AppWindow
let page: Page
let root: string
let project: string

const EDITED_AT = '2026-03-02T10:00:00.000Z'
const segment = (
  id: string,
  observerId: string,
  label: string,
  startSecs: number,
  endSecs: number,
  changes: Partial<SegmentItem> = {},
): SegmentItem => ({
  id,
  kind: 'segment',
  observerId,
  subjectId: '',
  codeId: `emotion-${label}`,
  startSecs,
  endSecs,
  status: 'added',
  orig: null,
  confidence: null,
  comment: '',
  editedAt: EDITED_AT,
  ...changes,
})

const ITEMS: readonly AnnotationItem[] = [
  segment('a1', 'anna', 'happiness', 0.4, 1.2),
  segment('a2', 'anna', 'sadness', 1.2, 2, { confidence: 0.3, comment: 'hard to see' }),
  segment('a3', 'anna', 'anger', 2.8, 3.2),
  segment('b1', 'ben', 'neutral', 0, 1),
  segment('b2', 'ben', 'happiness', 1, 2.4),
  {
    id: 'x1',
    kind: 'exclusion',
    observerId: 'anna',
    editedAt: EDITED_AT,
    startSecs: 3.6,
    endSecs: 3.8,
    reason: 'door',
  },
  { id: 'c1', kind: 'comment', observerId: 'anna', editedAt: EDITED_AT, atSecs: 0.8, text: 'looks up' },
  {
    id: 'r1',
    kind: 'rating',
    observerId: 'anna',
    editedAt: EDITED_AT,
    subjectId: '',
    dimensionId: 'rating-valence',
    timesSecs: [0, 1, 2, 3],
    values: [0, 0.6, -0.4, 0.2],
    reactionTimeSecs: 0,
    endSecs: 4,
    comment: '',
  },
]

async function onDisk(clipId = 'steady'): Promise<ReadonlyMap<string, AnnotationItem>> {
  const { document } = await readClip(join(project, 'annotations'), clipId)
  return new Map(document.items.map((item) => [item.id, item]))
}

/** Waits until the file says it: an edit is written soon, not at once. */
async function written(says: (items: ReadonlyMap<string, AnnotationItem>) => boolean, clipId?: string) {
  await expect.poll(async () => says(await onDisk(clipId)), { timeout: 5000 }).toBe(true)
  return await onDisk(clipId)
}

const isAt = (item: AnnotationItem | undefined, startSecs: number, endSecs: number): boolean =>
  item?.kind === 'segment' &&
  Math.abs(item.startSecs - startSecs) < 1e-6 &&
  Math.abs(item.endSecs - endSecs) < 1e-6

async function openClip(name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('button', { name: 'Analyse', exact: true }).click()
  const switcher = page.getByRole('combobox', { name: 'Clip', exact: true })
  if (await switcher.count()) {
    const option = switcher.locator('option', { hasText: name })
    await switcher.selectOption((await option.getAttribute('value')) ?? '')
  } else await page.getByRole('button', { name: new RegExp(name) }).click()
  await page.locator('[data-shown-step]:not([data-shown-step="-1"])').waitFor()
}

/** A place on the time axis at the height of a track. */
async function at(track: string, secs: number): Promise<{ x: number; y: number }> {
  const plots = await page.locator('[data-timeline-plots]').boundingBox()
  const row = page.locator(`[data-track="${track}"]`)
  await row.scrollIntoViewIfNeeded()
  const box = await row.boundingBox()
  if (!plots || !box) throw new Error(`no track ${track} is shown`)
  return { x: plots.x + (secs / DURATION_SECS) * plots.width, y: box.y + box.height / 2 }
}

async function drag(track: string, fromSecs: number, toSecs: number, offsetPx = 0): Promise<void> {
  const from = await at(track, fromSecs)
  const to = await at(track, toSecs)
  await page.mouse.move(from.x + offsetPx, from.y)
  await page.mouse.down()
  await page.mouse.move((from.x + to.x) / 2, from.y, { steps: 4 })
  await page.mouse.move(to.x + offsetPx, to.y, { steps: 4 })
}

const undo = (): Promise<void> => page.keyboard.press('Control+Z')
const blur = (): Promise<void> =>
  page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
  })

describe.skipIf(place === null)('coding on the timeline', () => {
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'unmask-timeline-'))
    project = join(root, 'study')
    const recordings = join(root, 'recordings')
    await mkdir(recordings)
    const sample = join(recordings, `${SAMPLE}.mp4`)
    await copyFile(join(repositoryRoot, 'assets', 'sample', `${SAMPLE}.mp4`), sample)
    const steady = join(recordings, 'steady.mp4')
    await makeClip({
      path: steady,
      video: { frames: DURATION_SECS * FRAMES_PER_SEC, fps: FRAMES_PER_SEC },
    })
    const scheme = defaultScheme()
    await writeCodedProject(
      project,
      codedStudy({ scheme: { ...scheme, codes: [...scheme.codes, POINT_CODE] } }),
      [
        { clipId: 'steady', path: steady, durationSecs: DURATION_SECS, items: ITEMS },
        { clipId: SAMPLE, path: sample, durationSecs: 3.3, items: [] },
      ],
    )
    const { code, stderr } = await runUnmask(['label', sample, '--out', join(project, 'results')])
    expect(code, stderr).toBe(0)
    window = await openAppWindow(place!)
    page = window.page
    await window.drop('main', [project])
    await page.getByRole('listbox', { name: 'Clips' }).getByRole('option').nth(1).waitFor()
    await openClip('steady')
    await page.locator(`[data-track="tier:anna||state|emotion"]`).waitFor()
    await page.getByRole('combobox', { name: 'Who codes' }).selectOption({ label: 'Anna' })
    await page.locator('[data-track="tier:anna||point|"]').waitFor()
  }, 240_000)
  afterAll(async () => {
    await window.close()
    await rm(root, { recursive: true, force: true })
  })
  beforeEach(blur)

  it('shows the tiers of a clip without results, own ones first, and what is left out', async () => {
    const ids = await page
      .locator('[data-track]')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-track')))
    expect(ids).toEqual([
      'marks',
      ANNA_TRACK,
      'tier:anna||point|',
      'tier:ben||state|emotion',
      'final:',
      'rating:rating-valence|',
    ])
    await window.screenshot('timeline-annotation')
  })

  it('resizes at an edge, with the frame on the stage, as one step of undo', async () => {
    const end = await at(ANNA_TRACK, 3.2)
    await page.mouse.move(end.x - 2, end.y)
    await expect
      .poll(() => page.locator('[data-timeline-plots]').evaluate((area) => getComputedStyle(area).cursor))
      .toBe('ew-resize')
    await drag(ANNA_TRACK, 3.2, 3.4, -2)
    // The last frame of the bout: its end, at 3.4 s, is the first frame after it.
    await page.locator('[data-shown-step="84"]').waitFor()
    await window.screenshot('timeline-drag')
    expect(isAt((await onDisk()).get('a3'), 2.8, 3.2)).toBe(true)
    await page.mouse.up()
    await written((items) => isAt(items.get('a3'), 2.8, 3.4))
    await undo()
    await written((items) => isAt(items.get('a3'), 2.8, 3.2))
  })

  it('lands on an edge that is near, not while Ctrl is held', async () => {
    // Ben's ends at 2.4 s: six pixels beside it is near enough, though another frame is nearer.
    await drag(ANNA_TRACK, 2.8, 2.4, 6)
    await page.mouse.up()
    await written((items) => isAt(items.get('a3'), 2.4, 3.2))
    await undo()
    await written((items) => isAt(items.get('a3'), 2.8, 3.2))
    await drag(ANNA_TRACK, 2.8, 2.4, 6)
    await page.keyboard.down('Control')
    await page.mouse.up()
    await page.keyboard.up('Control')
    await written((items) => isAt(items.get('a3'), 2.44, 3.2))
    await undo()
    await written((items) => isAt(items.get('a3'), 2.8, 3.2))
  })

  it('moves an edge that two bouts share with Alt, and stops at the neighbour without', async () => {
    await drag(ANNA_TRACK, 1.2, 1.6, -2)
    await page.mouse.up()
    await page.waitForTimeout(300)
    expect(isAt((await onDisk()).get('a1'), 0.4, 1.2)).toBe(true)
    await page.keyboard.down('Alt')
    await drag(ANNA_TRACK, 1.2, 1.6, -2)
    await page.mouse.up()
    await page.keyboard.up('Alt')
    const items = await written((all) => isAt(all.get('a1'), 0.4, 1.6))
    expect(isAt(items.get('a2'), 1.6, 2)).toBe(true)
    await undo()
    await written((all) => isAt(all.get('a1'), 0.4, 1.2) && isAt(all.get('a2'), 1.2, 2))
  })

  it('moves a bout, and Escape takes the drag back', async () => {
    await drag(ANNA_TRACK, 3, 2.6)
    await page.keyboard.press('Escape')
    await page.mouse.up()
    await page.waitForTimeout(300)
    expect(isAt((await onDisk()).get('a3'), 2.8, 3.2)).toBe(true)
    await drag(ANNA_TRACK, 3, 2.6)
    await page.mouse.up()
    await written((items) => isAt(items.get('a3'), 2.4, 2.8))
    await undo()
    await written((items) => isAt(items.get('a3'), 2.8, 3.2))
  })

  it('chooses several with a rubber band and deletes them in one step', async () => {
    await drag(ANNA_TRACK, 0.2, 1.5)
    await page.mouse.up()
    await page.keyboard.press('Delete')
    await written((items) => !items.has('a1') && !items.has('a2') && items.has('a3') && items.has('b1'))
    await undo()
    await written((items) => items.has('a1') && items.has('a2'))
  })

  it('draws a bout and a point with the chosen code', async () => {
    const brush = page.getByRole('combobox', { name: 'Draw with the pointer' })
    await brush.selectOption({ label: 'Draw: surprise' })
    await drag(ANNA_TRACK, 2.2, 2.6)
    await page.mouse.up()
    const made = (items: ReadonlyMap<string, AnnotationItem>) =>
      [...items.values()].find((item) => item.kind === 'segment' && item.codeId === 'emotion-surprise')
    const items = await written((all) => made(all) !== undefined)
    expect(made(items)).toMatchObject({ observerId: 'anna', subjectId: '', status: 'added' })
    expect(isAt(made(items), 2.2, 2.6)).toBe(true)
    await brush.selectOption({ label: 'Draw: blink' })
    const point = await at('tier:anna||point|', 1.6)
    await page.mouse.click(point.x, point.y)
    await written((all) =>
      [...all.values()].some(
        (item) => item.kind === 'segment' && item.codeId === 'blink' && isAt(item, 1.6, 1.6),
      ),
    )
    await brush.selectOption({ label: 'Pointer selects' })
    await blur()
    await undo()
    await undo()
    await written((all) => made(all) === undefined)
  })

  it('relabels, splits and merges from the menu', async () => {
    const anger = await at(ANNA_TRACK, 3)
    await page.mouse.click(anger.x, anger.y, { button: 'right' })
    await window.screenshot('timeline-menu')
    await page.getByRole('menuitem', { name: 'disgust' }).click()
    await written((items) => {
      const item = items.get('a3')
      return item?.kind === 'segment' && item.codeId === 'emotion-disgust'
    })
    await page.mouse.click(anger.x, anger.y, { button: 'right' })
    await page.getByRole('menuitem', { name: 'Split here' }).click()
    await written((items) => isAt(items.get('a3'), 2.8, 3))
    await undo()
    await undo()
    await written((items) => {
      const item = items.get('a3')
      return isAt(item, 2.8, 3.2) && item?.kind === 'segment' && item.codeId === 'emotion-anger'
    })
  })

  it('copies a bout of somebody else, and leaves theirs alone', async () => {
    const theirs = await at('tier:ben||state|emotion', 2.2)
    await page.mouse.click(theirs.x, theirs.y, { button: 'right' })
    await page.getByRole('menuitem', { name: /^Copy to Whole clip/ }).click()
    const items = await written((all) =>
      [...all.values()].some(
        (item) => item.kind === 'segment' && item.observerId === 'anna' && isAt(item, 1, 2.4),
      ),
    )
    expect(items.get('b2')).toMatchObject({ observerId: 'ben', startSecs: 1, endSecs: 2.4 })
    await undo()
    await written((all) => isAt(all.get('a2'), 1.2, 2))
  })

  it('plays a bout in a loop at a double click', async () => {
    const anger = await at(ANNA_TRACK, 3)
    await page.mouse.dblclick(anger.x, anger.y)
    await page.getByRole('button', { name: 'Pause', exact: true }).waitFor()
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
    const step = Number(await page.locator('[data-shown-step]').getAttribute('data-shown-step'))
    expect(step).toBeGreaterThanOrEqual(70)
    expect(step).toBeLessThan(80)
  })

  it('goes from bar to bar by keys, says what they are, and opens their menu', async () => {
    await page.locator('[data-timeline-plots]').focus()
    await page.keyboard.press('Control+ArrowLeft')
    await expect
      .poll(() => page.locator('[aria-live="polite"]').allTextContents())
      .toContainEqual(expect.stringMatching(/^Anna \(you\): \w+/))
    await page.keyboard.press('Shift+F10')
    const menu = page.getByRole('menu')
    await menu.waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => menu.count()).toBe(0)
  })

  it('draws the lanes into a figure', async () => {
    const path = join(root, 'figure.svg')
    await window.answerSaveDialogs(path)
    await page.getByRole('button', { name: 'Export figure' }).click()
    await page.getByRole('button', { name: 'SVG' }).click()
    await expect.poll(() => readFile(path, 'utf8').catch(() => ''), { timeout: 5000 }).toContain('</svg>')
    const texts = [...(await readFile(path, 'utf8')).matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(
      ([, text]) => text,
    )
    for (const text of ['Notes', 'Anna', 'Ben', 'Final', 'valence', 'looks up', 'happiness', '(by hand)'])
      expect(texts).toContain(text)
    // Whoever reads the figure is somebody else.
    expect(texts.join()).not.toContain('(you)')
  })

  it('decides on proposals of the model, and shows what was decided', async () => {
    await openClip(SAMPLE)
    await page.locator('[data-track="segments"]').waitFor()
    const openMenu = async (): Promise<void> => {
      const plots = (await page.locator('[data-timeline-plots]').boundingBox())!
      // The first of its rows: the face. The final tier comes with the first decision, and moves it.
      const box = (await page.locator('[data-track="segments"]').boundingBox())!
      await page.mouse.click(plots.x + plots.width / 2, box.y + 12, { button: 'right' })
    }
    await openMenu()
    await page.getByRole('menuitem', { name: 'Confirm' }).click()
    const items = await written((all) => [...all.values()].some((item) => item.kind === 'segment'), SAMPLE)
    const item = [...items.values()].find((one) => one.kind === 'segment')
    expect(item).toMatchObject({ status: 'confirmed', observerId: 'anna' })
    await page.locator('[data-track="final:"]').waitFor()
    await window.screenshot('timeline-proposals')
    await openMenu()
    await page.getByRole('menuitem', { name: 'Reject' }).click()
    await written(
      (all) => [...all.values()].some((one) => one.kind === 'segment' && one.status === 'rejected'),
      SAMPLE,
    )
    // What was rejected counts nowhere: nothing is left of the final tier here.
    const final = page.locator('section[aria-label="Values at the cursor"] dl div', { hasText: 'Final' })
    await expect.poll(() => final.textContent()).toContain('nothing coded')
    await window.screenshot('timeline-rejected')
  })

  it('shows the lanes in a small window and in the dark', async () => {
    await page.emulateMedia({ colorScheme: 'dark' })
    await window.screenshot('timeline-annotation-dark')
    await window.resize(1024, 640)
    await openClip('steady')
    const lane = page.locator(`[data-track="${ANNA_TRACK}"] canvas`)
    await lane.waitFor()
    const box = (await lane.boundingBox())!
    expect(box.width).toBeGreaterThan(400)
    expect(box.y + box.height).toBeLessThan(640)
    await page.waitForTimeout(300)
    await window.screenshot('timeline-annotation-small-dark')
    await page.emulateMedia({ colorScheme: 'light' })
    await page.waitForTimeout(300)
    await window.screenshot('timeline-annotation-small')
  })

  it('complained of nothing', () => {
    expect(window.complaints).toEqual([])
  })
})
