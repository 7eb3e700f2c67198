import { EMOTION_COUNT } from '../emotions'
import { DisplayLabel } from '../fusion/display-label'
import type { AnalysisSettings } from './settings'
import type { TimelineRows } from './types'

/**
 * Fills `displayedLabel`: per face, from the best smoothed values there are (fused, else face, else speech).
 */
export function addDisplayedLabels(context: {
  readonly rows: TimelineRows
  readonly settings: AnalysisSettings
}): void {
  const { rows, settings } = context
  const parameters = { ...settings.display, restartGapSecs: settings.smoothing.restartGapSecs }
  const labels = new Map<number, DisplayLabel>()
  const sources = [
    rows.fusionProbsSmoothed,
    rows.fusionProbs,
    rows.faceProbsSmoothed,
    rows.faceProbs,
    rows.speechProbs,
  ]
  for (let row = 0; row < rows.count; row++) {
    const source = sources.find((probs) => !Number.isNaN(probs[row * EMOTION_COUNT] ?? Number.NaN))
    if (!source) continue
    const faceId = rows.faceId[row] ?? -1
    const label = labels.get(faceId) ?? new DisplayLabel(parameters)
    labels.set(faceId, label)
    rows.displayedLabel[row] = label.next(source, row * EMOTION_COUNT, rows.timeSecs[row] ?? 0)
  }
}
