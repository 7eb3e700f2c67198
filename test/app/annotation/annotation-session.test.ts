import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { AnnotationItem, Study } from '../../../preload/contract/annotation'
import { AnnotationSession } from '../../../main/app/annotation/annotation-session'
import { ChosenObservers } from '../../../main/app/annotation/chosen-observers'
import { readClip } from '../../../main/engine/annotation/clip-file'
import { journalPath, snapshotPath } from '../../../main/engine/annotation/paths'
import { readStudy } from '../../../main/engine/annotation/study-file'
import { exclusionItem, sampleStudy, segmentItem, trackItem } from '../../support/study'
import { tempFolder } from '../../support/temp-folder'

interface Heard {
  readonly clips: string[]
  readonly blindness: (string | null)[]
  readonly troubles: string[]
  studies: number
}

interface Opened {
  readonly session: AnnotationSession
  readonly heard: Heard
  readonly project: string
  readonly profile: string
  readonly folder: string
}

async function openSession(before?: { project: string; profile: string }): Promise<Opened> {
  const project = before?.project ?? (await tempFolder())
  const profile = before?.profile ?? (await tempFolder())
  const heard: Heard = { clips: [], blindness: [], troubles: [], studies: 0 }
  const session = await AnnotationSession.open(project, await ChosenObservers.load(profile), {
    onClip: (clipId, { isByWindow }) => heard.clips.push(`${clipId} ${isByWindow ? 'window' : 'program'}`),
    onBlindness: (clipId) => Promise.resolve(void heard.blindness.push(clipId)),
    onStudy: () => heard.studies++,
    onTrouble: (message) => heard.troubles.push(message),
  })
  onTestFinished(() => session.close())
  return { session, heard, project, profile, folder: session.folder }
}

/** A session of a project with Ann, and Bob, who codes blind; Ann has coded. */
async function codedProject(study: Study = sampleStudy()): Promise<Opened> {
  const opened = await openSession()
  await opened.session.changeStudy(study)
  await opened.session.chooseObserver('ann')
  await opened.session.edit('clip', {
    title: '',
    changes: [
      { put: segmentItem('anger', 0, 1, { id: 'anns' }) },
      { put: trackItem(0, 's1') },
      { put: exclusionItem(4, 5) },
      { put: review('ann') },
    ],
  })
  return opened
}

const editedAt = '2026-03-02T10:00:00.000Z'
const done = (observerId: string): AnnotationItem => ({
  id: `done-${observerId}`,
  kind: 'done',
  observerId,
  editedAt,
})
const review = (observerId: string): AnnotationItem => ({
  id: `review-${observerId}`,
  kind: 'review',
  observerId,
  editedAt,
  momentKind: 'disagreement',
  faceId: 0,
  startSecs: 1,
  endSecs: 2,
  outcome: 'agreed',
})
const put = (...items: AnnotationItem[]) => ({ title: '', changes: items.map((item) => ({ put: item })) })
const kindsOf = (items: readonly AnnotationItem[]) =>
  items.map(({ kind, observerId }) => `${observerId} ${kind}`).sort()

describe('a new project', () => {
  it('has the standard study, nobody who codes, and no files until something is coded', async () => {
    const { session, folder, project } = await openSession()
    expect(session.state).toMatchObject({ observerId: null, readOnlyReason: null, notices: [] })
    expect(session.study.scheme.codes).toHaveLength(7)
    expect(session.study.observers).toEqual([])
    await expect(session.edit('clip', put(segmentItem('anger', 0, 1)))).rejects.toThrow(
      'choose an observer first',
    )
    expect((await session.visible('clip')).items).toEqual([])
    await session.close()
    expect(await readdir(project)).toEqual([])
    expect(folder).toBe(join(project, 'annotations'))
  })
})

describe('a project that was coded', () => {
  it('opens again with study, observer of this computer, and items', async () => {
    const first = await codedProject()
    await first.session.close()
    const { session } = await openSession(first)
    expect(session.state.study).toEqual(sampleStudy())
    expect(session.observerId).toBe('ann')
    expect((await session.visible('clip')).items).toHaveLength(4)
    const elsewhere = await openSession({ project: first.project, profile: await tempFolder() })
    expect(elsewhere.session.observerId).toBeNull()
    // Copies on two computers count their changes apart.
    expect(elsewhere.session.replicaId).not.toBe(session.replicaId)
  })

  it('does not let go of codes, observers and subjects that are in use, and names a clip', async () => {
    const { session, heard } = await codedProject()
    const { scheme } = sampleStudy()
    const without = sampleStudy({
      scheme: { ...scheme, codes: scheme.codes.filter(({ id }) => id !== 'anger') },
    })
    await expect(session.changeStudy(without)).rejects.toThrow('code "anger" is in use in clip clip')
    await expect(session.changeStudy(sampleStudy({ subjects: [] }))).rejects.toThrow(
      'subject "Child 1" is in use',
    )
    const [, bob] = sampleStudy().observers
    await expect(session.changeStudy(sampleStudy({ observers: bob ? [bob] : [] }))).rejects.toThrow(
      'observer "Ann"',
    )
    const fewer = sampleStudy({
      scheme: { ...scheme, codes: scheme.codes.filter(({ id }) => id !== 'fear') },
    })
    const told = heard.studies
    await session.changeStudy(fewer)
    expect(heard.studies).toBe(told + 1)
    expect((await readStudy(session.folder, () => Promise.resolve([]))).study).toEqual(fewer)
  })

  it('does not let a locked scheme be changed', async () => {
    const { scheme } = sampleStudy()
    const { session } = await codedProject(sampleStudy({ scheme: { ...scheme, isLocked: true } }))
    const renamed = { ...scheme, name: 'Other' }
    await expect(
      session.changeStudy(sampleStudy({ scheme: { ...renamed, isLocked: true } })),
    ).rejects.toThrow('locked')
    await expect(session.changeStudy(sampleStudy({ scheme: renamed }))).rejects.toThrow('locked')
    await session.changeStudy(sampleStudy({ scheme }))
    await session.changeStudy(sampleStudy({ scheme: renamed }))
    expect(session.study.scheme.name).toBe('Other')
  })

  it('keeps one store a clip, however quickly it is closed and opened', async () => {
    const { session, folder } = await codedProject()
    const edits = Array.from({ length: 40 }, async (_, at) => {
      await session.edit('clip', put(segmentItem('fear', 10 + at, 10.5 + at, { id: `quick-${at}` })))
      if (at % 3 === 0) await session.closeClip('clip')
    })
    await Promise.all(edits)
    // Many other clips push it out meanwhile.
    await Promise.all(
      Array.from({ length: 30 }, (_, at) => session.edit(`other-${at}`, put(segmentItem('fear', 0, 1)))),
    )
    expect((await readClip(folder, 'clip')).document.items).toHaveLength(44)
    await session.close()
    expect((await readClip(folder, 'clip')).document.items).toHaveLength(44)
    await expect(session.edit('clip', put(segmentItem('fear', 90, 91)))).rejects.toThrow(
      'the project is closed',
    )
  })
})

describe('blind coding', () => {
  it('shows Bob his own work and what says nothing of emotions, until he is done', async () => {
    const { session, heard } = await codedProject()
    expect(session.isBlind('clip')).toBe(false)
    await session.chooseObserver('bob')
    expect(heard.blindness).toEqual([null, null])
    expect(session.isBlind('clip')).toBe(true)
    expect(session.isBlind('never coded')).toBe(true)
    await session.edit('clip', put(segmentItem('fear', 0, 1, { id: 'bobs', observerId: 'bob' })))
    expect(kindsOf((await session.visible('clip')).items)).toEqual([
      'ann exclusion',
      'ann track',
      'bob segment',
    ])
    expect((await session.annotationOf('clip')).items).toHaveLength(3)
    await session.edit('clip', put(done('bob')))
    expect(heard.blindness.at(-1)).toBe('clip')
    expect(session.isBlind('clip')).toBe(false)
    expect((await session.visible('clip')).items).toHaveLength(6)
    await session.edit('clip', { title: '', changes: [{ remove: 'done-bob' }] })
    expect(session.isBlind('clip')).toBe(true)
    expect(heard.blindness.slice(-2)).toEqual(['clip', 'clip'])
  })

  it('shows Bob what Ann left out and not why, and loses none of it', async () => {
    const { session } = await codedProject()
    const reasonsOf = async () =>
      (await session.visible('clip')).items.flatMap((item) => (item.kind === 'exclusion' ? [item] : []))
    const [whole] = await reasonsOf()
    expect(whole?.reason).toBe('door')
    await session.chooseObserver('bob')
    const [shown] = await reasonsOf()
    expect(shown).toEqual({ ...whole, reason: '' })
    await session.edit('clip', put({ ...shown!, endSecs: 4.5 }))
    await session.edit('clip', { title: '', changes: [{ remove: shown!.id }] })
    await session.edit('clip', put({ ...shown!, endSecs: 4.75 }))
    await session.edit(
      'clip',
      put({ ...shown!, id: 'new', startSecs: 6, endSecs: 7, observerId: 'bob', reason: 'mine' }),
    )
    expect((await reasonsOf()).map(({ reason }) => reason)).toEqual(['', 'mine'])
    await session.chooseObserver('ann')
    expect(await reasonsOf()).toEqual([
      { ...whole, endSecs: 4.75 },
      expect.objectContaining({ reason: 'mine', endSecs: 7 }),
    ])
  })

  it('remembers what is done when the project is opened again', async () => {
    const first = await codedProject()
    await first.session.chooseObserver('bob')
    await first.session.edit('clip', put(done('bob')))
    await first.session.close()
    const { session } = await openSession(first)
    expect(session.observerId).toBe('bob')
    expect([session.isBlind('clip'), session.isBlind('other')]).toEqual([false, true])
  })

  it('begins when an observer is made blind, and tells it', async () => {
    const { session, heard } = await codedProject()
    const told = heard.blindness.length
    const [ann, bob] = sampleStudy().observers
    if (!ann || !bob) throw new Error('the sample has two observers')
    await session.changeStudy(sampleStudy({ observers: [{ ...ann, isBlind: true }, bob] }))
    expect(session.isBlind('clip')).toBe(true)
    expect(heard.blindness).toHaveLength(told + 1)
  })

  it('shows nothing because of a mark that could not be written', async () => {
    const { session, folder, heard } = await codedProject()
    await session.chooseObserver('bob')
    await rm(folder, { recursive: true })
    // Nothing can be made below a file.
    await writeFile(folder, '')
    const told = heard.blindness.length
    await expect(session.edit('clip', put(done('bob')))).rejects.toMatchObject({ code: 'output.unwritable' })
    expect(session.isBlind('clip')).toBe(true)
    expect(heard.blindness).toHaveLength(told)
    await rm(folder)
    await mkdir(folder)
    await session.edit('clip', put(done('bob')))
    expect(session.isBlind('clip')).toBe(false)
  })

  it('does not tell a blind observer where others have coded by what is damaged', async () => {
    const first = await codedProject()
    await first.session.chooseObserver('bob')
    await first.session.close()
    const path = snapshotPath(first.folder, 'clip')
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replace('"endSecs":1,', '"endSecs":"x",'))
    const { session } = await openSession(first)
    const { items, notices } = await session.visible('clip')
    expect(kindsOf(items)).toEqual(['ann exclusion', 'ann track'])
    expect(notices).toHaveLength(1)
    expect(notices.join()).not.toMatch(/anns|at 0 s/)
    await session.edit('clip', put(done('bob')))
    expect((await session.visible('clip')).notices.join()).toContain('segment anns at 0 s')
  })
})

describe('files that must not be written', () => {
  it('are those of a clip of a newer version, which alone is read-only', async () => {
    const first = await codedProject()
    await first.session.edit('other', put(segmentItem('fear', 0, 1)))
    await first.session.close()
    const path = snapshotPath(first.folder, 'clip')
    const newer = (await readFile(path, 'utf8')).replace('"formatVersion":1', '"formatVersion":9')
    await writeFile(path, newer)
    const { session } = await openSession(first)
    expect(session.state.readOnlyReason).toBeNull()
    expect(await session.visible('clip')).toMatchObject({
      items: [],
      notices: [expect.stringContaining('newer Unmask')],
    })
    await expect(session.edit('clip', put(segmentItem('fear', 2, 3)))).rejects.toThrow('newer Unmask')
    await expect(session.annotationOf('clip')).rejects.toThrow('newer Unmask')
    await session.edit('other', put(segmentItem('fear', 2, 3)))
    // What that clip uses is not known: nothing may be taken out.
    await expect(session.changeStudy(sampleStudy({ subjects: [] }))).rejects.toThrow('in use in clip clip')
    await session.chooseObserver('bob')
    expect(session.isBlind('clip')).toBe(true)
    await session.close()
    expect(await readFile(path, 'utf8')).toBe(newer)
  })

  it('are all of them where the study is of a newer version', async () => {
    const first = await codedProject()
    await first.session.close()
    const path = join(first.folder, 'study.json')
    await writeFile(path, (await readFile(path, 'utf8')).replace('"formatVersion":1', '"formatVersion":9'))
    const before = await readFile(path, 'utf8')
    const { session } = await openSession(first)
    expect(session.state.readOnlyReason).toContain('newer Unmask')
    await expect(session.changeStudy(sampleStudy())).rejects.toMatchObject({ code: 'output.unwritable' })
    await session.close()
    expect(await readFile(path, 'utf8')).toBe(before)
  })

  // Who may do everything is not kept out by permissions.
  it.skipIf(process.getuid?.() === 0)('are all of them where the folder is read-only', async () => {
    const first = await codedProject()
    await first.session.close()
    await chmod(first.folder, 0o500)
    onTestFinished(() => chmod(first.folder, 0o700))
    const { session } = await openSession(first)
    expect(session.state.readOnlyReason).toContain('EACCES')
    expect((await session.visible('clip')).items).toHaveLength(4)
    await expect(session.edit('clip', put(segmentItem('fear', 2, 3)))).rejects.toThrow('EACCES')
  })
})

describe('a project whose study is gone', () => {
  it('opens with names made up for what its clips use, says so, and writes the study anew', async () => {
    const first = await codedProject()
    await first.session.close()
    await rm(join(first.folder, 'study.json'))
    await rm(join(first.folder, 'backups'), { recursive: true })
    const { session } = await openSession(first)
    expect(session.state.notices).toEqual([
      'The study file is missing; there is no backup',
      expect.stringContaining('observer ann, code anger, subject s1'),
    ])
    expect(session.study.observers.map(({ name }) => name)).toEqual(['ann'])
    expect((await session.visible('clip')).items).toHaveLength(4)
    await session.close()
    const again = await openSession(first)
    expect(again.session.state.notices).toEqual([])
  })

  it('knows its study by the backup that was made when it closed', async () => {
    const first = await codedProject()
    await first.session.close()
    await writeFile(join(first.folder, 'study.json'), '{"format":')
    const { session } = await openSession(first)
    expect(session.study).toEqual(sampleStudy())
    expect(session.state.notices[0]).toContain('is damaged')
    expect(session.state.notices[1]).toContain('is kept as')
    expect((await readdir(first.folder)).some((name) => name.startsWith('study.json.damaged-'))).toBe(true)
  })

  it('fills what single clips use beside a study that is whole', async () => {
    const first = await codedProject()
    await first.session.close()
    const line = { put: segmentItem('unheard', 7, 8, { id: 'new' }), clock: { x: 1 } }
    const edit = { formatVersion: 1, seq: 2, at: '', observerId: 'ann', title: '', changes: [line] }
    await writeFile(journalPath(first.folder, 'clip'), `${JSON.stringify(edit)}\n`)
    const { session } = await openSession(first)
    expect(session.study.scheme.codes.map(({ id }) => id)).toContain('unheard')
    expect(session.state.notices[0]).toContain('clip: the study does not know what this clip uses')
  })
})
