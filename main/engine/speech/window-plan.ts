import { UnmaskError } from '../errors'
import type { SpeechCard } from '../inference/card'
import { parseMfccParameters } from './mfcc-parameters'
import type { WindowPlan } from './windows'

/** Windows where no model's card says otherwise: the recipe's. */
const DEFAULT_WINDOWS = { windowSecs: 2.5, hopSecs: 0.25, minimumSpeechSecs: 0.6 }

/** Lengths of windows; what is left out is the card's. */
export interface SpeechWindowSettings {
  readonly windowSecs?: number
  readonly hopSecs?: number
}

/**
 * Whether a model can take such windows, before any clip is touched.
 * @throws UnmaskError 'usage.invalid'
 */
export function checkSpeechWindows(card: SpeechCard, windows: SpeechWindowSettings): void {
  const mfcc = parseMfccParameters(card.input.features)
  windowPlan(card, windows, mfcc.sampleRateHz / mfcc.hopSamples)
}

/** @throws UnmaskError 'usage.invalid' for windows the network cannot take */
export function windowPlan(
  card: SpeechCard | null,
  { windowSecs, hopSecs }: SpeechWindowSettings,
  framesPerSec: number,
): WindowPlan {
  const defaults = card?.input ?? DEFAULT_WINDOWS
  const plan = {
    windowFrames: Math.round((windowSecs ?? defaults.windowSecs) * framesPerSec),
    hopFrames: Math.round((hopSecs ?? defaults.hopSecs) * framesPerSec),
    minimumFrames: Math.round(defaults.minimumSpeechSecs * framesPerSec),
  }
  if (!(plan.hopFrames >= 1))
    throw new UnmaskError(
      'usage.invalid',
      `speech hop is ${hopSecs} s; it must be at least ${1 / framesPerSec} s`,
    )
  if (!(plan.windowFrames >= plan.minimumFrames))
    throw new UnmaskError(
      'usage.invalid',
      `speech window is ${windowSecs} s; it must be at least ${defaults.minimumSpeechSecs} s`,
    )
  const mostFrames = Math.min(...(card?.members ?? []).map((member) => member.steps * member.framesPerStep))
  if (plan.windowFrames > mostFrames)
    throw new UnmaskError(
      'usage.invalid',
      `speech window is ${windowSecs} s; model ${card?.id} takes at most ${mostFrames / framesPerSec} s`,
    )
  return plan
}
