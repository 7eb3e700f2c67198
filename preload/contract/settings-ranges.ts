/** What a number may be: checked by the main process, offered by the form. Within what the engine takes. */
export interface NumberRange {
  readonly min: number
  readonly max: number
  readonly step: number
  readonly unit?: 's' | 'ms' | 'px' | '°' | 'dB' | 'frames/s' | 'frames' | 'clips'
  readonly isWhole?: boolean
}

const share: NumberRange = { min: 0, max: 1, step: 0.01 }

/** By the path of the setting. */
export const NUMBER_RANGES = {
  'analysis.framesPerSec': { min: 0.1, max: 1000, step: 1, unit: 'frames/s' },
  'analysis.speech.windowSecs': { min: 0.5, max: 30, step: 0.25, unit: 's' },
  'analysis.speech.hopSecs': { min: 0.01, max: 30, step: 0.05, unit: 's' },
  'analysis.fusion.faceExponent': { min: 0, max: 4, step: 0.05 },
  'analysis.fusion.speechExponent': { min: 0, max: 4, step: 0.05 },
  'analysis.fusion.faceWeight': { ...share, step: 0.05 },
  'analysis.fusion.speechWeight': { ...share, step: 0.05 },
  'analysis.fusion.floor': { min: 0.0001, max: 0.5, step: 0.005 },
  'analysis.fusion.minimumGate': { min: 0.001, max: 1, step: 0.01 },
  'analysis.fusion.gates.face.score.zeroAt': { ...share, step: 0.05 },
  'analysis.fusion.gates.face.score.oneAt': { ...share, step: 0.05 },
  'analysis.fusion.gates.face.sizePx.zeroAt': { min: 0, max: 2000, step: 4, unit: 'px' },
  'analysis.fusion.gates.face.sizePx.oneAt': { min: 0, max: 2000, step: 4, unit: 'px' },
  'analysis.fusion.gates.face.poseDegrees.zeroAt': { min: 0, max: 180, step: 5, unit: '°' },
  'analysis.fusion.gates.face.poseDegrees.oneAt': { min: 0, max: 180, step: 5, unit: '°' },
  'analysis.fusion.gates.face.sharpness.zeroAt': { min: 0, max: 10, step: 0.1 },
  'analysis.fusion.gates.face.sharpness.oneAt': { min: 0, max: 10, step: 0.1 },
  'analysis.fusion.gates.speech.share.zeroAt': { ...share, step: 0.05 },
  'analysis.fusion.gates.speech.share.oneAt': { ...share, step: 0.05 },
  'analysis.fusion.gates.speech.snrDb.zeroAt': { min: -40, max: 80, step: 1, unit: 'dB' },
  'analysis.fusion.gates.speech.snrDb.oneAt': { min: -40, max: 80, step: 1, unit: 'dB' },
  'analysis.fusion.disagreement.minimumConfidence': { ...share, step: 0.05 },
  'analysis.fusion.disagreement.minimumGate': { ...share, step: 0.05 },
  'analysis.smoothing.tauSecs': { min: 0.01, max: 30, step: 0.05, unit: 's' },
  'analysis.smoothing.restartGapSecs': { min: 0.01, max: 60, step: 0.1, unit: 's' },
  'analysis.smoothing.dwellSecs': { min: 0.05, max: 600, step: 0.25, unit: 's' },
  'analysis.smoothing.faceEvidenceSecs': { min: 0.01, max: 60, step: 0.1, unit: 's' },
  'analysis.display.lead': share,
  'analysis.display.holdSecs': { min: 0, max: 10, step: 0.05, unit: 's' },
  'analysis.segments.minimumSecs': { min: 0, max: 60, step: 0.1, unit: 's' },
  'analysis.segments.mergeGapSecs': { min: 0, max: 60, step: 0.1, unit: 's' },
  'analysis.segments.minimumConfidence': { ...share, step: 0.05 },
  'analysis.segments.voteWindowSecs': { min: 0, max: 1, step: 0.05, unit: 's' },
  'analysis.summary.binSecs': { min: 0.1, max: 86_400, step: 1, unit: 's' },
  'analysis.summary.severalFacesShare': share,
  'analysis.summary.minimumFaceShare': share,
  'labelling.jobs': { min: 1, max: 64, step: 1, unit: 'clips', isWhole: true },
  'labelling.stallSecs': { min: 5, max: 86_400, step: 5, unit: 's' },
  'playback.stepFrames': { min: 2, max: 1000, step: 1, unit: 'frames', isWhole: true },
  'playback.holdMs': { min: 50, max: 5000, step: 50, unit: 'ms', isWhole: true },
} as const satisfies Readonly<Record<string, NumberRange>>

export type RangedSetting = keyof typeof NUMBER_RANGES

export const rangeOf = (path: RangedSetting): NumberRange => NUMBER_RANGES[path]
