import { createHash } from 'node:crypto'
import { EMOTION_COUNT } from '../../emotions'
import { UnmaskError } from '../../errors'
import type { FaceSet } from '../data/face-set'

/** Names that data sets give to the part one trains on. */
const TRAINING_SPLITS = ['training', 'train']

export function isTrainingSplit(split: string): boolean {
  return TRAINING_SPLITS.includes(split.toLowerCase())
}

export interface TrainingRows {
  /** Items of the set that may be trained on. */
  readonly items: Int32Array
  /** Items of the training part that are left out because the same picture, pixel by pixel, is in another part. */
  readonly leaked: Int32Array
}

/**
 * The one place that says which pictures are trained on: those of the training part with one of the seven labels or
 * votes, but none that also stands, pixel by pixel, in another part.
 * @throws UnmaskError 'data.invalid' where nothing is left
 */
export function trainingRows(set: FaceSet): TrainingRows {
  const perFace = set.sidePx * set.sidePx
  const hashOf = (item: number) =>
    createHash('sha1')
      .update(set.pixels.subarray(item * perFace, (item + 1) * perFace))
      .digest('base64')
  const held = new Set<string>()
  set.splits.forEach((split, item) => {
    if (!isTrainingSplit(split)) held.add(hashOf(item))
  })
  const items: number[] = []
  const leaked: number[] = []
  set.splits.forEach((split, item) => {
    if (!isTrainingSplit(split)) return
    if (held.has(hashOf(item))) leaked.push(item)
    else if ((set.labels[item] ?? -1) >= 0) items.push(item)
  })
  if (items.length === 0)
    throw new UnmaskError(
      'data.invalid',
      `no picture is in the part "Training" or "train"; the parts are ${[...new Set(set.splits)].join(', ') || 'none'}`,
    )
  return { items: Int32Array.from(items), leaked: Int32Array.from(leaked) }
}

/** Share of each of the seven labels among some items. */
export function labelShares(set: FaceSet, items: ArrayLike<number>): number[] {
  const counts = new Array<number>(EMOTION_COUNT).fill(0)
  for (let index = 0; index < items.length; index++) counts[set.labels[items[index]!]!]! += 1
  return counts.map((count) => count / items.length)
}
