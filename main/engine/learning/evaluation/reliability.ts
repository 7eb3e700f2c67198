import { topIndex } from './softmax'

/** How sure a classifier was of its answer, and whether the answer was right. */
export interface Answer {
  /** Probability of the predicted class, 0..1. */
  readonly confidence: number
  readonly isRight: boolean
}

/** @param probabilities of each item, shape [classes] @param truth class of each item */
export function answersOf(probabilities: readonly ArrayLike<number>[], truth: ArrayLike<number>): Answer[] {
  return probabilities.map((row, item) => {
    const top = topIndex(row)
    return { confidence: row[top]!, isRight: top === truth[item] }
  })
}

/** One bin of a reliability plot. */
export interface ReliabilityBin {
  /** Range of confidence: its edges for bins of equal width, its least and greatest item for bins of equal count. */
  readonly low: number
  readonly high: number
  readonly count: number
  /** Mean confidence, and share right, of its items; null in an empty bin. */
  readonly confidence: number | null
  readonly accuracy: number | null
}

export const RELIABILITY_BINS = 15

/** Bins of equal width over 0..1; a confidence of exactly 1 belongs to the last. */
export function equalWidthBins(answers: readonly Answer[], bins = RELIABILITY_BINS): ReliabilityBin[] {
  const members: Answer[][] = Array.from({ length: bins }, () => [])
  for (const answer of answers)
    members[Math.min(bins - 1, Math.floor(answer.confidence * bins))]!.push(answer)
  return members.map((own, bin) => summarise(own, bin / bins, (bin + 1) / bins))
}

/** Bins of equally many items in the order of confidence, sizes differing by one at most; none is empty. */
export function equalCountBins(answers: readonly Answer[], bins = RELIABILITY_BINS): ReliabilityBin[] {
  const sorted = [...answers].sort((a, b) => a.confidence - b.confidence)
  const edges = Array.from({ length: bins + 1 }, (_, bin) => Math.round((bin * sorted.length) / bins))
  return edges
    .slice(1)
    .map((end, bin) => sorted.slice(edges[bin], end))
    .filter((own) => own.length > 0)
    .map((own) => summarise(own, own[0]!.confidence, own.at(-1)!.confidence))
}

/**
 * Expected calibration error: |share right - mean confidence| averaged over the bins, weighted by their items
 * (Naeini, Cooper and Hauskrecht, AAAI 2015). It is not zero for a perfect classifier on few items: with n items in
 * B bins chance alone gives about sqrt(B / n) / 3.
 */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number {
  const count = bins.reduce((sum, bin) => sum + bin.count, 0)
  const error = bins.reduce(
    (sum, bin) => sum + bin.count * Math.abs((bin.accuracy ?? 0) - (bin.confidence ?? 0)),
    0,
  )
  return error / count
}

function summarise(own: readonly Answer[], low: number, high: number): ReliabilityBin {
  const count = own.length
  const mean = (value: (answer: Answer) => number) =>
    count > 0 ? own.reduce((sum, answer) => sum + value(answer), 0) / count : null
  return {
    low,
    high,
    count,
    confidence: mean(({ confidence }) => confidence),
    accuracy: mean(({ isRight }) => (isRight ? 1 : 0)),
  }
}
