import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listReportSets, readReportSet, reportsOfModel } from '../../../main/app/models/report-sets'
import { readCurves } from '../../../main/engine/learning/evaluation/curves'
import { readReport, writeReport } from '../../../main/engine/learning/evaluation/write-report'
import { findAppPaths } from '../../../main/host/app-paths'
import { tempFolder } from '../../support/temp-folder'

const { reportsFolder, modelsFolder } = findAppPaths(process.cwd())

describe('the shipped reports', () => {
  it.each(['face-fer-cnn-1', 'speech-mfcc-cnn-2', 'fusion-product-1'])('tell of %s', async (id) => {
    const sets = await reportsOfModel(id, null, reportsFolder)
    const own = sets.flatMap(({ evaluations }) => evaluations).filter(({ modelId }) => modelId === id)
    expect(own.length).toBeGreaterThan(0)
    for (const { labels, confusion, classes, count, reliability } of own) {
      expect(confusion.map((row) => row.length)).toEqual(labels.map(() => labels.length))
      expect(classes.map(({ label }) => label)).toEqual(labels)
      expect(confusion.flat().reduce((sum, cell) => sum + cell, 0)).toBe(count)
      expect(reliability.reduce((sum, bin) => sum + bin.count, 0)).toBe(count)
    }
  })

  it('have the numbers of their report.json, nothing rounded away', async () => {
    const set = await readReportSet(join(reportsFolder, 'speech'))
    const { reports } = await readReport(join(reportsFolder, 'speech', 'report.json'))
    const [shown, stored] = [set.evaluations[0]!, reports[0]!]
    expect([shown.accuracy, shown.uar, shown.macroF1]).toEqual([stored.accuracy, stored.uar, stored.macroF1])
    expect(shown.confusion).toEqual(stored.confusion)
    expect(shown.ece).toBe(stored.eceEqualWidth)
    expect(shown.protocol).toBe(stored.protocol)
  })

  it('put protocols that flatter last', async () => {
    const sets = await reportsOfModel('speech-mfcc-cnn-2', null, reportsFolder)
    const flags = sets.map(({ evaluations }) => evaluations.some(({ isProductFigure }) => isProductFigure))
    expect(flags.length).toBeGreaterThan(1)
    expect(flags.indexOf(false)).toBeGreaterThan(flags.lastIndexOf(true))
  })

  it('stand beside the curves of the model folder', async () => {
    const folder = join(modelsFolder, 'face')
    const [first] = await reportsOfModel('face-fer-cnn-1', folder, reportsFolder)
    const rows = await readCurves(join(folder, 'curves.csv'))
    expect(first?.curves[0]?.epochs.map(({ validationAccuracy }) => validationAccuracy)).toEqual(
      rows.map(({ validationAccuracy }) => validationAccuracy),
    )
  })

  it('have null, not NaN, where an epoch was not measured', async () => {
    const [first] = await reportsOfModel('speech-mfcc-cnn-2', join(modelsFolder, 'speech'), reportsFolder)
    expect(first?.curves[0]?.epochs[0]).toMatchObject({ epoch: 1, validationLoss: null })
    expect(JSON.stringify(first)).not.toContain('NaN')
  })
})

describe('a report of one’s own', () => {
  const PIXELS = Uint8Array.from({ length: 16 }, (_, index) => index * 16)
  const face = {
    id: 'Training-1',
    sidePx: 4,
    pixels: PIXELS,
    label: 'anger',
    majority: null,
    predicted: 'fear',
    probability: 0.7,
    isRight: false,
  }
  const options = { title: 'Own', command: 'unmask evaluate x', commit: 'abc' }

  it('shows the samples it was made with', async () => {
    const folder = await tempFolder()
    const names = await writeReport(folder, [], { ...options, samples: [face] })
    expect(names).toContain('samples.json')
    const { samples } = await readReportSet(folder)
    expect(samples).toMatchObject([{ id: 'Training-1', predicted: 'fear', probability: 0.7, isRight: false }])
    const png = Buffer.from(samples[0]!.picture.split(',')[1]!, 'base64')
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([4, 4])
  })

  it('shows none that an earlier report left in the folder', async () => {
    const folder = await tempFolder()
    await writeReport(folder, [], { ...options, samples: [face] })
    await writeReport(folder, [], { ...options, command: 'unmask evaluate x --no-samples', samples: [] })
    expect((await readReportSet(folder)).samples).toEqual([])
  })

  it.each([
    ['nothing', null, 'input.not-found'],
    ['a damaged report', '{', 'data.invalid'],
    ['another JSON file', '{"a":1}', 'data.invalid'],
  ])('is refused where there is %s', async (_, content, code) => {
    const folder = await tempFolder()
    if (content !== null) await writeFile(join(folder, 'report.json'), content)
    await expect(readReportSet(folder)).rejects.toMatchObject({ code })
  })

  it('is looked for in folders only', async () => {
    const folder = await tempFolder()
    await writeFile(join(folder, 'index.html'), '')
    await mkdir(join(folder, 'empty'))
    expect(await listReportSets(folder)).toEqual([])
    expect(await listReportSets(join(folder, 'absent'))).toEqual([])
  })
})
