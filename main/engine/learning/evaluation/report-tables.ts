import { csvLine, numberCell, textCell } from '../../export/csv'
import { rowShares } from './confusion'
import type { EvaluationReport } from './report-schema'

/** Figures of every evaluation, one a line: evaluation, class or "", figure, value, interval. */
export function metricsCsv(reports: readonly EvaluationReport[]): string {
  const lines = [
    ['evaluation', 'classes', 'label', 'figure', 'value', 'low95', 'high95', 'items', 'protocol'],
  ]
  for (const report of reports)
    for (const part of report.seven ? [report, report.seven] : [report]) {
      const add = (
        label: string,
        figure: string,
        value: number | null,
        interval?: readonly number[] | null,
      ) =>
        lines.push([
          report.id,
          String(part.labels.length),
          label,
          figure,
          numberCell(value, 6),
          numberCell(interval?.[0], 6),
          numberCell(interval?.[1], 6),
          String(part.count),
          textCell(report.protocol),
        ])
      for (const name of ['accuracy', 'uar', 'macroF1', 'nll', 'brier'] as const)
        add('', SNAKE[name], part[name].value, part[name].interval)
      add('', 'ece_equal_width', part.eceEqualWidth)
      add('', 'ece_equal_count', part.eceEqualCount)
      for (const { label, support, recall, precision, f1 } of part.classes) {
        add(label, 'support', support)
        add(label, 'recall', recall)
        add(label, 'precision', precision)
        add(label, 'f1', f1)
      }
    }
  return lines.map(csvLine).join('')
}

const SNAKE = { accuracy: 'accuracy', uar: 'uar', macroF1: 'macro_f1', nll: 'nll', brier: 'brier' } as const

/** Confusion matrices in long form, counts and shares of the true class. */
export function confusionCsv(reports: readonly EvaluationReport[]): string {
  const lines = [['evaluation', 'classes', 'true', 'predicted', 'count', 'row_share']]
  for (const report of reports)
    for (const { labels, confusion } of report.seven ? [report, report.seven] : [report]) {
      const shares = rowShares(confusion)
      confusion.forEach((row, truth) =>
        row.forEach((count, predicted) =>
          lines.push([
            report.id,
            String(labels.length),
            labels[truth]!,
            labels[predicted]!,
            String(count),
            numberCell(shares[truth]![predicted], 6),
          ]),
        ),
      )
    }
  return lines.map(csvLine).join('')
}

/** The points of the reliability plots; bins without items are empty. */
export function reliabilityCsv(reports: readonly EvaluationReport[]): string {
  const lines = [['evaluation', 'bins', 'bin', 'low', 'high', 'count', 'confidence', 'accuracy']]
  for (const { id, reliability } of reports)
    for (const [kind, bins] of [
      ['equal_width', reliability.equalWidth],
      ['equal_count', reliability.equalCount],
    ] as const)
      bins.forEach(({ low, high, count, confidence, accuracy }, index) =>
        lines.push([
          id,
          kind,
          String(index + 1),
          numberCell(low, 6),
          numberCell(high, 6),
          String(count),
          numberCell(confidence, 6),
          numberCell(accuracy, 6),
        ]),
      )
  return lines.map(csvLine).join('')
}
