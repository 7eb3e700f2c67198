import { topEmotion } from '../emotions'
import { isPresent, type ModalityReading } from './fuse'
import type { FusionParameters } from './parameters'

/**
 * True where face and speech name different emotions, both are sure and both are trusted. Such a moment is marked,
 * because the fused value alone would hide it.
 */
export function areDisagreeing(
  face: ModalityReading | null,
  speech: ModalityReading | null,
  parameters: FusionParameters['disagreement'],
): boolean {
  if (!isPresent(face) || !isPresent(speech)) return false
  return topOf(face) !== topOf(speech) && isSure(face, parameters) && isSure(speech, parameters)
}

function topOf(reading: ModalityReading): number {
  return topEmotion(reading.probs, reading.offset)
}

function isSure(reading: ModalityReading, parameters: FusionParameters['disagreement']): boolean {
  const top = reading.probs[(reading.offset ?? 0) + topOf(reading)] ?? 0
  return top > parameters.minimumConfidence && reading.gate > parameters.minimumGate
}
