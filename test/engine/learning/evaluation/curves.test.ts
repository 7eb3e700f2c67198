import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import {
  CURVES_CSV,
  CURVES_SVG,
  type EpochRow,
  curvesSvg,
  readCurves,
  writeCurves,
} from '../../../../main/engine/learning/evaluation/curves'
import { tempFolder } from '../../../support/temp-folder'

const row = (epoch: number, changes: Partial<EpochRow> = {}): EpochRow => ({
  epoch,
  trainLoss: 2 / epoch,
  trainAccuracy: epoch / 10,
  validationLoss: epoch % 2 === 0 ? 2.5 / epoch : null,
  validationAccuracy: epoch % 2 === 0 ? epoch / 12 : null,
  learningRate: 0.1,
  secs: 30.5,
  ...changes,
})

describe('writeCurves', () => {
  it('writes a CSV that reads back, empty where nothing was measured', async () => {
    const folder = await tempFolder()
    const rows = [row(1), row(2, { trainAccuracy: Number.NaN })]
    await writeCurves(folder, rows, 'A run')
    const text = await readFile(join(folder, CURVES_CSV), 'utf8')
    expect(text.split('\n').slice(0, 3)).toEqual([
      'epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,learning_rate,seconds',
      '1,2.000000,0.100000,,,0.100000000,30.500',
      '2,1.000000,,1.250000,0.166667,0.100000000,30.500',
    ])
    const [first, second] = await readCurves(join(folder, CURVES_CSV))
    expect(first).toEqual(rows[0])
    expect(second?.trainAccuracy).toBeNaN()
    expect(second?.validationLoss).toBe(1.25)
  })

  it('writes a well-formed SVG that asks for nothing else', async () => {
    const folder = await tempFolder()
    await writeCurves(folder, [row(1), row(2), row(4)], 'Loss < 2 & more')
    const svg = await readFile(join(folder, CURVES_SVG), 'utf8')
    expect(XMLValidator.validate(svg)).toBe(true)
    expect(svg).not.toMatch(/href|url\(|<script|<image/)
    const parsed = new XMLParser({ ignoreAttributes: false }).parse(svg) as { svg: { title: string } }
    expect(parsed.svg.title).toBe('Loss < 2 & more')
  })

  it.each([
    ['a file of something else', 'a,b\n1,2\n', /line 1/],
    [
      'a cell that is no number',
      `${'epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,learning_rate,seconds'}\n1,x,,,,,\n`,
      /line 2/,
    ],
  ])('refuses %s', async (_, text, message) => {
    const path = join(await tempFolder(), 'bad.csv')
    await writeFile(path, text)
    await expect(readCurves(path)).rejects.toMatchObject({
      code: 'data.invalid',
      message: expect.stringMatching(message) as string,
    })
  })
})

describe('curvesSvg', () => {
  it('puts the points where the axes say', () => {
    const svg = curvesSvg([row(1, { trainAccuracy: 0 }), row(11, { trainAccuracy: 1 })], 'x')
    const lines = [...svg.matchAll(/<polyline[^>]*points="([^"]+)"/g)].map((match) => match[1]!)
    const [from, to] = lines[0]!.split(' ').map((point) => point.split(',').map(Number))
    // Accuracy 0 to 1 spans the panel from bottom left to top right.
    expect(from).toEqual([44, 330 - 34])
    expect(to).toEqual([430 - 10, 62 + 24])
  })

  it('leaves validation out of legend and panels where it was never measured', () => {
    const rows = [row(1), row(3)]
    expect(curvesSvg(rows, 'x')).not.toContain('validation')
    expect(curvesSvg([...rows, row(4)], 'x')).toContain('validation')
  })

  it('draws a run of one epoch and of none', () => {
    expect(curvesSvg([row(2)], 'x')).toContain('<circle')
    expect(XMLValidator.validate(curvesSvg([], 'x'))).toBe(true)
  })
})
