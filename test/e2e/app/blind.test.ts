import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EVENTS, REQUESTS, type Verb } from '../../../preload/contract'
import { snapshotPath } from '../../../main/engine/annotation/paths'
import { writeSnapshot } from '../../../main/engine/annotation/snapshot-file'
import { AnnotationDocument } from '../../../main/engine/annotation/document'
import { writeStudy } from '../../../main/engine/annotation/study-file'
import { EMOTIONS } from '../../../main/engine/emotions'
import { type AppWindow, openAppWindow } from '../../support/app-window'
import { bouts, codedStudy, doneItem, ratingOf } from '../../support/coded-project'
import { repositoryRoot, runUnmask } from '../../support/run-unmask'
import { asksOf, viewerAsksOf } from '../../support/verb-asks'
import { findWindowPlace } from '../../support/window-place'

const place = await findWindowPlace()
afterAll(() => place?.display.stop())

const CLIP = 'ravdess-01-01-01-01-01-01-01'
/** What Anna wrote; nothing that has it may reach Cleo's window. */
const SECRET = 'said-by-anna'
/** Cleo's own label: the one emotion that she may read. */
const OWN = 'disgust'
const ANSWER_LIMIT_MS = 30_000

/** They speak of emotions as such: of settings, models and the scheme, whatever the clips are. */
const GENERAL: readonly string[] = [
  ...['getSettings', 'changeSettings', 'resetSettings', 'listModels', 'modelReports', 'comparedReports'],
  ...['openStudy', 'importScheme', 'batchOffer'],
]
const GENERAL_EVENTS: readonly string[] = ['settingsChanged', 'studyChanged']

interface Heard {
  readonly name: string
  readonly text: string
}

let window: AppWindow
let root: string
let exported: string
let token: string
let trackId: string

async function makeProject(): Promise<string> {
  const project = join(root, 'study')
  await mkdir(project)
  const media = join(project, `${CLIP}.mp4`)
  await copyFile(join(repositoryRoot, 'assets', 'sample', `${CLIP}.mp4`), media)
  const { code, stderr } = await runUnmask(['label', media, '--out', join(project, 'results'), '--landmarks'])
  if (code !== 0) throw new Error(stderr)
  const folder = join(project, 'annotations')
  const [theirs] = bouts('anna', ['anger', 0.2, 1.1])
  const [own] = bouts('cleo', [OWN, 0.5, 1])
  if (!theirs || !own) throw new Error('two bouts were asked for')
  const editedAt = '2026-03-02T10:00:00.000Z'
  const items = [
    { ...theirs, id: `${SECRET}-bout`, comment: SECRET },
    { id: `${SECRET}-note`, kind: 'comment', observerId: 'anna', editedAt, atSecs: 1, text: SECRET } as const,
    { ...ratingOf('anna', 'rating-valence', [0, 1], [0.1, 0.2], 2), comment: SECRET },
    { ...doneItem('anna'), id: `${SECRET}-done` },
    own,
  ]
  const { dimensions } = (await import('../../../main/engine/annotation/default-study')).defaultScheme()
  const study = codedStudy()
  await writeStudy(folder, { ...study, scheme: { ...study.scheme, dimensions } })
  const document = new AnnotationDocument(items.map((item) => ({ item, clock: { test: 1 } })))
  await writeSnapshot(snapshotPath(folder, CLIP), CLIP, document, items.length)
  return project
}

/** Every file dialog gives the folder for exports, or a new file in it; every question is answered with yes. */
async function answerEveryDialog(): Promise<void> {
  await window.app.evaluate(({ dialog }, folder) => {
    let count = 0
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [folder] })
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: `${folder}/saved-${++count}` })
    dialog.showMessageBox = () => Promise.resolve({ response: 1, checkboxChecked: false })
  }, exported)
}

/** Notes everything that main tells the page from here on. */
async function beginListening(): Promise<void> {
  await window.page.evaluate((events) => {
    const heard: { name: string; text: string }[] = []
    Object.assign(self, { heard })
    for (const name of events)
      self.unmask.on(name, (payload) => heard.push({ name, text: JSON.stringify(payload) }))
  }, EVENTS)
}

const heardSoFar = (): Promise<Heard[]> =>
  window.page.evaluate(() => [...(self as unknown as { heard: Heard[] }).heard])

async function askMain(verbs: readonly Verb[], observerId: string): Promise<Heard[]> {
  const context = await window.page.evaluate(async () => {
    const [study, batch] = [await self.unmask.openStudy(null), await self.unmask.batchOffer(null)]
    if (!study.ok || !study.value || !batch.ok) throw new Error('no project is open')
    return { study: study.value.study, choices: batch.value.choices }
  })
  const [ownItem] = bouts(observerId, [OWN, 2, 2.2])
  if (!ownItem) throw new Error('one bout was asked for')
  const asks = asksOf({ ...context, token, observerId, ownItem, trackId })
  const list = verbs.map((verb) => [verb, asks[verb]] as const)
  return window.page.evaluate(
    async ({ asked, limitMs }) => {
      const answers: { name: string; text: string }[] = []
      for (const [verb, ask] of asked) {
        const late = new Promise((resolve) => setTimeout(() => resolve({ ok: false, late: true }), limitMs))
        const request = (self.unmask as unknown as Record<string, (own: unknown) => Promise<unknown>>)[verb]
        const reply = await Promise.race([request?.(ask), late])
        const text = JSON.stringify(reply, (_, value: unknown) =>
          value instanceof Float32Array || value instanceof Float64Array ? [...value] : value,
        )
        answers.push({ name: verb, text })
      }
      return answers
    },
    { asked: list, limitMs: ANSWER_LIMIT_MS },
  )
}

/** Answers of the viewer; columns come back as lists, absent numbers as null, pictures as their size. */
async function askViewer(): Promise<Record<string, { ok: boolean; value?: unknown; text: string }>> {
  return window.page.evaluate(
    async (asked) => {
      const port = await new Promise<MessagePort>((resolve) => {
        addEventListener('message', (event: MessageEvent<{ unmaskPort?: string }>) => {
          const received = event.ports[0]
          if (event.data.unmaskPort === 'viewer' && received) resolve(received)
        })
        void self.unmask.openPort({ name: 'viewer' })
      })
      const answers: Record<string, { ok: boolean; value?: unknown; text: string }> = {}
      for (const [id, [verb, ask]] of asked.entries()) {
        const reply = new Promise((resolve) => {
          port.onmessage = ({ data }: MessageEvent<{ id?: number }>) => {
            if (data.id === id) resolve(data)
          }
        })
        port.postMessage({ id, verb, ask })
        const text = JSON.stringify(await reply, (_, value: unknown) => {
          if (!ArrayBuffer.isView(value)) return value
          const values = value as Float32Array
          return values.length > 1e5 ? `${values.length} values` : [...values]
        })
        answers[verb] = { ...(JSON.parse(text) as { ok: boolean; value?: unknown }), text }
      }
      port.close()
      return answers
    },
    Object.entries(viewerAsksOf(token)),
  )
}

async function choose(observerId: string): Promise<void> {
  const chosen = await window.page.evaluate(
    (id) => self.unmask.chooseObserver({ observerId: id }),
    observerId,
  )
  expect(chosen).toMatchObject({ ok: true })
}

const emotionsIn = (text: string): string[] =>
  EMOTIONS.filter((emotion) => emotion !== OWN && text.toLowerCase().includes(emotion))

/** Reads every file below a folder as text. */
async function filesBelow(folder: string): Promise<Heard[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async ({ name, parentPath }) => ({
        name,
        text: await readFile(join(parentPath, name), 'latin1'),
      })),
  )
}

describe.skipIf(place === null)('a clip that Cleo codes blind', () => {
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'unmask-blind-'))
    exported = join(root, 'exported')
    await mkdir(exported)
    const table = join(root, 'readings.csv')
    await writeFile(table, `time,${SECRET}\n0,0.1\n0.5,0.9\n1,0.2\n`)
    const project = await makeProject()
    window = await openAppWindow(place!)
    await window.answerOpenDialogs([project], [table])
    const found = await window.page.evaluate(async (title) => {
      const opened = await self.unmask.chooseProject(null)
      const clips = await self.unmask.listClips(null)
      const chosen = await self.unmask.chooseObserver({ observerId: 'anna' })
      if (!opened.ok || !clips.ok || !chosen.ok) throw new Error('the project did not open')
      const own = clips.value[0]?.token ?? ''
      const preview = await self.unmask.chooseTable({ token: own })
      if (!preview.ok || !preview.value) throw new Error('the table was not read')
      const { importId, recipe } = preview.value
      const imported = await self.unmask.importTable({ token: own, importId, recipe, title })
      if (!imported.ok) throw new Error(imported.fault.message)
      return { own, track: imported.value.id }
    }, SECRET)
    token = found.own
    trackId = found.track
    await answerEveryDialog()
  }, 180_000)
  afterAll(async () => {
    await window?.close()
    await rm(root, { recursive: true, force: true })
  })

  it('has something to hide: Anna is told all of it', async () => {
    const asked = ['listClips', 'openAnnotations', 'listForeignTracks', 'openForeignTrack'] as const
    const answers = await askMain(asked, 'anna')
    expect(emotionsIn(answers[0]?.text ?? '').length).toBeGreaterThan(0)
    for (const { name, text } of answers.slice(1)) expect(text, name).toContain(SECRET)
    const viewer = await askViewer()
    for (const { ok, text } of Object.values(viewer)) expect(ok, text.slice(0, 300)).toBe(true)
    expect(emotionsIn(viewer['openClip']?.text ?? '').length).toBeGreaterThan(0)
    expect(viewer['moments']?.value).not.toEqual([])
  }, 120_000)

  it('has nothing in the viewer that the models read into it', async () => {
    await choose('cleo')
    const viewer = await askViewer()
    for (const [verb, { ok, text }] of Object.entries(viewer))
      expect(ok, `${verb} ${text.slice(0, 300)}`).toBe(true)
    for (const [verb, { text }] of Object.entries(viewer)) {
      expect(text, verb).not.toContain(SECRET)
      if (verb !== 'openClip') expect(emotionsIn(text), verb).toEqual([])
    }
    const { clip, rows, windows, ...rest } = viewer['openClip']?.value as Record<
      string,
      Record<string, unknown>
    >
    const { models: _models, methods: _methods, ...facts } = clip ?? {}
    expect(emotionsIn(JSON.stringify([facts, rest]))).toEqual([])
    expect(rest).toMatchObject({ segments: [], moments: [], subjects: [] })
    expect(viewer['moments']?.value).toEqual([])
    for (const [name, values] of [...Object.entries(rows ?? {}), ...Object.entries(windows ?? {})]) {
      if (!Array.isArray(values)) continue
      if (/probs|gate|calm/i.test(name))
        expect(
          values.every((value) => value === null),
          name,
        ).toBe(true)
      if (/label/i.test(name))
        expect(
          values.every((value) => value === -1),
          name,
        ).toBe(true)
    }
    // Pictures and sound stay.
    expect(viewer['readFrame']?.value).toMatchObject({ index: 0 })
    expect(viewer['signals']?.value).toMatchObject({ kind: 'waveform' })
  }, 120_000)

  it('has nothing in any answer of main, in any event, nor in any file that is written', async () => {
    await choose('cleo')
    await beginListening()
    const first: readonly Verb[] = ['openStudy', 'openAnnotations', 'listClips']
    const asked = [...new Set([...first, ...(Object.keys(asksOf({} as never)) as Verb[])])]
    expect([...asked].sort()).toEqual([...REQUESTS].sort())
    const answers = await askMain(asked, 'cleo')
    for (const { name, text } of answers) {
      expect(text, name).not.toContain(SECRET)
      expect(text, name).not.toContain('"late":true')
      if (!GENERAL.includes(name)) expect(emotionsIn(text), `${name} ${text.slice(0, 500)}`).toEqual([])
    }
    const textOf = (verb: Verb) => answers.find(({ name }) => name === verb)?.text ?? ''
    expect(JSON.parse(textOf('openAnnotations'))).toMatchObject({
      ok: true,
      value: { isBlind: true, items: [{ observerId: 'cleo' }] },
    })
    expect(JSON.parse(textOf('listClips'))).toMatchObject({
      ok: true,
      value: [{ dominant: null, hasResults: true }],
    })
    expect(JSON.parse(textOf('listCoding'))).toMatchObject({
      ok: true,
      value: [{ isBlind: true, observers: [{ observerId: 'cleo' }] }],
    })
    expect(textOf('exportClips')).toContain('blind')
    for (const verb of ['openForeignTrack', 'planMerge'] as const)
      expect(JSON.parse(textOf(verb)), verb).toMatchObject({ ok: false })
    await window.page.waitForTimeout(500)
    const heard = await heardSoFar()
    expect(heard.length).toBeGreaterThan(0)
    for (const { name, text } of heard) {
      expect(text, name).not.toContain(SECRET)
      if (!GENERAL_EVENTS.includes(name))
        expect(emotionsIn(text), `${name} ${text.slice(0, 500)}`).toEqual([])
    }
    const files = await filesBelow(exported)
    expect(files.length).toBeGreaterThan(0)
    for (const { name, text } of files) {
      expect(text, name).not.toContain(SECRET)
      // A scheme, and the study of a new project, list what may be coded.
      if (!name.endsWith('.json')) expect(emotionsIn(text), `${name} ${text.slice(0, 500)}`).toEqual([])
    }
  }, 300_000)
})
