import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findMedia } from '../../../main/engine/media/find-media'
import { tempFolder } from '../../support/temp-folder'

async function folderWith(...files: string[]): Promise<string> {
  const folder = await tempFolder()
  for (const file of files) {
    await mkdir(join(folder, file, '..'), { recursive: true })
    await writeFile(join(folder, file), 'x')
  }
  return folder
}

function below(folder: string, files: readonly string[]): string[] {
  return files.map((file) => relative(folder, file).replaceAll('\\', '/'))
}

describe('findMedia', () => {
  it('takes media files of a folder, sorted by code unit, without hidden ones', async () => {
    const folder = await folderWith(
      'b.mp4',
      'B.MOV',
      'a.wav',
      'ä.mkv',
      'notes.txt',
      'x.frames.csv',
      '.c.mp4',
      'sub/d.mp4',
    )
    const { files, problems } = await findMedia([folder], { recursive: false })
    expect(below(folder, files)).toEqual(['B.MOV', 'a.wav', 'b.mp4', 'ä.mkv'])
    expect(problems).toEqual([])
  })

  it('goes into folders when asked, not into hidden ones', async () => {
    const folder = await folderWith('z.mp4', 'sub/d.mp4', 'sub/deep/e.ogg', '.git/f.mp4')
    const { files } = await findMedia([folder], { recursive: true })
    expect(below(folder, files)).toEqual(['sub/d.mp4', 'sub/deep/e.ogg', 'z.mp4'])
  })

  it('takes a file named outright whatever it is called, and every file once', async () => {
    const folder = await folderWith('a.mp4', 'recording.bin', '.hidden')
    const named = ['recording.bin', '.hidden', 'a.mp4', 'a.mp4', './a.mp4'].map((name) => `${folder}/${name}`)
    const { files } = await findMedia([folder, ...named], { recursive: true })
    expect(below(folder, files)).toEqual(['.hidden', 'a.mp4', 'recording.bin'])
  })

  it('tells what is missing and goes on', async () => {
    const folder = await folderWith('a.mp4')
    const missing = join(folder, 'none.mp4')
    const { files, problems } = await findMedia([missing, folder], { recursive: false })
    expect(below(folder, files)).toEqual(['a.mp4'])
    expect(problems).toMatchObject([{ path: missing, fault: { code: 'input.not-found' } }])
    expect(problems[0]?.fault.message).toContain(missing)
  })

  it.runIf(process.platform === 'linux')('says why a name in an old encoding cannot be opened', async () => {
    const folder = await tempFolder()
    await writeFile(
      Buffer.concat([Buffer.from(`${folder}/M`), Buffer.of(0xfc), Buffer.from('ller.mp4')]),
      'x',
    )
    const { files, problems } = await findMedia([folder], { recursive: false })
    expect(files).toEqual([])
    expect(problems).toMatchObject([{ fault: { message: expect.stringContaining('UTF-8') } }])
  })

  it('gives nothing for an empty folder', async () => {
    expect(await findMedia([await tempFolder()], { recursive: true })).toEqual({ files: [], problems: [] })
  })

  it.skipIf(process.platform === 'win32')(
    'follows links, but not in circles, and tells of broken ones',
    async () => {
      const folder = await folderWith('real/a.mp4')
      await symlink(folder, join(folder, 'real', 'loop'))
      await symlink(join(folder, 'real', 'a.mp4'), join(folder, 'zlink.mp4'))
      await symlink(join(folder, 'gone.mp4'), join(folder, 'broken.mp4'))
      const { files, problems } = await findMedia([folder], { recursive: true })
      expect(below(folder, files)).toEqual(['real/a.mp4'])
      expect(problems).toMatchObject([
        { path: join(folder, 'broken.mp4'), fault: { code: 'input.not-found' } },
      ])
    },
  )

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'tells of folders that may not be read (not tried by root, who may read all, nor on Windows)',
    async () => {
      const folder = await folderWith('a.mp4', 'locked/b.mp4')
      await chmod(join(folder, 'locked'), 0)
      const { files, problems } = await findMedia([folder], { recursive: true })
      await chmod(join(folder, 'locked'), 0o700)
      expect(below(folder, files)).toEqual(['a.mp4'])
      expect(problems).toMatchObject([{ fault: { code: 'input.unreadable' } }])
    },
  )
})
