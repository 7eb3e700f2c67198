import type { SpeechCard } from '../../../main/engine/inference/card'
import type { LoadedSpeechModel } from '../../../main/engine/inference/registry'
import { tf } from '../../../main/engine/inference/tf'
import { DEFAULT_MFCC_PARAMETERS } from '../../../main/engine/speech/mfcc-parameters'

/**
 * A network whose answer is known: its first output is `gain` times the number of steps under the mask, its second is 0
 * whatever the features. The card's statistics are plain, so the numbers can be followed by hand.
 */
export function toyModel(changes: Partial<SpeechCard> = {}, gain = 1): LoadedSpeechModel {
  const features = tf.input({ shape: [125, 39] })
  const mask = tf.input({ shape: [125] })
  const summed = tf.layers.dot({ axes: 1 }).apply([mask, features]) as tf.SymbolicTensor
  const both = tf.layers
    .concatenate()
    .apply([
      tf.layers
        .dense({ units: 1, useBias: false, kernelInitializer: tf.initializers.constant({ value: gain }) })
        .apply(mask) as tf.SymbolicTensor,
      tf.layers
        .dense({ units: 1, useBias: false, kernelInitializer: 'zeros' })
        .apply(summed) as tf.SymbolicTensor,
    ]) as tf.SymbolicTensor
  const network = tf.model({ inputs: [features, mask], outputs: both })
  const card: SpeechCard = {
    formatVersion: 1,
    task: 'speech-emotion',
    id: 'toy',
    title: 'Toy',
    description: '',
    licence: 'none',
    attribution: '',
    labels: ['neutral', 'anger'],
    output: 'logits',
    outputIndex: 0,
    prior: [0.5, 0.5],
    calibration: { temperature: 1, protocol: 'none' },
    training: { data: 'none', split: 'none', seeds: [] },
    metrics: [],
    provenance: { command: 'test', commit: 'none' },
    files: [{ name: 'model.json', sha256: '0'.repeat(64) }],
    input: {
      sampleRateHz: 16_000,
      features: { ...DEFAULT_MFCC_PARAMETERS },
      windowSecs: 2.5,
      hopSecs: 0.25,
      minimumSpeechSecs: 0.6,
    },
    members: [
      {
        topology: 'model.json',
        weight: 1,
        framesPerStep: 2,
        steps: 125,
        coefficients: 39,
        pitch: false,
        energyReference: 'speech-mean',
        removeClipMean: false,
        standardisation: { mean: new Array<number>(39).fill(0), sd: new Array<number>(39).fill(1) },
        hasMask: true,
      },
    ],
    ...changes,
  }
  return { folder: 'toy', card, networks: [network], dispose: () => network.dispose() }
}
