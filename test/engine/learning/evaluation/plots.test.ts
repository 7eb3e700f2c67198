import { inflateSync } from 'node:zlib'
import { XMLValidator } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import { greyPng } from '../../../../main/engine/learning/evaluation/grey-png'
import { confusionPlot } from '../../../../main/engine/learning/evaluation/plots/confusion-plot'
import { curvesGrid } from '../../../../main/engine/learning/evaluation/plots/curves-grid'
import { intervalPlot } from '../../../../main/engine/learning/evaluation/plots/interval-plot'
import { reliabilityPlot } from '../../../../main/engine/learning/evaluation/plots/reliability-plot'
import { niceTicks, tickTexts } from '../../../../main/engine/learning/evaluation/plots/ticks'

describe('ticks', () => {
  it.each([
    [0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [0, 2.6, [0, 1, 2]],
    [1, 40, [10, 20, 30, 40]],
    [-0.3, 0.3, [-0.2, 0, 0.2]],
    [5, 5, [5]],
  ])('from %d to %d are round', (low, high, ticks) => {
    expect(niceTicks(low, high)).toEqual(ticks)
  })

  it('have as many decimals as they need', () => {
    expect(tickTexts([0, 0.2, 0.4], 'percent')).toEqual(['0%', '20%', '40%'])
    expect(tickTexts([0, 0.05, 0.1])).toEqual(['0.00', '0.05', '0.10'])
    expect(tickTexts([0, 100])).toEqual(['0', '100'])
  })
})

describe('plots', () => {
  it('are well-formed, whatever the names', () => {
    const name = 'a <b> & "c"'
    const row = {
      epoch: 1,
      trainLoss: 1,
      trainAccuracy: 0.5,
      validationLoss: null,
      validationAccuracy: null,
      learningRate: 1,
      secs: 1,
    }
    const plots = [
      confusionPlot(
        [name, 'x'],
        [
          [1, 2],
          [0, 0],
        ],
      ),
      reliabilityPlot([{ low: 0, high: 1, count: 3, confidence: 0.5, accuracy: 0.4 }], 'Bins'),
      intervalPlot([{ name, value: 0.5, interval: [0.4, 0.6], colour: 1 }], name),
      curvesGrid([{ name, rows: [row] }]),
    ]
    for (const plot of plots) expect(XMLValidator.validate(plot)).toBe(true)
  })

  it('the confusion matrix shows counts and shares of the row', () => {
    const plot = confusionPlot(
      ['x', 'y'],
      [
        [3, 1],
        [0, 0],
      ],
    )
    const texts = [...plot.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1])
    expect(texts.slice(-8)).toEqual(['75%', '3', '25%', '1', '', '0', '', '0'])
  })

  it('the reliability plot puts a bin where it is sure and right', () => {
    const plot = reliabilityPlot([{ low: 0, high: 1, count: 3, confidence: 0.5, accuracy: 1 }], 'x')
    expect(plot).toContain('<circle cx="176" cy="26"')
  })
})

describe('greyPng', () => {
  const pixels = Uint8Array.from({ length: 12 }, (_, pixel) => 20 * pixel)
  const png = greyPng(pixels, 4, 3)

  it('has the parts of a PNG and the pixels, a filter byte before each line', () => {
    expect(png.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a')
    expect([png.readUInt32BE(16), png.readUInt32BE(20), png[24], png[25]]).toEqual([4, 3, 8, 0])
    const length = png.readUInt32BE(33)
    expect(png.subarray(37, 41).toString('latin1')).toBe('IDAT')
    const lines = inflateSync(png.subarray(41, 41 + length))
    expect([...lines]).toEqual([0, 0, 20, 40, 60, 0, 80, 100, 120, 140, 0, 160, 180, 200, 220])
  })

  it('ends with the checksum that every PNG ends with', () => {
    // The end chunk is empty, so its CRC is a constant of the format.
    expect(png.subarray(-12).toString('hex')).toBe('0000000049454e44ae426082')
  })
})
