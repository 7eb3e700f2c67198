import { xmlText } from '../../../export/xml'
import { at, seriesColour } from './plot-style'
import { niceTicks, tickTexts } from './ticks'

export interface LineSeries {
  readonly name: string
  /** Number of its colour; series that belong together share one and differ by the dash. */
  readonly colour: number
  readonly isDashed?: boolean
  /** Points with a missing y break the line. */
  readonly points: readonly { readonly x: number; readonly y: number | null }[]
}

export interface LinePanel {
  readonly title: string
  readonly xLabel: string
  readonly yUnit: 'number' | 'percent'
  /** Place of the whole panel, texts included, in px. */
  readonly place: {
    readonly left: number
    readonly top: number
    readonly width: number
    readonly height: number
  }
  readonly xDomain: readonly [number, number]
  readonly yDomain: readonly [number, number]
  readonly series: readonly LineSeries[]
}

const MARGIN = { left: 44, right: 10, top: 24, bottom: 34 }

/** One pair of axes with lines, as SVG elements. */
export function linePanel({ title, xLabel, yUnit, place, xDomain, yDomain, series }: LinePanel): string {
  const left = place.left + MARGIN.left
  const right = place.left + place.width - MARGIN.right
  const top = place.top + MARGIN.top
  const bottom = place.top + place.height - MARGIN.bottom
  const xAt = scale(xDomain, left, right)
  const yAt = scale(yDomain, bottom, top)
  const yTicks = niceTicks(...yDomain)
  const yTexts = tickTexts(yTicks, yUnit)
  const xTicks = niceTicks(xDomain[0], xDomain[1], Math.max(2, Math.min(8, Math.floor((right - left) / 45))))
  const xTexts = tickTexts(xTicks)
  const parts = [`<text class="title" x="${at(left)}" y="${at(place.top + 14)}">${xmlText(title)}</text>`]
  yTicks.forEach((tick, index) => {
    const y = at(yAt(tick))
    parts.push(`<line class="rule" x1="${at(left)}" x2="${at(right)}" y1="${y}" y2="${y}"/>`)
    parts.push(textAt(yTexts[index]!, left - 6, yAt(tick) + 4, 'end'))
  })
  parts.push(`<line class="axis" x1="${at(left)}" x2="${at(right)}" y1="${at(bottom)}" y2="${at(bottom)}"/>`)
  xTicks.forEach((tick, index) => {
    const x = at(xAt(tick))
    parts.push(`<line class="axis" x1="${x}" x2="${x}" y1="${at(bottom)}" y2="${at(bottom + 4)}"/>`)
    parts.push(textAt(xTexts[index]!, xAt(tick), bottom + 16, 'middle'))
  })
  parts.push(textAt(xLabel, (left + right) / 2, bottom + 31, 'middle'))
  for (const one of series) parts.push(drawSeries(one, xAt, yAt))
  return parts.join('')
}

/** Names and line samples in one row from `left`; returns the elements. */
export function legend(series: readonly LineSeries[], left: number, top: number): string {
  let x = left
  return series
    .map(({ name, colour, isDashed }) => {
      const from = x
      // No text can be measured here: about 6.6 px a letter at 12 px, on the generous side.
      x += 34 + name.length * 6.6 + 14
      return (
        `<line class="line${isDashed ? ' dashed' : ''}" style="stroke:${seriesColour(colour)}" ` +
        `x1="${at(from)}" x2="${at(from + 26)}" y1="${at(top)}" y2="${at(top)}"/>` +
        textAt(name, from + 32, top + 4, 'start')
      )
    })
    .join('')
}

/** The range of all y values, widened to hold `must`; [0, 1] when there are none. */
export function yRange(series: readonly LineSeries[], must: readonly number[] = []): [number, number] {
  const values = [
    ...series
      .flatMap(({ points }) => points.map(({ y }) => y))
      .filter((y) => y !== null && Number.isFinite(y)),
    ...must,
  ] as number[]
  if (values.length === 0) return [0, 1]
  const low = values.reduce((a, b) => Math.min(a, b))
  const high = values.reduce((a, b) => Math.max(a, b))
  return low === high ? [low - 0.5, high + 0.5] : [low, high]
}

function scale([low, high]: readonly [number, number], from: number, to: number): (value: number) => number {
  const span = high - low || 1
  return (value) => from + ((value - low) / span) * (to - from)
}

function textAt(text: string, x: number, y: number, anchor: 'start' | 'middle' | 'end'): string {
  return `<text class="quiet" x="${at(x)}" y="${at(y)}" text-anchor="${anchor}">${xmlText(text)}</text>`
}

function drawSeries(
  { colour, isDashed, points, name }: LineSeries,
  xAt: (value: number) => number,
  yAt: (value: number) => number,
): string {
  const runs: (readonly [number, number])[][] = [[]]
  for (const { x, y } of points)
    if (y === null || !Number.isFinite(y)) runs.push([])
    else runs.at(-1)!.push([xAt(x), yAt(y)])
  const style = `style="stroke:${seriesColour(colour)}"`
  const label = `<title>${xmlText(name)}</title>`
  return runs
    .filter((run) => run.length > 0)
    .map((run) => {
      const only = run[0]!
      if (run.length === 1)
        return `<circle cx="${at(only[0])}" cy="${at(only[1])}" r="3" style="fill:${seriesColour(colour)}">${label}</circle>`
      const path = run.map(([x, y]) => `${at(x)},${at(y)}`).join(' ')
      return `<polyline class="line${isDashed ? ' dashed' : ''}" ${style} points="${path}">${label}</polyline>`
    })
    .join('')
}
