import { DEFAULT_MFCC_PARAMETERS } from '../../speech/mfcc-parameters'
import type { NetworkInputSpec } from '../../speech/network-input'
import type { WindowPlan } from '../../speech/windows'
import { DEFAULT_AUGMENT } from './augment'
import { RAVDESS_LABELS } from './ravdess'

/** The recipe of the shipped speech model: models.md section 3, net A. The card records it by this file's commit. */
export const SPEECH_RECIPE = {
  modelId: 'speech-mfcc-cnn-1',
  epochs: 60,
  batchSize: 32,
  peakRate: 3e-3,
  lastRate: 3e-5,
  warmUpEpochs: 2,
  weightDecay: 1e-3,
  labelSmoothing: 0.1,
  /** Neutral has half as many clips as the others. */
  neutralWeight: 2,
  mixupChance: 0.5,
  mixupShape: 0.2,
  coefficientDropout: 0.1,
  windowSecs: 2.5,
  hopSecs: 0.25,
  minimumSpeechSecs: 0.6,
  framesPerStep: 2,
  augment: DEFAULT_AUGMENT,
} as const

const framesPerSec = DEFAULT_MFCC_PARAMETERS.sampleRateHz / DEFAULT_MFCC_PARAMETERS.hopSamples

export const SPEECH_PLAN: WindowPlan = {
  windowFrames: Math.round(SPEECH_RECIPE.windowSecs * framesPerSec),
  hopFrames: Math.round(SPEECH_RECIPE.hopSecs * framesPerSec),
  minimumFrames: Math.round(SPEECH_RECIPE.minimumSpeechSecs * framesPerSec),
}

/** The network's input before standardisation is known: mean 0, SD 1. */
export function unstandardisedSpec(): NetworkInputSpec {
  const coefficients = 3 * (DEFAULT_MFCC_PARAMETERS.cepstra + 1)
  return {
    mfcc: DEFAULT_MFCC_PARAMETERS,
    framesPerStep: SPEECH_RECIPE.framesPerStep,
    steps: SPEECH_PLAN.windowFrames / SPEECH_RECIPE.framesPerStep,
    coefficients,
    energyReference: 'speech-mean',
    removeClipMean: false,
    mean: new Float32Array(coefficients),
    sd: new Float32Array(coefficients).fill(1),
  }
}

export const SPEECH_CLASSES = RAVDESS_LABELS.length

/** Loss weight of each class. */
export const CLASS_WEIGHTS = RAVDESS_LABELS.map((label) =>
  label === 'neutral' ? SPEECH_RECIPE.neutralWeight : 1,
)
