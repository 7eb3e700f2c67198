import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readProjectAnnotations } from '../../../main/engine/annotation/project-annotations'
import type { Study } from '../../../preload/contract/annotation'
import { type AppWindow, openAppWindow } from '../../support/app-window'
import { makeClip } from '../../support/media-fixtures'
import { repositoryRoot, runUnmask } from '../../support/run-unmask'
import { findWindowPlace } from '../../support/window-place'

const place = await findWindowPlace()
afterAll(() => place?.display.stop())

const SAMPLE = 'ravdess-01-01-01-01-01-01-01'

let window: AppWindow
let page: Page
let root: string
let project: string

const view = (name: string) => page.getByRole('navigation').getByRole('button', { name, exact: true }).click()
const section = (name: string) =>
  page.getByRole('navigation', { name: 'Parts of the study' }).getByRole('button', { name }).click()
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' })
const field = (name: string) => page.getByRole('textbox', { name, exact: true })

/** Types over a text in its place. */
async function rewrite(label: string, text: string): Promise<void> {
  await field(label).fill(text)
  await page.keyboard.press('Enter')
}

/** The study as it stands on the disk, once it says what is expected. */
async function studyOnDisk(says: (study: Study) => boolean): Promise<Study> {
  const path = join(project, 'annotations', 'study.json')
  const deadlineMs = performance.now() + 20_000
  for (;;) {
    const study = await readFile(path, 'utf8').then(
      (text) => JSON.parse(text) as Study,
      () => null,
    )
    if (study && says(study)) return study
    if (performance.now() > deadlineMs)
      throw new Error(`the study never came to that: ${JSON.stringify(study)}`)
    await page.waitForTimeout(50)
  }
}

async function makeProject(): Promise<void> {
  root = await mkdtemp(join(tmpdir(), 'unmask-study-'))
  project = join(root, 'study')
  const recordings = join(root, 'recordings')
  await mkdir(recordings)
  const sample = join(recordings, `${SAMPLE}.mp4`)
  await copyFile(join(repositoryRoot, 'assets', 'sample', `${SAMPLE}.mp4`), sample)
  const { code, stderr } = await runUnmask(['label', sample, '--out', join(project, 'results')])
  expect(code, stderr).toBe(0)
  for (const name of ['clip 2', 'clip 10'])
    await makeClip({ path: join(recordings, `${name}.mp4`), video: { frames: 30 } })
  await window.answerSaveDialogs(project)
  await button(/^New project/).click()
  await page.getByText('No clips yet').waitFor()
  await window.drop('main', [recordings])
  await page.getByRole('listbox', { name: 'Clips' }).getByRole('option').nth(2).waitFor()
}

describe.skipIf(place === null)('a study', () => {
  beforeAll(async () => {
    window = await openAppWindow(place!)
    page = window.page
  }, 120_000)
  afterAll(async () => {
    await window.close()
    await rm(root, { recursive: true, force: true })
  })

  it('needs a project, and says so', async () => {
    await view('Study')
    await page.getByText('No project is open').waitFor()
    await button('To the library').click()
    await makeProject()
    await view('Study')
    await page.getByRole('table', { name: 'States: emotion' }).waitFor()
    expect(await page.getByRole('table', { name: 'States: emotion' }).getByRole('row').count()).toBe(8)
  }, 240_000)

  it('has codes that are added, named, moved, coloured and keyed', async () => {
    await button('Add a state').click()
    await rewrite('Name of new state', 'contempt')
    await field('Name of contempt').waitFor()
    await rewrite('Description of contempt', 'One-sided raised lip corner')
    await button('Move contempt up').click()
    // A field that is being drawn anew takes no value.
    await studyOnDisk(({ scheme }) => scheme.codes[6]?.name === 'contempt')
    await page.getByLabel('Colour of contempt').fill('#123456')
    await page.getByLabel('Colour of contempt').dispatchEvent('change')
    const { scheme } = await studyOnDisk((study) =>
      study.scheme.codes.some(({ colour }) => colour === '#123456'),
    )
    expect(scheme.codes.map(({ name }) => name)).toEqual([
      'neutral',
      'happiness',
      'sadness',
      'anger',
      'fear',
      'disgust',
      'contempt',
      'surprise',
    ])
    expect(scheme.codes[6]).toMatchObject({
      key: '8',
      set: 'emotion',
      description: 'One-sided raised lip corner',
    })
  })

  it('refuses a name that is taken, and shows which', async () => {
    await rewrite('Name of contempt', 'Anger')
    expect(await page.getByRole('alert').innerText()).toBe('“Anger” is taken')
    await page.keyboard.press('Escape')
    expect(await field('Name of contempt').inputValue()).toBe('contempt')
  })

  it('warns of a key that another code has, and tells what a key of a command loses', async () => {
    await button(/^Key of contempt/).click()
    await page.keyboard.press('4')
    expect(await page.getByRole('alert').innerText()).toContain('4 is the key of “anger”')
    await page.getByRole('alert').getByRole('button', { name: 'Cancel' }).click()
    await button(/^Key of contempt/).click()
    await page.keyboard.press('m')
    await page.getByText('While coding is on, M means this code and not “').waitFor()
    await window.screenshot('study-scheme')
    await button(/^Key of contempt/).click()
    await page.keyboard.press('Delete')
    await studyOnDisk(({ scheme }) => scheme.codes.find(({ name }) => name === 'contempt')?.key === null)
  })

  it('has points, and ratings with a range that is one', async () => {
    await button('Add a point').click()
    await rewrite('Name of new point', 'blink')
    await rewrite('valence: to', '-2')
    expect(await page.getByRole('alert').innerText()).toBe('The first number must be below the second')
    await rewrite('valence: to', '9')
    const { scheme } = await studyOnDisk((study) => study.scheme.dimensions[0]?.maximum === 9)
    expect(scheme.codes.find(({ name }) => name === 'blink')).toMatchObject({ kind: 'point', set: '' })
    await rewrite('valence: to', '1')
  })

  it('goes out as JSON and comes back the same', async () => {
    const before = await studyOnDisk(({ scheme }) => scheme.dimensions[0]?.maximum === 1)
    const path = join(root, 'scheme.json')
    await window.answerSaveDialogs(path)
    await button('Export scheme…').click()
    await page.getByText('The scheme was saved as scheme.json').waitFor()
    await button('Presets…').click()
    await page.getByRole('radio', { name: 'Empty' }).check()
    await button('Replace the scheme').click()
    await page.getByText('Nothing can be coded yet').waitFor()
    await window.screenshot('study-empty')
    await window.answerOpenDialogs([path])
    await button('Import scheme…').click()
    await button('Replace the scheme').click()
    await field('Name of contempt').waitFor()
    const after = await studyOnDisk(({ scheme }) => scheme.codes.length === before.scheme.codes.length)
    expect(after.scheme).toEqual(before.scheme)
    await writeFile(path, '{"format":"unmask-scheme","formatVersion":1,"name":"x","codes":3}')
    await window.answerOpenDialogs([path])
    await button('Import scheme…').click()
    await page.getByRole('alert').filter({ hasText: 'scheme.json' }).waitFor()
    await page.getByRole('alert').getByRole('button', { name: 'Dismiss' }).click()
  })

  it('is locked for assistants: codes are shown and cannot be changed', async () => {
    await page.getByRole('switch', { name: 'Locked for assistants' }).check()
    await page.getByText('The scheme is locked').waitFor()
    expect(await field('Name of contempt').isDisabled()).toBe(true)
    expect(await button('Add a state').count()).toBe(0)
    expect(await button('Delete contempt').count()).toBe(0)
    await window.screenshot('study-locked')
    await page.getByRole('switch', { name: 'Locked for assistants' }).uncheck()
    await button('Delete contempt').click()
    await studyOnDisk(({ scheme }) => !scheme.codes.some(({ name }) => name === 'contempt'))
  })

  it('has observers in order, of whom the first leads and one codes here', async () => {
    await section('Observers')
    await page.getByText('Nobody codes yet').waitFor()
    for (const name of ['Ann', 'Bob']) {
      await field('Name of the new observer').fill(name)
      await page.keyboard.press('Enter')
      await page.locator(`[data-observer="${name}"]`).waitFor()
    }
    expect(await page.getByRole('combobox', { name: 'Codes here now' }).inputValue()).not.toBe('')
    await page.getByRole('switch', { name: 'Bob codes blind' }).check()
    await button('Move Bob up').click()
    const { observers } = await studyOnDisk((study) => study.observers[0]?.name === 'Bob')
    expect(observers).toMatchObject([
      { name: 'Bob', isBlind: true },
      { name: 'Ann', isBlind: false },
    ])
    expect(await page.getByText('Manual over fused over single modality').count()).toBe(1)
    await window.screenshot('study-observers')
  })

  it('has subjects with variables of their own', async () => {
    await section('Variables')
    await page.getByText('No variables yet').waitFor()
    for (const [name, kind, scope] of [
      ['condition', 'choice', 'clip'],
      ['day', 'number', 'clip'],
      ['age', 'number', 'subject'],
    ] as const) {
      await button('Add a variable').click()
      await rewrite('Name of new variable', name)
      await page.getByRole('combobox', { name: `Kind of ${name}` }).selectOption(kind)
      await page.getByRole('combobox', { name: `What ${name} belongs to` }).selectOption(scope)
    }
    await rewrite('Choices of condition', 'control, treatment')
    await section('Subjects')
    await field('Name or number of the new subject').fill('Child 1')
    await page.keyboard.press('Enter')
    await rewrite('age of Child 1', 'four')
    expect(await page.getByRole('alert').innerText()).toBe('“four” is not a number')
    await rewrite('age of Child 1', '4,5')
    const { subjects, variables } = await studyOnDisk(
      (study) => Object.keys(study.subjects[0]?.variables ?? {}).length === 1,
    )
    const age = variables.find(({ name }) => name === 'age')!
    expect(subjects[0]).toMatchObject({ name: 'Child 1', variables: { [age.id]: '4.5' } })
    await window.screenshot('study-subjects')
  })

  it('takes values of clips one by one, from a spreadsheet and from a file', async () => {
    await section('Variables')
    await page.getByRole('combobox', { name: 'condition of clip 2.mp4' }).selectOption('control')
    const cell = field('day of clip 2.mp4')
    await cell.focus()
    await cell.evaluate((input) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', '1\n2\nlater\n4\n')
      input.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    })
    await page.getByText('1 value was left out: “later” is not a number').waitFor()
    await page.getByText('1 line of what was copied lies beyond the last clip').waitFor()
    expect(await field('day of clip 10.mp4').inputValue()).toBe('2')
    await window.screenshot('study-variables')
    const path = join(root, 'variables.csv')
    await window.answerSaveDialogs(path)
    await button('Export CSV…').click()
    await page.getByText('The table was saved as variables.csv').waitFor()
    const table = await readFile(path, 'utf8')
    expect(table.split('\n').sort().slice(1)).toEqual(
      [
        'clip 10,clip 10.mp4,,2',
        'clip 2,clip 2.mp4,control,1',
        'clip_id,file,condition,day',
        `${SAMPLE},${SAMPLE}.mp4,,`,
      ].sort(),
    )
    await writeFile(path, 'file;condition\nclip 10.mp4;Treatment\nnowhere.mp4;control\n')
    await window.answerOpenDialogs([path])
    await button('Import CSV…').click()
    await page.getByText('1 clip of variables.csv is not in this project: nowhere.mp4').waitFor()
    expect(await page.getByRole('combobox', { name: 'condition of clip 10.mp4' }).inputValue()).toBe(
      'treatment',
    )
  })

  it('names the faces of a clip, splits one at the playhead, and takes it back', async () => {
    await section('Progress')
    await button(SAMPLE + '.mp4').click()
    await page.locator('[data-shown-step]:not([data-shown-step="-1"])').waitFor()
    await page.keyboard.press('Home')
    await page.keyboard.press('Shift+ArrowRight')
    await page.locator('[data-shown-step="10"]').waitFor()
    await view('Study')
    await section('Subjects')
    await button('Faces of the open clip…').click()
    const dialog = page.getByRole('dialog', { name: `Faces of ${SAMPLE}.mp4` })
    await dialog.getByRole('img').first().waitFor()
    await dialog
      .getByRole('combobox', { name: 'Who face 1 is', exact: true })
      .selectOption({ label: 'Child 1' })
    await dialog.getByRole('button', { name: 'Undo: face 1: Child 1' }).waitFor()
    await dialog.getByRole('button', { name: /^Split at/ }).click()
    expect(await dialog.getByRole('combobox').count()).toBe(2)
    await window.screenshot('study-faces')
    await dialog.getByRole('combobox').nth(1).selectOption({ label: 'New subject…' })
    await page.getByRole('dialog', { name: 'Name of the new subject' }).getByRole('textbox').fill('Mother')
    await button('Add and use').click()
    await dialog.getByRole('button', { name: 'Undo: face 1: Mother' }).click()
    await dialog.getByRole('button', { name: 'Undo: split face 1' }).click()
    expect(await dialog.getByRole('combobox').count()).toBe(1)
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    const { subjects } = await studyOnDisk((study) => study.subjects.length === 2)
    expect(subjects[1]?.name).toBe('Mother')
  })

  it('refuses to delete a subject in use, and names the clip', async () => {
    await button('Delete Child 1').click()
    await page
      .getByRole('alert')
      .filter({ hasText: `is in use in clip ${SAMPLE}` })
      .waitFor()
  })

  it('gives what a code marked to another one before it goes', async () => {
    await page.evaluate(async (clipName) => {
      const clips = await globalThis.window.unmask.listClips(null)
      const open = await globalThis.window.unmask.openStudy(null)
      const token = clips.ok && clips.value.find(({ name }) => name === clipName)?.token
      const observerId = open.ok && open.value?.observerId
      if (!token || !observerId) throw new Error('there is no such clip, or nobody codes')
      const bout = { kind: 'segment', subjectId: '', status: 'added', orig: null, confidence: null } as const
      const item = { ...bout, observerId, id: 'bout', codeId: 'emotion-fear', startSecs: 0.1, endSecs: 0.4 }
      const put = { ...item, comment: 'kept', editedAt: new Date().toISOString() }
      await globalThis.window.unmask.editAnnotations({
        token,
        edit: { title: 'label fear', changes: [{ put }] },
      })
    }, 'clip 2.mp4')
    await section('Coding scheme')
    await button('Delete fear').click()
    const dialog = page.getByRole('dialog', { name: '“fear” is in use' })
    await dialog.getByText('is in use in clip clip 2').waitFor()
    await window.screenshot('study-replace')
    await dialog.getByRole('combobox').selectOption({ label: 'anger' })
    await dialog.getByRole('button', { name: 'Replace and delete' }).click()
    await page.getByText('1 segment in 1 clip became “anger”').waitFor()
    await studyOnDisk(({ scheme }) => !scheme.codes.some(({ name }) => name === 'fear'))
    const { clips } = await readProjectAnnotations(project)
    expect(clips.get('clip 2')?.items.find(({ id }) => id === 'bout')).toMatchObject({
      codeId: 'emotion-anger',
      startSecs: 0.1,
      comment: 'kept',
    })
    await section('Progress')
    await page.getByRole('button', { name: /^clip 2.mp4, Ann: 1 segment/ }).waitFor()
  })

  it('looks right in the dark and in a small window', async () => {
    const toasts = page.getByRole('button', { name: 'Dismiss' })
    while ((await toasts.count()) > 0) await toasts.first().click()
    await page.emulateMedia({ colorScheme: 'dark' })
    for (const [name, label] of [
      ['scheme', 'Coding scheme'],
      ['observers', 'Observers'],
      ['variables', 'Variables'],
      ['progress', 'Progress'],
    ] as const) {
      await section(label)
      await window.screenshot(`study-${name}-dark`)
      await window.resize(1024, 640)
      await window.screenshot(`study-${name}-dark-small`)
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(overflow).toBeLessThanOrEqual(0)
      await window.resize(1440, 900)
    }
    await page.emulateMedia({ colorScheme: 'light' })
    await window.resize(1024, 640)
    await section('Coding scheme')
    await window.screenshot('study-scheme-small')
    expect(window.complaints).toEqual([])
  })
})
