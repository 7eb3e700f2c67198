import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { EMOTIONS } from '../../../../main/engine/emotions'
import { facesOfSplit } from '../../../../main/engine/learning/data/face-set'
import { readFer2013 } from '../../../../main/engine/learning/data/fer2013'
import { readFer2013Csv } from '../../../../main/engine/learning/data/fer2013-csv'
import { openFaceData } from '../../../../main/engine/learning/data/open-data'
import type { DataProblem } from '../../../../main/engine/learning/data/problems'
import { leadingVotes, votesToShares } from '../../../../main/engine/learning/data/votes'
import { sharedData } from '../../../support/shared-data'
import { tempFolder } from '../../../support/temp-folder'

const PIXELS = 48 * 48

/** A picture whose pixels tell the row and the place. */
const picture = (row: number): number[] => Array.from({ length: PIXELS }, (_, i) => (row * 7 + i) % 256)
const pixelText = (row: number): string => picture(row).join(' ')
const HEADER = 'emotion,pixels,Usage'
const VOTES_HEADER =
  'Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF'

async function folderWith(files: Record<string, string | Buffer>): Promise<string> {
  const folder = await tempFolder()
  for (const [name, contents] of Object.entries(files)) await writeFile(join(folder, name), contents)
  return folder
}

async function csv(contents: string | Buffer): Promise<string> {
  return join(await folderWith({ 'fer.csv': contents }), 'fer.csv')
}

describe('readFer2013Csv', () => {
  const rows = ['Training', 'Training', 'PublicTest', 'PrivateTest', 'Training', 'Training', 'Training']
  const plain = [HEADER, ...rows.map((usage, row) => `${row},${pixelText(row)},${usage}`)].join('\n')

  it.each([
    ['plain', plain],
    ['gzip', gzipSync(plain)],
    ['CRLF, a byte order mark and a last line end', `\uFEFF${plain.replaceAll('\n', '\r\n')}\r\n`],
    ['quotes', [HEADER, ...rows.map((usage, row) => `"${row}","${pixelText(row)}","${usage}"`)].join('\n')],
    [
      'columns in another order, with spaces',
      ['emotion, Usage, pixels', ...rows.map((usage, row) => `${row}, ${usage}, ${pixelText(row)} `)].join(
        '\n',
      ),
    ],
  ])('reads %s', async (_, contents) => {
    const { set, usages } = await readFer2013Csv(await csv(contents))
    expect(set).toMatchObject({ count: 7, sidePx: 48, votes: null, refusals: null, speakers: null })
    expect(usages).toEqual(rows)
    expect(set.splits).toEqual(rows)
    expect(set.ids).toEqual(rows.map((_usage, row) => `fer2013:${row}`))
    // FER2013's order, as published with it
    const names = Array.from(set.labels, (label) => EMOTIONS[label])
    expect(names).toEqual(['anger', 'disgust', 'fear', 'happiness', 'sadness', 'surprise', 'neutral'])
    expect(Array.from(set.pixels)).toEqual(rows.flatMap((_usage, row) => picture(row)))
  })

  it('keeps only the parts asked for, under the rows of the whole file', async () => {
    const { set } = await readFer2013Csv(await csv(plain), { splits: ['PublicTest', 'PrivateTest'] })
    expect(set.ids).toEqual(['fer2013:2', 'fer2013:3'])
    expect(Array.from(set.pixels.subarray(PIXELS))).toEqual(picture(3))
    expect(facesOfSplit(set, 'PrivateTest').ids).toEqual(['fer2013:3'])
  })

  it('reads a file without parts', async () => {
    const { set } = await readFer2013Csv(await csv(`emotion,pixels\n3,${pixelText(0)}\n`))
    expect(set.splits).toEqual([''])
  })

  it.each([
    ['an unknown label', `7,${pixelText(0)},Training`, /line 3: the emotion is "7"/],
    ['a label in words', `happy,${pixelText(0)},Training`, /line 3: the emotion is "happy"/],
    ['an empty label', `,${pixelText(0)},Training`, /line 3: the emotion is ""/],
    [
      'a missing pixel',
      `0,${picture(0).slice(1).join(' ')},Training`,
      /line 3: 2303 pixels; a picture has 2304/,
    ],
    ['a pixel too many', `0,${pixelText(0)} 1,Training`, /line 3: 2305 pixels/],
    ['no pixels', '0,,Training', /line 3: 0 pixels/],
    [
      'a pixel above 255',
      `0,${['256', ...picture(0).slice(1)].join(' ')},Training`,
      /line 3: pixel 1 is "256"/,
    ],
    [
      'a negative pixel',
      `0,${[9, '-1', ...picture(0).slice(2)].join(' ')},Training`,
      /line 3: pixel 2 is "-1"/,
    ],
    ['a decimal', `0,${['1.5', ...picture(0).slice(1)].join(' ')},Training`, /line 3: pixel 1 is "1.5"/],
    ['a word', `0,${['x', ...picture(0).slice(1)].join(' ')},Training`, /line 3: pixel 1 is "x"/],
    ['another Usage', `0,${pixelText(0)},training2`, /line 3: the Usage is "training2"/],
    ['a row cut off', `0,${pixelText(0)}`, /line 3: 2 cells, but the header has 3/],
  ])('refuses %s, or leaves the row out where problems are collected', async (_, row, message) => {
    const path = await csv(
      [HEADER, `0,${pixelText(0)},Training`, row, `1,${pixelText(2)},PublicTest`].join('\n'),
    )
    await expect(readFer2013Csv(path)).rejects.toMatchObject({
      code: 'data.invalid',
      message: expect.stringMatching(message),
    })
    await expect(readFer2013Csv(path)).rejects.toThrow(path)
    const problems: DataProblem[] = []
    const { set, usages } = await readFer2013Csv(path, { onProblem: (problem) => problems.push(problem) })
    expect(problems).toMatchObject([{ path, line: 3 }])
    expect(set.ids).toEqual(['fer2013:0', 'fer2013:2'])
    expect(Array.from(set.pixels.subarray(PIXELS))).toEqual(picture(2))
    expect(usages).toHaveLength(3)
  })

  it('refuses other headers and files without pictures', async () => {
    await expect(readFer2013Csv(await csv('a,b\n1,2\n'))).rejects.toThrow(/line 1: the header is "a,b"/)
    await expect(readFer2013Csv(await csv(`${HEADER}\n`))).rejects.toThrow(/no picture/)
  })
})

describe('FER+', () => {
  const images = [HEADER, `3,${pixelText(0)},Training`, `6,${pixelText(1)},PublicTest`].join('\n')
  const votes = [
    VOTES_HEADER,
    'Training,fer0000000.png,4,0,0,1,3,2,0,0,0,0',
    'PublicTest,fer0000001.png,0,5,1,0,0,0,1,2,1,7',
  ].join('\r\n')

  it('puts votes into the canonical order with contempt behind, unknown and no face apart', async () => {
    const folder = await folderWith({ 'fer2013.csv': images, 'fer2013new.csv': votes })
    const set = await openFaceData(folder)
    expect(Array.from(set.votes!)).toEqual([4, 0, 1, 3, 0, 2, 0, 0, 0, 5, 0, 0, 1, 0, 1, 2])
    expect(Array.from(set.refusals!)).toEqual([0, 0, 1, 7])
    const test = await openFaceData(folder, { splits: ['PublicTest'] })
    expect(Array.from(test.votes!)).toEqual([0, 5, 0, 0, 1, 0, 1, 2])
    expect(Array.from(test.refusals!)).toEqual([1, 7])
  })

  it.each([
    ['rows are missing', votes.split('\r\n').slice(0, 2).join('\n'), /1 rows of votes for 2 pictures/],
    [
      'rows are moved',
      [VOTES_HEADER, ...votes.split('\r\n').slice(1).reverse()].join('\n'),
      /line 2: Usage is PublicTest, but Training/,
    ],
    ['a vote is no number', votes.replace(',4,', ',four,'), /line 2: neutral has "four" votes/],
    ['a column is missing', votes.replace('contempt', 'pride'), /line 1: no column contempt/],
  ])('refuses votes where %s', async (_, text, message) => {
    const folder = await folderWith({ 'fer2013.csv': images, 'fer2013new.csv': text })
    await expect(
      readFer2013(join(folder, 'fer2013.csv'), join(folder, 'fer2013new.csv')),
    ).rejects.toMatchObject({ code: 'data.invalid', message: expect.stringMatching(message) })
  })

  it('makes shares of votes: single votes dropped, the rest sums to 1, nothing left is masked', () => {
    const shares = votesToShares(
      Float32Array.from([4, 0, 1, 3, 0, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 10]),
    )
    const expected = [4 / 9, 0, 0, 3 / 9, 0, 2 / 9, 0, 0, ...new Array(8).fill(0), ...new Array(7).fill(0), 1]
    expected.forEach((share, i) => expect(shares[i]).toBeCloseTo(share, 6))
  })

  it('knows the leading class of seven and of eight, and ties', () => {
    const some = Float32Array.from([0, 3, 0, 0, 0, 0, 0, 6, 2, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])
    expect(Array.from(leadingVotes(some))).toEqual([1, -1, -1])
    expect(Array.from(leadingVotes(some, 8))).toEqual([7, -1, -1])
  })
})

const fer = sharedData('fer2013')
describe.skipIf(fer === null)('FER2013 as shared (skipped where ../shared/data is absent)', () => {
  it('has the counts of its description', async () => {
    const set = await openFaceData(fer!)
    expect(set.count).toBe(32_140)
    expect(facesOfSplit(set, 'Training').count).toBe(28_561)
    expect(facesOfSplit(set, 'PublicTest').count).toBe(3_579)
    // Ten people voted on each picture.
    const row = 20_000
    const all = [
      ...set.votes!.subarray(row * 8, row * 8 + 8),
      ...set.refusals!.subarray(row * 2, row * 2 + 2),
    ]
    expect(all.reduce((a, b) => a + b, 0)).toBe(10)
  }, 120_000)
})
