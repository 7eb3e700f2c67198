import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  AtomicFiles,
  outputError,
  TEMPORARY_SUFFIX,
  writeAtomic,
} from '../../../main/engine/export/atomic-file'
import { tempFolder } from '../../support/temp-folder'

const faulty = function* (): Generator<string> {
  yield 'x'.repeat(200_000)
  throw new TypeError('broken source')
}

describe('atomic files', () => {
  it('writes text of any length and chunking, making the folder', async () => {
    const path = join(await tempFolder(), 'deep', 'er', 'file.csv')
    const chunks = Array.from({ length: 20_000 }, (_, index) => `${index},ñ😀\n`)
    await writeAtomic(path, chunks)
    expect(await readFile(path, 'utf8')).toBe(chunks.join(''))
    await writeAtomic(path, [])
    expect(await readFile(path, 'utf8')).toBe('')
  })

  it('shows no name before the commit', async () => {
    const folder = await tempFolder()
    const files = new AtomicFiles(folder)
    await files.write('a.csv', ['1'])
    await files.write('b.csv', ['2'])
    expect((await readdir(folder)).sort()).toEqual([`a.csv${TEMPORARY_SUFFIX}`, `b.csv${TEMPORARY_SUFFIX}`])
    expect(await files.commit()).toEqual(['a.csv', 'b.csv'])
    expect((await readdir(folder)).sort()).toEqual(['a.csv', 'b.csv'])
    await files.discard()
    expect((await readdir(folder)).sort()).toEqual(['a.csv', 'b.csv'])
  })

  it('keeps the old file and leaves nothing behind when the source fails', async () => {
    const folder = await tempFolder()
    await writeFile(join(folder, 'b.csv'), 'old')
    const files = new AtomicFiles(folder)
    await files.write('a.csv', ['1'])
    await expect(files.write('b.csv', faulty())).rejects.toMatchObject({ code: 'internal' })
    expect(await readdir(folder)).toEqual(['b.csv'])
    expect(await readFile(join(folder, 'b.csv'), 'utf8')).toBe('old')
  })

  it('overwrites what a killed run left', async () => {
    const folder = await tempFolder()
    await writeFile(join(folder, `a.csv${TEMPORARY_SUFFIX}`), 'half a li')
    await writeAtomic(join(folder, 'a.csv'), ['whole\n'])
    expect(await readdir(folder)).toEqual(['a.csv'])
    expect(await readFile(join(folder, 'a.csv'), 'utf8')).toBe('whole\n')
  })

  // The device that is always full stands for a full disk.
  it.runIf(existsSync('/dev/full'))('says that the disk is full', async () => {
    const folder = await tempFolder()
    await symlink('/dev/full', join(folder, `a.csv${TEMPORARY_SUFFIX}`))
    await expect(writeAtomic(join(folder, 'a.csv'), ['text'])).rejects.toMatchObject({
      code: 'output.disk-full',
    })
    expect(await readdir(folder)).toEqual([])
  })

  it('says that a folder cannot be written', async () => {
    const folder = await tempFolder()
    await writeFile(join(folder, 'file'), '')
    await expect(writeAtomic(join(folder, 'file', 'a.csv'), ['x'])).rejects.toMatchObject({
      code: 'output.unwritable',
    })
    await mkdir(join(folder, 'a.csv'))
    await writeFile(join(folder, 'a.csv', 'inside'), '')
    await expect(writeAtomic(join(folder, 'a.csv'), ['x'])).rejects.toMatchObject({
      code: 'output.unwritable',
    })
    expect((await readdir(folder)).sort()).toEqual(['a.csv', 'file'])
  })

  it.each([
    ['ENOSPC', 'output.disk-full'],
    ['EDQUOT', 'output.disk-full'],
    ['EACCES', 'output.unwritable'],
    ['EROFS', 'output.unwritable'],
    ['EPERM', 'output.unwritable'],
  ])('turns %s into %s', (systemCode, code) => {
    const cause = Object.assign(new Error('refused'), { code: systemCode })
    expect(outputError(cause, '/results/a.csv')).toMatchObject({ code, cause })
    expect(outputError(cause, '/results/a.csv').message).toContain('/results/a.csv')
  })
})
