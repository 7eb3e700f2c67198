import type { FaceObservation } from '../face/types'
import type { SpeechWindow } from '../speech/types'
import type { GateParameters, Ramp } from './parameters'

/** 0 at zeroAt, 1 at oneAt, straight between, clamped beyond. */
export function rampFactor(value: number, { zeroAt, oneAt }: Ramp): number {
  return Math.min(1, Math.max(0, (value - zeroAt) / (oneAt - zeroAt)))
}

export type GatedFace = Pick<FaceObservation, 'box' | 'score' | 'yawDegrees' | 'rollDegrees' | 'sharpness'>

/**
 * Reliability of a face reading at one moment.
 * @param isLevelled true where the crop is turned so that the eyes are level: head roll then costs nothing
 * @returns 0..1; 0 where the score is not a number
 */
export function faceGate(face: GatedFace, isLevelled: boolean, parameters: GateParameters['face']): number {
  const roll = isLevelled ? 0 : Math.abs(rollFromQuarterTurn(face.rollDegrees))
  const poseDegrees = Math.max(Math.abs(face.yawDegrees), roll)
  // A pose or sharpness that could not be measured is no evidence against the face.
  const pose = Number.isNaN(poseDegrees) ? 1 : rampFactor(poseDegrees, parameters.poseDegrees)
  const sharpness = Number.isNaN(face.sharpness) ? 1 : rampFactor(face.sharpness, parameters.sharpness)
  const size = rampFactor(Math.min(face.box.w, face.box.h), parameters.sizePx)
  const gate = rampFactor(face.score, parameters.score) * size * pose * sharpness
  return Number.isNaN(gate) ? 0 : gate
}

/**
 * Roll that is left in the crop. Clips whose faces lie are turned by a quarter before they are read, so the crop is as
 * upright as after that turn; a lying face that was not turned is found with a score near 0.5, for which its gate is 0.
 */
function rollFromQuarterTurn(rollDegrees: number): number {
  return rollDegrees - 90 * Math.round(rollDegrees / 90)
}

/** Reliability of a speech window, 0..1. */
export function speechGate(
  window: Pick<SpeechWindow, 'speechShare' | 'snrDb'>,
  parameters: GateParameters['speech'],
): number {
  // Without a noise floor (speech from end to end) nothing speaks for noise: the factor is 1, not 0.
  const snr =
    window.snrDb === null || Number.isNaN(window.snrDb) ? 1 : rampFactor(window.snrDb, parameters.snrDb)
  const gate = rampFactor(window.speechShare, parameters.share) * snr
  return Number.isNaN(gate) ? 0 : gate
}
