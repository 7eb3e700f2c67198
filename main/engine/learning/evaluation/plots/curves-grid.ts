import { xmlText } from '../../../export/xml'
import { curveSeries, type EpochRow } from '../curves'
import { legend, linePanel, type LineSeries, yRange } from './line-panel'

/** The curves of one training run. */
export interface NamedCurves {
  /** "Face", "Speech", "Video (face and speech)": also what the panel is called. */
  readonly name: string
  readonly rows: readonly EpochRow[]
}

const PANEL = { width: 300, height: 220 }
const TOP_PX = 30

/** Accuracy above loss, one column for each run, all on the same axes, so that runs can be compared by eye. */
export function curvesGrid(runs: readonly NamedCurves[]): string {
  const width = PANEL.width * runs.length
  const height = TOP_PX + 2 * PANEL.height
  const last = Math.max(2, ...runs.map(({ rows }) => rows.at(-1)?.epoch ?? 1))
  const accuracy = runs.map(({ rows }) => curveSeries(rows, 'accuracy'))
  const loss = runs.map(({ rows }) => curveSeries(rows, 'loss'))
  const lossDomain = yRange(loss.flat(), [0])
  const panels = runs.flatMap(({ name }, column) => {
    const panel = (row: number, title: string, series: LineSeries[]) =>
      linePanel({
        title,
        xLabel: row === 1 ? 'epoch' : '',
        yUnit: row === 0 ? 'percent' : 'number',
        place: { left: column * PANEL.width, top: TOP_PX + row * PANEL.height, ...PANEL },
        xDomain: [1, last],
        yDomain: row === 0 ? [0, 1] : lossDomain,
        series,
      })
    return [panel(0, `${name}: accuracy`, accuracy[column]!), panel(1, `${name}: loss (nats)`, loss[column]!)]
  })
  const longest = [...accuracy, ...loss].reduce((a, b) => (b.length > a.length ? b : a), [])
  return [
    `<svg class="plot" role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<title>${xmlText(`Accuracy and loss by epoch: ${runs.map(({ name }) => name).join(', ')}`)}</title>`,
    legend(longest, 44, 14),
    ...panels,
    '</svg>',
  ].join('')
}
