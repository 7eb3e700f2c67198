import { EMOTION_COUNT } from '../emotions'
import { DisplayLabel } from '../fusion/display-label'
import type { AnalysisSettings } from './settings'
import { finalReading } from './final-reading'
import type { TimelineRows } from './types'

/**
 * Fills `displayedLabel`: per face, from the smoothed values of the modality that the final reading comes from, of its raw
 * values where nothing is smoothed. A row without a final reading shows nothing.
 */
export function addDisplayedLabels(context: {
  readonly rows: TimelineRows
  readonly settings: AnalysisSettings
}): void {
  const { rows, settings } = context
  const parameters = { ...settings.display, restartGapSecs: settings.smoothing.restartGapSecs }
  const labels = new Map<number, DisplayLabel>()
  const columns = {
    fusion: [rows.fusionProbsSmoothed, rows.fusionProbs],
    face: [rows.faceProbsSmoothed, rows.faceProbs],
    speech: [rows.speechProbs],
    none: [],
  } as const
  for (let row = 0; row < rows.count; row++) {
    const { source: modality } = finalReading(rows, row, settings)
    const source = columns[modality].find((probs) => !Number.isNaN(probs[row * EMOTION_COUNT] ?? Number.NaN))
    if (!source) continue
    const faceId = rows.faceId[row] ?? -1
    const label = labels.get(faceId) ?? new DisplayLabel(parameters)
    labels.set(faceId, label)
    rows.displayedLabel[row] = label.next(source, row * EMOTION_COUNT, rows.timeSecs[row] ?? 0)
  }
}
