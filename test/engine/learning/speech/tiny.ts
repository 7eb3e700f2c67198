import { clipCopies, type SpeechClip } from '../../../../main/engine/learning/speech/clip-features'
import { type SpeechConfig, speechConfigSchema } from '../../../../main/engine/learning/speech/config'
import { unstandardisedSpec } from '../../../../main/engine/learning/speech/recipe'
import { DEFAULT_MFCC_PARAMETERS } from '../../../../main/engine/speech/mfcc-parameters'
import type { NetworkInputSpec } from '../../../../main/engine/speech/network-input'
import { addAt, syntheticSpeech, whiteNoise } from '../../speech/signals'

/** A configuration that trains in seconds. */
export const TINY_CONFIG: SpeechConfig = speechConfigSchema.parse({
  formatVersion: 1,
  id: 'tiny',
  title: 'Tiny',
  windowSecs: 1,
  hopSecs: 0.25,
  minimumSpeechSecs: 0.4,
  members: [
    {
      name: 'level',
      weight: 1,
      framesPerStep: 4,
      energyReference: 'speech-mean',
      removeClipMean: false,
      pitch: true,
    },
    {
      name: 'shape',
      weight: 1,
      framesPerStep: 4,
      energyReference: 'speech-mean',
      removeClipMean: true,
      pitch: false,
    },
  ],
  training: {
    epochs: 3,
    batchSize: 8,
    peakRate: 0.003,
    lastRate: 0.0003,
    warmUpEpochs: 1,
    weightDecay: 0.001,
    labelSmoothing: 0.1,
    neutralWeight: 2,
    mixupChance: 0.5,
    mixupShape: 0.2,
    coefficientDropout: 0.1,
    dropout: 0.4,
    plainChance: 0.5,
  },
  copies: {
    speeds: [1, 1.1],
    rooms: false,
    noiseSnrDb: [10, 20],
    roomDecaySecs: [0.1, 0.2],
    directToTailDb: [3, 9],
  },
  augment: {
    timeStretch: 0.1,
    bandWarp: 0.05,
    channelDb: 2,
    noiseChance: 0.3,
    noiseSnrDb: [10, 30],
    bandMasks: 1,
    bandMaskWidth: 3,
    timeMasks: 1,
    timeMaskFrames: 10,
  },
})

/** Nothing at random but the order: for a network that is to learn its examples by heart. */
export const BY_HEART: SpeechConfig = {
  ...TINY_CONFIG,
  training: {
    ...TINY_CONFIG.training,
    labelSmoothing: 0,
    mixupChance: 0,
    coefficientDropout: 0,
    dropout: 0,
    plainChance: 1,
  },
  augment: {
    timeStretch: 0,
    bandWarp: 0,
    channelDb: 0,
    noiseChance: 0,
    noiseSnrDb: [20, 20],
    bandMasks: 0,
    bandMaskWidth: 0,
    timeMasks: 0,
    timeMaskFrames: 0,
  },
}

export const TINY_LABELS = ['neutral', 'happiness', 'anger'] as const

/** 25 steps of 45 coefficients. */
export function tinySpec(changes: Partial<NetworkInputSpec>): NetworkInputSpec {
  const wide = { ...TINY_CONFIG, windowSecs: 2.5 }
  return { ...unstandardisedSpec(wide, TINY_CONFIG.members[0]!), ...changes }
}

/** Clips of two kinds that a network can tell apart: happiness plain, anger whisper-bright; from five speakers in turn. */
export function toyClips(count: number): SpeechClip[] {
  return Array.from({ length: count }, (_, index) => {
    const signal = whiteNoise(1.6, 1e-3, index)
    const speech = syntheticSpeech(0.9, index)
    const bright = speech.map((value, n) => value - 0.9 * (speech[n - 1] ?? 0))
    addAt(signal, index % 2 === 0 ? speech : bright, 0.3)
    return {
      id: `toy${index}`,
      speaker: `speaker${index % 5}`,
      label: index % 2 === 0 ? 1 : 2,
      ...clipCopies(signal, DEFAULT_MFCC_PARAMETERS, TINY_CONFIG.copies, index),
    }
  })
}
