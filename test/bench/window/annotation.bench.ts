import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readClip } from '../../../main/engine/annotation/clip-file'
import { type LongProject, writeLongProject } from '../../support/annotated-long-clip'
import { type AppWindow, openAppWindow } from '../../support/app-window'
import { measureTimeline, quantile } from '../../support/timeline-bench'
import { findWindowPlace } from '../../support/window-place'
import { record } from './record'

const place = await findWindowPlace()
afterAll(() => place?.display.stop())

const WHEEL_EVENTS = 240
const DRAG_MOVES = 120
const EDITS = 40
const OWN_TRACK = 'tier:observer-0||state|emotion'

let root = ''
let window: AppWindow
let page: Page
let project: LongProject

interface Dragged {
  readonly frameMs: readonly number[]
  readonly longTaskMs: readonly number[]
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** Frames a second of a page that does nothing but ask for them, on the same display and at the same time. */
async function emptyFrames(): Promise<number> {
  const frameMs = await page.evaluate(async () => {
    const next = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve))
    const times: number[] = []
    let last = await next()
    for (let frame = 0; frame < 120; frame++) {
      const now = await next()
      times.push(now - last)
      last = now
    }
    return times
  })
  return 1000 / mean(frameMs)
}

/** Drags across the own lane, a move of the pointer each frame, from the grip or the body of the first bout in view. */
async function dragOwn(part: 'edge' | 'body'): Promise<Dragged> {
  return await page.evaluate(
    async ({ track, moves, isEdge }) => {
      const area = document.querySelector<HTMLElement>('[data-timeline-plots]')
      const row = document.querySelector<HTMLElement>(`[data-track="${track}"]`)
      if (!area || !row) throw new Error('the lane is not shown')
      const plots = area.getBoundingClientRect()
      const y = row.getBoundingClientRect().top + 15
      const longTaskMs: number[] = []
      const observer = new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) longTaskMs.push(entry.duration)
      })
      observer.observe({ entryTypes: ['longtask'] })
      // A synthetic pointer cannot be captured.
      area.setPointerCapture = () => undefined
      const send = (type: string, x: number): void =>
        void area.dispatchEvent(
          new PointerEvent(type, {
            bubbles: true,
            cancelable: true,
            pointerId: 7,
            button: type === 'pointermove' ? -1 : 0,
            clientX: x,
            clientY: y,
          }),
        )
      const wanted = isEdge ? 'ew-resize' : 'move'
      let x = plots.left + plots.width * 0.4
      for (; x < plots.right; x++) {
        send('pointermove', x)
        if (area.style.cursor === wanted) break
      }
      if (area.style.cursor !== wanted) throw new Error(`nothing to take hold of: ${wanted}`)
      const next = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve))
      send('pointerdown', x)
      const frameMs: number[] = []
      let last = await next()
      for (let move = 0; move < moves; move++) {
        send('pointermove', x + 5 + 60 * Math.sin(move / 9))
        const now = await next()
        frameMs.push(now - last)
        last = now
      }
      globalThis.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }),
      )
      send('pointerup', x)
      await new Promise((resolve) => setTimeout(resolve, 300))
      observer.disconnect()
      const ascending = (values: number[]): number[] => values.sort((a, b) => a - b)
      return { frameMs: ascending(frameMs), longTaskMs: ascending(longTaskMs) }
    },
    { track: OWN_TRACK, moves: DRAG_MOVES, isEdge: part === 'edge' },
  )
}

/** From the key that edits to the frame in which it is drawn, ascending; and the tasks of 50 ms and more meanwhile. */
async function editTimes(): Promise<{ editMs: number[]; longTaskMs: number[] }> {
  return await page.evaluate(async (count) => {
    const editMs: number[] = []
    const longTaskMs: number[] = []
    const tasks = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) longTaskMs.push(entry.duration)
    })
    tasks.observe({ entryTypes: ['longtask'] })
    for (let edit = 0; edit < count; edit++) {
      const drawn = new Promise<number>((resolve) => {
        const observer = new PerformanceObserver((list) => {
          const entry = list.getEntriesByName('timeline.draw')[0]
          if (!entry) return
          observer.disconnect()
          resolve(entry.startTime + entry.duration)
        })
        observer.observe({ entryTypes: ['measure'] })
      })
      const startMs = performance.now()
      // One frame later and back: what is chosen is nudged.
      const key = edit % 2 === 0 ? 'v' : 'V'
      document.body.dispatchEvent(
        new KeyboardEvent('keydown', { key, code: 'KeyV', shiftKey: edit % 2 === 1, bubbles: true }),
      )
      editMs.push((await drawn) - startMs)
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
    await new Promise((resolve) => setTimeout(resolve, 300))
    tasks.disconnect()
    return { editMs: editMs.sort((a, b) => a - b), longTaskMs: longTaskMs.sort((a, b) => a - b) }
  }, EDITS)
}

/** Edits that stand on the disk. */
async function editCount(): Promise<number> {
  return (await readClip(join(project.folder, 'annotations'), project.clipId)).seq
}

describe.skipIf(place === null)('annotations of two hours', () => {
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'unmask-bench-'))
    project = await writeLongProject(root)
    window = await openAppWindow(place!)
    page = window.page
    await window.drop('main', [project.folder])
    await page.getByRole('listbox', { name: 'Clips' }).getByRole('option').first().waitFor()
    await page.getByRole('navigation').getByRole('button', { name: 'Analyse', exact: true }).click()
    await page.getByRole('button', { name: /two-hours/ }).click()
    await page.locator('[data-shown-step]:not([data-shown-step="-1"])').waitFor()
    await page.getByRole('combobox', { name: 'Who codes' }).selectOption({ label: 'Observer 1' })
    await page.locator(`[data-track="${OWN_TRACK}"]`).waitFor()
    await page.waitForTimeout(4000)
  }, 900_000)
  afterAll(async () => {
    await window.close()
    await rm(root, { recursive: true, force: true })
  })

  it('pans, zooms, drags and edits among ten tiers of 5,000 bouts', async () => {
    const empty = await emptyFrames()
    const wheel = await measureTimeline(page, WHEEL_EVENTS)
    await page.getByRole('button', { name: 'Show the whole clip' }).click()
    // As one codes: some minutes in view.
    const plots = (await page.locator('[data-timeline-plots]').boundingBox())!
    await page.mouse.move(plots.x + plots.width / 2, plots.y + 20)
    for (let notch = 0; notch < 14; notch++) await page.mouse.wheel(0, -120)
    await page.waitForTimeout(1000)
    const edge = await dragOwn('edge')
    const body = await dragOwn('body')
    // The drag's first press chose the bout that the keys now nudge.
    const row = (await page.locator(`[data-track="${OWN_TRACK}"]`).boundingBox())!
    await page.mouse.click(plots.x + plots.width / 2, row.y + 15)
    await page.waitForTimeout(1000)
    const before = await editCount()
    const edits = await editTimes()
    expect((await editCount()) - before).toBe(EDITS)
    expect(await page.locator('[data-track^="tier:"]').count()).toBe(10)
    record('annotation, 10 x 5,000 bouts on two hours', {
      'frames a second of a page at rest': empty,
      'frames a second while zooming and panning': 1000 / mean(wheel.frameMs),
      'frame, ms, 95th percentile': quantile(wheel.frameMs, 0.95),
      'drawing, ms, 95th percentile': quantile(wheel.drawMs, 0.95),
      'longest task while zooming and panning, ms': wheel.longTaskMs.at(-1) ?? 0,
      'frames a second while dragging an edge': 1000 / mean(edge.frameMs),
      'frames a second while dragging a bout': 1000 / mean(body.frameMs),
      'longest task while dragging, ms': Math.max(0, ...edge.longTaskMs, ...body.longTaskMs),
      'edit to screen, ms, median': quantile(edits.editMs, 0.5),
      'edit to screen, ms, 95th percentile': quantile(edits.editMs, 0.95),
      'edit to screen, ms, slowest': edits.editMs.at(-1) ?? Number.NaN,
      'longest task while editing, ms': edits.longTaskMs.at(-1) ?? 0,
      Electron: place!.electronVersion,
    })
  }, 300_000)
})
