import { EMOTIONS, type ModelLabel } from '../../emotions'
import { createLabelMap } from '../../fusion/label-map'

/** Posteriors over the canonical seven with the truth among them. */
export interface SevenClassItems {
  /** Shape [7] each. */
  readonly probabilities: readonly Float64Array[]
  readonly truth: readonly number[]
  /** Place of each item among those that were given: items whose truth is none of the seven are left out. */
  readonly kept: readonly number[]
}

/** True where labels are the seven in canonical order. */
export function areCanonical(labels: readonly ModelLabel[]): boolean {
  return labels.length === EMOTIONS.length && EMOTIONS.every((emotion, index) => labels[index] === emotion)
}

/** True where the labels can be mapped to the seven: all of them are there. */
export function coverSeven(labels: readonly ModelLabel[]): boolean {
  return EMOTIONS.every((emotion) => labels.includes(emotion))
}

/**
 * Posteriors as the application maps them: calm counts as neutral, contempt is dropped and the rest renormalised.
 * @param probabilities of each item, shape [labels], calibrated
 */
export function toSevenClasses(
  labels: readonly ModelLabel[],
  probabilities: readonly ArrayLike<number>[],
  truth: readonly number[],
): SevenClassItems {
  const uniform = labels.map(() => 1 / labels.length)
  const { map } = createLabelMap({ id: 'under evaluation', labels, prior: uniform })
  const indices = labels.map((label) =>
    EMOTIONS.findIndex((emotion) => emotion === (label === 'calm' ? 'neutral' : label)),
  )
  const kept = truth.flatMap((label, item) => (indices[label]! >= 0 ? [item] : []))
  return {
    kept,
    truth: kept.map((item) => indices[truth[item]!]!),
    probabilities: kept.map((item) => {
      const seven = new Float64Array(EMOTIONS.length)
      map(probabilities[item]!, seven)
      return seven
    }),
  }
}
