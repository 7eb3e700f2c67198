import { EMOTION_COUNT, EMOTIONS, type ModelLabel } from '../../emotions'
import type { FaceCard } from '../../inference/card'
import { FACE_VOTE_LABELS, type FaceSet } from '../data/face-set'
import { leadingVotes } from '../data/votes'
import type { Predictions } from './predictions'

/** What a face model's answer is compared with. */
export const FACE_TARGETS = ['label', 'votes-7', 'votes-8'] as const
export type FaceTarget = (typeof FACE_TARGETS)[number]

export interface FaceHead {
  readonly outputIndex: number
  readonly labels: readonly ModelLabel[]
  /** "" for the head that the application uses. */
  readonly name: string
  readonly prior: readonly number[] | null
}

/** The head the application uses, then the others. */
export function headsOf(card: FaceCard): FaceHead[] {
  return [
    { outputIndex: card.outputIndex, labels: card.labels as ModelLabel[], name: '', prior: card.prior },
    ...(card.otherHeads ?? []).map(({ outputIndex, labels, target, prior }) => ({
      outputIndex,
      labels: labels as ModelLabel[],
      name: target,
      prior: prior ?? null,
    })),
  ]
}

/**
 * True classes of a set's faces.
 * @returns index among the seven (the first seven of FACE_VOTE_LABELS are these) or, for 'votes-8', the eight; -1 where
 * the face has none; shape [count]
 */
export function faceTruth(set: FaceSet, target: FaceTarget): Int32Array {
  if (target === 'label') return set.labels
  if (!set.votes) return new Int32Array(set.count).fill(-1)
  return leadingVotes(set.votes, target === 'votes-7' ? EMOTION_COUNT : FACE_VOTE_LABELS.length)
}

/** The targets that a head can be asked for on a set. */
export function targetsFor(set: FaceSet, labels: readonly ModelLabel[]): FaceTarget[] {
  const has = (target: FaceTarget) => faceTruth(set, target).some((truth) => truth >= 0)
  return FACE_TARGETS.filter((target) => (target !== 'votes-8' || labels.includes('contempt')) && has(target))
}

const TARGET_WORDS: Readonly<Record<FaceTarget, string>> = {
  label: "the data set's own label (7 classes)",
  'votes-7': 'the leading FER+ emotion of seven',
  'votes-8': 'the leading FER+ emotion of eight (with contempt)',
}

/**
 * A head's logits in the order of the target's classes. Contempt is left out where the target has seven, which is the
 * same as dropping its probability and renormalising.
 * @param logits of this head, shape [count, head.labels]
 * @param data "FER2013 PublicTest"
 * @param how "one pass", "mirror average" and whatever else a reader must know
 */
export function facePredictions(
  set: FaceSet,
  head: FaceHead,
  { logits, target, data, how }: { logits: Float32Array; target: FaceTarget; data: string; how: string },
): Predictions {
  const labels: readonly ModelLabel[] = target === 'votes-8' ? FACE_VOTE_LABELS : EMOTIONS
  const columns = labels.map((label) => head.labels.indexOf(label))
  const truth = faceTruth(set, target)
  const width = head.labels.length
  const known = truth.reduce((sum, label) => sum + (label >= 0 ? 1 : 0), 0)
  return {
    labels,
    protocol: `${data}, ${known} of ${set.count} faces, against ${TARGET_WORDS[target]}; ${how}`,
    items: Array.from({ length: set.count }, (_, item) => ({
      id: set.ids[item]!,
      group: set.speakers?.[item] || set.ids[item]!,
      truth: truth[item]!,
      logits: columns.map((column) => logits[item * width + column]!),
    })),
  }
}

/** A head's prior in the order of the target's classes, what is left of it summing to 1. */
export function priorFor(head: FaceHead, labels: readonly ModelLabel[]): number[] | undefined {
  if (!head.prior) return undefined
  const shares = labels.map((label) => head.prior![head.labels.indexOf(label)] ?? 0)
  const sum = shares.reduce((total, share) => total + share, 0)
  return shares.map((share) => share / sum)
}
