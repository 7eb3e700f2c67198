import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ANNOTATIONS_FOLDER, readClip } from '../../../main/engine/annotation/clip-file'
import { annotatedClips } from '../../../main/engine/annotation/paths'
import { parseCsv } from '../../../main/engine/export/csv'
import type { SegmentItem } from '../../../preload/contract/annotation'
import { type AppWindow, openAppWindow } from '../../support/app-window'
import { runUnmask } from '../../support/run-unmask'
import { sharedData } from '../../support/shared-data'
import { findWindowPlace } from '../../support/window-place'

/** 21 s at 25 frames a second: seven posed expressions, 75 frames each, in the order of montage.truth.csv. */
const MONTAGE = sharedData('clips', 'montage.mp4')
const FRAMES_PER_SEC = 25
const PART_FRAMES = 75
const FRAMES = 525
const TRUTH = ['neutral', 'happiness', 'anger', 'sadness', 'surprise', 'fear', 'disgust']
/** The usual keys: the seven emotions in canonical order are 1 to 7. */
const KEYS: Readonly<Record<string, string>> = {
  neutral: '1',
  happiness: '2',
  sadness: '3',
  anger: '4',
  fear: '5',
  disgust: '6',
  surprise: '7',
}

const place = MONTAGE === null ? null : await findWindowPlace()
afterAll(() => place?.display.stop())

let window: AppWindow
let page: Page
let root: string
let project: string

async function makeProject(): Promise<void> {
  root = await mkdtemp(join(tmpdir(), 'unmask-coding-'))
  project = join(root, 'study')
  const recordings = join(root, 'recordings')
  await mkdir(recordings)
  const montage = join(recordings, 'montage.mp4')
  await copyFile(MONTAGE!, montage)
  const { code, stderr } = await runUnmask(['label', montage, '--out', join(project, 'results')])
  expect(code, stderr).toBe(0)
  await window.answerSaveDialogs(project)
  await page.getByRole('button', { name: /^New project/ }).click()
  await page.getByText('No clips yet').waitFor()
  await window.drop('main', [recordings])
  await page.getByRole('listbox', { name: 'Clips' }).getByRole('option').first().waitFor()
  await page.getByRole('navigation').getByRole('button', { name: 'Analyse', exact: true }).click()
  await page.getByRole('button', { name: /montage/ }).click()
  await page.locator('[data-shown-step="0"]').waitFor()
}

const press = (key: string) => page.keyboard.press(key)

async function stepTo(key: string, step: number): Promise<void> {
  await press(key)
  await page.locator(`[data-shown-step="${step}"]`).waitFor()
}

/** Goes on by whole strides of ten frames, then by single frames, as a coder's hand does. */
async function stepOn(from: number, to: number): Promise<void> {
  let step = from
  while (step + 10 <= to) await stepTo('Shift+ArrowRight', (step += 10))
  while (step < to) await stepTo('ArrowRight', ++step)
}

/** Everything that was coded stands on the disk. */
async function saved(): Promise<void> {
  await page.getByRole('toolbar', { name: 'Coding' }).getByText('Saved', { exact: true }).waitFor()
}

/** Segments as they stand on the disk, by start. */
async function stored(): Promise<SegmentItem[]> {
  await saved()
  const folder = join(project, ANNOTATIONS_FOLDER)
  const [clipId] = await annotatedClips(folder)
  if (clipId === undefined) return []
  return [...(await readClip(folder, clipId)).document.items]
    .filter((item): item is SegmentItem => item.kind === 'segment')
    .sort((a, b) => a.startSecs - b.startSecs)
}

const emotionOf = ({ codeId }: SegmentItem) => codeId.replace('emotion-', '')
const asFrames = (items: readonly SegmentItem[]) =>
  items.map((item) => [
    emotionOf(item),
    Math.round(item.startSecs * FRAMES_PER_SEC * 1e4) / 1e4,
    Math.round(item.endSecs * FRAMES_PER_SEC * 1e4) / 1e4,
  ])

/** The model's fused segments in the order of time, as the command wrote them. */
async function proposals(): Promise<{ id: string; label: string; startSecs: number; endSecs: number }[]> {
  const [head = [], ...rows] = parseCsv(
    await readFile(join(project, 'results', 'montage.segments.csv'), 'utf8'),
  )
  const column = (name: string) => head.indexOf(name)
  return rows
    .filter((row) => row[column('modality')] === 'fusion')
    .map((row) => ({
      id: row[column('segment_id')]!,
      label: row[column('label')]!,
      startSecs: Number(row[column('start_s')]),
      endSecs: Number(row[column('end_s')]),
    }))
    .sort((a, b) => a.startSecs - b.startSecs)
}

describe.skipIf(place === null)('coding by keyboard alone', () => {
  beforeAll(async () => {
    window = await openAppWindow(place!)
    page = window.page
    await makeProject()
    await page.getByRole('tab', { name: 'Code', exact: true }).click()
    await page.getByRole('textbox', { name: 'Name or code' }).fill('Ann')
    await press('Enter')
    await page.getByRole('toolbar', { name: 'Coding' }).waitFor()
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  }, 240_000)
  afterAll(async () => {
    await window.close()
    await rm(root, { recursive: true, force: true })
  })

  it('confirms, rejects and relabels proposals, a key each, and keeps what they were', async () => {
    const all = await proposals()
    expect(all.length).toBeGreaterThanOrEqual(4)
    const [first, second, third] = all
    // Two frames on, so that the first proposal is what the playhead is in.
    await stepTo('Home', 0)
    await stepOn(0, Math.round(first!.startSecs * FRAMES_PER_SEC) + 2)
    await press('a')
    await press('y')
    await page.locator(`[data-shown-step="${Math.round(second!.startSecs * FRAMES_PER_SEC)}"]`).waitFor()
    await press('x')
    await press('y')
    await page.locator(`[data-shown-step="${Math.round(third!.startSecs * FRAMES_PER_SEC)}"]`).waitFor()
    const other = third!.label === 'surprise' ? 'fear' : 'surprise'
    await press(KEYS[other]!)
    const items = await stored()
    expect(items.map((item) => [item.status, emotionOf(item), item.orig?.segmentId])).toEqual([
      ['confirmed', first!.label, first!.id],
      ['rejected', second!.label, second!.id],
      ['edited', other, third!.id],
    ])
    for (const [at, item] of items.entries()) {
      const proposal = all[at]!
      expect(item.orig).toMatchObject({
        label: proposal.label,
        startSecs: proposal.startSecs,
        endSecs: proposal.endSecs,
      })
      // On the frames that the proposal began and ended with.
      expect(item.startSecs * FRAMES_PER_SEC).toBeCloseTo(Math.round(proposal.startSecs * FRAMES_PER_SEC), 3)
      expect(item.endSecs * FRAMES_PER_SEC).toBeCloseTo(Math.round(proposal.endSecs * FRAMES_PER_SEC), 3)
      expect(Date.now() - Date.parse(item.editedAt)).toBeLessThan(120_000)
    }
    await window.screenshot('code-corrections')
    for (let at = 0; at < 3; at++) await press('Control+z')
    expect(await stored()).toEqual([])
  }, 120_000)

  it('codes the montage with steps and taps', async () => {
    await stepTo('Home', 0)
    await press('c')
    await page.getByRole('button', { name: 'Coding on' }).waitFor()
    for (const [part, emotion] of TRUTH.entries()) {
      await press(KEYS[emotion]!)
      await page.getByRole('list', { name: 'Running now' }).getByText(emotion).waitFor()
      const last = (part + 1) * PART_FRAMES === FRAMES
      await stepOn(part * PART_FRAMES, last ? FRAMES - 1 : (part + 1) * PART_FRAMES)
    }
    await window.screenshot('code-running')
    await press('0')
    await page.getByText('Nothing runs').waitFor()
    const items = await stored()
    // Each begins and ends on the frame of the true edge; the last one with the clip.
    expect(asFrames(items).slice(0, -1)).toEqual(
      TRUTH.slice(0, -1).map((emotion, part) => [emotion, part * PART_FRAMES, (part + 1) * PART_FRAMES]),
    )
    const last = items.at(-1)!
    expect([emotionOf(last), Math.round(last.startSecs * FRAMES_PER_SEC)]).toEqual([
      'disgust',
      6 * PART_FRAMES,
    ])
    expect(last.endSecs).toBeGreaterThan((FRAMES - 1) / FRAMES_PER_SEC)
    expect(items.every(({ status, orig }) => status === 'added' && orig === null)).toBe(true)
  }, 180_000)

  it('takes back 120 edits and does them again, to the last digit', async () => {
    const before = await stored()
    await press('c')
    await page.getByRole('button', { name: 'Coding off' }).waitFor()
    await stepTo('Home', 0)
    await press('Shift+ArrowDown')
    // 60 frames off the end of the first, then 60 off the start of the next.
    for (let at = 0; at < 60; at++) await press('Shift+V')
    await press('Shift+ArrowDown')
    for (let at = 0; at < 60; at++) await press('Shift+Z')
    const after = await stored()
    expect(asFrames(after).slice(0, 3)).toEqual([
      ['neutral', 0, 15],
      ['happiness', 135, 150],
      ['anger', 150, 225],
    ])
    for (let at = 0; at < 120; at++) await press('Control+z')
    expect(await stored()).toEqual(before)
    for (let at = 0; at < 120; at++) await press('Control+Shift+z')
    expect(await stored()).toEqual(after)
    for (let at = 0; at < 127; at++) await press('Control+z')
    expect(await stored()).toEqual([])
    for (let at = 0; at < 7; at++) await press('Control+y')
    expect(await stored()).toEqual(before)
  }, 180_000)

  it('splits, relabels and deletes what is chosen', async () => {
    // From the last one, which came back last, to the first; its start is shown.
    for (let at = 0; at < 7; at++) await press('Shift+ArrowUp')
    await page.locator('[data-shown-step="0"]').waitFor()
    await stepOn(0, 30)
    // The second part is chosen once it is split.
    await press('s')
    await press(KEYS['fear']!)
    expect(asFrames(await stored()).slice(0, 3)).toEqual([
      ['neutral', 0, 30],
      ['fear', 30, 75],
      ['happiness', 75, 150],
    ])
    await press('Delete')
    expect(asFrames(await stored()).slice(0, 2)).toEqual([
      ['neutral', 0, 30],
      ['happiness', 75, 150],
    ])
    for (let at = 0; at < 3; at++) await press('Control+z')
    expect(asFrames(await stored())[0]).toEqual(['neutral', 0, 75])
  }, 60_000)

  it('codes while playing at 1 and 2 times the speed, on frames that were shown; a held key codes while held', async () => {
    for (let at = 0; at < 7; at++) await press('Control+z')
    expect(await stored()).toEqual([])
    await stepTo('Home', 0)
    await press('c')
    await press('Space')
    await press(KEYS['neutral']!)
    await page.waitForTimeout(700)
    await press(KEYS['happiness']!)
    await page.waitForTimeout(500)
    for (let at = 0; at < 3; at++) await press(']')
    await press(KEYS['anger']!)
    await page.waitForTimeout(600)
    await press('0')
    await page.keyboard.down(KEYS['fear']!)
    await page.waitForTimeout(700)
    await page.keyboard.up(KEYS['fear']!)
    await press('Space')
    await press('Shift+K')
    const items = await stored()
    expect(items.map(emotionOf)).toEqual(['neutral', 'happiness', 'anger', 'fear'])
    const frames = asFrames(items)
    for (const [, start, end] of frames) {
      expect(Number.isInteger(start), `${start}`).toBe(true)
      expect(Number.isInteger(end), `${end}`).toBe(true)
    }
    for (const at of [1, 2]) expect(frames[at]![1]).toBe(frames[at - 1]![2])
    // 0.7 s at usual speed; a busy computer is late, never early.
    expect(items[0]!.endSecs - items[0]!.startSecs).toBeGreaterThan(0.4)
    expect(items[3]!.endSecs - items[3]!.startSecs).toBeGreaterThan(0.5)
    await press('c')
    expect(window.complaints).toEqual([])
  }, 60_000)

  it('shows the codes’ keys among the shortcuts', async () => {
    await press('?')
    const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    const codes = dialog.locator('[data-group="codes"]')
    expect(await codes.locator('dt').allTextContents()).toEqual([...Object.keys(KEYS), 'End what runs'])
    expect(await codes.locator('kbd').allTextContents()).toEqual([...Object.values(KEYS), '0'])
    await window.screenshot('code-keys')
    await press('Escape')
  })
})
