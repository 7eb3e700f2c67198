import type { SpeechCard } from '../../inference/card'
import { ACTOR_FOLDS } from './folds'
import { calibrationError, classificationReport, fitTemperature, meanNll, softmax, topIndex } from './metrics'
import type { ClipPrediction } from './predict-clips'
import { RAVDESS_LABELS } from './ravdess'
import { CLASS_WEIGHTS, SPEECH_CLASSES, SPEECH_RECIPE } from './recipe'
import type { SaveModelOptions } from './save-model'

const round = (value: number, digits: number) => Number(value.toFixed(digits))

/** Probabilities of the seven canonical-like classes: calm is added to neutral and left out. */
export function mergeCalm(probabilities: ArrayLike<number>): number[] {
  const neutral = RAVDESS_LABELS.indexOf('neutral')
  const calm = RAVDESS_LABELS.indexOf('calm')
  return Array.from(probabilities, (value, label) =>
    label === neutral ? value + probabilities[calm]! : value,
  ).filter((_, label) => label !== calm)
}

/** Index among the seven classes of one of the eight. */
export function sevenClassOf(label: number): number {
  const calm = RAVDESS_LABELS.indexOf('calm')
  if (label === calm) return RAVDESS_LABELS.indexOf('neutral')
  return label > calm ? label - 1 : label
}

/** Each clip's probabilities with the temperature fitted on the other folds. */
export function crossCalibrated(predictions: readonly ClipPrediction[]): {
  probabilities: Float64Array[]
  temperatures: number[]
} {
  const temperatures = ACTOR_FOLDS.map((actors) => {
    const others = predictions.filter(({ actor }) => !actors.includes(actor))
    return fitTemperature(
      others.map(({ logits }) => logits),
      others.map(({ label }) => label),
    )
  })
  const probabilities = predictions.map(({ actor, logits }) =>
    softmax(logits, temperatures[ACTOR_FOLDS.findIndex((actors) => actors.includes(actor))]),
  )
  return { probabilities, temperatures }
}

interface CardOptions extends SaveModelOptions {
  readonly parameterCount: number
  readonly files: readonly { readonly name: string; readonly sha256: string }[]
}

/** The card of a finished run, with its out-of-fold figures. */
export function speechCard(options: CardOptions): SpeechCard {
  const { spec, outOfFold, trainingClips, seed, epochs } = options
  const truth = outOfFold.map(({ label }) => label)
  const logits = outOfFold.map((prediction) => prediction.logits)
  const { probabilities } = crossCalibrated(outOfFold)
  const temperature = fitTemperature(logits, truth)
  const eight = classificationReport(truth, probabilities.map(topIndex), SPEECH_CLASSES)
  const seven = classificationReport(
    truth.map(sevenClassOf),
    probabilities.map((row) => topIndex(mergeCalm(row))),
    SPEECH_CLASSES - 1,
  )
  const withoutWindow = outOfFold.filter(({ windowCount }) => windowCount === 0).length
  const protocol =
    `RAVDESS speech, ${outOfFold.length} clips of 20 actors, out of fold: four folds by actor ` +
    `(${ACTOR_FOLDS.map((actors) => actors.join(' ')).join(' | ')}), no actor on both sides, ` +
    `${epochs} epochs fixed beforehand, one seed (${seed}); a clip's windows of detected speech, logits averaged` +
    (withoutWindow > 0 ? `; ${withoutWindow} clips without a window count by equal logits` : '')
  const metric = (name: string, value: number, note = '') => ({
    name,
    value: round(value, 4),
    protocol: note ? `${protocol}; ${note}` : protocol,
  })
  const calibrated = 'each fold with the temperature fitted on the other three'
  const merged = 'seven classes: p(calm) added to p(neutral)'
  return {
    formatVersion: 1,
    task: 'speech-emotion',
    id: SPEECH_RECIPE.modelId,
    title: 'MFCC CNN, RAVDESS',
    description:
      `One-dimensional CNN with attention over 2.5 s of 39 MFCC features a 20 ms step; ${options.parameterCount} ` +
      'parameters. Trained on acted North American English of 20 speakers; read the figures before trusting it on others.',
    licence: 'CC BY-NC-SA 4.0 (trained on RAVDESS): non-commercial research only',
    attribution:
      'Livingstone SR, Russo FA (2018) The Ryerson Audio-Visual Database of Emotional Speech and Song. PLoS ONE 13(5): e0196391',
    labels: [...RAVDESS_LABELS],
    output: 'logits',
    outputIndex: 0,
    prior: effectivePrior(trainingClips.map(({ label }) => label)),
    calibration: {
      temperature: round(temperature, 4),
      protocol: `Least NLL on the out-of-fold logits of all clips. ${protocol}`,
    },
    training: {
      data: 'RAVDESS speech, actors 1 to 20, 16 kHz mono',
      split: `All 20 actors, ${epochs} epochs, after four folds by actor gave the figures`,
      seeds: [seed],
    },
    metrics: [
      metric('UAR (8 classes)', eight.uar),
      metric('WAR (8 classes)', eight.accuracy),
      metric('macro-F1 (8 classes)', eight.macroF1),
      metric('UAR (7 classes)', seven.uar, merged),
      metric('WAR (7 classes)', seven.accuracy, merged),
      metric('ECE (8 classes, 15 equal-width bins)', calibrationError(probabilities, truth), calibrated),
      metric('NLL (8 classes, nats)', meanNll(probabilities.map(logOf), truth, 1), calibrated),
      ...RAVDESS_LABELS.map((label, index) => metric(`recall: ${label}`, eight.recall[index]!)),
    ],
    provenance: { command: options.command, commit: options.commit },
    files: [...options.files],
    input: {
      sampleRateHz: spec.mfcc.sampleRateHz,
      features: { ...spec.mfcc },
      windowSecs: SPEECH_RECIPE.windowSecs,
      hopSecs: SPEECH_RECIPE.hopSecs,
      minimumSpeechSecs: SPEECH_RECIPE.minimumSpeechSecs,
      framesPerStep: spec.framesPerStep,
      steps: spec.steps,
      coefficients: spec.coefficients,
      energyReference: spec.energyReference,
      removeClipMean: spec.removeClipMean,
      standardisation: {
        mean: Array.from(spec.mean, (value) => round(value, 6)),
        sd: Array.from(spec.sd, (value) => round(value, 6)),
      },
      hasMask: true,
    },
  }
}

function logOf(probabilities: Float64Array): Float64Array {
  return probabilities.map((value) => Math.log(Math.max(value, 1e-12)))
}

/** Class shares of the training clips times their loss weights. */
export function effectivePrior(labels: readonly number[]): number[] {
  const weighted = CLASS_WEIGHTS.map(
    (weight, label) => weight * labels.filter((other) => other === label).length,
  )
  const total = weighted.reduce((sum, value) => sum + value, 0)
  return weighted.map((value) => round(value / total, 6))
}
