import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { readClip } from '../../../main/engine/annotation/clip-file'
import { backupPath, journalPath, snapshotPath } from '../../../main/engine/annotation/paths'
import { readProjectAnnotations } from '../../../main/engine/annotation/project-annotations'
import { readStudy, writeStudy } from '../../../main/engine/annotation/study-file'
import { parseStudy, studyText } from '../../../main/engine/annotation/study-text'
import { NewerVersionError } from '../../../main/engine/project/migrations'
import { sampleStudy, segmentItem } from '../../support/study'
import { annotationsFolder, bout, CLIP, idsOf, openStore, put, remove, textOf } from './store-support'

const ann = { study: sampleStudy(), observerId: 'ann' }

/** A clip with the bouts 0 to 4 in its snapshot, bout 5 removed, and bout 6 in the journal alone. */
async function codedClip(): Promise<string> {
  const folder = await annotationsFolder()
  const store = await openStore(folder)
  await store.edit(put(...[0, 1, 2, 3, 4, 5].map((at) => bout(at))), ann)
  await store.edit(remove('bout-5'), ann)
  await store.flush()
  await store.edit(put(bout(6)), ann)
  // The first snapshot of a clip is a backup too; tests make theirs themselves.
  await rm(join(folder, 'backups'), { recursive: true })
  const copy = await annotationsFolder()
  for (const path of [snapshotPath, journalPath])
    await writeFile(path(copy, CLIP), await readFile(path(folder, CLIP)))
  return copy
}

async function damage(folder: string, change: (text: string) => string): Promise<void> {
  const path = snapshotPath(folder, CLIP)
  const before = await textOf(path)
  const after = change(before)
  expect(after).not.toBe(before)
  await writeFile(path, after)
}

async function keepBackup(folder: string, change: (text: string) => string = (text) => text): Promise<void> {
  await mkdir(join(folder, 'backups'))
  const text = await textOf(snapshotPath(folder, CLIP))
  await writeFile(backupPath(folder, { clipId: CLIP }, Date.UTC(2026, 2, 2, 9, 30)), change(text))
}

describe('a damaged snapshot', () => {
  it('costs the entry that is damaged, and says which', async () => {
    const folder = await codedClip()
    await damage(folder, (text) =>
      text.replace(
        '"id":"bout-2","kind":"segment","observerId":"ann"',
        '"id":"bout-2","kind":"segment","observerId":7',
      ),
    )
    const read = await readClip(folder, CLIP)
    expect(idsOf(read.document.items)).toEqual(['bout-0', 'bout-1', 'bout-3', 'bout-4', 'bout-6'])
    expect(read.notices.join()).toContain('missing: segment bout-2 at 4 s')
    expect(read.notices.join()).toContain('there is no backup')
  })

  it('costs what stands behind a tear, and says how much that is', async () => {
    const folder = await codedClip()
    await damage(folder, (text) => text.slice(0, text.indexOf('"bout-3"') + 12))
    const read = await readClip(folder, CLIP)
    expect(idsOf(read.document.items)).toEqual(['bout-0', 'bout-1', 'bout-2', 'bout-6'])
    expect(read.notices.join()).toContain('2 items of which nothing is left missing')
    expect(read.seq).toBe(3)
  })

  it('has the rest from the newest backup that is whole, and says so', async () => {
    const folder = await codedClip()
    await keepBackup(folder)
    await writeFile(backupPath(folder, { clipId: CLIP }, Date.UTC(2026, 2, 2, 9, 40)), 'no JSON')
    await damage(folder, (text) => text.slice(0, text.indexOf('"bout-3"') + 12))
    const read = await readClip(folder, CLIP)
    expect(idsOf(read.document.items)).toEqual(['bout-0', 'bout-1', 'bout-2', 'bout-3', 'bout-4', 'bout-6'])
    expect(read.notices.join()).toMatch(/2 items came from the backup of 2026-03-02T09-30.*bout-3.*bout-4/)
    expect(read.notices.join()).not.toContain('missing')
    expect(read.document.tombstones.map(({ id }) => id)).toEqual(['bout-5'])
  })

  it('does not bring back from a backup what was removed since, where it is known what is missing', async () => {
    const folder = await codedClip()
    await keepBackup(folder, (text) => text.replaceAll('bout-1', 'long-gone'))
    await damage(folder, (text) => text.replace('"id":"bout-2"', '"id":""'))
    expect(idsOf((await readClip(folder, CLIP)).document.items)).not.toContain('bout-2')
    await damage(folder, (text) => text.replace('"id":""', '"id":"bout-2","more":1'))
    const read = await readClip(folder, CLIP)
    expect(idsOf(read.document.items)).toContain('bout-2')
    expect(idsOf(read.document.items)).not.toContain('long-gone')
  })

  it('is kept under another name when the clip is opened, and a whole one is written', async () => {
    const folder = await codedClip()
    await damage(folder, (text) => text.slice(0, 400))
    const damagedText = await textOf(snapshotPath(folder, CLIP))
    const store = await openStore(folder)
    const [aside] = (await readdir(folder)).filter((name) => name.includes('.damaged-'))
    expect(aside).toMatch(/^clip-1\.annotations\.json\.damaged-\d{4}-/)
    expect(await textOf(join(folder, aside ?? ''))).toBe(damagedText)
    expect(store.notices.at(-1)).toContain(aside)
    expect(await readClip(folder, CLIP)).toMatchObject({ notices: [], damaged: [], isStale: false })
  })

  it('is read whatever byte of it is gone, with nothing made up', async () => {
    const folder = await codedClip()
    const whole = await textOf(snapshotPath(folder, CLIP))
    const known = [0, 1, 2, 3, 4, 6].map((at) => bout(at))
    for (let at = 0; at < whole.length; at += 7) {
      await writeFile(snapshotPath(folder, CLIP), whole.slice(0, at) + '\u0000' + whole.slice(at + 1))
      const { document } = await readClip(folder, CLIP)
      const strangers = document.items.filter((item) => !known.some((one) => isDeepStrictEqual(one, item)))
      expect(strangers).toEqual([])
      // A hit between two entries costs both.
      expect(document.items.length).toBeGreaterThanOrEqual(4)
    }
  })
})

describe('a damaged journal', () => {
  it('costs the lines that are damaged, and names them', async () => {
    const folder = await annotationsFolder()
    const first = await openStore(folder)
    for (let at = 0; at < 3; at++) await first.edit(put(bout(at)), ann)
    const lines = (await textOf(journalPath(folder, CLIP))).split('\n')
    const copy = await annotationsFolder()
    await writeFile(journalPath(copy, CLIP), [lines[0], lines[1]?.slice(9), lines[2], ''].join('\n'))
    const store = await openStore(copy)
    expect(idsOf(store.items)).toEqual(['bout-0', 'bout-2'])
    expect(store.notices[0]).toBe(`${CLIP}: 1 edit in the journal cannot be read and is missing (line 2)`)
    expect((await readdir(copy)).some((name) => name.includes('journal.jsonl.damaged-'))).toBe(true)
    expect((await readClip(copy, CLIP)).notices).toEqual([])
  })

  it('says that edits are missing where it does not go on from the snapshot', async () => {
    const folder = await codedClip()
    const text = await textOf(journalPath(folder, CLIP))
    await writeFile(journalPath(folder, CLIP), text.replace('"seq":3', '"seq":9'))
    const read = await readClip(folder, CLIP)
    expect(read.notices.join()).toContain('edits 3 to 8 are missing')
    expect(idsOf(read.document.items)).toContain('bout-6')
  })
})

describe('the study file', () => {
  it('is read as it was written', async () => {
    const folder = await annotationsFolder()
    const study = sampleStudy({
      subjects: [{ id: 'ü', name: '"{}[]', description: ',\n', variables: { a: 'b' } }],
    })
    await writeStudy(folder, study)
    expect(await readStudy(folder, () => Promise.resolve([]))).toMatchObject({
      study,
      notices: [],
      isStale: false,
    })
  })

  it('is rebuilt by ids where it is missing and clips exist', async () => {
    const items = [
      segmentItem('c9', 0, 1, { observerId: 'o9', subjectId: 's9' }),
      segmentItem('p9', 1, 1, { observerId: 'o9' }),
      segmentItem('emotion-fear', 2, 3, { observerId: 'o9' }),
    ]
    const read = await readStudy(await annotationsFolder(), () => Promise.resolve(items))
    expect(read.study.observers).toEqual([{ id: 'o9', name: 'o9', isBlind: false }])
    expect(read.study.subjects.map(({ id }) => id)).toEqual(['s9'])
    const codes = new Map(read.study.scheme.codes.map((code) => [code.id, code]))
    expect(codes.get('c9')).toMatchObject({ kind: 'state', name: 'c9' })
    expect(codes.get('p9')).toMatchObject({ kind: 'point', set: '' })
    expect(codes.get('emotion-fear')?.name).toBe('fear')
    expect(read.notices).toEqual([
      'The study file is missing; there is no backup',
      expect.stringContaining('observer o9, subject s9, code c9, code p9'),
    ])
    expect(parseStudy(studyText(read.study), '').damage).toBeNull()
  })

  it('gives up no entry but the damaged one, and has that from the backup', async () => {
    const folder = await annotationsFolder()
    const study = sampleStudy()
    await mkdir(join(folder, 'backups'))
    const torn = studyText(study).replace('"id":"bob"', '"id":"bo')
    await writeFile(join(folder, 'study.json'), torn)
    const without = await readStudy(folder, () => Promise.resolve([]))
    expect(without.study).toEqual({
      ...study,
      scheme: { ...study.scheme, name: '' },
      observers: [study.observers[0]],
    })
    expect(without.notices[0]).toContain('is damaged')
    await writeFile(backupPath(folder, 'study', Date.UTC(2026, 2, 2)), studyText(study))
    expect((await readStudy(folder, () => Promise.resolve([]))).study).toEqual(study)
  })

  it('is left alone where a newer Unmask wrote it', async () => {
    const folder = await annotationsFolder()
    const newer = studyText(sampleStudy()).replace('"formatVersion":1', '"formatVersion":99')
    await writeFile(join(folder, 'study.json'), newer)
    await expect(readStudy(folder, () => Promise.resolve([]))).rejects.toBeInstanceOf(NewerVersionError)
    expect(await textOf(join(folder, 'study.json'))).toBe(newer)
  })
})

describe('a project read from outside', () => {
  it('gives study and items of each clip, also of one whose id is "study", and changes nothing', async () => {
    const folder = await annotationsFolder()
    await writeStudy(folder, sampleStudy())
    for (const clipId of ['study', 'b.journal', 'ä b'])
      await (await openStore(folder, { clipId })).edit(put(bout(1)), ann)
    const before = await readdir(folder)
    const read = await readProjectAnnotations(join(folder, '..'))
    expect([...read.clips.keys()]).toEqual(['b.journal', 'study', 'ä b'])
    expect(read.study).toEqual(sampleStudy())
    for (const document of read.clips.values()) expect(document.items).toEqual([bout(1)])
    expect(await readdir(folder)).toEqual(before)
  })
})
