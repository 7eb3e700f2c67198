import type { EvaluationReport } from '../../engine/learning/evaluation/report-schema'
import { visible } from './visible'

const percent = (value: number | null) => (value === null ? '' : `${(100 * value).toFixed(1)}`)

function range({ value, interval }: EvaluationReport['accuracy']): string {
  return `${percent(value)}%${interval ? ` [${percent(interval[0])}, ${percent(interval[1])}]` : ''}`
}

/** Evaluations as a terminal shows them. */
export function evaluationText(reports: readonly EvaluationReport[], folder: string | null): string {
  const lines = reports.flatMap((report) => [
    report.name,
    `  ${report.protocol}`,
    ...report.notes.map((note) => `  ${note}`),
    ...(report.isProductFigure ? [] : ["  Not the product's figure."]),
    `  accuracy  ${range(report.accuracy)}   UAR ${range(report.uar)}   macro-F1 ${range(report.macroF1)}`,
    `  ECE       ${report.eceEqualWidth.toFixed(4)} (equal width), ${report.eceEqualCount.toFixed(4)} (equal count); ` +
      `${report.calibration.before.eceEqualWidth.toFixed(4)} before; ${report.calibration.protocol}`,
    ...(report.calibration.shipped
      ? [
          `            ${report.calibration.shipped.eceEqualWidth.toFixed(4)} with the card's temperature ${report.calibration.shipped.temperature.toFixed(4)}`,
        ]
      : []),
    `  NLL       ${report.nll.value.toFixed(4)}   Brier ${report.brier.value.toFixed(4)}`,
    ...(report.seven
      ? [
          `  as seven  accuracy ${range(report.seven.accuracy)}   UAR ${range(report.seven.uar)}   ECE ${report.seven.eceEqualWidth.toFixed(4)}`,
        ]
      : []),
    `  ${'emotion'.padEnd(10)}${'items'.padStart(7)}${'recall'.padStart(8)}${'precision'.padStart(11)}${'F1'.padStart(7)}`,
    ...report.classes.map(
      ({ label, support, recall, precision, f1 }) =>
        `  ${label.padEnd(10)}${String(support).padStart(7)}${percent(recall).padStart(8)}${percent(precision).padStart(11)}${percent(f1).padStart(7)}`,
    ),
    '',
  ])
  return `${lines.map(visible).join('\n')}${folder === null ? '' : `\nWritten to ${visible(folder)}\n`}`
}
