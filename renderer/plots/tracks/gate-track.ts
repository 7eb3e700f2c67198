import { entryAt } from '../series/clock'
import type { IndexedValues } from '../series/lazy'
import { emptyMeanColumns, meanColumns } from '../series/mean-index'
import { valueTicks } from '../value-ticks'
import { drawGrid, drawValueAxis } from './axis'
import { drawUnitLine } from './emotion-painter'
import { pixelGrid, type Track } from './track'

export interface GateLine {
  readonly name: string
  readonly data: IndexedValues
  readonly colour: string
  readonly dash: readonly number[]
}

/** How much each modality counts in the fused reading, 0..1; where a line is missing the modality was absent. */
export function gateTrack(options: {
  readonly id: string
  readonly title: string
  readonly unit: string
  readonly lines: readonly GateLine[]
  /** Text of a line without a value. */
  readonly absentText: string
}): Track {
  const columns = options.lines.map(() => emptyMeanColumns())
  return {
    id: options.id,
    kind: 'weights',
    title: options.title,
    unit: options.unit,
    usualHeightPx: 56,
    leastHeightPx: 34,
    isStretchable: true,
    legend: options.lines.map(({ name, colour, dash }) => ({
      label: name,
      fill: colour,
      shape: 'line',
      dash,
    })),
    draw(surface, view) {
      const axis = { low: 0, high: 1, ticks: valueTicks(0, 1, 3) }
      drawGrid(surface, view, axis)
      const grid = pixelGrid(surface, view)
      options.lines.forEach((line, index) => {
        meanColumns(line.data.means(), grid, columns[index]!)
        drawUnitLine(surface, view, columns[index]!, { colour: line.colour, dash: line.dash, widthPx: 1.75 })
      })
      drawValueAxis(surface, view, axis)
    },
    readAt(secs) {
      const values = options.lines.map(({ name, data, colour }) => {
        const entry = entryAt(data.series, secs)
        const value = entry >= 0 ? data.series.values[data.series.row[entry]!]! : Number.NaN
        return { name, text: Number.isNaN(value) ? options.absentText : value.toFixed(3), fill: colour }
      })
      return { values, absent: null, note: null }
    },
  }
}
