import { describe, expect, it } from 'vitest'
import { StepPen } from '../../../../renderer/plots/surface/step-pen'

type Bar = readonly [x: number, y: number, width: number, height: number]

function drawn(values: number[], widthPx: number, dash: number[] = []): Bar[] {
  const bars: Bar[] = []
  const canvas = { fillRect: (...bar: [number, number, number, number]) => void bars.push(bar) }
  new StepPen(canvas, widthPx, dash).draw({ values, length: values.length })
  return bars
}

describe('StepPen', () => {
  it('draws levels and the uprights between them', () => {
    expect(drawn([0, 10, 5, 30, 9, 0], 2)).toEqual([
      [0, 9, 5, 2],
      [4, 9, 2, 22],
      [5, 29, 4, 2],
    ])
  })

  it('leaves gaps open', () => {
    const bars = drawn([0, 10, 5, Number.NaN, 9, 30, 12, 0], 2)
    expect(bars).toEqual([
      [0, 9, 5, 2],
      [9, 29, 3, 2],
    ])
  })

  it('dashes along the length, around corners', () => {
    const bars = drawn([0, 10, 10, 16, 20, 0], 2, [4, 4])
    // 10 level, 6 up, 10 level: ink on 0–4, 8–12, 16–20 and 24–26 of 26 px.
    const inkPx = bars.reduce((sum, [, , width, height]) => sum + Math.max(width, height), 0)
    const uprights = bars.filter(([, , width, height]) => height > width).length
    expect(uprights).toBe(1)
    // An upright is longer by the line's width, so that corners are whole.
    expect(inkPx).toBeCloseTo(4 + 2 + (2 + 2) + 4 + 2, 9)
  })
})
