import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { numberCell, textCell } from '../../../main/engine/export/csv'
import { Random } from '../../../main/engine/learning/random'
import { ColumnBuffer, type ColumnSpec } from '../../../main/engine/results/column-buffer'
import { readColumns } from '../../../main/engine/results/csv-columns'
import { tempFolder } from '../../support/temp-folder'

const NUMBER = { type: 'number' } as const

async function tableFile(content: string | Uint8Array): Promise<string> {
  const path = join(await tempFolder(), 'clip.frames.csv')
  await writeFile(path, content)
  return path
}

function threeColumns() {
  const a = new ColumnBuffer(Float64Array, { absent: Number.NaN })
  const b = new ColumnBuffer(Int32Array, { absent: -1 })
  const c = new ColumnBuffer(Int8Array, { absent: -1 })
  const specs: ColumnSpec[] = [
    { name: 'a', kind: NUMBER, buffer: a, offset: 0, isRequired: true },
    { name: 'b', kind: NUMBER, buffer: b, offset: 0 },
    { name: 'c', kind: { type: 'category', names: ['low', 'high', 'größer'] }, buffer: c, offset: 0 },
  ]
  return { a, b, c, specs }
}

async function readThree(content: string | Uint8Array, chunkBytes?: number) {
  const { a, b, c, specs } = threeColumns()
  const { rowCount, missing } = await readColumns(await tableFile(content), specs, { chunkBytes })
  return { a: [...a.finish(rowCount)], b: [...b.finish(rowCount)], c: [...c.finish(rowCount)], missing }
}

describe('a table read into columns', () => {
  it.each([
    ['as it is written', 'x,a,b,c\n"t",1.5,2,high\nu,-0.25,,\n'],
    ['with CRLF', 'x,a,b,c\r\n"t",1.5,2,high\r\nu,-0.25,,\r\n'],
    ['with a byte order mark', '\uFEFFx,a,b,c\nt,1.5,2,high\nu,-0.25,,\n'],
    ['in another order', 'c,b,x,a\nhigh,2,t,1.5\n,,u,-0.25\n'],
    ['without a last line feed', 'x,a,b,c\nt,1.5,2,high\nu,-0.25,,'],
    ['with quotes around everything', '"x","a","b","c"\n"t","1.5","2","high"\n"u","-0.25","",""\n'],
    ['with commas, quotes and line ends in text', 'x,a,b,c\n"t, ""1""\n2,3",1.5,2,high\n"\r\n",-0.25,,\n'],
    ['with spaces around numbers', 'x,a,b,c\nt, 1.5 ,2 ,high\nu, -0.25,  ,\n'],
    ['with exponents and signs', 'x,a,b,c\nt,15e-1,+2,high\nu,-.25,,\n'],
    ['with blank lines', 'x,a,b,c\n\nt,1.5,2,high\n\r\nu,-0.25,,\n\n'],
  ])('is the same %s', async (_, text) => {
    for (const chunkBytes of [1, 2, 3, 5, 7, 16, 64, undefined])
      expect(await readThree(text, chunkBytes)).toEqual({
        a: [1.5, -0.25],
        b: [2, -1],
        c: [1, -1],
        missing: [],
      })
  })

  it('gives numbers as Number() does, whatever the writer writes', async () => {
    const random = new Random(11)
    const cells: string[] = []
    for (let n = 0; n < 20_000; n++) {
      const value = (random.next() - 0.5) * 10 ** Math.floor(9 * random.next() - 3)
      cells.push(numberCell(n % 50 === 0 ? Number.NaN : value, Math.floor(9 * random.next())))
    }
    // Also what other programs write.
    cells.push(
      '0.1234567890123456789',
      '123456789012345678',
      '1e308',
      '-1E-7',
      '4.9e-324',
      '.5',
      '5.',
      '-0',
      '007',
    )
    const buffer = new ColumnBuffer(Float64Array, { absent: Number.NaN })
    const single = new ColumnBuffer(Float32Array, { absent: Number.NaN })
    const text = `v,w\n${cells.map((cell) => `${cell},${cell}\n`).join('')}`
    const { rowCount } = await readColumns(
      await tableFile(text),
      [
        { name: 'v', kind: NUMBER, buffer, offset: 0 },
        { name: 'w', kind: NUMBER, buffer: single, offset: 0 },
      ],
      { chunkBytes: 4096 },
    )
    expect(rowCount).toBe(cells.length)
    cells.forEach((cell, row) => {
      const expected = cell === '' ? Number.NaN : Number(cell)
      if (!Object.is(buffer.values[row], expected))
        expect([cell, buffer.values[row]]).toEqual([cell, expected])
      if (!Object.is(single.values[row], Math.fround(expected)))
        expect([cell, single.values[row]]).toEqual([cell, expected])
    })
  })

  it('lets any text stand beside the numbers', async () => {
    const texts = ['', 'ñ, "so"', '=1+1', "'=x", '感情\n\r\n', '  spaced  ', '""', ',', '"', 'a\tb', '\uFEFF']
    const text = `x,a,b,c\n${texts.map((name, row) => `${textCell(name)},${row},${row},high\n`).join('')}`
    for (const chunkBytes of [3, 1 << 20]) {
      const { a, b } = await readThree(text, chunkBytes)
      expect(a).toEqual(texts.map((_, row) => row))
      expect(b).toEqual(a)
    }
  })

  it('places several columns in the rows of one buffer', async () => {
    const buffer = new ColumnBuffer(Float32Array, { stride: 3, absent: Number.NaN })
    const specs = ['p', 'q', 'r'].map((name, offset) => ({ name, kind: NUMBER, buffer, offset }))
    const { rowCount } = await readColumns(await tableFile('r,p\n3,1\n,4\n'), specs)
    expect([...buffer.finish(rowCount)]).toEqual([1, Number.NaN, 3, 4, Number.NaN, Number.NaN])
  })

  it('names the columns that an older table does not have', async () => {
    const { specs } = threeColumns()
    const { missing } = await readColumns(await tableFile('a\n1\n'), specs)
    expect(missing).toEqual(['b', 'c'])
  })

  it('with a header alone has no rows', async () => {
    expect(await readThree('a,b,c\n')).toEqual({ a: [], b: [], c: [], missing: [] })
    expect(await readThree('a,b,c')).toEqual({ a: [], b: [], c: [], missing: [] })
  })

  it('grows with the table, however many rows it has', async () => {
    const rows = 30_000
    const text = `a,b,c\n${Array.from({ length: rows }, (_, row) => `${row / 4},${row},low\n`).join('')}`
    const { a, b } = await readThree(text, 1000)
    expect(a.length).toBe(rows)
    expect(a.every((value, row) => value === row / 4)).toBe(true)
    expect(b.at(-1)).toBe(rows - 1)
  })
})

describe('a table that is not whole, or none of ours', () => {
  it.each([
    ['empty', '', /no header/],
    ['another table', 'frame;time\n1;2\n', /no column a/],
    [
      'a picture',
      Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]),
      /no column a/,
    ],
    ['a header without end', 'a'.repeat(100_000), /no header/],
    ['cut off within a row', 'a,b,c\n1,2,low\n3,4', /line 3 .* cut off/],
    ['cut off within a word', 'a,b,c\n1,2,low\n3,4,lo', /line 3 .*"lo" in c/],
    ['short of a cell', 'a,b,c\n1,2\n3,4,low\n', /line 2 .*only 2 of 3 cells/],
    ['with a cell too many', 'a,b,c\n1,2,low\n1,2,low,5\n', /line 3 .*more than 3 of 3 cells/],
    ['with a word for a number', 'a,b,c\nNaN,2,low\n', /line 2 .*"NaN" in a/],
    ['with infinity', 'a,b,c\nInfinity,2,low\n', /line 2 .*"Infinity" in a/],
    ['with decimal commas', 'a,b,c\n"1,5",2,low\n', /line 2 .*"1,5" in a/],
    ['with a fraction for a count', 'a,b,c\n1,2.5,low\n', /line 2 .*2.5 in b/],
    ['with a count out of range', 'a,b,c\n1,4294967296,low\n', /line 2 .*4294967296 in b/],
    ['with another category', 'a,b,c\n1,2,lower\n', /line 2 .*"lower" in c/],
    ['with text behind a quote', 'a,b,c\n"1"2,2,low\n', /line 2 .*behind a quote in a/],
    ['with an open quote', 'a,b,c\n"1,2,low\n3,4,low\n', /line 2 .*quote without an end/],
    ['with zero bytes', Uint8Array.from([...Buffer.from('a,b,c\n'), 0, 0, 0, 0, 10]), /line 2 /],
  ])('is refused: %s', async (_, content, message) => {
    const path = await tableFile(content)
    for (const chunkBytes of [2, undefined]) {
      const { specs } = threeColumns()
      const reading = readColumns(path, specs, { chunkBytes })
      await expect(reading).rejects.toMatchObject({ code: 'data.invalid' })
      await expect(reading).rejects.toThrow(message)
      // What to do, and the path last.
      await expect(reading).rejects.toThrow(/label the clip again/)
      await expect(reading).rejects.toThrow(new RegExp(`${path}$`))
    }
  })

  it('does not fill the memory with a line that never ends', async () => {
    const { specs } = threeColumns()
    const path = await tableFile(`a,b,c\n"${'x'.repeat(8 << 20)}`)
    await expect(readColumns(path, specs, { chunkBytes: 1 << 16 })).rejects.toThrow(/no end of line 2/)
  })

  it('is told apart from one that is not there or cannot be read', async () => {
    const { specs } = threeColumns()
    const folder = await tempFolder()
    await expect(readColumns(join(folder, 'none.csv'), specs)).rejects.toMatchObject({
      code: 'input.not-found',
    })
    await expect(readColumns(folder, specs)).rejects.toMatchObject({ code: 'input.unreadable' })
  })

  it('can be left in the middle', async () => {
    const { specs } = threeColumns()
    const controller = new AbortController()
    controller.abort()
    const path = await tableFile('a,b,c\n1,2,low\n')
    await expect(readColumns(path, specs, { signal: controller.signal })).rejects.toMatchObject({
      code: 'cancelled',
    })
  })
})
