import {
  evaluatePredictions,
  type EvaluateOptions,
} from '../../../../main/engine/learning/evaluation/evaluate-predictions'
import type { EvaluationReport } from '../../../../main/engine/learning/evaluation/report-schema'
import { EMOTIONS } from '../../../../main/engine/emotions'
import { calibratedSample } from './calibrated-sample'

/** A report on drawn items, small and the same at each run. */
export function sampleReport(changes: Partial<EvaluateOptions> = {}, withCalm = false): EvaluationReport {
  const labels = withCalm ? ([...EMOTIONS, 'calm'] as const) : EMOTIONS
  const items = calibratedSample(2, 140, 3, labels.length).map((item, index) => ({
    id: `i${index}`,
    group: `actor ${index % 10}`,
    ...item,
  }))
  return evaluatePredictions(
    { labels, protocol: 'drawn <items>, seed 3', items },
    {
      id: 'sample',
      name: 'Sample & more',
      method: 'speech-cnn',
      isHeadline: true,
      groupUnit: 'actor',
      bootstrap: { resamples: 100 },
      shippedTemperature: 2,
      ...changes,
    },
  )
}
