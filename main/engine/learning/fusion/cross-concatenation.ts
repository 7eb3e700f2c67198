import type { ModelLabel } from '../../emotions'
import type { VectorSet } from '../dense/dense-net'
import type { EpochRow } from '../evaluation/curves'
import type { Predictions } from '../evaluation/predictions'
import { CONCAT_RECIPE, joinVectors, type JoinedPair, trainConcatNet } from './concatenation'
import { crossCalibrate } from './cross-fit'
import { logOf } from './pair-set'
import { drawPairs } from './simulated-pairs'

/** Vectors of one side with class and fold of each. */
export interface ConcatSide {
  readonly vectors: VectorSet
  readonly truth: readonly number[]
  /** Fold of each item; null where none is ever tested on, so that all may be trained on. */
  readonly parts: readonly string[] | null
}

export interface ConcatTestPair extends JoinedPair {
  readonly id: string
  readonly group: string
  readonly part: string
}

export interface CrossConcatOptions {
  readonly labels: readonly ModelLabel[]
  /** What training pairs are made of. */
  readonly trainFaces: ConcatSide
  readonly trainVoices: ConcatSide
  /** What test pairs are made of; a test pair's indices point into these. */
  readonly testFaces: VectorSet
  readonly testVoices: VectorSet
  readonly testPairs: readonly ConcatTestPair[]
  /** 'same-class': drawn from the training parts; 'own': item i of one side with item i of the other. */
  readonly pairing: 'same-class' | 'own'
  readonly seed: number
  readonly protocol: string
  /** Training pairs drawn for each fold; 7,000 unless said. */
  readonly draws?: number
  readonly signal?: AbortSignal
  /** Curves of the first fold's training, its test pairs as the held-out side. */
  readonly onRow?: (row: EpochRow) => void
}

const DRAWS = 7000
/** Few pairs are passed over more often: every training takes about as many steps. */
const passesFor = (pairs: number, draws: number) => Math.round((CONCAT_RECIPE.epochs * draws) / pairs)

/**
 * Concatenation fusion by folds: each part is tested by a network that was trained on pairs of the other parts, with a
 * temperature fitted on the other parts' answers.
 */
export function crossConcatenate(options: CrossConcatOptions): Predictions {
  const { labels, testPairs, testFaces, testVoices, seed, signal } = options
  const classes = labels.length
  const answers = new Map<string, number[]>()
  const parts = [...new Set(testPairs.map((pair) => pair.part))].sort()
  for (const part of parts) {
    const { vectors, truth } = trainingPairs(options, part)
    const own = testPairs.filter((pair) => pair.part === part)
    const test = joinVectors(testFaces, testVoices, own)
    const { onRow } = options
    const net = trainConcatNet(vectors, truth, {
      ...CONCAT_RECIPE,
      epochs: passesFor(vectors.count, options.draws ?? DRAWS),
      classes,
      seed,
      signal,
      ...(onRow && part === parts[0]
        ? { watch: { vectors: test, truth: own.map((pair) => pair.truth), onRow } }
        : {}),
    })
    try {
      const logits = net.predict(test)
      own.forEach(({ id }, row) =>
        answers.set(id, Array.from(logits.subarray(row * classes, (row + 1) * classes))),
      )
    } finally {
      net.dispose()
    }
  }
  const { probs } = crossCalibrate(
    testPairs.map(({ id, part, truth }) => ({ part, truth, logits: answers.get(id) ?? [] })),
  )
  return {
    labels,
    items: testPairs.map(({ id, group, truth }, index) => ({
      id,
      group,
      truth,
      logits: logOf(probs[index] ?? []),
    })),
    protocol:
      `${options.protocol}; network of ${CONCAT_RECIPE.hidden.join(', ')} hidden units on ${testFaces.width} + ${testVoices.width} numbers, ` +
      `trained for each fold on ${options.pairing === 'own' ? "the other folds' real pairs" : `${options.draws ?? DRAWS} same-class pairs drawn from the other folds`}, ` +
      `temperature fitted on the other folds, seed ${seed}`,
  }
}

function trainingPairs(
  { trainFaces, trainVoices, pairing, seed, labels, draws = DRAWS }: CrossConcatOptions,
  part: string,
): { vectors: VectorSet; truth: number[] } {
  const faces = itemsOutside(trainFaces, part)
  const voices = itemsOutside(trainVoices, part)
  const drawn =
    pairing === 'own'
      ? faces.map((item, index): JoinedPair => ({
          face: index,
          voice: voices.indexOf(item),
          truth: trainFaces.truth[item] ?? -1,
        }))
      : drawPairs(
          faces.map((item) => ({ truth: trainFaces.truth[item] ?? -1 })),
          voices.map((item) => ({ truth: trainVoices.truth[item] ?? -1 })),
          { count: draws, seed, classes: labels.length },
        )
  const pairs = drawn.map(({ face, voice, truth }) => ({
    face: faces[face] ?? -1,
    voice: voices[voice] ?? -1,
    truth,
  }))
  return {
    vectors: joinVectors(trainFaces.vectors, trainVoices.vectors, pairs),
    truth: pairs.map((pair) => pair.truth),
  }
}

function itemsOutside({ truth, parts }: ConcatSide, part: string): number[] {
  return Array.from(truth.keys()).filter((item) => !parts || parts[item] !== part)
}
