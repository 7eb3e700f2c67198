import { UnmaskError } from '../../errors'
import type { ModelCard } from '../../inference/card'

/** Where a test item comes from, as the card's `training.rows` names it. */
export interface ItemSource {
  readonly id: string
  /** "fer2013", "ravdess", or the name of a lab's own manifest. */
  readonly dataSet: string
  readonly split: string | null
  readonly speaker: string | null
}

/** Items that the card says the model was trained on. */
export function trainedOnItems(card: ModelCard, items: readonly ItemSource[]): ItemSource[] {
  const rows = card.training.rows ?? []
  return items.filter((item) =>
    rows.some(({ dataSet, splits, speakers }) => {
      if (!isSame(dataSet, item.dataSet)) return false
      const isInSplit = item.split !== null && (splits ?? []).some((split) => isSame(split, item.split))
      const isBySpeaker =
        item.speaker !== null && (speakers ?? []).some((one) => isSameSpeaker(one, item.speaker))
      return isInSplit || isBySpeaker || (!splits?.length && !speakers?.length)
    }),
  )
}

export interface GuardResult {
  /** Items tested that the model was trained on; 0 unless it was allowed. */
  readonly trainingItems: number
  /** What a report must say; empty where there is nothing to say. */
  readonly notes: readonly string[]
}

/**
 * Refuses to test a model on what it was trained on.
 * @param isAllowed tests all the same, and the report says so
 * @throws UnmaskError 'data.invalid'
 */
export function guardTrainingData(
  card: ModelCard,
  items: readonly ItemSource[],
  isAllowed: boolean,
): GuardResult {
  if (!card.training.rows)
    return {
      trainingItems: 0,
      notes: [
        'The card does not list the rows of training in a form that can be checked; it says: ' +
          `${card.training.data}; ${card.training.split}`,
      ],
    }
  const seen = trainedOnItems(card, items)
  if (seen.length === 0) return { trainingItems: 0, notes: [] }
  if (!isAllowed)
    throw new UnmaskError(
      'data.invalid',
      `${seen.length} of ${items.length} items were used to train model ${card.id}, the first is ${seen[0]!.id}; ` +
        'choose a split or speakers it has not seen, or say --allow-training-data for a figure that is no test',
    )
  return {
    trainingItems: seen.length,
    notes: [
      `${seen.length} of ${items.length} items were used to train this model: these figures say how well it remembers, ` +
        'not how well it does on others.',
    ],
  }
}

const isSame = (a: string, b: string | null) => a.toLowerCase() === b?.toLowerCase()

/** "01" and "1" are one speaker. */
function isSameSpeaker(a: string, b: string | null): boolean {
  const plain = (name: string) => name.toLowerCase().replace(/^0+(?=\d)/, '')
  return b !== null && plain(a) === plain(b)
}
