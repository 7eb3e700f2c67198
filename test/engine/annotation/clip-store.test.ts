import { mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { readClip } from '../../../main/engine/annotation/clip-file'
import { AnnotationDocument } from '../../../main/engine/annotation/document'
import { parseJournal } from '../../../main/engine/annotation/journal-file'
import type { JournalFile } from '../../../main/engine/annotation/journal-writer'
import { journalPath, snapshotPath } from '../../../main/engine/annotation/paths'
import { sampleStudy } from '../../support/study'
import {
  annotationsFolder,
  bout,
  CLIP,
  idsOf,
  openStore,
  put,
  randomOf,
  remove,
  textOf,
} from './store-support'

const ann = { study: sampleStudy(), observerId: 'ann' }

/** A system error as Node makes them. */
const systemError = (code: string): Error => Object.assign(new Error(code), { code })

describe('ClipStore', () => {
  it('has an edit on the disk when it is acknowledged, and finds it again', async () => {
    const folder = await annotationsFolder()
    const store = await openStore(folder)
    await store.edit(put(bout(0), bout(1)), ann)
    await store.edit(remove('bout-0'), ann)
    const journal = (await textOf(journalPath(folder, CLIP))).trimEnd().split('\n')
    expect(journal.map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual([1, 2])
    const read = await readClip(folder, CLIP)
    expect(idsOf(read.document.items)).toEqual(['bout-1'])
    expect(read).toMatchObject({ seq: 2, notices: [], isStale: false })
    expect(read.document.tombstones).toEqual([{ id: 'bout-0', clock: { here: 2 } }])
  })

  it('writes everything to the snapshot when it is quiet, and begins the journal anew', async () => {
    const folder = await annotationsFolder()
    const store = await openStore(folder, { quietMs: 20 })
    await store.edit(put(bout(0)), ann)
    await vi.waitFor(async () => expect((await stat(journalPath(folder, CLIP))).size).toBe(0))
    expect(await textOf(snapshotPath(folder, CLIP))).toContain('bout-0')
    await store.edit(put(bout(1)), ann)
    const read = await readClip(folder, CLIP)
    expect(idsOf(read.document.items)).toEqual(['bout-0', 'bout-1'])
    expect(read.seq).toBe(2)
  })

  it('does not let the journal grow without end', async () => {
    const folder = await annotationsFolder()
    const store = await openStore(folder, { mostLines: 3 })
    for (let at = 0; at < 7; at++) await store.edit(put(bout(at)), ann)
    await store.flush()
    await store.edit(put(bout(7)), ann)
    expect((await textOf(journalPath(folder, CLIP))).trimEnd().split('\n')).toHaveLength(1)
    expect((await readClip(folder, CLIP)).document.items).toHaveLength(8)
  })

  it('lets edits that come together share a write', async () => {
    const folder = await annotationsFolder()
    let syncs = 0
    const store = await openStore(folder, {
      openJournal: async (path) =>
        journalFile(await open(path, 'r+'), {
          datasync: async (file) => {
            syncs++
            await file.datasync()
          },
        }),
    })
    await Promise.all(Array.from({ length: 50 }, (_, at) => store.edit(put(bout(at)), ann)))
    expect(syncs).toBeLessThan(5)
    expect((await readClip(folder, CLIP)).document.items).toHaveLength(50)
  })

  it('reads what was replayed over an older snapshot the same way twice', async () => {
    const folder = await annotationsFolder()
    const store = await openStore(folder)
    await store.edit(put(bout(0), bout(1)), ann)
    await store.edit(remove('bout-1'), ann)
    // As after a kill between the snapshot and the cut of the journal.
    const journal = await textOf(journalPath(folder, CLIP))
    await store.flush()
    await writeFile(journalPath(folder, CLIP), journal)
    const read = await readClip(folder, CLIP)
    expect(idsOf(read.document.items)).toEqual(['bout-0'])
    expect(read.seq).toBe(2)
  })
})

describe('ClipStore on a disk that fails', () => {
  it('takes back what cannot be written, and takes it again when there is room', async () => {
    const folder = await annotationsFolder()
    let isFull = false
    const store = await openStore(folder, {
      openJournal: async (path) =>
        journalFile(await open(path, 'r+'), {
          write: async (file, buffer, offset, length, position) => {
            if (!isFull) return file.write(buffer, offset, length, position)
            // Part of it still fits, as on a real disk.
            if (length > 20) return file.write(buffer, offset, 20, position)
            throw systemError('ENOSPC')
          },
        }),
    })
    await store.edit(put(bout(0)), ann)
    isFull = true
    const failing = [store.edit(put(bout(1)), ann), store.edit(put(bout(2)), ann)]
    // The second is made upon the first, and goes with it.
    for (const result of await Promise.allSettled(failing))
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'output.disk-full' } })
    expect(idsOf(store.items)).toEqual(['bout-0'])
    expect(store.seq).toBe(1)
    expect((await readClip(folder, CLIP)).document.items).toHaveLength(1)
    isFull = false
    await store.edit(put(bout(1)), ann)
    await store.edit(put(bout(2)), ann)
    const read = await readClip(folder, CLIP)
    expect(idsOf(read.document.items)).toEqual(['bout-0', 'bout-1', 'bout-2'])
    expect(read.notices).toEqual([])
  })

  it('restores items and tombstones that a failed edit had replaced', async () => {
    const folder = await annotationsFolder()
    let isReadOnly = false
    const store = await openStore(folder, {
      openJournal: async (path) =>
        journalFile(await open(path, 'r+'), {
          datasync: (file) => (isReadOnly ? Promise.reject(systemError('EROFS')) : file.datasync()),
        }),
    })
    await store.edit(put(bout(0), bout(1)), ann)
    await store.edit(remove('bout-1'), ann)
    isReadOnly = true
    const edit = {
      changes: [...put(bout(0, { comment: 'new' }), bout(1)).changes, { remove: 'bout-0' }],
      title: '',
    }
    await expect(store.edit(edit, ann)).rejects.toMatchObject({ code: 'output.unwritable' })
    expect(store.items).toEqual([bout(0)])
    expect(store.document.tombstones).toEqual([{ id: 'bout-1', clock: { here: 2 } }])
    expect(store.document.clockOf('bout-0')).toEqual({ here: 1 })
  })

  it('says that the folder was taken away, and writes all of it when it is back', async () => {
    const folder = await annotationsFolder()
    const store = await openStore(folder)
    await store.edit(put(bout(0)), ann)
    await rename(folder, `${folder}-moved`)
    await expect(store.edit(put(bout(1)), ann)).rejects.toMatchObject({
      code: 'output.unwritable',
      message: expect.stringContaining('deleted or moved') as string,
    })
    await store.edit(put(bout(1)), ann)
    expect(idsOf((await readClip(folder, CLIP)).document.items)).toEqual(['bout-0', 'bout-1'])
  })

  it('goes on when the snapshot cannot be written: the journal has everything', async () => {
    const folder = await annotationsFolder()
    const troubles: unknown[] = []
    const store = await openStore(folder, { mostLines: 2, onTrouble: (error) => troubles.push(error) })
    // Nothing can take the name of a folder.
    await mkdir(join(snapshotPath(folder, CLIP), 'in-the-way'), { recursive: true })
    for (let at = 0; at < 3; at++) await store.edit(put(bout(at)), ann)
    await vi.waitFor(() => expect(troubles.length).toBeGreaterThan(0))
    await rm(snapshotPath(folder, CLIP), { recursive: true })
    expect((await readClip(folder, CLIP)).document.items).toHaveLength(3)
    await store.flush()
    expect((await stat(journalPath(folder, CLIP))).size).toBe(0)
    expect((await readClip(folder, CLIP)).document.items).toHaveLength(3)
  })
})

describe('a kill at any moment', () => {
  it('leaves every acknowledged edit, whatever of the journal had reached the disk', async () => {
    const random = randomOf(7)
    const folder = await annotationsFolder()
    const store = await openStore(folder)
    const alive = new Set<number>()
    /** Journal length at which an edit was acknowledged, and the items then. */
    const acknowledged: { bytes: number; ids: string[] }[] = [{ bytes: 0, ids: [] }]
    for (let step = 0; step < 24; step++) {
      const at = random(12)
      if (alive.has(at) && random(2) === 0) {
        alive.delete(at)
        await store.edit(remove(`bout-${at}`), ann)
      } else {
        alive.add(at)
        await store.edit(put(bout(at, { comment: ['', 'ä🙂\u2028', '"\\\n'][random(3)] ?? '' })), ann)
      }
      const { size } = await stat(journalPath(folder, CLIP))
      acknowledged.push({ bytes: size, ids: idsOf(store.items) })
    }
    const whole = Buffer.from(await textOf(journalPath(folder, CLIP)), 'utf8')
    // A line that lacks only its end is whole, though it was not acknowledged.
    const isPrefix = (length: number, ids: string[]): void => {
      const last = acknowledged.filter(({ bytes }) => bytes <= length + 1).at(-1)
      const before = acknowledged.filter(({ bytes }) => bytes <= length).at(-1)
      expect([last?.ids, before?.ids], `${length} bytes`).toContainEqual(ids)
    }
    for (let length = 0; length <= whole.length; length++) {
      const document = new AnnotationDocument()
      const { lines } = parseJournal(whole.subarray(0, length).toString('utf8'), '')
      for (const { changes } of lines) document.apply(changes)
      isPrefix(length, idsOf(document.items))
    }
    // The same through real files, with an edit more, at some of them.
    const torn = await annotationsFolder()
    for (let length = 0; length <= whole.length; length += 53) {
      await rm(snapshotPath(torn, CLIP), { force: true })
      await writeFile(journalPath(torn, CLIP), whole.subarray(0, length))
      const reopened = await openStore(torn)
      expect(reopened.notices).toEqual([])
      isPrefix(length, idsOf(reopened.items))
      await reopened.edit(put(bout(40)), ann)
      expect(idsOf((await readClip(torn, CLIP)).document.items)).toEqual(idsOf(reopened.items))
      await reopened.close()
    }
  })

  it('goes on after a torn line as if it had never been', async () => {
    const folder = await annotationsFolder()
    const first = await openStore(folder)
    await first.edit(put(bout(0)), ann)
    await first.edit(put(bout(1)), ann)
    const text = await textOf(journalPath(folder, CLIP))
    const copy = await annotationsFolder()
    await writeFile(journalPath(copy, CLIP), text.slice(0, -30))
    const second = await openStore(copy)
    expect(second.notices).toEqual([])
    await second.edit(put(bout(2)), ann)
    const read = await readClip(copy, CLIP)
    expect(idsOf(read.document.items)).toEqual(['bout-0', 'bout-2'])
    expect(read).toMatchObject({ notices: [], isStale: false })
  })

  it('reads a folder that another process writes to at the same time', async () => {
    const folder = await annotationsFolder()
    const store = await openStore(folder, { mostLines: 3 })
    let written = 0
    const writing = (async () => {
      for (let at = 0; at < 60; at++) {
        await store.edit(put(bout(at)), ann)
        written = at + 1
      }
    })()
    let isDone = false
    void writing.then(() => (isDone = true))
    while (!isDone) {
      const before = written
      const read = await readClip(folder, CLIP)
      expect(read.notices).toEqual([])
      expect(read.document.items.length).toBeGreaterThanOrEqual(before)
    }
    await writing
    expect((await readClip(folder, CLIP)).document.items).toHaveLength(60)
  })
})

type Faults = {
  write?: (
    file: JournalFile,
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ) => Promise<{ bytesWritten: number }>
  datasync?: (file: JournalFile) => Promise<void>
}

/** A file that fails as told. */
function journalFile(file: JournalFile, faults: Faults): JournalFile {
  const { write, datasync } = faults
  return {
    write: ((buffer: Uint8Array, offset: number, length: number, position: number) =>
      write
        ? write(file, buffer, offset, length, position)
        : file.write(buffer, offset, length, position)) as JournalFile['write'],
    datasync: () => (datasync ? datasync(file) : file.datasync()),
    truncate: (length) => file.truncate(length),
    stat: (() => file.stat()) as JournalFile['stat'],
    close: () => file.close(),
  }
}
