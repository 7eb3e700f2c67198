import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Journal, JOURNAL_FILE, readJournal } from '../../../main/engine/batch/journal'
import { tempFolder } from '../../support/temp-folder'
import { labelOptions } from './batch-support'

const source = { path: '/a/x.mp4', sizeBytes: 10, modifiedMs: 20 }
const batchEntry = {
  type: 'batch',
  appVersion: '1',
  backend: 'b',
  models: {},
  options: labelOptions(),
} as const

describe('the batch journal', () => {
  it('gives back what was appended, in order', async () => {
    const folder = await tempFolder()
    const journal = await Journal.open(folder)
    await Promise.all([
      journal.append(batchEntry),
      journal.append({ type: 'start', clipId: 'x', source }),
      journal.append({ type: 'done', clipId: 'x', source, files: ['x.meta.json'], warnings: [] }),
    ])
    await journal.close()
    const entries = await readJournal(folder)
    expect(entries?.map(({ type }) => type)).toEqual(['batch', 'start', 'done'])
    expect(entries?.[2]).toMatchObject({ clipId: 'x', source, files: ['x.meta.json'] })
  })

  it('says null where there is none', async () => {
    expect(await readJournal(await tempFolder())).toBeNull()
  })

  it('passes over the line that a killed run left half written, also after it was resumed', async () => {
    const folder = await tempFolder()
    let journal = await Journal.open(folder)
    await journal.append(batchEntry)
    await journal.close()
    await appendFile(join(folder, JOURNAL_FILE), '{"type":"start","clipId":"x","sou')
    expect(await readJournal(folder)).toHaveLength(1)
    journal = await Journal.open(folder)
    await journal.append(batchEntry)
    await journal.close()
    expect(await readJournal(folder)).toHaveLength(2)
  })

  it('refuses a journal that somebody edited, naming the line', async () => {
    const folder = await tempFolder()
    const journal = await Journal.open(folder)
    await journal.append(batchEntry)
    await journal.append({ type: 'start', clipId: 'x', source })
    await journal.close()
    const path = join(folder, JOURNAL_FILE)
    await writeFile(path, (await readFile(path, 'utf8')).replace('"batch"', '"salad"'))
    await expect(readJournal(folder)).rejects.toMatchObject({
      code: 'data.invalid',
      message: expect.stringContaining('line 1'),
    })
  })
})
