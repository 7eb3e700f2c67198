import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AnnotationItem } from '../../../preload/contract/annotation'
import { readClip } from '../../../main/engine/annotation/clip-file'
import { ClipStore } from '../../../main/engine/annotation/clip-store'
import { journalPath, snapshotPath } from '../../../main/engine/annotation/paths'
import { readProjectAnnotations } from '../../../main/engine/annotation/project-annotations'
import { readStudy } from '../../../main/engine/annotation/study-file'
import { ITEM_VERSIONS, type ItemVersions } from '../../../main/engine/annotation/versions'
import { migrate, NewerVersionError, type Versions } from '../../../main/engine/project/migrations'
import { annotationsFolder, textOf } from './store-support'

/** A study and a clip as version 1 wrote them; they stay as they are when the format goes on. */
const FIXTURE = join(import.meta.dirname, 'fixtures', 'version-1')

async function fixture(): Promise<string> {
  const folder = await annotationsFolder()
  await cp(FIXTURE, folder, { recursive: true })
  return folder
}

describe('files of version 1', () => {
  it('open with everything that is in them', async () => {
    const read = await readProjectAnnotations(join(await fixture(), '..'))
    expect(read.notices).toEqual([])
    expect(read.study.scheme.codes).toHaveLength(7)
    expect(read.study.subjects).toEqual([
      { id: 's1', name: 'Child 1', description: 'the one on the left', variables: { v1: '4' } },
    ])
    expect(read.study.variables.map(({ name, kind }) => [name, kind])).toEqual([
      ['age', 'number'],
      ['setting', 'choice'],
    ])
    const document = read.clips.get('clip')
    const items = new Map(document?.items.map((item) => [item.id, item]))
    expect([...items].map(([id, { kind }]) => `${id} ${kind}`)).toEqual([
      'a segment',
      'b rating',
      'c exclusion',
      'd baseline',
      'e comment',
      'f track',
      'g variable',
      'h review',
      // In the journal alone.
      'i done',
    ])
    expect(items.get('a')).toEqual({
      id: 'a',
      kind: 'segment',
      observerId: 'ann',
      editedAt: '2026-11-23T04:00:00.000Z',
      subjectId: 's1',
      codeId: 'emotion-anger',
      startSecs: 0.04,
      endSecs: 1.2,
      status: 'edited',
      orig: { segmentId: 'clip-7', tier: 'face 0/face', label: 'fear', startSecs: 0, endSecs: 1.24 },
      confidence: 0.75,
      comment: 'sure, "almost"',
    })
    expect(items.get('b')).toMatchObject({ timesSecs: [0, 0.04, 0.08], values: [0, -0.25, 0.5] })
    expect(document?.clockOf('a')).toEqual({ '0123456789abcdef': 1 })
    expect(document?.tombstones).toEqual([{ id: 'gone', clock: { '0123456789abcdef': 2 } }])
  })

  it('have a step for every version before the current', () => {
    for (let version = 1; version < ITEM_VERSIONS.current; version++)
      expect(ITEM_VERSIONS.steps[version], `step from version ${version}`).toBeTypeOf('function')
  })
})

/** As if comments were called notes in version 1, and gone were the times of comments in version 2. */
const LATER: ItemVersions = {
  current: 3,
  steps: {
    1: (item) => (item['kind'] === 'comment' ? { ...item, text: `note: ${String(item['text'])}` } : item),
    2: ({ ...item }) =>
      item['kind'] === 'segment' ? { ...item, comment: `${String(item['comment'])}!` } : item,
  },
}

describe('files of an older version in a newer program', () => {
  it('are brought up step by step, snapshot and journal alike', async () => {
    const folder = await fixture()
    const line = {
      put: { id: 'j', kind: 'comment', observerId: 'ann', editedAt: '', atSecs: 1, text: 'late' },
      clock: { x: 1 },
    }
    const journal = await textOf(journalPath(folder, 'clip'))
    const edit = { formatVersion: 1, seq: 4, at: '', observerId: 'ann', title: '', changes: [line] }
    await writeFile(journalPath(folder, 'clip'), `${journal}${JSON.stringify(edit)}\n`)
    const { document, notices } = await readClip(folder, 'clip', LATER)
    expect(notices).toEqual([])
    const textOfItem = (id: string) => {
      const item: AnnotationItem | undefined = document.item(id)
      return item?.kind === 'comment' ? item.text : item?.kind === 'segment' ? item.comment : null
    }
    expect([textOfItem('a'), textOfItem('e'), textOfItem('j')]).toEqual([
      'sure, "almost"!',
      'note: ä\nb',
      'note: late',
    ])
  })

  it('are brought up entry by entry where they are damaged', async () => {
    const folder = await fixture()
    const text = await textOf(snapshotPath(folder, 'clip'))
    await writeFile(snapshotPath(folder, 'clip'), text.slice(0, text.indexOf('"id":"f"')))
    const { document } = await readClip(folder, 'clip', LATER)
    expect(document.item('e')).toMatchObject({ text: 'note: ä\nb' })
  })

  it('are brought up as a study too', async () => {
    const folder = await fixture()
    const versions: Versions = {
      what: 'study',
      current: 2,
      steps: {
        1: ({ observers, ...rest }) => ({
          ...rest,
          observers: [...(observers as object[]), { id: 'new', name: 'New', isBlind: true }],
        }),
      },
    }
    const { study, notices } = await readStudy(folder, () => Promise.resolve([]), versions)
    expect(notices).toEqual([])
    expect(study.observers.map(({ id }) => id)).toEqual(['ann', 'new'])
  })

  it('are refused where a step is missing, rather than read as if it were not', () => {
    expect(() => migrate({ formatVersion: 1 }, { what: 'study', current: 3, steps: {} }, '')).toThrow(
      'no step from version 1',
    )
  })
})

describe('files of a newer version', () => {
  it.each([
    ['snapshot', snapshotPath],
    ['journal', journalPath],
  ])('are not touched: %s', async (_, pathOf) => {
    const folder = await fixture()
    const path = pathOf(folder, 'clip')
    await writeFile(path, (await textOf(path)).replaceAll('"formatVersion":1', '"formatVersion":99'))
    const before = await contentsOf(folder)
    const opening = ClipStore.open({ folder, clipId: 'clip', replicaId: 'here' })
    await expect(opening).rejects.toBeInstanceOf(NewerVersionError)
    await expect(opening).rejects.toThrow('update Unmask to open it')
    expect(await contentsOf(folder)).toEqual(before)
  })
})

async function contentsOf(folder: string): Promise<[string, string][]> {
  const names = (await readdir(folder)).sort()
  return Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')]))
}
