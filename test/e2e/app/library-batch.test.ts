import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ElectronApplication, Page } from 'playwright-core'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { type AppWindow, type AppWindowOptions, openAppWindow } from '../../support/app-window'
import { loopClip } from '../../support/loop-clip'
import { clipTables, hasLeftovers } from '../../support/result-folder'
import { repositoryRoot, runUnmask, startUnmask } from '../../support/run-unmask'
import { tempFolder } from '../../support/temp-folder'
import { findWindowPlace } from '../../support/window-place'

const place = await findWindowPlace()
afterAll(() => place?.display.stop())

const sample = join(repositoryRoot, 'assets', 'sample', 'ravdess-01-01-01-01-01-01-01.mp4')
const LIMIT_MS = 240_000
/** Seconds of labelling, even natively. */
const LONG_SECS = 15

interface Study {
  readonly root: string
  readonly recordings: string
  readonly project: string
  readonly results: string
}

/** A folder of recordings: two short ones, and a long one that is still under way when something happens to it. */
async function makeStudy(): Promise<Study> {
  const root = await tempFolder()
  const recordings = join(root, 'recordings')
  const project = join(root, 'Study Ä')
  await mkdir(recordings)
  await copyFile(sample, join(recordings, 'a first.mp4'))
  await copyFile(sample, join(recordings, 'c third.mp4'))
  await loopClip(sample, join(recordings, 'b long.mp4'), LONG_SECS)
  return { root, recordings, project, results: join(project, 'results') }
}

async function open(options: AppWindowOptions = {}): Promise<AppWindow> {
  const window = await openAppWindow(place!, options)
  let isClosed = false
  const close = async () => {
    if (isClosed) return
    isClosed = true
    await window.close()
  }
  onTestFinished(close)
  return { ...window, close, kill: () => ((isClosed = true), window.kill()) }
}

const view = (page: Page, name: string) =>
  page.getByRole('navigation').getByRole('button', { name, exact: true }).click()
const clips = (page: Page) => page.getByRole('listbox', { name: 'Clips' }).getByRole('option')
const heading = (page: Page, name: RegExp) => page.getByRole('heading', { level: 2, name })
/** What runs is a clip, no longer the loading of models. */
const underWay = (page: Page) => page.getByRole('progressbar', { name: /^Progress of .*b long/ })

async function createProject(window: AppWindow, study: Study): Promise<void> {
  await window.answerSaveDialogs(study.project)
  await window.page.getByRole('button', { name: /^New project/ }).click()
  await window.page.getByText('No clips yet').waitFor()
}

async function addRecordings(window: AppWindow, study: Study): Promise<void> {
  await window.drop('main', [study.recordings])
  await expect.poll(() => clips(window.page).count()).toBe(3)
}

async function startBatch(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^(Label|Resume) \d+ clips?$/ }).click()
}

async function hostPids(app: ElectronApplication): Promise<number[]> {
  const processes = await app.evaluate(({ app: running }) => running.getAppMetrics())
  return processes.filter(({ name }) => name === 'Unmask labelling').map(({ pid }) => pid)
}

let tablesOfCommand: Promise<Record<string, string>> | null = null

/** The recordings, which are the same in every study, labelled by the command with its defaults. */
function commandTables(study: Study): Promise<Record<string, string>> {
  return (tablesOfCommand ??= labelByCommand(study))
}

async function labelByCommand(study: Study): Promise<Record<string, string>> {
  const out = join(study.root, 'by-command')
  const { code, stderr } = await runUnmask(['label', study.recordings, '--out', out])
  expect(code, stderr).toBe(0)
  return clipTables(out)
}

describe.skipIf(place === null)('library and batch in the window', () => {
  it(
    'labels a dropped folder, stopped and resumed, with the very tables of the command',
    async () => {
      const study = await makeStudy()
      const window = await open()
      const { page } = window
      await createProject(window, study)
      await addRecordings(window, study)
      expect(await clips(page).allInnerTexts()).toEqual([
        expect.stringContaining('a first.mp4'),
        expect.stringContaining('b long.mp4'),
        expect.stringContaining('c third.mp4'),
      ])

      await page.getByRole('button', { name: 'Label 3 clips' }).click()
      await startBatch(page)
      await underWay(page).waitFor({ timeout: 90_000 })
      await window.screenshot('batch-running')
      await page.getByRole('button', { name: 'Stop' }).click()
      await heading(page, /^Paused$/).waitFor()
      await expect.poll(() => hostPids(window.app), { timeout: 10_000 }).toEqual([])
      expect(await hasLeftovers(study.results)).toEqual([])
      // What was under way is the first to go on with.
      expect(await page.getByRole('table').getByRole('row').nth(1).innerText()).toContain('b long.mp4')

      await startBatch(page)
      await heading(page, /^Finished$/).waitFor({ timeout: 120_000 })
      expect(await hasLeftovers(study.results)).toEqual([])
      expect(await clipTables(study.results)).toEqual(await commandTables(study))
      const summary = await readFile(join(study.results, 'summary.csv'), 'utf8')
      expect(summary.match(/^(a first|b long|c third),/gm)).toHaveLength(3)

      await view(page, 'Library')
      expect(await clips(page).filter({ hasText: 'Labelled' }).count()).toBe(3)
      await window.screenshot('library')
      await clips(page).first().dblclick()
      expect(await page.locator('[aria-current="page"]').innerText()).toBe('Analyse')
    },
    LIMIT_MS,
  )

  it(
    'begins what the command finishes, and finishes what the command began',
    async () => {
      const study = await makeStudy()
      const window = await open()
      const { page } = window
      await createProject(window, study)
      await addRecordings(window, study)
      await page.getByRole('button', { name: 'Label 3 clips' }).click()
      await startBatch(page)
      await underWay(page).waitFor({ timeout: 90_000 })
      await page.getByRole('button', { name: 'Stop' }).click()
      await heading(page, /^Paused$/).waitFor()

      const finished = await runUnmask(['label', study.recordings, '--out', study.results, '--resume'])
      expect(finished.code, finished.stderr).toBe(0)
      const expected = await commandTables(study)
      expect(await clipTables(study.results)).toEqual(expected)

      const begun = join(study.root, 'begun')
      const run = startUnmask(['label', study.recordings, '--out', begun, '--jobs', '1', '--json'])
      await run.sees(/"clipId":"b long","progress":\{"stage":"face"/)
      run.process.kill('SIGINT')
      expect((await run.result).code).toBe(130)
      await view(page, 'Library')
      await page.getByRole('button', { name: 'Close project' }).click()
      await window.answerOpenDialogs([begun])
      await page.getByRole('button', { name: /^Open project/ }).click()
      await page.getByText('These results of the command are a project now').waitFor()
      // The command had not come to the last clip yet, and its journal does not know it.
      await window.drop('main', [study.recordings])
      await expect.poll(() => clips(page).count()).toBe(3)
      await page.getByRole('button', { name: /^Label \d clips?$/ }).click()
      await startBatch(page)
      await heading(page, /^Finished$/).waitFor({ timeout: 120_000 })
      expect(await clipTables(begun)).toEqual(expected)
    },
    LIMIT_MS,
  )

  it(
    'loses to a host that is killed its clip alone, says what to do, and tries again',
    async () => {
      const study = await makeStudy()
      await writeFile(join(study.recordings, 'd broken.mp4'), 'this is no recording')
      const window = await open()
      const { page } = window
      await createProject(window, study)
      await window.drop('main', [study.recordings])
      await expect.poll(() => clips(page).count()).toBe(4)
      await page.getByRole('button', { name: 'Label 4 clips' }).click()
      await startBatch(page)
      await underWay(page).waitFor({ timeout: 90_000 })
      const pids = await hostPids(window.app)
      expect(pids).toHaveLength(1)
      for (const pid of pids) process.kill(pid, 'SIGKILL')
      await heading(page, /^Finished$/).waitFor({ timeout: 120_000 })
      const rows = page.getByRole('table').getByRole('row')
      const killed = await rows.filter({ hasText: 'b long.mp4' }).innerText()
      // Electron does not always learn how a process ended.
      expect(killed).toMatch(/the analysis host ended \((signal SIGKILL|exit code unknown)\)/)
      expect(killed).toContain('The other clips are not affected')
      expect(await rows.filter({ hasText: 'd broken.mp4' }).innerText()).toContain('This is no recording')
      expect(await rows.filter({ hasText: 'Done' }).count()).toBe(2)

      await rows.filter({ hasText: 'b long.mp4' }).getByRole('button', { name: 'Try again' }).click()
      await startBatch(page)
      await heading(page, /^Finished$/).waitFor({ timeout: 120_000 })
      expect(Object.keys(await clipTables(study.results))).toContain('b long.frames.csv')
    },
    LIMIT_MS,
  )

  it(
    'finds its queue again after a crash of the app, and keeps a corrupt project',
    async () => {
      const study = await makeStudy()
      const profile = await tempFolder()
      const window = await open({ profile })
      await createProject(window, study)
      await addRecordings(window, study)
      await window.page.getByRole('button', { name: 'Label 3 clips' }).click()
      await startBatch(window.page)
      await underWay(window.page).waitFor({ timeout: 90_000 })
      await window.kill()

      const again = await open({ profile })
      await again.page
        .getByRole('button', { name: /Study Ä/ })
        .first()
        .click()
      await expect.poll(() => clips(again.page).count()).toBe(3)
      await view(again.page, 'Batch')
      await again.page.getByText(/2 clips were waiting or under way/).waitFor()
      await again.page.getByRole('button', { name: 'Resume 2 clips' }).click()
      await heading(again.page, /^Finished$/).waitFor({ timeout: 120_000 })
      expect(await hasLeftovers(study.results)).toEqual([])
      await again.close()

      const file = join(study.project, 'unmask-project.json')
      await writeFile(file, (await readFile(file, 'utf8')).slice(0, 400))
      const third = await open({ profile, args: [study.project] })
      await third.page.getByText(/was set aside as unmask-project\.corrupt-/).waitFor()
      await expect.poll(() => clips(third.page).count()).toBe(3)
      expect(await clips(third.page).filter({ hasText: 'Labelled' }).count()).toBe(3)
    },
    LIMIT_MS,
  )
})
