import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeFolderWhole } from '../../../../main/engine/learning/training/whole-folder'
import { tempFolder } from '../../../support/temp-folder'

describe('a folder that is written whole', () => {
  it('takes the place of the files of the same name and leaves others', async () => {
    const folder = join(await tempFolder(), 'model')
    await mkdir(folder)
    for (const name of ['card.json', 'own-notes.txt']) await writeFile(join(folder, name), 'old')
    const result = await writeFolderWhole(folder, 'card.json', async (stage) => {
      for (const name of ['card.json', 'weights.bin']) await writeFile(join(stage, name), 'new')
      return 7
    })
    expect(result).toBe(7)
    expect((await readdir(folder)).sort()).toEqual(['card.json', 'own-notes.txt', 'weights.bin'])
    expect(await readFile(join(folder, 'card.json'), 'utf8')).toBe('new')
    expect(await readFile(join(folder, 'own-notes.txt'), 'utf8')).toBe('old')
  })

  it('stays as it was when writing fails, and nothing is left beside it', async () => {
    const parent = await tempFolder()
    const folder = join(parent, 'model')
    await mkdir(folder)
    await writeFile(join(folder, 'card.json'), 'old')
    const failing = writeFolderWhole(folder, 'card.json', async (stage) => {
      await writeFile(join(stage, 'card.json'), 'new')
      throw new Error('measured nonsense')
    })
    await expect(failing).rejects.toThrow('measured nonsense')
    expect(await readFile(join(folder, 'card.json'), 'utf8')).toBe('old')
    expect(await readdir(parent)).toEqual(['model'])
  })
})
