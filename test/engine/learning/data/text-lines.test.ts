import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readCsvTable } from '../../../../main/engine/learning/data/csv-table'
import { readLines } from '../../../../main/engine/learning/data/text-lines'
import { tempFolder } from '../../../support/temp-folder'

async function file(contents: string | Buffer): Promise<string> {
  const path = join(await tempFolder(), 'table.csv')
  await writeFile(path, contents)
  return path
}

async function linesOf(contents: string | Buffer): Promise<[number, string][]> {
  const lines: [number, string][] = []
  for await (const { number, bytes } of readLines(await file(contents)))
    lines.push([number, bytes.toString('utf8')])
  return lines
}

describe('readLines', () => {
  it.each([
    ['LF', 'a\nb\n'],
    ['CRLF', 'a\r\nb\r\n'],
    ['no last line end', 'a\nb'],
    ['a byte order mark', '\uFEFFa\nb\n'],
    ['gzip', gzipSync('a\nb\n')],
    ['gzip in two members', Buffer.concat([gzipSync('a\n'), gzipSync('b\n')])],
  ])('reads the same lines with %s', async (_, contents) => {
    expect(await linesOf(contents)).toEqual([
      [1, 'a'],
      [2, 'b'],
    ])
  })

  it('puts lines together that lie across pieces of the stream', async () => {
    const long = Array.from({ length: 60 }, (_, row) => String(row % 10).repeat(10_007))
    for (const contents of [long.join('\n'), gzipSync(long.join('\n'))])
      expect((await linesOf(contents)).map(([, text]) => text)).toEqual(long)
  })

  it.each([
    ['an empty file', Buffer.alloc(0), 'input.empty', /0 bytes/],
    ['gzip of nothing', gzipSync(''), 'input.empty', /no text/],
    ['gzip cut off', gzipSync('a\n'.repeat(99_999)).subarray(0, 100), 'data.invalid', /ends in the middle/],
    [
      'gzip damaged',
      Buffer.concat([gzipSync('a\n').subarray(0, 10), Buffer.alloc(30, 0xa5)]),
      'data.invalid',
      /damaged/,
    ],
    ['a binary file', Buffer.from([1, 2, 0, 4, 10]), 'data.invalid', /no text table/],
    ['a binary file without line ends', Buffer.alloc(3 << 20, 0x41), 'data.invalid', /line 1.*no text table/],
    ['UTF-16', Buffer.from('\uFEFFa,b\n', 'utf16le'), 'data.invalid', /UTF-8/],
  ])('refuses %s', async (_, contents, code, message) => {
    await expect(linesOf(contents)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  })

  it('says when there is no file', async () => {
    const path = join(await tempFolder(), 'none.csv')
    await expect(readLines(path).next()).rejects.toMatchObject({ code: 'input.not-found' })
  })
})

describe('readCsvTable', () => {
  it('reads quotes, doubled quotes, commas and line ends inside them, and knows each row by its first line', async () => {
    const path = await file('\uFEFFa, b\r\n"1,""x""",é\r\n\r\n"two\nlines",3\r\n')
    expect(await readCsvTable(path)).toEqual({
      header: ['a', 'b'],
      rows: [
        { line: 2, cells: ['1,"x"', 'é'] },
        { line: 4, cells: ['two\nlines', '3'] },
      ],
    })
  })

  it.each([
    ['a row too short', 'a,b\n1,2\n3\n', /line 3: 1 cells, but the header has 2/],
    ['a row too long', 'a,b\n1,2,3\n', /line 2: 3 cells/],
    ['an open quote', 'a,b\n1,2\n"3,4\n5,6\n', /line 3: a quote is opened/],
    ['text behind a quote', 'a,b\n"1"2,3\n', /line 2: text follows/],
    ['a quote inside text', 'a,b\n1"2",3\n', /line 2: a quote stands inside/],
    ['a column twice', 'a,A\n1,2\n', /line 1: the column "A" stands there twice/],
    ['Latin-1', Buffer.from('a,b\n\xe9,2\n', 'latin1'), /line 2: it is not UTF-8/],
    ['only empty lines', '\n\n', /no header/],
  ])('refuses %s with its line', async (_, contents, message) => {
    await expect(readCsvTable(await file(contents))).rejects.toMatchObject({
      code: 'data.invalid',
      message: expect.stringMatching(message),
    })
  })
})
