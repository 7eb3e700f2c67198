import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Bridge } from '../../../preload/contract'
import type { AnnotationItem, SegmentItem, Study } from '../../../preload/contract/annotation'
import { type AppWindow, openAppWindow } from '../../support/app-window'
import { repositoryRoot, runUnmask } from '../../support/run-unmask'
import { findWindowPlace } from '../../support/window-place'

const place = await findWindowPlace()
afterAll(() => place?.display.stop())

const SAMPLE = 'ravdess-01-01-01-01-01-01-01'
const FIXTURES = join(repositoryRoot, 'test', 'engine', 'interchange', 'fixtures')

let window: AppWindow
let page: Page
let root: string
let token: string

/** What the page may ask main, asked by the page itself. */
async function ask<K extends keyof Bridge & string>(verb: K, question: unknown): Promise<unknown> {
  const reply = await page.evaluate(
    async ([name, value]) => {
      const { unmask } = globalThis as unknown as {
        unmask: Record<string, (ask: unknown) => Promise<unknown>>
      }
      return (await unmask[name]?.(value)) as { ok: boolean; value?: unknown; fault?: { message: string } }
    },
    [verb, question] as const,
  )
  if (!reply.ok) throw new Error(`${verb}: ${reply.fault?.message}`)
  return reply.value
}

async function items(): Promise<SegmentItem[]> {
  const open = (await ask('openAnnotations', { token })) as { items: AnnotationItem[] }
  const segments = open.items.filter((item): item is SegmentItem => item.kind === 'segment')
  return segments.sort((a, b) => (a.id < b.id ? -1 : 1))
}

const edit = (changes: readonly unknown[]) =>
  ask('editAnnotations', { token, edit: { changes, title: 'test' } })
const code = (study: Study, name: string): string =>
  study.scheme.codes.find((one) => one.name === name)?.id ?? ''

/** Coded by hand: touching edges, a correction, a rejection, a point, words of all kinds. */
function segmentsOf(study: Study): SegmentItem[] {
  const frame = (number: number): number => Math.round((number * 1001 * 1e6) / 30_000) / 1e6
  const base = { kind: 'segment' as const, observerId: 'anna', editedAt: '2026-11-23T03:00:00.000Z' }
  const plain = {
    ...base,
    subjectId: 'p1',
    status: 'added' as const,
    orig: null,
    confidence: null,
    comment: '',
  }
  return [
    { ...plain, id: 'seg-1', codeId: code(study, 'anger'), startSecs: frame(3), endSecs: frame(20) },
    {
      ...plain,
      id: 'seg-2',
      codeId: code(study, 'happiness'),
      startSecs: frame(20),
      endSecs: frame(41),
      confidence: 0.25,
      comment: 'smile, "broad" 😀\nשלום',
    },
    {
      ...plain,
      id: 'seg-3',
      codeId: code(study, 'sadness'),
      startSecs: frame(50),
      endSecs: frame(60),
      status: 'edited',
      orig: { segmentId: '2', tier: 'face_1/face', label: 'neutral', startSecs: 1.2, endSecs: 2.5 },
    },
    {
      ...plain,
      id: 'seg-4',
      codeId: code(study, 'fear'),
      startSecs: frame(70),
      endSecs: frame(80),
      status: 'rejected',
      orig: { segmentId: '3', tier: 'face_1/face', label: 'fear', startSecs: 2.4, endSecs: 2.6 },
    },
    { ...plain, id: 'seg-5', codeId: 'blink', startSecs: frame(33), endSecs: frame(33) },
  ]
}

const ROWS = 98
const wave = (row: number, of: number): string => Math.abs(Math.sin((row + of * 9) / 14)).toFixed(4)

/** A detailed log as FaceReader exports it where the comma is the decimal mark. */
async function writeFaceReader(): Promise<string> {
  const emotions = ['Neutral', 'Happy', 'Sad', 'Angry', 'Surprised', 'Scared', 'Disgusted']
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const time = `00:00:0${((row * 1001) / 30_000).toFixed(3)}`
    if (row >= 40 && row < 52) return [time, ...Array.from({ length: 9 }, () => 'FIND_FAILED')].join('\t')
    const values = emotions.map((_emotion, place) => (row === 20 && place === 1 ? '0.9' : wave(row, place)))
    return [time, ...[...values, wave(row, 3), wave(row, 5)].map((value) => value.replace('.', ','))].join(
      '\t',
    )
  })
  const head = ['Video analysis detailed log', '', 'Face Model:\tGeneral', 'Frame rate:\t29,97', '']
  const path = join(root, 'Participant 1_Analysis 1_video.txt')
  await writeFile(
    path,
    [...head, ['Video Time', ...emotions, 'Valence', 'Arousal'].join('\t'), ...rows].join('\r\n'),
  )
  return path
}

async function writeOpenFace(): Promise<string> {
  const units = ['AU01_r', 'AU04_r', 'AU06_r', 'AU12_r']
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const isTracked = row < 70
    const values = units.map((_unit, place) => (Number(wave(row, place)) * 5).toFixed(2))
    return [
      row + 1,
      0,
      ((row * 1001) / 30_000).toFixed(3),
      isTracked ? 0.98 : 0.02,
      Number(isTracked),
      ...values,
    ].join(', ')
  })
  const path = join(root, 'openface.csv')
  await writeFile(
    path,
    [`frame, face_id, timestamp, confidence, success, ${units.join(', ')}`, ...rows].join('\n'),
  )
  return path
}

async function makeProject(): Promise<void> {
  root = await mkdtemp(join(tmpdir(), 'unmask-interchange-'))
  const recordings = join(root, 'recordings')
  const project = join(root, 'study')
  await mkdir(recordings)
  const sample = join(recordings, `${SAMPLE}.mp4`)
  await copyFile(join(repositoryRoot, 'assets', 'sample', `${SAMPLE}.mp4`), sample)
  const { code: exit, stderr } = await runUnmask(['label', sample, '--out', join(project, 'results')])
  expect(exit, stderr).toBe(0)
  await window.answerSaveDialogs(project)
  await page.getByRole('button', { name: /^New project/ }).click()
  await page.getByText('No clips yet').waitFor()
  await window.drop('main', [recordings])
  await page.getByRole('listbox', { name: 'Clips' }).getByRole('option').first().waitFor()
  const clips = (await ask('listClips', null)) as { token: string }[]
  token = clips[0]?.token ?? ''
  const { study } = (await ask('openStudy', null)) as { study: Study }
  await ask('changeStudy', {
    study: {
      ...study,
      observers: [
        { id: 'anna', name: 'Anna', isBlind: false },
        { id: 'ben', name: 'Ben', isBlind: false },
      ],
      subjects: [{ id: 'p1', name: 'P01', description: '', variables: {} }],
      scheme: {
        ...study.scheme,
        codes: [
          ...study.scheme.codes,
          {
            id: 'blink',
            kind: 'point',
            set: '',
            name: 'blink',
            key: 'B',
            colour: '#123456',
            description: '',
          },
        ],
      },
    },
  })
  await ask('chooseObserver', { observerId: 'anna' })
  await page.getByRole('navigation').getByRole('button', { name: 'Analyse', exact: true }).click()
  await page.getByRole('button', { name: new RegExp(SAMPLE) }).click()
  await page.locator('[data-shown-step]:not([data-shown-step="-1"])').waitFor()
}

async function openDialog(choice: RegExp): Promise<void> {
  await page.getByRole('button', { name: 'Exchange', exact: true }).click()
  await page.getByRole('group', { name: 'Exchange' }).getByRole('button', { name: choice }).click()
}

const dialog = () => page.getByRole('dialog')
const closeDialog = async (): Promise<void> => {
  await dialog()
    .locator('footer')
    .getByRole('button', { name: /^(Close|Cancel)$/ })
    .click()
  await dialog().waitFor({ state: 'detached' })
}

async function exportAs(format: RegExp, path: string, isForReimport = false): Promise<void> {
  await openDialog(/^Export annotations/)
  await dialog().getByRole('radio', { name: format }).check()
  if (isForReimport) await dialog().getByRole('switch').check()
  await window.answerSaveDialogs(path)
  await dialog().getByRole('button', { name: 'Export…' }).click()
  await dialog()
    .getByText(/^5 segments written/)
    .waitFor()
}

async function chooseImport(...paths: string[]): Promise<void> {
  await window.answerOpenDialogs(paths)
  await openDialog(/^Import annotations/)
  await dialog().getByText('What will happen').waitFor()
}

async function pressImport(): Promise<void> {
  await dialog().locator('footer').getByRole('button', { name: 'Import', exact: true }).click()
  await dialog()
    .getByText(/imported into 1 clip/)
    .waitFor()
}

const countShown = async (count: number): Promise<void> => {
  await expect.poll(async () => (await items()).length, { timeout: 10_000 }).toBe(count)
}

describe.skipIf(place === null)('annotations in and out', () => {
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
    ['segments.csv', /^Segments table/, 'out.segments.csv'],
    ['EAF', /^ELAN/, 'out.eaf'],
    ['TextGrid', /^Praat/, 'out.TextGrid'],
    ['BORIS', /^BORIS project \(\.boris\)/, 'out.boris'],
    ['compressed BORIS', /^BORIS project, compressed/, 'out.boris.gz'],
  ])(
    '%s: exported, deleted, imported, the same again; one undo takes it back',
    async (name, format, file) => {
      const { study } = (await ask('openStudy', null)) as { study: Study }
      const before = await items()
      if (before.length > 0) await edit(before.map(({ id }) => ({ remove: id })))
      const coded = segmentsOf(study)
      await edit(coded.map((put) => ({ put })))
      await page.reload()
      await page.getByRole('navigation').getByRole('button', { name: 'Analyse', exact: true }).click()
      await page.getByRole('button', { name: new RegExp(SAMPLE) }).click()
      await page.locator('[data-shown-step]:not([data-shown-step="-1"])').waitFor()
      const path = join(root, file)
      await exportAs(format, path, name === 'TextGrid')
      await window.screenshot(`interchange-export-${file.split('.')[1]}`)
      await closeDialog()

      // What is there already, just so, is not imported again.
      await chooseImport(path)
      await dialog().getByText('5 are there already').waitFor()
      await closeDialog()

      await edit(coded.map(({ id }) => ({ remove: id })))
      await countShown(0)
      await page.reload()
      await page.getByRole('navigation').getByRole('button', { name: 'Analyse', exact: true }).click()
      await page.getByRole('button', { name: new RegExp(SAMPLE) }).click()
      await page.locator('[data-shown-step]:not([data-shown-step="-1"])').waitFor()
      await chooseImport(path)
      await dialog().getByText('5 segments are added').waitFor()
      await window.screenshot(`interchange-import-${file.split('.')[1]}`)
      await pressImport()
      await closeDialog()
      await countShown(5)
      const back = await items()
      const rounded = (one: SegmentItem): SegmentItem => ({
        ...one,
        startSecs: Math.round(one.startSecs * 1e6) / 1e6,
        endSecs: Math.round(one.endSecs * 1e6) / 1e6,
      })
      expect(back.map(rounded)).toEqual(coded.map(rounded))
      await page.keyboard.press('Control+z')
      await countShown(0)
      await page.keyboard.press('Control+Shift+z')
      await countShown(5)
    },
  )

  it('others: tiers are mapped, labels guessed, what is there is kept or replaced, and undone', async () => {
    const { study } = (await ask('openStudy', null)) as { study: Study }
    const before = await items()
    if (before.length > 0) await edit(before.map(({ id }) => ({ remove: id })))
    await edit(segmentsOf(study).map((put) => ({ put })))
    await chooseImport(join(FIXTURES, 'elan-dialogue.eaf'))
    // Of the tiers of a stranger the first has emotions; its shift is offered.
    await expect.poll(() => dialog().getByLabel('Code: happy').inputValue()).toBe('happiness')
    expect(await dialog().getByLabel('Shift all times by').inputValue()).toBe('1.48')
    expect(await dialog().getByLabel('Observer: M-Face').inputValue()).toBe('MK')
    await dialog().getByText('New observers: MK').waitFor()
    await dialog()
      .getByText(/2 time slots have no time/)
      .waitFor()
    await window.screenshot('interchange-import-foreign')
    for (const tier of ['C-Spch', 'C-Wrd', 'M-Note', 'C-Mor'])
      expect(await dialog().getByLabel(`Import ${tier}`).isChecked()).toBe(false)
    await dialog().getByLabel('Shift all times by').fill('0')
    await dialog().getByLabel('Observer: M-Face').fill('Ben')
    await dialog().getByLabel('Subject: M-Face').fill('P01')
    await dialog().getByText('2 segments are added').waitFor()
    await pressImport()
    const imported = (await items()).filter(({ observerId }) => observerId === 'ben')
    expect(imported.map(({ startSecs }) => startSecs).sort((a, b) => a - b)).toEqual([0.48, 3])
    await dialog().getByRole('button', { name: 'Undo this import' }).click()
    await dialog().getByText('2 changes taken back').waitFor()
    expect((await items()).map(({ id }) => id)).toEqual(segmentsOf(study).map(({ id }) => id))
    await closeDialog()

    const table = join(root, 'conflict.csv')
    await writeFile(
      table,
      'clip_id,segment_id,tier,observer,subject_id,label,start_s,end_s\nx,new,P01/manual/Anna,Anna,P01,joy,0.2,0.5\n',
    )
    await chooseImport(table)
    await dialog().getByText('1 place is taken: what is there is kept').waitFor()
    await dialog().getByLabel('Where a place is taken').selectOption('replace')
    await dialog().getByText('1 place is taken: what is there is replaced').waitFor()
    await pressImport()
    await closeDialog()
    const ids = (await items()).map(({ id }) => id)
    expect(ids).toContain('new')
    expect(ids).not.toContain('seg-1')
  })

  it('readings of OpenFace and FaceReader lie on the time axis, say why there is none, are hidden and removed', async () => {
    for (const [file, tool] of [
      [await writeOpenFace(), 'OpenFace'],
      [await writeFaceReader(), 'FaceReader'],
    ] as const) {
      await openDialog(/^Readings of other programs/)
      await window.answerOpenDialogs([file])
      await dialog().getByRole('button', { name: 'Add a table…' }).click()
      await dialog().getByText(`This looks like ${tool}`).waitFor()
      await window.screenshot(`interchange-table-${tool}`)
      await dialog().getByRole('button', { name: 'Add to the timeline' }).click()
      await dialog()
        .getByRole('switch', { name: `Show ${tool}` })
        .waitFor()
      if (tool === 'FaceReader') await window.screenshot('interchange-readings')
      await closeDialog()
    }
    const timeline = page.getByRole('region', { name: /^Timeline/ })
    const emotions = timeline.getByText('FaceReader emotions').first()
    await timeline.getByText('OpenFace action units').first().waitFor()
    await timeline.getByText('FaceReader affect').first().waitFor()
    await emotions.scrollIntoViewIfNeeded()
    await timeline.getByText('OpenFace action units').first().scrollIntoViewIfNeeded()
    const jump = page.getByRole('textbox', { name: 'Jump to time or #frame' })
    // Row 45 of the log is FIND_FAILED, row 20 a smile.
    await jump.fill('#46')
    await page.keyboard.press('Enter')
    await timeline.getByText('no value: FIND_FAILED').first().waitFor()
    await window.screenshot('interchange-timeline')
    await jump.fill('#20')
    await page.keyboard.press('Enter')
    await timeline.getByText('0.900').first().waitFor()
    await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'dark'))
    await window.screenshot('interchange-timeline-dark')
    await page.evaluate(() => document.documentElement.removeAttribute('data-theme'))
    const tracks = (await ask('listForeignTracks', { token })) as { title: string }[]
    expect(tracks.map(({ title }) => title)).toEqual(['FaceReader', 'OpenFace'])
    await openDialog(/^Readings of other programs/)
    await dialog().getByRole('switch', { name: 'Show OpenFace' }).uncheck()
    await timeline.getByText('OpenFace action units').first().waitFor({ state: 'detached' })
    await dialog().getByRole('button', { name: 'Remove FaceReader' }).click()
    await emotions.waitFor({ state: 'detached' })
    await closeDialog()
  })

  it('a blind observer exports and imports their own tiers only, and sees no other reading', async () => {
    const { study } = (await ask('openStudy', null)) as { study: Study }
    const all = join(root, 'all.segments.csv')
    await openDialog(/^Export annotations/)
    await window.answerSaveDialogs(all)
    await dialog().getByRole('button', { name: 'Export…' }).click()
    await dialog()
      .getByText(/segments written/)
      .waitFor()
    await closeDialog()
    expect(await readFile(all, 'utf8')).toContain('Anna')
    await ask('changeStudy', {
      study: { ...study, observers: study.observers.map((one) => ({ ...one, isBlind: one.id === 'ben' })) },
    })
    await ask('chooseObserver', { observerId: 'ben' })
    await edit([
      {
        put: {
          ...segmentsOf(study)[0],
          id: 'ben-1',
          observerId: 'ben',
        },
      },
    ])
    expect(await ask('listForeignTracks', { token })).toEqual([])
    await expect(ask('chooseTable', { token })).rejects.toThrow(/coded blind/)
    const own = join(root, 'own.segments.csv')
    await window.answerSaveDialogs(own)
    const outcome = await ask('exportAnnotations', {
      tokens: [token],
      format: 'segments',
      observers: ['anna', 'ben'],
      isForReimport: false,
    })
    expect(outcome).toMatchObject({ segmentCount: 1 })
    const text = await readFile(own, 'utf8')
    expect(text).toContain('Ben')
    expect(text).not.toContain('Anna')
    await window.answerOpenDialogs([all])
    const opened = (await ask('chooseImport', null)) as {
      importId: string
      recordings: { tiers: unknown[]; notices: string[] }[]
    }
    expect(opened.recordings[0]?.tiers).toEqual([])
    expect(opened.recordings[0]?.notices.join()).toMatch(/withheld while Ben codes blind/)
    await ask('changeStudy', { study })
    await ask('chooseObserver', { observerId: 'anna' })
  })
})
