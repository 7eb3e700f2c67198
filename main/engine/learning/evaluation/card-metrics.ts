import type { ModelCard } from '../../inference/card'
import type { EvaluationReport } from './report-schema'

const DECIMALS = 4

/** The figures of a report as a card keeps them, each with its protocol. */
export function cardMetrics(report: EvaluationReport): ModelCard['metrics'] {
  const protocol = `${report.name}; ${report.protocol}`
  const calibrated = `${protocol}; ${report.calibration.protocol}`
  const entry = (name: string, { value, interval }: EvaluationReport['accuracy'], how: string) => ({
    name,
    value: round(value),
    ...(interval && { interval: [round(interval[0]), round(interval[1])] as [number, number] }),
    protocol: how,
  })
  return [
    entry('accuracy', report.accuracy, protocol),
    entry('UAR', report.uar, protocol),
    entry('macro-F1', report.macroF1, protocol),
    entry('ECE', { value: report.eceEqualWidth, interval: null }, `${calibrated}; 15 bins of equal width`),
    entry('NLL', report.nll, calibrated),
  ]
}

const round = (value: number) => Number(value.toFixed(DECIMALS))
