import type { tf } from '../../inference/tf'
import { crossCalibrated, mergeCalm, sevenClassOf } from './card-of-run'
import { calibrationError, classificationReport, equalCountCalibrationError, topIndex } from './metrics'
import type { ClipPrediction } from './predict-clips'
import { RAVDESS_LABELS } from './ravdess'
import { SPEECH_CLASSES, SPEECH_RECIPE } from './recipe'
import type { SaveModelOptions } from './save-model'

/** Everything a reader wants to know of a training run beyond the card; written beside it as report.json. */
export function trainingReport(options: SaveModelOptions, network: tf.LayersModel) {
  const { outOfFold, seed, epochs, wallSecs } = options
  const truth = outOfFold.map(({ label }) => label)
  const { probabilities, temperatures } = crossCalibrated(outOfFold)
  const predicted = probabilities.map(topIndex)
  const merged = probabilities.map((row) => topIndex(mergeCalm(row)))
  return {
    model: SPEECH_RECIPE.modelId,
    recipe: { ...SPEECH_RECIPE, epochs },
    seeds: [seed],
    commit: options.commit,
    command: options.command,
    wallSecs: Math.round(wallSecs),
    parameters: network.countParams(),
    labels: RAVDESS_LABELS,
    eightClasses: classificationReport(truth, predicted, SPEECH_CLASSES),
    sevenClasses: classificationReport(truth.map(sevenClassOf), merged, SPEECH_CLASSES - 1),
    foldTemperatures: temperatures,
    eceEqualWidth: calibrationError(probabilities, truth),
    eceEqualCount: equalCountCalibrationError(probabilities, truth),
    actors: actorReports(outOfFold, predicted),
    clips: outOfFold.map(({ name, label, logits, windowCount }) => ({
      name,
      label,
      windowCount,
      logits: logits.map((value) => Number(value.toFixed(4))),
    })),
  }
}

/** UAR of each actor: the spread tells how little an average over twenty people says about the next one. */
function actorReports(outOfFold: readonly ClipPrediction[], predicted: readonly number[]) {
  const actors = [...new Set(outOfFold.map(({ actor }) => actor))].sort((a, b) => a - b)
  return actors.map((actor) => {
    const own = outOfFold
      .map((prediction, index) => ({ ...prediction, index }))
      .filter((item) => item.actor === actor)
    const report = classificationReport(
      own.map(({ label }) => label),
      own.map(({ index }) => predicted[index]!),
      SPEECH_CLASSES,
    )
    return { actor, uar: report.uar, accuracy: report.accuracy }
  })
}
