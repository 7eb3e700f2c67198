import type { ReliabilityBin } from '../reliability'
import { at } from './plot-style'
import { tickTexts } from './ticks'

const SIDE_PX = 260
const LEFT_PX = 46
const TOP_PX = 26
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1]

/**
 * Reliability plot: share right against mean confidence in each bin, on the diagonal when they agree. A point's area
 * grows with its items.
 */
export function reliabilityPlot(bins: readonly ReliabilityBin[], title: string): string {
  const width = LEFT_PX + SIDE_PX + 24
  const height = TOP_PX + SIDE_PX + 44
  const xAt = (value: number) => LEFT_PX + value * SIDE_PX
  const yAt = (value: number) => TOP_PX + (1 - value) * SIDE_PX
  const known = bins.filter(({ count }) => count > 0)
  const most = Math.max(1, ...known.map(({ count }) => count))
  const texts = tickTexts(TICKS, 'percent')
  const parts = [
    `<svg class="plot" role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<title>${title}: share right against confidence</title>`,
    `<text class="title" x="${LEFT_PX}" y="16">${title}</text>`,
  ]
  TICKS.forEach((tick, index) => {
    parts.push(
      `<line class="rule" x1="${LEFT_PX}" x2="${at(xAt(1))}" y1="${at(yAt(tick))}" y2="${at(yAt(tick))}"/>`,
      `<text class="quiet" x="${LEFT_PX - 6}" y="${at(yAt(tick) + 4)}" text-anchor="end">${texts[index]}</text>`,
      `<text class="quiet" x="${at(xAt(tick))}" y="${at(yAt(0) + 17)}" text-anchor="middle">${texts[index]}</text>`,
    )
  })
  parts.push(
    `<text class="quiet" x="${at(xAt(0.5))}" y="${at(yAt(0) + 35)}" text-anchor="middle">confidence (share right upwards)</text>`,
    `<line class="axis dashed" x1="${at(xAt(0))}" y1="${at(yAt(0))}" x2="${at(xAt(1))}" y2="${at(yAt(1))}"/>`,
  )
  for (const { confidence, accuracy, count } of known) {
    const x = xAt(confidence ?? 0)
    const y = yAt(accuracy ?? 0)
    const radius = 2.5 + 6.5 * Math.sqrt(count / most)
    parts.push(
      `<line style="stroke:var(--series-1);stroke-width:1.5" x1="${at(x)}" x2="${at(x)}" y1="${at(y)}" y2="${at(yAt(confidence ?? 0))}"/>`,
      `<circle cx="${at(x)}" cy="${at(y)}" r="${at(radius)}" style="fill:var(--series-0);fill-opacity:.85">` +
        `<title>${count} items: confidence ${percent(confidence)}, right ${percent(accuracy)}</title></circle>`,
    )
  }
  return `${parts.join('')}</svg>`
}

const percent = (share: number | null) => `${(100 * (share ?? 0)).toFixed(1)}%`
