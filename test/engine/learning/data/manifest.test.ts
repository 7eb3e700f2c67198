import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { labelOf } from '../../../../main/engine/learning/data/labels'
import { readManifest } from '../../../../main/engine/learning/data/manifest'
import { listVoiceData, openFaceData } from '../../../../main/engine/learning/data/open-data'
import type { DataProblem } from '../../../../main/engine/learning/data/problems'
import { tempFolder } from '../../../support/temp-folder'

async function manifestOf(text: string, files: readonly string[]): Promise<string> {
  const folder = await tempFolder()
  await mkdir(join(folder, 'sub'), { recursive: true })
  for (const name of files) await writeFile(join(folder, name), 'x')
  await writeFile(join(folder, 'list.csv'), text)
  return join(folder, 'list.csv')
}

describe('readManifest', () => {
  it('reads quotes, CRLF, a byte order mark, unicode and paths from its own folder', async () => {
    const path = await manifestOf(
      '\uFEFFpath,label,speaker,split,note\r\n"a, b.wav",Happy,Zoë,train,"said ""hi"""\r\nsub\\ü.wav,SAD,2,test,\r\n',
      ['a, b.wav', join('sub', 'ü.wav')],
    )
    const { rows, hasSpeakers } = await readManifest(path)
    expect(hasSpeakers).toBe(true)
    expect(rows).toMatchObject([
      { line: 2, id: 'a, b.wav', label: 'happiness', speaker: 'Zoë', split: 'train' },
      { line: 3, id: 'sub\\ü.wav', label: 'sadness', speaker: '2', split: 'test' },
    ])
    expect(rows[1]!.path).toBe(join(path, '..', 'sub', 'ü.wav'))
  })

  it('needs only path and label', async () => {
    const path = await manifestOf('label,path\ncalm,a.wav\n', ['a.wav'])
    expect(await listVoiceData(path)).toEqual([
      { path: join(path, '..', 'a.wav'), id: 'a.wav', label: 'calm', speaker: '', split: null },
    ])
  })

  it.each([
    ['an unknown label', 'b.wav,bored', /line 3: the label is "bored"; known are neutral/],
    ['an empty label', 'b.wav,', /line 3: the label is ""/],
    ['an empty path', ',happy', /line 3: the path is empty/],
    ['a missing file', 'c.wav,happy', /line 3: "c.wav" is not there/],
    ['a folder', 'sub,happy', /line 3: "sub" is no file/],
    ['a file listed twice', './a.wav,happy', /line 3: ".\/a.wav" stands in line 2 already/],
  ])('refuses %s, or leaves the row out where problems are collected', async (_, row, message) => {
    const path = await manifestOf(`path,label\na.wav,happy\n${row}\nb.wav,sad\n`, ['a.wav', 'b.wav'])
    await expect(readManifest(path)).rejects.toMatchObject({
      code: 'data.invalid',
      message: expect.stringMatching(message),
    })
    const problems: DataProblem[] = []
    const { rows } = await readManifest(path, { onProblem: (problem) => problems.push(problem) })
    expect(problems).toMatchObject([{ path, line: 3 }])
    expect(rows.map(({ id }) => id)).toEqual(['a.wav', 'b.wav'])
  })

  it('refuses missing columns and lists of nothing', async () => {
    await expect(readManifest(await manifestOf('file,label\na,b\n', []))).rejects.toThrow(/no column path/)
    await expect(readManifest(await manifestOf('path,label\n', []))).rejects.toThrow(/no row/)
  })

  it('tells pictures from recordings', async () => {
    const path = await manifestOf('path,label\na.wav,happy\nb.png,sad\n', ['a.wav', 'b.png'])
    await expect(listVoiceData(path)).rejects.toThrow(/line 3: "b.png" is a picture/)
    await expect(openFaceData(path)).rejects.toThrow(/line 2: "a.wav" is no picture/)
  })
})

describe('labelOf', () => {
  it.each([
    ['Angry', 'anger'],
    [' HAPPINESS ', 'happiness'],
    ['03_fearful', 'fear'],
    ['sur', 'surprise'],
    ['Contempt', 'contempt'],
    ['calm', 'calm'],
  ])('%s is %s', (name, label) => expect(labelOf(name)).toBe(label))
  it.each(['', '3', 'toString', 'angry people', 'constructor'])('%s is none', (name) =>
    expect(labelOf(name)).toBeNull(),
  )
})
