import { xmlText } from '../../../export/xml'
import { at } from './plot-style'
import { niceTicks, tickTexts } from './ticks'

export interface IntervalRow {
  readonly name: string
  readonly value: number
  readonly interval: readonly [number, number] | null
  readonly colour: number
}

const NAME_PX = 500
const AXIS_PX = 400
const ROW_PX = 28
const TOP_PX = 26

/** One row a figure: a point with its 95% interval, shares from 0 to 1 on one axis. */
export function intervalPlot(rows: readonly IntervalRow[], title: string): string {
  const width = NAME_PX + AXIS_PX + 70
  const height = TOP_PX + rows.length * ROW_PX + 26
  const xAt = (value: number) => NAME_PX + value * AXIS_PX
  const ticks = niceTicks(0, 1)
  const texts = tickTexts(ticks, 'percent')
  const bottom = TOP_PX + rows.length * ROW_PX
  const parts = [
    `<svg class="plot" role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<title>${xmlText(title)}</title><text class="title" x="0" y="14">${xmlText(title)}</text>`,
  ]
  ticks.forEach((tick, index) =>
    parts.push(
      `<line class="rule" x1="${at(xAt(tick))}" x2="${at(xAt(tick))}" y1="${TOP_PX}" y2="${bottom}"/>`,
      `<text class="quiet" x="${at(xAt(tick))}" y="${bottom + 16}" text-anchor="middle">${texts[index]}</text>`,
    ),
  )
  rows.forEach(({ name, value, interval, colour }, index) => {
    const y = TOP_PX + (index + 0.5) * ROW_PX
    const paint = `var(--series-${colour})`
    parts.push(`<text x="${NAME_PX - 12}" y="${at(y + 4)}" text-anchor="end">${xmlText(name)}</text>`)
    if (interval)
      parts.push(
        `<line class="line" style="stroke:${paint}" x1="${at(xAt(interval[0]))}" x2="${at(xAt(interval[1]))}" y1="${at(y)}" y2="${at(y)}"/>`,
      )
    const end = xAt(Math.max(value, interval?.[1] ?? 0))
    parts.push(
      `<circle cx="${at(xAt(value))}" cy="${at(y)}" r="4.5" style="fill:${paint}"/>`,
      `<text x="${at(end + 10)}" y="${at(y + 4)}">${(100 * value).toFixed(1)}%</text>`,
    )
  })
  return `${parts.join('')}</svg>`
}
