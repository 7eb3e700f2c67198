/**
 * Canonical emotions in their one order (Ekman's six and neutral). Every array of seven numbers named `...Probs`,
 * `evidence` or `prior` in this program is in this order; a model's own order lives in its card.
 */
export const EMOTIONS = ['neutral', 'happiness', 'sadness', 'anger', 'fear', 'disgust', 'surprise'] as const

export type Emotion = (typeof EMOTIONS)[number]

export const EMOTION_COUNT = EMOTIONS.length

/** Labels that single models know beside the canonical seven. */
export const EXTRA_LABELS = ['calm', 'contempt'] as const

export type ModelLabel = Emotion | (typeof EXTRA_LABELS)[number]

export const MODEL_LABELS: readonly ModelLabel[] = [...EMOTIONS, ...EXTRA_LABELS]

const SYNONYMS: ReadonlyMap<string, ModelLabel> = new Map([
  ['happy', 'happiness'],
  ['joy', 'happiness'],
  ['sad', 'sadness'],
  ['angry', 'anger'],
  ['scared', 'fear'],
  ['fearful', 'fear'],
  ['disgusted', 'disgust'],
  ['surprised', 'surprise'],
])

/** Canonical name of a label as other tools and data sets spell it; null when it is none of ours. */
export function canonicalLabel(name: string): ModelLabel | null {
  const key = name.trim().toLowerCase()
  return MODEL_LABELS.find((label) => label === key) ?? SYNONYMS.get(key) ?? null
}

/**
 * Index of the highest probability; the first one on a tie, so equal inputs give equal labels.
 * @param probs shape [7], or a longer array with `offset` at the first of seven
 * @returns 0..6, or -1 when the values are absent (NaN)
 */
export function topEmotion(probs: ArrayLike<number>, offset = 0): number {
  let best = -1
  let bestValue = Number.NEGATIVE_INFINITY
  for (let emotion = 0; emotion < EMOTION_COUNT; emotion++) {
    const value = probs[offset + emotion] ?? Number.NaN
    if (value > bestValue) {
      best = emotion
      bestValue = value
    }
  }
  return best
}
