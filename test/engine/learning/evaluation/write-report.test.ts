import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { collectReports } from '../../../../main/engine/learning/evaluation/collect-reports'
import { writeIndex } from '../../../../main/engine/learning/evaluation/write-index'
import { readReport, writeReport } from '../../../../main/engine/learning/evaluation/write-report'
import { parseCsv } from '../../../../main/engine/export/csv'
import { tempFolder } from '../../../support/temp-folder'
import { sampleReport } from './sample-reports'

const OPTIONS = { title: 'Voices <8>', command: 'unmask evaluate m --data d', commit: 'abc1234' }

const curves = [
  {
    name: 'Speech',
    rows: [1, 2, 3].map((epoch) => ({
      epoch,
      trainLoss: 2 / epoch,
      trainAccuracy: epoch === 1 ? Number.NaN : epoch / 4,
      validationLoss: null,
      validationAccuracy: null,
      learningRate: 0.1,
      secs: 1,
    })),
  },
]

const samples = [
  {
    id: 'fer2013:7',
    sidePx: 8,
    pixels: Uint8Array.from({ length: 64 }, (_, pixel) => 4 * pixel),
    label: 'fear',
    majority: 'surprise',
    predicted: 'surprise',
    probability: 0.71,
    isRight: true,
  },
]

/** Nothing that a browser would fetch or run. */
function expectSelfContained(html: string): void {
  expect(html).not.toMatch(/<script|<link|<iframe|<object|@import|javascript:/i)
  for (const [, address] of html.matchAll(/(?:src|href|url)\s*[=(]\s*["']?([^"')\s>]+)/g))
    expect(address).toMatch(/^(data:image\/png;base64,|#|[a-z0-9%-]+\/report\.html$)/i)
}

/** Every opened tag is closed, in order; void elements excepted. */
function expectBalanced(html: string): void {
  const open: string[] = []
  for (const [, slash, name = '', rest = ''] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)\b([^>]*)>/gi)) {
    if (['meta', 'br', 'img'].includes(name) || rest.endsWith('/')) continue
    if (slash) expect(open.pop()).toBe(name)
    else open.push(name)
  }
  expect(open).toEqual([])
}

describe('writeReport', () => {
  it('writes JSON that reads back with the figures, to six decimals', async () => {
    const folder = await tempFolder()
    const report = sampleReport()
    await writeReport(folder, [report], { ...OPTIONS, curves })
    const file = await readReport(join(folder, 'report.json'))
    expect(file.commit).toBe('abc1234')
    expect(file.reports[0]!.confusion).toEqual(report.confusion)
    expect(file.reports[0]!.uar.value).toBeCloseTo(report.uar.value, 6)
    expect(file.curves[0]!.rows[0]).toMatchObject({ trainLoss: 2, trainAccuracy: null })
  })

  it('writes one page that needs nothing else and shows what was measured', async () => {
    const folder = await tempFolder()
    const report = sampleReport({ notes: ['A note & more'] }, true)
    await writeReport(folder, [report], { ...OPTIONS, curves, samples })
    const html = await readFile(join(folder, 'report.html'), 'utf8')
    expectSelfContained(html)
    expectBalanced(html)
    expect(html).toContain('Voices &lt;8&gt;')
    expect(html).toContain('drawn &lt;items&gt;, seed 3')
    expect(html).toContain('A note &amp; more')
    expect(html).toContain(`${(100 * report.accuracy.value).toFixed(1)}% [`)
    expect(html).toContain('as seven')
    expect(html.match(/<svg/g)!.length).toBe(5) // two confusion matrices, two reliability plots, the curves
    expect(html).toContain('surprise 71%')
    expect((await stat(join(folder, 'report.html'))).size).toBeLessThan(300_000)
  })

  it('without samples says how to make them, and shows no picture', async () => {
    const folder = await tempFolder()
    await writeReport(folder, [sampleReport()], {
      ...OPTIONS,
      samples: [],
      samplesCommand: 'unmask evaluate m',
    })
    const html = await readFile(join(folder, 'report.html'), 'utf8')
    expect(html).toContain('unmask evaluate m')
    expect(html).not.toContain('<img')
  })

  it('says of a figure that flatters that it is not the product', async () => {
    const folder = await tempFolder()
    await writeReport(folder, [sampleReport({ isProductFigure: false })], OPTIONS)
    expect(await readFile(join(folder, 'report.html'), 'utf8')).toContain('not the product&apos;s figure')
  })

  it('writes tables that agree with the report', async () => {
    const folder = await tempFolder()
    const report = sampleReport({}, true)
    await writeReport(folder, [report], OPTIONS)
    const read = async (name: string) => parseCsv(await readFile(join(folder, name), 'utf8'))
    const [head, ...lines] = await read('metrics.csv')
    expect(lines.every((line) => line.length === head!.length)).toBe(true)
    const accuracy = lines.find((line) => line[1] === '8' && line[3] === 'accuracy')!
    expect(Number(accuracy[4])).toBeCloseTo(report.accuracy.value, 6)
    expect(Number(accuracy[5])).toBeCloseTo(report.accuracy.interval![0], 6)
    const confusion = (await read('confusion.csv')).slice(1)
    expect(confusion.length).toBe(64 + 49)
    const total = confusion.filter((line) => line[1] === '8').reduce((sum, line) => sum + Number(line[4]), 0)
    expect(total).toBe(report.count)
    const bins = (await read('reliability.csv')).slice(1).filter((line) => line[1] === 'equal_count')
    expect(bins.reduce((sum, line) => sum + Number(line[5]), 0)).toBe(report.count)
  })

  it('refuses two reports of one id, and leaves nothing', async () => {
    const folder = join(await tempFolder(), 'new')
    await expect(writeReport(folder, [sampleReport(), sampleReport()], OPTIONS)).rejects.toMatchObject({
      code: 'data.invalid',
    })
    await expect(stat(folder)).rejects.toThrow()
  })
})

describe('readReport', () => {
  it.each([
    ['what is not JSON', '{'],
    ['a report of another form', '{"formatVersion":2}'],
  ])('refuses %s', async (_, text) => {
    const path = join(await tempFolder(), 'report.json')
    await writeFile(path, text)
    await expect(readReport(path)).rejects.toMatchObject({ code: 'data.invalid' })
  })
})

describe('collectReports', () => {
  it('finds evaluations in reports, in summaries and alone', async () => {
    const folder = await tempFolder()
    await writeReport(folder, [sampleReport()], OPTIONS)
    await writeFile(
      join(folder, 'summary.json'),
      JSON.stringify({ seeds: [1], report: sampleReport({ id: 'b' }) }),
    )
    await writeFile(join(folder, 'one.json'), JSON.stringify(sampleReport({ id: 'c' })))
    const paths = ['report.json', 'summary.json', 'one.json'].map((name) => join(folder, name))
    expect((await collectReports(paths)).map(({ id }) => id)).toEqual(['sample', 'b', 'c'])
  })

  it('refuses a file without any, and says which', async () => {
    const path = join(await tempFolder(), 'x.json')
    await writeFile(path, '{"a":1}')
    await expect(collectReports([path])).rejects.toMatchObject({
      code: 'data.invalid',
      message: expect.stringContaining(path) as string,
    })
    await expect(collectReports([`${path}.gone`])).rejects.toMatchObject({ code: 'input.not-found' })
  })
})

describe('writeIndex', () => {
  it('puts the methods side by side in their order, and the rest below', async () => {
    const folder = await tempFolder()
    const write = (name: string, ...reports: ReturnType<typeof sampleReport>[]) =>
      writeReport(join(folder, name), reports, {
        ...OPTIONS,
        title: name,
        curves:
          name === 'face'
            ? []
            : curves.map(({ rows }) => ({ name: name === 'speech' ? 'Speech' : 'Video', rows })),
      })
    await write('fusion', sampleReport({ id: 'fused', name: 'Fused pairs', method: 'decision-fusion' }))
    await write('speech', sampleReport({ name: 'Speech folds' }, true))
    await write(
      'face',
      sampleReport({ id: 'f', name: 'Face votes', method: 'face-cnn' }),
      sampleReport({ id: 'g', name: 'Geometry', method: 'landmark-geometry' }),
      sampleReport({ id: 'r', name: 'Leaky', method: 'face-cnn', isProductFigure: false }),
    )
    const html = await readFile(await writeIndex(folder), 'utf8')
    expectSelfContained(html)
    expectBalanced(html)
    const place = (text: string) => html.lastIndexOf(`${text}</td>`)
    const order = ['Geometry', 'Face votes', 'Speech folds', 'Fused pairs'].map(place)
    expect(order.every((at) => at > 0)).toBe(true)
    expect([...order].sort((a, b) => a - b)).toEqual(order)
    expect(html.indexOf('Leaky')).toBeGreaterThan(html.indexOf('Everything else'))
    expect(html).toContain('href="speech/report.html"')
    // The fusion's folder comes first, its panel last.
    expect(html.indexOf('Speech: accuracy')).toBeGreaterThan(0)
    expect(html.indexOf('Video: accuracy')).toBeGreaterThan(html.indexOf('Speech: accuracy'))
  })

  it('refuses a folder without reports', async () => {
    await expect(writeIndex(await tempFolder())).rejects.toMatchObject({ code: 'data.invalid' })
  })
})
