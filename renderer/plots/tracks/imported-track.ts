import { entryAt } from '../series/clock'
import type { IndexedValues } from '../series/lazy'
import { emptyMeanColumns, type MeanColumns, meanColumns } from '../series/mean-index'
import { valueTicks } from '../value-ticks'
import { drawAbsence } from './absence'
import { drawGrid, drawValueAxis } from './axis'
import { drawUnitLine } from './emotion-painter'
import { absentReading, pixelGrid, type Track } from './track'

export interface ImportedLine {
  readonly name: string
  /** One channel, scaled so that 0 is the axis's low end and 1 its high end. */
  readonly data: IndexedValues
  readonly colour: string
  readonly dash: readonly number[]
  /** As the file has it. @returns NaN where there is no value */
  readonly valueAt: (entry: number) => number
  /** Why there is no value in this entry. */
  readonly reasonAt: (entry: number) => string
}

export interface ImportedTrackOptions {
  readonly id: string
  readonly title: string
  readonly shortTitle: string
  readonly unit: string
  readonly low: number
  readonly high: number
  readonly lines: readonly ImportedLine[]
  /** Text for an instant without any row. */
  readonly betweenText: string
}

/** Readings of another program over time, as lines; hatched where none of them has a value. */
export function importedTrack(options: ImportedTrackOptions): Track {
  const { low, high, lines } = options
  const columns = lines.map(() => emptyMeanColumns())
  const anyShare: MeanColumns = emptyMeanColumns()
  return {
    id: options.id,
    kind: 'weights',
    title: options.title,
    shortTitle: options.shortTitle,
    unit: options.unit,
    usualHeightPx: 92,
    leastHeightPx: 40,
    isStretchable: true,
    legend: lines.map(({ name, colour, dash }) => ({ label: name, fill: colour, shape: 'line', dash })),
    draw(surface, view) {
      const grid = pixelGrid(surface, view)
      lines.forEach((line, index) => meanColumns(line.data.means(), grid, columns[index]!))
      drawAbsence(surface, view, presentAnywhere(columns, grid.count, anyShare))
      const axis = { low, high, ticks: valueTicks(low, high, view.plot.height < 120 ? 3 : 6) }
      drawGrid(surface, view, axis)
      surface.clipped(view.plot, () => {
        lines.forEach(({ colour, dash }, index) =>
          drawUnitLine(surface, view, columns[index]!, { colour, dash, widthPx: 1.5 }),
        )
      })
      drawValueAxis(surface, view, axis)
    },
    readAt(secs) {
      const [first] = lines
      const entry = first ? entryAt(first.data.series, secs) : -1
      if (entry < 0) return absentReading(options.betweenText)
      const values = lines.map((line) => line.valueAt(entry))
      if (first && values.every((value) => Number.isNaN(value))) return absentReading(first.reasonAt(entry))
      return {
        values: lines.map((line, index) => {
          const value = values[index]!
          const text = Number.isNaN(value) ? line.reasonAt(entry) : sampleText(value)
          return { name: line.name, text, fill: line.colour }
        }),
        absent: null,
        note: null,
      }
    },
  }
}

/** Share of each column's time in which at least one line has a value. */
function presentAnywhere(all: readonly MeanColumns[], count: number, out: MeanColumns): MeanColumns {
  if (out.presentShare.length < count) out.presentShare = new Float32Array(count)
  out.count = count
  for (let column = 0; column < count; column++) {
    let share = 0
    for (const { presentShare } of all) share = Math.max(share, presentShare[column]!)
    out.presentShare[column] = share
  }
  return out
}

/** Four digits that count; other programs' values run from shares to millimetres. */
function sampleText(value: number): string {
  if (value === 0) return '0'
  const size = Math.abs(value)
  return size >= 1000 || size < 1e-3 ? value.toPrecision(4) : value.toFixed(size < 10 ? 3 : 2)
}
