import { canonicalLabel, EMOTION_COUNT, EMOTIONS } from '../emotions'
import { UnmaskError } from '../errors'

/** The part of a model card that the map needs: `labels` in output order and the prior share of each. */
export interface LabelledModel {
  readonly id: string
  readonly labels: readonly string[]
  readonly prior: readonly number[]
}

export interface LabelMap {
  /** Prior of the model over the seven emotions, sums to 1, every share above 0. Shape [7]. */
  readonly prior: Float64Array
  /**
   * Writes a model's posterior as seven numbers that sum to 1; NaN where the model gave all to dropped labels.
   * @param modelProbs shape [labels.length], in the card's order
   * @param out receives 7 values from `offset` on
   */
  map(modelProbs: ArrayLike<number>, out: Float32Array | Float64Array, offset?: number): void
}

/**
 * Map from a model's own labels to the canonical seven: calm counts as neutral; contempt is dropped and the rest
 * renormalised; the prior is treated the same way.
 * @throws UnmaskError 'model.bad-card' when one of the seven is missing, unknown or has no prior share
 */
export function createLabelMap(model: LabelledModel): LabelMap {
  const targets = model.labels.map((label) => target(model.id, label))
  EMOTIONS.forEach((emotion, index) => {
    if (!targets.includes(index))
      throw new UnmaskError(
        'model.bad-card',
        `labels lack ${emotion}; fusion needs all seven, in model ${model.id}`,
      )
  })
  const map = (modelProbs: ArrayLike<number>, out: Float32Array | Float64Array, offset = 0): void => {
    const sums = new Float64Array(EMOTION_COUNT)
    let total = 0
    targets.forEach((emotion, index) => {
      if (emotion === null) return
      const value = modelProbs[index] ?? Number.NaN
      sums[emotion] = (sums[emotion] ?? 0) + value
      total += value
    })
    for (let emotion = 0; emotion < EMOTION_COUNT; emotion++)
      out[offset + emotion] = total > 0 ? (sums[emotion] ?? 0) / total : Number.NaN
  }
  const prior = new Float64Array(EMOTION_COUNT)
  map(model.prior, prior)
  EMOTIONS.forEach((emotion, index) => {
    if (!((prior[index] ?? 0) > 0))
      throw new UnmaskError(
        'model.bad-card',
        `prior of ${emotion} is ${prior[index]}, above 0 is wanted, in model ${model.id}`,
      )
  })
  return { prior, map }
}

function target(modelId: string, name: string): number | null {
  const label = canonicalLabel(name)
  if (label === null)
    throw new UnmaskError('model.bad-card', `label "${name}" is not a known emotion in model ${modelId}`)
  if (label === 'contempt') return null
  return EMOTIONS.indexOf(label === 'calm' ? 'neutral' : label)
}
