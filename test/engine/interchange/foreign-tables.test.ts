import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { TableRecipe } from '../../../preload/contract/foreign-tracks'
import { previewTable } from '../../../main/engine/interchange/foreign/preview-table'
import { readTable } from '../../../main/engine/interchange/foreign/read-table'
import { TrackStore } from '../../../main/engine/interchange/foreign/track-store'

const folder = mkdtempSync(join(tmpdir(), 'unmask-tables-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const fixture = (name: string): string => join(__dirname, 'fixtures', name)

async function load(path: string, change: Partial<TableRecipe> = {}, fps: number | null = null) {
  const preview = await previewTable(path, { recipe: null, fps })
  const table = await readTable(path, { ...preview.recipe, ...change })
  const width = table.columns.length
  const cell = (row: number, name: string): number | string => {
    const column = table.columns.findIndex((one) => one.name === name)
    const at = row * width + column
    const value = table.values[at] ?? Number.NaN
    return Number.isNaN(value) ? (table.reasonWords[(table.reasons[at] ?? 0) - 1] ?? '?') : value
  }
  return { preview, table, cell }
}

describe('FaceReader', () => {
  it('is known by its detailed log, with decimal commas and a clock', async () => {
    const { preview, table, cell } = await load(fixture('facereader.txt'))
    expect(preview.recipe).toMatchObject({
      tool: 'facereader',
      headerLine: 9,
      separator: '\t',
      decimal: ',',
      timeUnit: 'clock',
      framesPerSec: 25,
    })
    expect([...table.timesSecs]).toEqual(
      [0, 0.04, 0.08, 0.12, 60.16].map((secs) => expect.closeTo(secs, 9) as number),
    )
    expect(table.columns.map(({ name, emotion }) => [name, emotion])).toEqual([
      ['Neutral', 'neutral'],
      ['Happy', 'happiness'],
      ['Sad', 'sadness'],
      ['Angry', 'anger'],
      ['Surprised', 'surprise'],
      ['Scared', 'fear'],
      ['Disgusted', 'disgust'],
      ['Contempt', 'contempt'],
      ['Valence', null],
      ['Arousal', null],
    ])
    expect(cell(0, 'Neutral')).toBeCloseTo(0.1337518, 6)
    expect(cell(0, 'Sad')).toBeCloseTo(0.04702988, 7)
    expect(table.groups.map(({ kind, low, high }) => [kind, low, high])).toEqual([
      ['emotions', 0, 1],
      ['affect', -1, 1],
    ])
  })

  it('keeps the words of failure as reasons, never as 0', async () => {
    const { cell } = await load(fixture('facereader.txt'))
    expect(cell(2, 'Happy')).toBe('FIT_FAILED')
    expect(cell(3, 'Valence')).toBe('FIND_FAILED')
    expect(cell(4, 'Happy')).toBe(0)
  })

  it('reads intensities that are letters where they are wanted', async () => {
    const { cell } = await load(fixture('facereader.txt'), { columns: [11, 12] })
    const name = 'Action Unit 12 - Lip Corner Puller'
    expect([0, 1, 2, 4].map((row) => cell(row, name))).toEqual([0, 3, 'FIT_FAILED', 5])
    expect(cell(0, 'Mouth')).toBe('Closed')
  })

  it('places rows by their rate where the clock is too coarse to tell them apart', async () => {
    const path = join(folder, 'coarse.txt')
    const rows = Array.from(
      { length: 60 },
      (_, row) => `00:0${Math.floor(row / 30)}.${Math.floor((row % 30) / 3)}\t0.${row + 10}\t0.1`,
    )
    // Old Macs and some exports end lines with CR alone.
    writeFileSync(
      path,
      ['Video analysis detailed log', 'Frame rate:\t30', 'Video Time\tHappy\tSad', ...rows].join('\r'),
    )
    const { table } = await load(path)
    expect(table.rowCount).toBe(60)
    expect(table.timesSecs[31]).toBeCloseTo(31 / 30, 9)
    expect(table.notices[0]).toMatch(/coarser than the rows.*30 to the second/)
  })
})

describe('OpenFace', () => {
  it('is known by its columns; rows without success are absent, other faces are told', async () => {
    const { preview, table, cell } = await load(fixture('openface.csv'))
    expect(preview.recipe).toMatchObject({
      tool: 'openface',
      timeUnit: 's',
      timeColumn: 2,
      validColumn: 4,
      faceColumn: 1,
      face: '0',
    })
    expect(preview.faces).toEqual(['0', '1'])
    expect([...table.timesSecs]).toEqual([0, 0.033, 0.067, 0.1])
    expect([0, 1, 2, 3].map((row) => cell(row, 'AU12_r'))).toEqual([
      expect.closeTo(2.31, 6),
      5,
      'success = 0',
      expect.closeTo(0.1, 6),
    ])
    expect(table.groups).toMatchObject([{ kind: 'actionUnits', low: 0, high: 5 }])
    expect(table.notices).toEqual(['1 row counts as absent: success = 0', '1 row belongs to other faces (1)'])
  })

  it('gives the other face where it is chosen', async () => {
    const { table, cell } = await load(fixture('openface.csv'), { face: '1' })
    expect(table.rowCount).toBe(1)
    expect(cell(0, 'AU01_r')).toBeCloseTo(1.11, 6)
  })
})

describe('Py-Feat', () => {
  it('counts frames at the rate of the clip, and NaN is a gap', async () => {
    const { preview, table, cell } = await load(fixture('pyfeat.csv'), {}, 50)
    expect(preview.recipe).toMatchObject({ tool: 'py-feat', timeUnit: 'frames', framesPerSec: 50 })
    expect([...table.timesSecs]).toEqual([0, 0.1, 0.2])
    expect(table.columns.map(({ emotion }) => emotion)).toEqual([
      'anger',
      'disgust',
      'fear',
      'happiness',
      'sadness',
      'surprise',
      'neutral',
    ])
    expect(cell(1, 'happiness')).toBeCloseTo(0.9, 6)
    expect(cell(2, 'happiness')).toBe('NaN')
  })
})

describe('iMotions', () => {
  it('is found behind its preamble; values run to 100', async () => {
    const { preview, table, cell } = await load(fixture('imotions.csv'))
    expect(preview.recipe).toMatchObject({ tool: 'imotions', headerLine: 6, timeUnit: 'ms' })
    expect([...table.timesSecs]).toEqual([0.033, 0.04, 0.073])
    expect(cell(0, 'Joy')).toBe('empty')
    expect(cell(1, 'Joy')).toBe(99.5)
    expect(table.columns.find(({ name }) => name === 'Joy')?.emotion).toBe('happiness')
    expect(table.groups[0]).toMatchObject({ kind: 'emotions', low: 0, high: 100 })
  })
})

describe('any table', () => {
  it('is guessed as far as it goes: separator, decimal comma, time, numbers', async () => {
    const { preview, table, cell } = await load(fixture('skin.csv'))
    expect(preview.recipe).toMatchObject({
      tool: 'table',
      headerLine: 1,
      separator: ';',
      decimal: ',',
      timeColumn: 0,
      timeUnit: 's',
    })
    expect(preview.columnNames).toEqual(['Zeit (s)', 'Leitfähigkeit', 'Marke'])
    expect(table.columns.map(({ name }) => name)).toEqual(['Leitfähigkeit'])
    expect([...table.timesSecs]).toEqual([0.5, 1, 1.5, 2])
    expect([0, 2].map((row) => cell(row, 'Leitfähigkeit'))).toEqual([3.25, 'n/a'])
    expect(table.groups).toEqual([{ id: 'column-0', kind: 'other', columns: [0], low: 3, high: 5 }])
  })

  it('is read as the user says: unit, shift, columns', async () => {
    const { table, cell } = await load(fixture('skin.csv'), {
      timeUnit: 'ms',
      offsetSecs: 10,
      columns: [2, 1],
    })
    expect(table.timesSecs[0]).toBeCloseTo(10.0005, 9)
    expect(cell(0, 'Marke')).toBe('a')
  })

  it('without a readable time is refused', async () => {
    await expect(load(fixture('skin.csv'), { timeColumn: 2 })).rejects.toThrow(
      /none of its 4 rows has a time/,
    )
    await expect(load(fixture('skin.csv'), { columns: [] })).rejects.toThrow(/0 columns are chosen/)
    await expect(load(fixture('skin.csv'), { framesPerSec: 0 })).rejects.toThrow(/rate of 0/)
  })

  it('that is not sorted comes out by time, rows of one time once', async () => {
    const path = join(folder, 'unsorted.csv')
    writeFileSync(path, 'time,x\n2,20\n1,10\n2,99\nx,5\n3,30\n')
    const { table } = await load(path)
    expect([...table.timesSecs]).toEqual([1, 2, 3])
    expect([...table.values]).toEqual([10, 20, 30])
    expect(table.notices).toEqual([
      '1 row without a time left out',
      '1 row has the time of the row before; left out',
    ])
  })

  it('of a hundred thousand rows with many columns is read in seconds', async () => {
    const path = join(folder, 'long.csv')
    const names = Array.from({ length: 100 }, (_, index) => `c${index}`).join(',')
    const cells = Array.from({ length: 100 }, (_, index) => (index / 7).toFixed(4)).join(',')
    writeFileSync(
      path,
      `time,${names}\n${Array.from({ length: 100_000 }, (_, row) => `${(row / 30).toFixed(4)},${cells}`).join('\n')}\n`,
    )
    const before = performance.now()
    const { table } = await load(path)
    expect(table.rowCount).toBe(100_000)
    expect(table.values[5]).toBeCloseTo(5 / 7, 3)
    expect(performance.now() - before).toBeLessThan(30_000)
  })
})

describe('tracks of a project', () => {
  it('come back as they were kept, can be hidden and removed', async () => {
    const store = new TrackStore(join(folder, 'annotations'), 'clip 1')
    const table = await readTable(
      fixture('facereader.txt'),
      (await load(fixture('facereader.txt'))).preview.recipe,
    )
    const facts = await store.add(table, {
      title: 'FR',
      tool: 'facereader',
      fileName: 'facereader.txt',
      importedAt: '2026-01-01T00:00:00Z',
    })
    expect(await store.list()).toEqual([facts])
    const opened = await store.open(facts.id)
    expect(opened.timesSecs).toEqual(table.timesSecs)
    expect(opened.values).toEqual(table.values)
    expect(opened.reasons).toEqual(table.reasons)
    expect(opened.reasonWords).toEqual(['FIT_FAILED', 'FIND_FAILED'])
    await store.show(facts.id, false)
    expect((await store.list())[0]?.isShown).toBe(false)
    await store.remove(facts.id)
    expect(await store.list()).toEqual([])
    await expect(store.open(facts.id)).rejects.toThrow(/import it again/)
    await expect(store.open('../../x')).rejects.toThrow(/no id/)
  })

  it('with damaged numbers are refused', async () => {
    const store = new TrackStore(join(folder, 'annotations'), 'clip 2')
    const { recipe } = (await load(fixture('skin.csv'))).preview
    const facts = await store.add(await readTable(fixture('skin.csv'), recipe), {
      title: 'x',
      tool: 'table',
      fileName: 'x',
      importedAt: '',
    })
    writeFileSync(join(folder, 'annotations', 'imported', 'clip 2', `${facts.id}.bin`), 'short')
    await expect(store.open(facts.id)).rejects.toThrow(/damaged/)
  })
})
