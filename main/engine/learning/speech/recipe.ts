import { DEFAULT_MFCC_PARAMETERS } from '../../speech/mfcc-parameters'
import { baseColumns, type NetworkInputSpec } from '../../speech/network-input'
import type { WindowPlan } from '../../speech/windows'
import type { MemberConfig, SpeechConfig } from './config'

/** The front end of every member: its features are computed once. */
export const SPEECH_FRONT_END = DEFAULT_MFCC_PARAMETERS

const framesPerSec = SPEECH_FRONT_END.sampleRateHz / SPEECH_FRONT_END.hopSamples

export function windowPlanOf({
  windowSecs,
  hopSecs,
  minimumSpeechSecs,
}: Pick<SpeechConfig, 'windowSecs' | 'hopSecs' | 'minimumSpeechSecs'>): WindowPlan {
  return {
    windowFrames: Math.round(windowSecs * framesPerSec),
    hopFrames: Math.round(hopSecs * framesPerSec),
    minimumFrames: Math.round(minimumSpeechSecs * framesPerSec),
  }
}

/** A member's input before standardisation is known: mean 0, SD 1. */
export function unstandardisedSpec(config: SpeechConfig, member: MemberConfig): NetworkInputSpec {
  const { framesPerStep, pitch, energyReference, removeClipMean } = member
  const coefficients = 3 * baseColumns({ mfcc: SPEECH_FRONT_END, pitch })
  return {
    mfcc: SPEECH_FRONT_END,
    framesPerStep,
    steps: Math.ceil(windowPlanOf(config).windowFrames / framesPerStep),
    pitch,
    coefficients,
    energyReference,
    removeClipMean,
    mean: new Float32Array(coefficients),
    sd: new Float32Array(coefficients).fill(1),
  }
}

/** Loss weight of each label. */
export function classWeightsOf(config: SpeechConfig, labels: readonly string[]): number[] {
  return labels.map((label) => (label === 'neutral' ? config.training.neutralWeight : 1))
}
