import { describe, expect, it } from 'vitest'
import {
  countCell,
  csvLine,
  numberCell,
  parseCsv,
  parseTextCell,
  textCell,
} from '../../../main/engine/export/csv'
import { seeded } from '../timeline/fixtures'

describe('cells', () => {
  it.each([
    [0, 6, '0.000000'],
    [-0, 6, '0.000000'],
    [-1e-9, 6, '0.000000'],
    [-1e-6, 6, '-0.000001'],
    [1 / 3, 6, '0.333333'],
    [1234567.5, 2, '1234567.50'],
    [Number.NaN, 6, ''],
    [Number.NEGATIVE_INFINITY, 3, ''],
    [null, 3, ''],
    [undefined, 3, ''],
  ])('the number %s with %d decimals is "%s"', (value, decimals, wanted) => {
    expect(numberCell(value, decimals)).toBe(wanted)
  })

  it('counts are empty where there is none', () => {
    expect([0, 7, -1, null, Number.NaN].map(countCell)).toEqual(['0', '7', '', '', ''])
  })

  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['two\nlines', '"two\nlines"'],
    [' edge', '" edge"'],
    ['=1+1', "'=1+1"],
    ['@anna', "'@anna"],
    ['-cmd', "'-cmd"],
    ['-3.5', '-3.5'],
    ['+4e3', '+4e3'],
    ['\tx', "'\tx"],
    ["'=x", "''=x"],
    ["'quoted'", "'quoted'"],
    ['ñandú (1)', 'ñandú (1)'],
    ['', ''],
  ])('the text %j is %j', (text, wanted) => {
    expect(textCell(text)).toBe(wanted)
  })
})

describe('reading', () => {
  it('gives back any text, through quotes and guards', () => {
    const random = seeded(1)
    const alphabet = ['=', '+', '-', '@', "'", '"', ',', '\n', '\r', '\t', ' ', 'a', '1', '.', 'ñ', '😀', ';']
    for (let round = 0; round < 2000; round++) {
      const cells = Array.from({ length: 3 }, () =>
        Array.from(
          { length: Math.floor(random() * 6) },
          () => alphabet[Math.floor(random() * alphabet.length)],
        ).join(''),
      )
      const lines = parseCsv(csvLine(cells.map(textCell)))
      expect(lines).toHaveLength(1)
      expect(lines[0]?.map(parseTextCell)).toEqual(cells)
    }
  })

  it('accepts CRLF, a byte order mark and a last line without an end', () => {
    expect(parseCsv('\uFEFFa,b\r\n1,"x\r\ny"\r\n2,')).toEqual([
      ['a', 'b'],
      ['1', 'x\r\ny'],
      ['2', ''],
    ])
    expect(parseCsv('')).toEqual([])
  })

  it('distinguishes texts that look alike once guarded', () => {
    const texts = ['=x', "'=x", "''=x", '-1', "'-1"]
    expect(new Set(texts.map(textCell)).size).toBe(texts.length)
  })
})
