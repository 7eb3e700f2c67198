import { readFile } from 'node:fs/promises'
import { UnmaskError } from '../../errors'
import { AtomicFiles } from '../../export/atomic-file'
import { csvLine, numberCell, parseCsv } from '../../export/csv'
import { xmlText } from '../../export/xml'
import { legend, linePanel, type LineSeries, yRange } from './plots/line-panel'
import { PLOT_CSS } from './plots/plot-style'

/** What one pass over the training data gave. */
export interface EpochRow {
  /** From 1. */
  readonly epoch: number
  /** Mean loss in nats over the pass, with the weights as they were at each batch; NaN where not measured. */
  readonly trainLoss: number
  /** Share 0..1; NaN where not measured. */
  readonly trainAccuracy: number
  readonly validationLoss: number | null
  readonly validationAccuracy: number | null
  readonly learningRate: number
  readonly secs: number
}

export const CURVES_CSV = 'curves.csv'
export const CURVES_SVG = 'curves.svg'

const COLUMNS = [
  'epoch',
  'train_loss',
  'train_accuracy',
  'validation_loss',
  'validation_accuracy',
  'learning_rate',
  'seconds',
] as const

/**
 * Writes curves.csv and curves.svg, both or neither, over those of an earlier epoch.
 * @throws UnmaskError 'output.disk-full' | 'output.unwritable'; the earlier files stay
 */
export async function writeCurves(folder: string, rows: readonly EpochRow[], title: string): Promise<void> {
  const files = new AtomicFiles(folder)
  await files.write(CURVES_CSV, [curvesCsv(rows)])
  await files.write(CURVES_SVG, [curvesSvg(rows, title)])
  await files.commit()
}

export function curvesCsv(rows: readonly EpochRow[]): string {
  const lines = rows.map((row) => [
    String(row.epoch),
    numberCell(row.trainLoss, 6),
    numberCell(row.trainAccuracy, 6),
    numberCell(row.validationLoss, 6),
    numberCell(row.validationAccuracy, 6),
    numberCell(row.learningRate, 9),
    numberCell(row.secs, 3),
  ])
  return [[...COLUMNS], ...lines].map(csvLine).join('')
}

/** @throws UnmaskError 'data.invalid' naming line and file */
export async function readCurves(path: string): Promise<EpochRow[]> {
  const [header = [], ...lines] = parseCsv(await readFile(path, 'utf8'))
  if (header.join() !== COLUMNS.join())
    throw new UnmaskError(
      'data.invalid',
      `line 1 is "${header.join()}", not ${COLUMNS.join()}; this is no file of a training run: ${path}`,
    )
  return lines.map((cells, index) => {
    const values = cells.map((cell) => (cell === '' ? Number.NaN : Number(cell)))
    if (cells.length !== COLUMNS.length || cells.some((cell, at) => cell !== '' && Number.isNaN(values[at])))
      throw new UnmaskError(
        'data.invalid',
        `line ${index + 2} is not ${COLUMNS.length} numbers: "${cells.join()}" in ${path}`,
      )
    const [epoch, trainLoss, trainAccuracy, validationLoss, validationAccuracy, learningRate, secs] =
      values as [number, number, number, number, number, number, number]
    return {
      epoch,
      trainLoss,
      trainAccuracy,
      validationLoss: numberOrNull(validationLoss),
      validationAccuracy: numberOrNull(validationAccuracy),
      learningRate,
      secs,
    }
  })
}

const numberOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null)

const WIDTH = 860
const HEIGHT = 330
const PANEL_TOP = 62

/** Accuracy and loss beside each other, training and validation in each: one SVG file that needs nothing else. */
export function curvesSvg(rows: readonly EpochRow[], title: string): string {
  const accuracy = curveSeries(rows, 'accuracy')
  const loss = curveSeries(rows, 'loss')
  const xDomain: [number, number] = [rows[0]?.epoch ?? 1, Math.max(rows.at(-1)?.epoch ?? 1, 2)]
  const place = { top: PANEL_TOP, width: WIDTH / 2, height: HEIGHT - PANEL_TOP }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="plot" role="img" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}">`,
    `<title>${xmlText(title)}</title><style>${PLOT_CSS}</style>`,
    `<rect class="ground" width="${WIDTH}" height="${HEIGHT}"/>`,
    `<text class="title" x="16" y="24">${xmlText(title)}</text>`,
    legend(accuracy, 16, 44),
    linePanel({
      title: 'Accuracy',
      xLabel: 'epoch',
      yUnit: 'percent',
      place: { ...place, left: 0 },
      xDomain,
      yDomain: yRange(accuracy, [0, 1]),
      series: accuracy,
    }),
    linePanel({
      title: 'Loss (nats)',
      xLabel: 'epoch',
      yUnit: 'number',
      place: { ...place, left: WIDTH / 2 },
      xDomain,
      yDomain: yRange(loss, [0]),
      series: loss,
    }),
    '</svg>\n',
  ].join('\n')
}

/** Training and validation lines of one quantity; validation is left out where it was never measured. */
export function curveSeries(rows: readonly EpochRow[], quantity: 'accuracy' | 'loss'): LineSeries[] {
  const line = (name: string, colour: number, value: (row: EpochRow) => number | null): LineSeries => ({
    name,
    colour,
    points: rows.map((row) => ({ x: row.epoch, y: value(row) })),
  })
  const lines =
    quantity === 'accuracy'
      ? [
          line('training', 0, (row) => row.trainAccuracy),
          line('validation', 1, (row) => row.validationAccuracy),
        ]
      : [line('training', 0, (row) => row.trainLoss), line('validation', 1, (row) => row.validationLoss)]
  return lines.filter(({ points }) => points.some(({ y }) => y !== null && Number.isFinite(y)))
}
