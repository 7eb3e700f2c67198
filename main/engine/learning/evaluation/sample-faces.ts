import { EMOTIONS } from '../../emotions'
import type { FaceCard } from '../../inference/card'
import type { FaceSet } from '../data/face-set'
import { Random } from '../random'
import { type FaceHead, faceTruth } from './face-predictions'
import { toSevenClasses } from './seven-classes'
import { softmax, topIndex } from './softmax'

/** A face of the test set with what is known and what the model says: the paper's Fig. 6. */
export interface SampleFace {
  readonly id: string
  readonly sidePx: number
  /** Grey, shape [sidePx, sidePx]. */
  readonly pixels: Uint8Array
  /** The data set's label, and the leading vote; null where there is none. */
  readonly label: string | null
  readonly majority: string | null
  readonly predicted: string
  /** Calibrated with the card's temperature. */
  readonly probability: number
  /** Against the leading vote, or the label where there are no votes. */
  readonly isRight: boolean
}

interface DrawOptions {
  readonly set: FaceSet
  readonly head: FaceHead
  readonly card: FaceCard
  /** Of the head, shape [count, head.labels]. */
  readonly logits: Float32Array
  readonly wanted: number
  readonly seed: number
}

/**
 * Half of the faces among those the model got right and half among those it got wrong, drawn by the seed: nobody chose
 * them. Fewer where there are not so many.
 */
export function drawSamples({ set, head, card, logits, wanted, seed }: DrawOptions): SampleFace[] {
  if (wanted === 0) return []
  const majority = faceTruth(set, 'votes-7')
  const truth = majority.some((label) => label >= 0) ? majority : set.labels
  const faces = Array.from({ length: set.count }, (_, item) => item).filter((item) => truth[item]! >= 0)
  const width = head.labels.length
  const probabilities = faces.map((item) =>
    softmax(logits.subarray(item * width, (item + 1) * width), card.calibration.temperature),
  )
  const seven = toSevenClasses(
    head.labels,
    probabilities,
    faces.map(() => head.labels.indexOf('neutral')),
  )
  const answers = faces.map((item, index) => {
    const row = seven.probabilities[index]!
    const top = topIndex(row)
    return { item, top, probability: row[top]!, isRight: top === truth[item] }
  })
  const random = new Random(seed, faces.length)
  const right = random.shuffle(answers.filter(({ isRight }) => isRight)).slice(0, Math.ceil(wanted / 2))
  const wrong = random.shuffle(answers.filter(({ isRight }) => !isRight)).slice(0, Math.floor(wanted / 2))
  const perFace = set.sidePx * set.sidePx
  return [...right, ...wrong].map(({ item, top, probability, isRight }) => ({
    id: set.ids[item]!,
    sidePx: set.sidePx,
    pixels: set.pixels.slice(item * perFace, (item + 1) * perFace),
    label: EMOTIONS[set.labels[item]!] ?? null,
    majority: EMOTIONS[majority[item]!] ?? null,
    predicted: EMOTIONS[top]!,
    probability,
    isRight,
  }))
}
