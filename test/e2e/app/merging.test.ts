import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readProjectAnnotations } from '../../../main/engine/annotation/project-annotations'
import { writeStudy } from '../../../main/engine/annotation/study-file'
import { type AppWindow, openAppWindow } from '../../support/app-window'
import { makeClip } from '../../support/media-fixtures'
import { copyProject, type CopyFolder, editClip, makeProjectFolder, puts } from '../../support/project-copies'
import { sampleStudy, segmentItem, trackItem } from '../../support/study'
import { findWindowPlace } from '../../support/window-place'

const place = await findWindowPlace()
afterAll(() => place?.display.stop())

let window: AppWindow
let page: Page
let root: string
let here: CopyFolder
let there: CopyFolder

const shared = segmentItem('anger', 1, 2)
const view = (name: string) => page.getByRole('navigation').getByRole('button', { name, exact: true }).click()
const dialog = () => page.getByRole('dialog', { name: 'Merge another copy of this project' })
const itemsOf = async (clipId: string) =>
  (await readProjectAnnotations(here.folder)).clips.get(clipId)?.items ?? []

/** Two people took a copy each and coded: the same bout differently, one face by two names, and a lot apart. */
async function makeCopies(): Promise<void> {
  root = await mkdtemp(join(tmpdir(), 'unmask-merging-'))
  const origin = await makeProjectFolder(join(root, 'origin'), { one: 1, two: 2 })
  for (const name of ['one', 'two'])
    await makeClip({ path: join(origin.folder, `${name}.mp4`), video: { frames: 20 } })
  await editClip(origin, 'one', puts(shared))
  here = await copyProject(origin, join(root, 'here'), 'a')
  there = await copyProject(origin, join(root, 'there'), 'b')
  await editClip(here, 'one', puts({ ...shared, codeId: 'fear', comment: 'hand before the mouth' }))
  await editClip(here, 'two', puts(trackItem(1, 's1'), segmentItem('fear', 0.1, 0.3)))
  const study = sampleStudy({
    subjects: [...sampleStudy().subjects, { id: 's2', name: 'Mother', description: '', variables: {} }],
  })
  await writeStudy(join(there.folder, 'annotations'), study)
  await editClip(there, 'one', puts({ ...shared, codeId: 'sadness' }, segmentItem('disgust', 3, 4)), study)
  await editClip(there, 'two', puts(trackItem(1, 's2'), segmentItem('anger', 0.2, 0.5)), study)
}

describe.skipIf(place === null)('merging in the window', () => {
  beforeAll(async () => {
    window = await openAppWindow(place!)
    page = window.page
    await makeCopies()
    await window.answerOpenDialogs([here.folder])
    await page.getByRole('button', { name: /^Open/ }).first().click()
    await page.getByRole('listbox', { name: 'Clips' }).getByRole('option').nth(1).waitFor()
    await view('Study')
    await page.getByRole('button', { name: 'Merge another copy…' }).click()
  }, 120_000)
  afterAll(async () => {
    await window.close()
    await rm(root, { recursive: true, force: true })
  })

  it('is refused with itself and with what is no project', async () => {
    await window.answerOpenDialogs([here.folder], [root])
    await dialog().getByRole('button', { name: 'Choose the other copy…' }).click()
    await dialog().getByRole('alert').filter({ hasText: 'this is the project that is open' }).waitFor()
    await dialog().getByRole('button', { name: 'Choose the other copy…' }).click()
    await dialog().getByRole('alert').filter({ hasText: 'there is no project' }).waitFor()
  })

  it('shows what comes and what is in conflict, with both versions, before anything changes', async () => {
    const before = await itemsOf('one')
    await window.answerOpenDialogs([there.folder])
    await dialog().getByRole('button', { name: 'Choose the other copy…' }).click()
    await dialog().getByText('3 conflicts to decide').waitFor()
    expect(await dialog().getByRole('row', { name: 'one.mp4' }).innerText()).toMatch(/1\s+0\s+0\s+1/)
    await dialog().getByText('Comes to the study: subject Mother').waitFor()
    const changed = dialog().locator('[data-conflict="both-changed"]')
    expect(await changed.innerText()).toContain('hand before the mouth')
    const [mine, theirs] = await changed.getByRole('radio').allInnerTexts()
    expect(mine).toContain('fear')
    expect(theirs).toContain('sadness')
    const overlaps = dialog().locator('[data-conflict="overlap"]')
    expect(await overlaps.allInnerTexts()).toEqual([
      expect.stringContaining('clip/manual/Ann'),
      expect.stringContaining('face 1 is Mother'),
    ])
    expect(await dialog().getByRole('button', { name: 'Merge', exact: true }).isDisabled()).toBe(true)
    expect(await itemsOf('one')).toEqual(before)
    await window.screenshot('merging-conflicts')
  })

  it('takes each conflict from the side that was chosen, keeps the rest of both, and a backup', async () => {
    await dialog().getByRole('button', { name: 'All from here' }).click()
    await dialog().getByText('Every conflict is decided').waitFor()
    await dialog().locator('[data-conflict="both-changed"]').getByRole('radio').nth(1).click()
    await window.screenshot('merging-decided')
    await page.emulateMedia({ colorScheme: 'dark' })
    await window.resize(1024, 640)
    await window.screenshot('merging-decided-dark-small')
    await window.resize(1440, 900)
    await page.emulateMedia({ colorScheme: 'light' })
    await dialog().getByRole('button', { name: 'Merge', exact: true }).click()
    await page.getByText(/^Merged: 1 added, 1 changed, 0 removed/).waitFor()
    const codes = async (clipId: string) =>
      (await itemsOf(clipId)).flatMap((item) => (item.kind === 'segment' ? [item.codeId] : [])).sort()
    expect(await codes('one')).toEqual(['disgust', 'sadness'])
    expect(await codes('two')).toEqual(['fear'])
    expect((await itemsOf('two')).filter(({ kind }) => kind === 'track')).toMatchObject([{ subjectId: 's1' }])
    const { study } = await readProjectAnnotations(here.folder)
    expect(study.subjects.map(({ name }) => name)).toEqual(['Child 1', 'Mother'])
    const backups = await readdir(join(here.folder, 'annotations', 'backups'))
    expect(backups.length).toBeGreaterThanOrEqual(3)
  })

  it('finds nothing more the second time', async () => {
    await page.getByRole('button', { name: 'Merge another copy…' }).click()
    await window.answerOpenDialogs([there.folder])
    await dialog().getByRole('button', { name: 'Choose the other copy…' }).click()
    await dialog().getByText('The other copy has nothing that is not here already').waitFor()
    expect(await dialog().getByRole('button', { name: 'Merge', exact: true }).count()).toBe(0)
    await dialog().getByRole('button', { name: 'Cancel' }).click()
  })

  it('is not for somebody who codes blind: it would show what others coded', async () => {
    await page.getByRole('navigation', { name: 'Parts of the study' }).getByText('Observers').click()
    await page.getByRole('combobox', { name: 'Codes here now' }).selectOption({ label: 'Bob' })
    await page.getByRole('button', { name: 'Merge another copy…' }).click()
    await window.answerOpenDialogs([there.folder])
    await dialog().getByRole('button', { name: 'Choose the other copy…' }).click()
    await dialog().getByRole('alert').filter({ hasText: 'Bob codes blind' }).waitFor()
    expect(await dialog().innerText()).not.toContain('disgust')
    await dialog().getByRole('button', { name: 'Cancel' }).click()
    expect(window.complaints).toEqual([])
  })
})
