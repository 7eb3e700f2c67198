import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AnnotationItem, SegmentItem, Study } from '../../../preload/contract/annotation'
import type { ImportChoices, OpenedImport } from '../../../preload/contract/interchange'
import type { AnnotationsPort } from '../../../main/app/interchange/annotations-port'
import { ImportSessions } from '../../../main/app/interchange/import-sessions'
import { readAnnotationsFile } from '../../../main/host/study/exchange-files'

const study: Study = {
  scheme: {
    name: '',
    isLocked: false,
    codes: [
      {
        id: 'c1',
        kind: 'state',
        set: 'emotion',
        name: 'anger',
        key: null,
        colour: '#111111',
        description: '',
      },
    ],
    dimensions: [],
  },
  observers: [
    { id: 'a', name: 'Anna', isBlind: false },
    { id: 'b', name: 'Ben', isBlind: true },
  ],
  subjects: [],
  variables: [],
}

/** A project in memory that does what it is told. */
class FakeAnnotations implements AnnotationsPort {
  held = new Map<string, Map<string, AnnotationItem>>()
  now = study
  who: string | null = 'a'
  readonly edits: { token: string; isOwn: boolean }[] = []

  study = () => this.now
  observerId = () => this.who
  isBlind = () => this.who === 'b'
  items = (token: string) =>
    Promise.resolve(
      [...(this.held.get(token)?.values() ?? [])].filter(
        ({ observerId }) => this.who !== 'b' || observerId === 'b',
      ),
    )
  changeStudy = (next: Study) => {
    this.now = next
    return Promise.resolve()
  }
  edit: AnnotationsPort['edit'] = (token, { changes }, isOwn) => {
    this.edits.push({ token, isOwn })
    const items = this.held.get(token) ?? new Map<string, AnnotationItem>()
    this.held.set(token, items)
    for (const change of changes)
      if ('put' in change) items.set(change.put.id, change.put)
      else items.delete(change.remove)
    return Promise.resolve()
  }
}

let folder: string
const file = async (name: string, text: string): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unmask-imports-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const HEAD = 'clip_id,segment_id,tier,observer,label,start_s,end_s'
const TABLE = `${HEAD}\none,s1,clip/manual/Anna,Anna,anger,1,2\none,s2,clip/manual/Ben,Ben,rage,3,4\ntwo,s3,clip/manual/Anna,Anna,anger,1,2\n`

function choicesOf(opened: OpenedImport): ImportChoices {
  return {
    recordings: opened.recordings.map(({ clipToken, offsetSecs, tiers }) => ({
      clipToken,
      offsetSecs,
      tiers: tiers.map(({ guess }) => guess),
    })),
    labels: opened.recordings.flatMap(({ tiers }) =>
      tiers.flatMap(({ labels }) => labels.map(({ label, kind, guess }) => ({ label, kind, code: guess }))),
    ),
    conflicts: 'skip',
  }
}

function start() {
  const annotations = new FakeAnnotations()
  const clips = {
    clips: () => [
      { token: 'T1', clipId: 'one', fileName: 'one.mp4' },
      { token: 'T2', clipId: 'two', fileName: 'two.mp4' },
    ],
    durationSecs: () => 100,
    frameTimesSecs: () => Promise.resolve(null),
  }
  const sessions = new ImportSessions(annotations, clips, readAnnotationsFile)
  return { annotations, sessions }
}

const ids = (annotations: FakeAnnotations, token: string): string[] =>
  [...(annotations.held.get(token)?.keys() ?? [])].sort()

describe('an import', () => {
  it('is read, planned, applied to every clip and taken back', async () => {
    const { annotations, sessions } = start()
    const opened = await sessions.open([await file('all.segments.csv', TABLE)])
    expect(opened.recordings.map(({ title, clipToken }) => [title, clipToken])).toEqual([
      ['one', 'T1'],
      ['two', 'T2'],
    ])
    const ask = { importId: opened.importId, choices: choicesOf(opened), frames: null }
    const plan = await sessions.plan(ask)
    expect(plan).toMatchObject({ newCodes: ['rage'], obstacle: null })
    expect(annotations.edits).toEqual([])

    const done = await sessions.apply({ ...ask, openToken: null })
    expect(done).toMatchObject({ addedCount: 3, clipCount: 2, windowEdit: null })
    expect(ids(annotations, 'T1')).toEqual(['s1', 's2'])
    expect(ids(annotations, 'T2')).toEqual(['s3'])
    expect(annotations.edits).toEqual([
      { token: 'T1', isOwn: false },
      { token: 'T2', isOwn: true },
    ])

    // What was changed since stays.
    const changed = annotations.held.get('T1')?.get('s1') as SegmentItem
    annotations.held.get('T1')?.set('s1', { ...changed, comment: 'looked at again' })
    expect(await sessions.undo(opened.importId)).toEqual({ undoneCount: 2, keptCount: 1 })
    expect(ids(annotations, 'T1')).toEqual(['s1'])
    expect(ids(annotations, 'T2')).toEqual([])
    expect(await sessions.undo(opened.importId)).toEqual({ undoneCount: 0, keptCount: 0 })
  })

  it('leaves to the window what is its own and open', async () => {
    const { annotations, sessions } = start()
    const opened = await sessions.open([await file('own.csv', `${HEAD}\none,s1,x,Anna,anger,1,2\n`)])
    const ask = { importId: opened.importId, choices: choicesOf(opened), frames: null }
    const done = await sessions.apply({ ...ask, openToken: 'T1' })
    expect(done.windowEdit).toMatchObject({ token: 'T1', edit: { title: 'import 1 segment' } })
    expect(annotations.edits).toEqual([])
  })

  it('says which files it could not read and reads the others', async () => {
    const { sessions } = start()
    const opened = await sessions.open([
      await file('bad.eaf', '<!DOCTYPE x><ANNOTATION_DOCUMENT/>'),
      await file('good.csv', TABLE),
      join(folder, 'not-there.eaf'),
    ])
    expect(opened.recordings).toHaveLength(2)
    expect(opened.failed.map(({ fileName }) => fileName)).toEqual(['bad.eaf', 'not-there.eaf'])
    expect(opened.failed[0]?.message).toMatch(/bad\.eaf: line 1 .*document type/)
  })

  it('reads BORIS states that never stop the other way where the user wants it', async () => {
    const { sessions } = start()
    const project = {
      behaviors_conf: { 0: { type: 'State event', code: 'anger' } },
      observations: {
        o: {
          events: [
            [1, '', 'anger'],
            [2, '', 'anger'],
            [3, '', 'anger'],
          ],
          media_info: { length: { 'one.mp4': 9 } },
          file: { 1: ['one.mp4'] },
        },
      },
    }
    const opened = await sessions.open([await file('x.boris', JSON.stringify(project))])
    expect(opened).toMatchObject({ unpairedCount: 1, closesUnpaired: false })
    expect(opened.recordings[0]?.tiers[0]?.count).toBe(1)
    const closed = await sessions.reread(opened.importId, true)
    expect(closed.recordings[0]?.tiers[0]).toMatchObject({ count: 2, endSecs: 9 })
  })

  it('of a blind observer holds their own tiers only, whatever is asked', async () => {
    const { annotations, sessions } = start()
    annotations.who = 'b'
    const opened = await sessions.open([await file('all2.csv', TABLE)])
    expect(opened.recordings.flatMap(({ tiers }) => tiers.map(({ observer }) => observer))).toEqual(['Ben'])
    const choices = choicesOf(opened)
    const others = {
      ...choices,
      recordings: choices.recordings.map((one) => ({
        ...one,
        tiers: one.tiers.map((tier) => ({ ...tier, observer: 'Anna' })),
      })),
    }
    const ask = { importId: opened.importId, frames: null }
    await expect(sessions.plan({ ...ask, choices: others })).rejects.toThrow(
      /codes blind and imports into their own/,
    )
    const done = await sessions.apply({
      ...ask,
      choices: { ...choices, conflicts: 'newObserver' },
      openToken: null,
    })
    expect(done.addedCount).toBe(1)
    expect(annotations.now.observers).toHaveLength(2)
    expect(annotations.edits).toEqual([{ token: 'T1', isOwn: true }])
  })

  it('that is closed, or of another project, is no longer known', async () => {
    const { sessions } = start()
    const opened = await sessions.open([await file('all3.csv', TABLE)])
    sessions.close(opened.importId)
    await expect(sessions.reread(opened.importId, false)).rejects.toThrow(/no longer open/)
  })
})
