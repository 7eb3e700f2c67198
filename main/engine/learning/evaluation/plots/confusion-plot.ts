import { xmlText } from '../../../export/xml'
import { type Confusion, rowShares } from '../confusion'
import { at } from './plot-style'

const CELL_PX = { width: 66, height: 38 }
const LEFT_PX = 92
const TOP_PX = 54

/** Heat map of a confusion matrix: each cell its share of the row, with the count below. */
export function confusionPlot(labels: readonly string[], confusion: Confusion): string {
  const width = LEFT_PX + labels.length * CELL_PX.width + 8
  const height = TOP_PX + labels.length * CELL_PX.height + 8
  const shares = rowShares(confusion)
  const parts = [
    `<svg class="plot" role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    '<title>Confusion matrix: true classes in rows, predicted in columns</title>',
    `<text class="quiet" x="${at(LEFT_PX + (labels.length * CELL_PX.width) / 2)}" y="14" text-anchor="middle">predicted</text>`,
    `<text class="quiet" x="4" y="${TOP_PX - 8}">true</text>`,
  ]
  labels.forEach((label, index) => {
    const x = LEFT_PX + (index + 0.5) * CELL_PX.width
    const y = TOP_PX + (index + 0.5) * CELL_PX.height
    parts.push(
      `<text x="${at(x)}" y="${TOP_PX - 8}" text-anchor="middle">${xmlText(label)}</text>`,
      `<text x="${LEFT_PX - 8}" y="${at(y + 4)}" text-anchor="end">${xmlText(label)}</text>`,
    )
  })
  confusion.forEach((row, truth) =>
    row.forEach((count, predicted) => {
      const share = shares[truth]![predicted] ?? null
      parts.push(cell(LEFT_PX + predicted * CELL_PX.width, TOP_PX + truth * CELL_PX.height, share, count))
    }),
  )
  return `${parts.join('')}</svg>`
}

function cell(x: number, y: number, share: number | null, count: number): string {
  const { width, height } = CELL_PX
  const middle = at(x + width / 2)
  // White text only where the blue under it is dark enough on a light page; the dark page's blue is light, its ink dark.
  const ink = share !== null && share > 0.55 ? ' class="on-heat"' : ''
  const text = share === null ? '' : `${(100 * share).toFixed(share > 0 && share < 0.095 ? 1 : 0)}%`
  return (
    `<rect class="cell" x="${at(x + 1)}" y="${at(y + 1)}" width="${width - 2}" height="${height - 2}" rx="2" style="fill:rgba(var(--heat),${(share ?? 0).toFixed(3)})"/>` +
    `<text${ink} x="${middle}" y="${at(y + 17)}" text-anchor="middle">${text}</text>` +
    `<text${ink || ' class="quiet"'} x="${middle}" y="${at(y + 31)}" text-anchor="middle" font-size="10">${count}</text>`
  )
}
